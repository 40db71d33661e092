//! What can be done at the desk of each system: forms as data. One handler sends them all; see `errand.rs`.
//!
//! The words are in `web/texts`: `desk-do-{id}` names an action, `desk-field-{name}` a field.

mod payments;

use super::registries::{DISABILITY, EMPLOYMENT, FARMERS};
use payments::{BANK, HUB, MAPPER};

use super::identity_actions::IDENTITY;

use super::registrar::{CIVIL, DECISIONS};

/// Something that can be done at a desk.
#[derive(Debug)]
pub(super) struct Action {
    /// Its name in addresses and texts.
    pub(super) id: &'static str,
    pub(super) fields: &'static [Field],
    pub(super) way: Way,
}

/// A field of a form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    /// What may be typed, for people to see.
    pub(super) example: &'static str,
    pub(super) needed: bool,
}

/// How a field is filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Line,
    Date,
    Choice(&'static [&'static str]),
    /// A text of many lines that begins as what the system answers at this path.
    Page(&'static str),
}

/// How an action is carried out. `{name}` stands for a field's value.
#[derive(Debug)]
pub(super) enum Way {
    /// A request of the officer.
    Request { method: &'static str, path: &'static str, body: Body },
    /// A question with token and signature in the name of another system (DCI, G2P Connect): `{txn}`, `{ref}` and
    /// `{now}` are filled in by that system.
    Question {
        asker: &'static str,
        path: &'static str,
        action: &'static str,
        message: &'static str,
    },
}

/// What a request carries.
#[derive(Debug)]
pub(super) enum Body {
    Nothing,
    /// JSON; members whose field was left empty are left out.
    Json(&'static str),
    /// The value of a field as it stands.
    Whole {
        field: &'static str,
        content_type: &'static str,
    },
}

pub(super) const fn needed(name: &'static str, example: &'static str) -> Field {
    Field { name, kind: Kind::Line, example, needed: true }
}

pub(super) const fn choice(name: &'static str, words: &'static [&'static str]) -> Field {
    Field { name, kind: Kind::Choice(words), example: "", needed: true }
}

pub(super) const fn date(name: &'static str) -> Field {
    Field { name, kind: Kind::Date, example: "", needed: true }
}

pub(super) const fn may(name: &'static str, example: &'static str) -> Field {
    Field { name, kind: Kind::Line, example, needed: false }
}

pub(super) const fn get(path: &'static str) -> Way {
    Way::Request { method: "GET", path, body: Body::Nothing }
}

pub(super) const fn send(method: &'static str, path: &'static str, json: &'static str) -> Way {
    Way::Request { method, path, body: Body::Json(json) }
}

pub(super) const UIN: Field = needed("uin", "6580954839");
pub(super) const REASON: Field = needed("reason", "");
const APPLICATION: Field = needed("application", "APP-2026-000001");
pub(super) const ASKER: &str = "programme_office";

/// The actions of a system, in the order of its page.
pub(super) fn actions_of(system: &str) -> &'static [Action] {
    match system {
        "civil_registry" => CIVIL,
        "social_registry" => SOCIAL,
        "beneficiary_registry" => BENEFICIARIES,
        "disability_registry" => DISABILITY,
        "farmer_registry" => FARMERS,
        "employment_service" => EMPLOYMENT,
        "account_mapper" => MAPPER,
        "payment_hub" => HUB,
        "programme_office" => PROGRAMMES,
        "identity" => IDENTITY,
        "messenger" => MESSENGER,
        "statistics" => STATISTICS,
        "gateway" => GATEWAY,
        "pinkbank" | "greenbank" | "treasury" => BANK,
        "payment_switch" => SWITCH,
        _ => &[],
    }
}

/// What can be done at buttons elsewhere on the page of a system, without a form of its own.
pub(super) fn decisions_of(system: &str) -> &'static [Action] {
    if system == "civil_registry" { DECISIONS } else { &[] }
}

static SOCIAL: &[Action] = &[
    Action {
        id: "by-name",
        fields: &[needed("family_name", "Amaro"), may("given_name", "Tomas")],
        way: Way::Question {
            asker: ASKER,
            path: "/registry/sync/search",
            action: "search",
            message: r#"{"transaction_id":"{txn}","search_request":[{"reference_id":"{ref}","timestamp":"{now}",
            "search_criteria":{"reg_type":"ns:org:RegistryType:Social","reg_record_type":"Member",
            "query_type":"predicate","query":[
            {"seq_num":1,"expression1":{"attribute_name":"surname","operator":"eq","attribute_value":"{family_name}"}},
            {"seq_num":2,"expression1":{"attribute_name":"given_name","operator":"eq","attribute_value":"{given_name}"}}],
            "pagination":{"page_size":50,"page_number":1}},"locale":"eng"}]}"#,
        },
    },
    Action {
        id: "household",
        fields: &[UIN],
        way: Way::Question {
            asker: ASKER,
            path: "/registry/sync/search",
            action: "search",
            message: r#"{"transaction_id":"{txn}","search_request":[{"reference_id":"{ref}","timestamp":"{now}",
            "search_criteria":{"reg_type":"ns:org:RegistryType:Social","reg_record_type":"Group",
            "query_type":"idtype-value","query":{"type":"UIN","value":"{uin}"}},"locale":"eng"}]}"#,
        },
    },
];

