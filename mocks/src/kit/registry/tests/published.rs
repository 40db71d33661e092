//! What registries say, held against the published OpenAPI texts (read from `../shared`, where it is there).

use std::path::Path;

use serde_json::{Value, json};

use super::later::{answered_at, die, status, subscribe, unsubscribe};
use super::listener::Listener;
use crate::kit::registry::visitor::{Visitor, envelope, search};
use crate::kit::trial::Trial;

const SYSTEMS: &[crate::kit::system::System] = &[
    crate::beneficiary_registry::SYSTEM,
    crate::civil_registry::SYSTEM,
    crate::social_registry::SYSTEM,
    crate::gateway::SYSTEM,
];

/// One of the published texts.
struct Text {
    name: &'static str,
    whole: Value,
}

impl Text {
    /// Reads it; none where the texts are not there.
    fn read(name: &'static str) -> Option<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/standards/openapi/dci");
        let yaml = std::fs::read_to_string(root.join(format!("{name}_api_v1.0.0.yaml"))).ok()?;
        let whole = serde_saphyr::from_str(&yaml).unwrap();
        Some(Self { name, whole })
    }

    fn followed<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(target) => self.whole.pointer(target.trim_start_matches('#')).unwrap(),
            None => value,
        }
    }

    /// What is wrong with `body` by what the text says `holder` (a response or a request body) contains.
    fn wrongs(&self, holder: &Value, body: &Value) -> Vec<String> {
        let holder = self.followed(holder);
        let schema = holder.pointer("/content/application~1json/schema").unwrap_or(holder);
        let mut schema = schema.clone();
        schema["components"] = self.whole["components"].clone();
        let validator = jsonschema::validator_for(&schema).unwrap();
        validator.iter_errors(body).map(|e| format!("{}: {e}", e.instance_path())).collect()
    }

    fn holds(&self, holder: &Value, what: &str, body: &Value) {
        let wrong = self.wrongs(holder, body);
        assert!(wrong.is_empty(), "{} {what}: {wrong:#?}\n{body:#}", self.name);
    }

    fn answer(&self, path: &str, body: &Value) {
        self.holds(&self.whole["paths"][path]["post"]["responses"]["default"], path, body);
    }

    fn request(&self, path: &str, body: &Value) {
        self.holds(&self.whole["paths"][path]["post"]["requestBody"], path, body);
    }
}

/// The three texts and the registries that speak them.
fn texts() -> Vec<(Text, &'static str)> {
    let all = [
        ("crvs", "civil_registry"),
        ("social", "social_registry"),
        ("ibr", "beneficiary_registry"),
    ];
    let found: Vec<_> = all.into_iter().filter_map(|(t, s)| Some((Text::read(t)?, s))).collect();
    if found.is_empty() {
        let line = "skipped: the published OpenAPI texts are not beside this repository\n";
        drop(std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()));
    }
    found
}

#[actix_web::test]
async fn synchronous_answers_are_what_the_texts_describe() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let by = |kind: &str, value: &str| json!({"query_type": "idtype-value", "query": {"type": kind, "value": value}});
    for (text, system) in texts() {
        let whom = visitor.uin("otto");
        let mut bad = search(&[by("UIN", &whom)]);
        bad["header"]["version"] = json!("9.0.0");
        for asked in [search(&[by("UIN", &whom), by("SHOE", "1"), by("UIN", "0")]), bad] {
            text.request("/registry/sync/search", &asked);
            let (_, answer) = visitor.post(system, "/registry/sync/search", &asked).await;
            text.answer("/registry/sync/search", &answer);
            let mut spoilt = answer;
            spoilt["header"]["status"] = json!("maybe");
            let answer =
                &text.whole["paths"]["/registry/sync/search"]["post"]["responses"]["default"];
            assert_ne!(text.wrongs(answer, &spoilt), Vec::<String>::new(), "the text notices");
        }
        let asked = status("search", "transaction_id", &json!("T-none"));
        text.request("/registry/sync/txn/status", &asked);
        let (_, told) = visitor.post(system, "/registry/sync/txn/status", &asked).await;
        assert_eq!(told["header"]["status"], "rjct", "{told:#}");
    }
}

#[actix_web::test]
async fn the_extras_of_the_beneficiary_registry_are_what_its_text_describes() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let Some(text) = Text::read("ibr") else { return drop(texts()) };
    let query = json!({"person_identifier": {"eq": visitor.uin("otto")}, "programme_identifier": {"eq": "CPF"}});
    let criteria = json!({"query_type": "expression", "response_entity": "Member", "query": query});
    let asked =
        envelope("search", 1, &json!({"transaction_id": "T", "enrolled_criteria": criteria}));
    text.request("/registry/sync/enrolled", &asked);
    let (_, answer) = visitor.post("beneficiary_registry", "/registry/sync/enrolled", &asked).await;
    text.answer("/registry/sync/enrolled", &answer);

    let path = "/registry/sync/enrollment/updates";
    let beneficiary = json!({"member": {"member_identifier": [{"identifier_type": "UIN", "identifier_value": "1"}]},
        "programme_identifier": [{"programme_identifier": "OAP"}], "enrollment_status": "1"});
    let message =
        json!({"transaction_id": "T", "enrolled_updates": {"beneficiaries": [beneficiary, {}]}});
    let mut told = envelope("notify", 2, &message);
    told["header"]["status"] = json!("succ");
    text.request(path, &told);
    let (_, answer) = visitor.post("beneficiary_registry", path, &told).await;
    text.answer(path, &answer);
}

#[actix_web::test]
async fn acknowledgements_callbacks_and_notices_are_what_the_texts_describe() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let grace = visitor.uin("grace");
    for (text, system) in texts() {
        let listener = Listener::start();
        let by = json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": grace}});
        let event = match system {
            "civil_registry" => "Death",
            "social_registry" => "REGISTER",
            _ => "enrollement",
        };
        let mut wish = subscribe(&grace);
        let criteria = &mut wish["message"]["subscribe_request"][0]["subscribe_criteria"];
        criteria["reg_event_type"] = json!(event);
        criteria["notify_record_type"] = Value::Null;
        criteria.as_object_mut().unwrap().remove("notify_record_type");
        for (path, asked) in [
            ("/registry/search", search(&[by])),
            ("/registry/subscribe", wish),
            ("/registry/unsubscribe", unsubscribe("SUB-000001")),
            ("/registry/txn/status", status("subscribe", "transaction_id", &json!("T-none"))),
        ] {
            let asked = answered_at(asked, &listener.base);
            let (_, ack) = visitor.post(system, path, &asked).await;
            assert_eq!(ack["message"]["ack_status"], "ACK", "{ack:#}");
            text.answer(path, &ack);
            trial.hall().room.clock.idle().await;
            let (_, refused) = visitor.post(system, path, &json!({})).await;
            text.answer(path, &refused);
        }
        for (path, body) in listener.hears(4).await {
            if path != "/registry/txn/on-status" {
                text.request(&path, &body);
            }
        }
        if system == "civil_registry" {
            visitor
                .post(
                    system,
                    "/registry/subscribe",
                    &answered_at(subscribe(&grace), &listener.base),
                )
                .await;
            listener.hears(5).await;
            assert_eq!(die(&trial, &grace).await, 201);
            text.request("/registry/notify", &listener.hears(6).await[5].1);
        }
    }
}
