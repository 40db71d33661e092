//! What the registrar does at the desk of the civil registry: forms for every event, and the decisions that single
//! events wait for.

use super::actions::{ASKER, Action, Body, Field, Kind, UIN, Way, choice, date, may, needed, send};

const SPOUSES: [Field; 2] = [needed("spouse1", "2238778167"), needed("spouse2", "2276974761")];
const NUMBER: Field = needed("registration_number", "DRN-2026-0001");
const REASON: Field = needed("reason", "");

const fn may_date(name: &'static str) -> Field {
    Field { name, kind: Kind::Date, example: "", needed: false }
}

/// The forms, in the order of the page.
pub(super) static CIVIL: &[Action] = &[
    Action {
        id: "birth",
        fields: &[
            needed("given_name", "Ada"),
            needed("family_name", "Ortal"),
            choice("sex", &["female", "male", "other", "unknown"]),
            date("date"),
            needed("place", "QN010101"),
            needed("mother", "UIN"),
            needed("father", "UIN, unknown"),
            may("child_uin", ""),
        ],
        way: send(
            "POST",
            "/events/births",
            r#"{"given_name":"{given_name}","family_name":"{family_name}","sex":"{sex}","date":"{date}",
                "place":"{place}","mother":"{mother}","father":"{father}","uin":"{child_uin}"}"#,
        ),
    },
    Action {
        id: "death",
        fields: &[UIN, date("date"), may("place", "Altena")],
        way: send("POST", "/events/deaths", r#"{"uin":"{uin}","date":"{date}","place":"{place}"}"#),
    },
    Action {
        id: "marriage",
        fields: &[SPOUSES[0], SPOUSES[1], date("date"), may("place", "Salmara")],
        way: send(
            "POST",
            "/events/marriages",
            r#"{"spouse1":"{spouse1}","spouse2":"{spouse2}","date":"{date}","place":"{place}"}"#,
        ),
    },
    Action {
        id: "divorce",
        fields: &[SPOUSES[0], SPOUSES[1], date("date")],
        way: send(
            "POST",
            "/events/divorces",
            r#"{"spouse1":"{spouse1}","spouse2":"{spouse2}","date":"{date}"}"#,
        ),
    },
    Action {
        id: "correct",
        fields: &[
            NUMBER,
            may("given_name", ""),
            may("family_name", ""),
            may("sex", "female"),
            may_date("date"),
            may("place", ""),
            may("mother", "UIN, unknown"),
            may("father", "UIN, unknown"),
            REASON,
        ],
        way: send(
            "POST",
            "/events/corrections",
            r#"{"registration_number":"{registration_number}","reason":"{reason}","given_name":"{given_name}",
                "family_name":"{family_name}","sex":"{sex}","date":"{date}","place":"{place}",
                "mother":"{mother}","father":"{father}"}"#,
        ),
    },
    Action {
        id: "annul",
        fields: &[NUMBER, REASON],
        way: send(
            "POST",
            "/events/annulments",
            r#"{"registration_number":"{registration_number}","reason":"{reason}"}"#,
        ),
    },
    Action {
        id: "by-name",
        fields: &[needed("family_name", "Amaro"), may("given_name", "Tomas")],
        way: search(BY_NAME),
    },
    Action { id: "person", fields: &[UIN], way: search(BY_UIN) },
    Action {
        id: "entry",
        fields: &[choice("number_type", &["BRN", "DRN", "MRN"]), NUMBER],
        way: search(BY_NUMBER),
    },
    Action {
        id: "identity-link",
        fields: &[choice("identity_link", &["packets", "trigger", "off"])],
        way: send("PUT", "/settings", r#"{"identity_link":"{identity_link}"}"#),
    },
];

const BY_UIN: &str = r#"{"transaction_id":"{txn}","search_request":[{"reference_id":"{ref}","timestamp":"{now}",
    "search_criteria":{"reg_type":"ns:org:RegistryType:Civil","query_type":"idtype-value",
    "query":{"type":"UIN","value":"{uin}"}},"locale":"eng"}]}"#;
const BY_NUMBER: &str = r#"{"transaction_id":"{txn}","search_request":[{"reference_id":"{ref}","timestamp":"{now}",
    "search_criteria":{"reg_type":"ns:org:RegistryType:Civil","query_type":"idtype-value",
    "query":{"type":"{number_type}","value":"{registration_number}"}},"locale":"eng"}]}"#;

const BY_NAME: &str = r#"{"transaction_id":"{txn}","search_request":[{"reference_id":"{ref}","timestamp":"{now}",
    "search_criteria":{"reg_type":"ns:org:RegistryType:Civil","query_type":"predicate",
    "query":[{"seq_num":1,"expression1":{"attribute_name":"surname","operator":"eq","attribute_value":"{family_name}"}},
    {"seq_num":2,"expression1":{"attribute_name":"given_name","operator":"eq","attribute_value":"{given_name}"}}],
    "pagination":{"page_size":50,"page_number":1}},"locale":"eng"}]}"#;

const fn search(message: &'static str) -> Way {
    Way::Question { asker: ASKER, path: "/registry/sync/search", action: "search", message }
}

const EVENT: Field = needed("event", "");

const fn decision(id: &'static str, path: &'static str) -> Action {
    Action { id, fields: &[EVENT], way: Way::Request { method: "POST", path, body: Body::Nothing } }
}

const fn with_reason(id: &'static str, path: &'static str) -> Action {
    Action { id, fields: &[EVENT, REASON], way: send("POST", path, r#"{"reason":"{reason}"}"#) }
}

/// What is decided about single events, at their buttons in the list.
pub(super) static DECISIONS: &[Action] = &[
    decision("event-register", "/events/{event}/register"),
    decision("event-accept", "/events/{event}/accept"),
    with_reason("event-reject", "/events/{event}/reject"),
    decision("event-not-duplicate", "/events/{event}/not-duplicate"),
    decision("event-duplicate", "/events/{event}/duplicate"),
    decision("event-approve-correction", "/events/{event}/approve-correction"),
    with_reason("event-reject-correction", "/events/{event}/reject-correction"),
];