static BENEFICIARIES: &[Action] = &[Action {
    id: "enrolled",
    fields: &[UIN, needed("programme", "OAP")],
    way: Way::Question {
        asker: ASKER,
        path: "/registry/sync/enrolled",
        action: "search",
        message: r#"{"transaction_id":"{txn}","enrolled_criteria":{"query_type":"expression",
            "response_entity":"Member","query":{"person_identifier":{"eq":"{uin}"},
            "programme_identifier.program.programme_identifier":{"eq":"{programme}"}}}}"#,
    },
}];

static PROGRAMMES: &[Action] = &[
    Action {
        id: "decide",
        fields: &[APPLICATION, choice("decision", &["approve", "reject"]), REASON],
        way: send(
            "POST",
            "/applications/{application}/decide",
            r#"{"decision":"{decision}","reason":"{reason}"}"#,
        ),
    },
    Action {
        id: "choose",
        fields: &[APPLICATION, UIN],
        way: send("POST", "/applications/{application}/choose", r#"{"uin":"{uin}"}"#),
    },
    Action {
        id: "resume",
        fields: &[APPLICATION],
        way: send("POST", "/applications/{application}/resume", "{}"),
    },
    Action {
        id: "membership",
        fields: &[APPLICATION, choice("change", &["pause", "continue", "exit"]), REASON],
        way: send(
            "POST",
            "/applications/{application}/membership",
            r#"{"change":"{change}","reason":"{reason}"}"#,
        ),
    },
    Action {
        id: "member",
        fields: &[
            UIN,
            needed("programme", "OAP"),
            choice("change", &["pause", "continue", "exit"]),
            REASON,
        ],
        way: send(
            "POST",
            "/members/{uin}/membership",
            r#"{"programme":"{programme}","change":"{change}","reason":"{reason}"}"#,
        ),
    },
    Action { id: "payments", fields: &[UIN], way: get("/members/{uin}/payments") },
    Action {
        id: "rules",
        fields: &[Field {
            name: "rules",
            kind: Kind::Page("/programmes"),
            example: "",
            needed: true,
        }],
        way: Way::Request {
            method: "PUT",
            path: "/programmes",
            body: Body::Whole { field: "rules", content_type: "application/yaml" },
        },
    },
];

static MESSENGER: &[Action] = &[
    Action {
        id: "sms",
        fields: &[needed("to", "+99912345678"), needed("text", "")],
        way: send("POST", "/sms", r#"{"to":"{to}","text":"{text}"}"#),
    },
    Action { id: "inbox", fields: &[needed("phone", "+99912345678")], way: get("/inbox/{phone}") },
];

static STATISTICS: &[Action] = &[
    Action { id: "indicators", fields: &[], way: get("/indicators") },
    Action {
        id: "indicator",
        fields: &[needed("indicator", ""), may("by", "sex")],
        way: get("/indicators/{indicator}?by={by}"),
    },
];

static GATEWAY: &[Action] =
    &[Action { id: "places", fields: &[], way: get("/.well-known/locations.json") }];

static SWITCH: &[Action] = &[
    Action { id: "participants", fields: &[], way: get("/admin/participants") },
    Action {
        id: "positions",
        fields: &[needed("participant", "greenbank")],
        way: get("/admin/participants/{participant}/accounts"),
    },
    Action { id: "windows", fields: &[], way: get("/admin/settlementWindows") },
    Action { id: "books", fields: &[], way: get("/_arenoa/ledger") },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::in_language;

    fn all() -> impl Iterator<Item = &'static Action> {
        let groups = [
            CIVIL,
            DECISIONS,
            SOCIAL,
            BENEFICIARIES,
            DISABILITY,
            FARMERS,
            EMPLOYMENT,
            MAPPER,
            HUB,
            PROGRAMMES,
            IDENTITY,
            MESSENGER,
            STATISTICS,
            GATEWAY,
            BANK,
            SWITCH,
        ];
        groups.into_iter().flatten()
    }

    #[test]
    fn every_action_and_every_field_has_words() {
        let keys = in_language("en").keys();
        for action in all() {
            let fields = action.fields.iter().map(|f| format!("desk-field-{}", f.name));
            for key in fields.chain([format!("desk-do-{}", action.id)]) {
                assert!(keys.contains(&key), "web/texts/en.ftl lacks `{key}`");
            }
        }
    }

    #[test]
    fn every_place_of_an_action_is_a_field_and_every_body_is_json() {
        for action in all() {
            let json = match &action.way {
                Way::Question { message, .. } => message,
                Way::Request { body: Body::Json(json), .. } => json,
                Way::Request { .. } => "{}",
            };
            serde_json::from_str::<serde_json::Value>(json)
                .unwrap_or_else(|e| panic!("{}: {e}", action.id));
            let path = match &action.way {
                Way::Question { path, .. } | Way::Request { path, .. } => path,
            };
            for place in super::super::errand::places(path) {
                assert!(action.fields.iter().any(|f| f.name == place), "{}: {place}", action.id);
            }
        }
    }
}
