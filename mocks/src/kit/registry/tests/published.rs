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
    crate::disability_registry::SYSTEM,
    crate::farmer_registry::SYSTEM,
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
        if let Some(operation) = self.operation(path) {
            self.holds(&operation["responses"]["default"], path, &self.in_its_shape(body));
        }
    }

    fn request(&self, path: &str, body: &Value) {
        if let Some(operation) = self.operation(path) {
            self.holds(&operation["requestBody"], path, &self.in_its_shape(body));
        }
    }

    /// What the text says of a path. The disability text has no transaction status; the farmer text has the members of
    /// one operation beside `post` instead of below it.
    fn operation(&self, path: &str) -> Option<&Value> {
        let told = self.whole["paths"].get(path)?;
        Some(told.get("post").filter(|post| !post.is_null()).unwrap_or(told))
    }

    /// The disability text alone has one object where a search answer lists records: each is held against it.
    fn in_its_shape(&self, body: &Value) -> Value {
        let mut body = body.clone();
        let items = body.pointer_mut("/message/search_response").and_then(Value::as_array_mut);
        for item in items.into_iter().flatten().filter(|_| self.name == "dr") {
            if item["data"].get("reg_type").is_some() {
                let records = &mut item["data"]["reg_records"];
                *records = records.get(0).cloned().unwrap_or_else(|| json!({}));
            }
        }
        body
    }
}

/// The texts and the registries that speak them.
fn texts() -> Vec<(Text, &'static str)> {
    let all = [
        ("crvs", "civil_registry"),
        ("social", "social_registry"),
        ("ibr", "beneficiary_registry"),
        ("dr", "disability_registry"),
        ("fr", "farmer_registry"),
    ];
    let found: Vec<_> = all.into_iter().filter_map(|(t, s)| Some((Text::read(t)?, s))).collect();
    if found.is_empty() {
        let line = "skipped: the published OpenAPI texts are not beside this repository\n";
        drop(std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()));
    }
    found
}

/// Somebody whom the registry knows.
fn known_to(system: &str) -> &'static str {
    match system {
        "disability_registry" => "daniel",
        "farmer_registry" => "ama",
        _ => "otto",
    }
}

/// An event that the registry tells of.
fn event_of(system: &str) -> &'static str {
    match system {
        "civil_registry" => "Death",
        "beneficiary_registry" => "enrollement",
        "disability_registry" => "DisabledPerson",
        _ => "REGISTER",
    }
}

#[actix_web::test]
async fn synchronous_answers_are_what_the_texts_describe() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let by = |kind: &str, value: &str| json!({"query_type": "idtype-value", "query": {"type": kind, "value": value}});
    for (text, system) in texts() {
        let whom = visitor.uin(known_to(system));
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
        let mut wish = subscribe(&grace);
        let criteria = &mut wish["message"]["subscribe_request"][0]["subscribe_criteria"];
        criteria["reg_event_type"] = json!(event_of(system));
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

#[actix_web::test]
async fn the_extras_of_the_disability_registry_are_what_its_text_describes() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let Some(text) = Text::read("dr") else { return drop(texts()) };
    for path in ["disabled", "get-disability-details", "get-disability-support"] {
        let path = format!("/registry/sync/{path}");
        let several =
            json!({"in": [visitor.uin("daniel"), visitor.uin("nadia"), visitor.uin("otto")]});
        let criteria =
            json!({"query_type": "expression", "query": {"member.member_identifier": several}});
        let message = json!({"transaction_id": "T", "disabled_criteria": criteria});
        let asked = envelope("search", 1, &message);
        text.request(&path, &asked);
        let (status, answer) = visitor.post("disability_registry", &path, &asked).await;
        assert_eq!(status, 200, "{answer:#}");
        text.answer(&path, &answer);
        let list = &answer["message"]
            [if path.ends_with("disabled") { "disabled_response" } else { "search_response" }];
        assert_eq!(list.as_array().unwrap().len(), 3);
        let mut spoilt = answer;
        spoilt["message"]["correlation_id"] = json!(7);
        let answer = &text.operation(&path).unwrap()["responses"]["default"];
        assert_ne!(text.wrongs(answer, &spoilt), Vec::<String>::new(), "the text notices");
    }
}
