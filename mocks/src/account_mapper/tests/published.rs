//! What the mapper says, held against the published OpenAPI text of G2P Connect (read from `../shared`, where it is).

use super::*;
use std::path::Path;

/// The published text; none, with a line that says so, where it is not there.
fn text() -> Option<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/standards/openapi");
    let file = folder.join("g2p-connect/mapper_core_api_v1.0.0.yaml");
    let Ok(yaml) = std::fs::read_to_string(file) else {
        let line =
            "skipped: the published OpenAPI text of the mapper is not beside this repository\n";
        drop(std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()));
        return None;
    };
    Some(serde_saphyr::from_str(&yaml).unwrap())
}

fn followed<'a>(whole: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(target) => whole.pointer(target.trim_start_matches('#')).unwrap(),
        None => value,
    }
}

/// The text without its lists of actions: those of the synchronous forms are copied from elsewhere (see DEVIATIONS.md).
fn without_actions(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Object(action)) = members.get_mut("action") {
                action.remove("enum");
            }
            members.values_mut().for_each(without_actions);
        }
        Value::Array(items) => items.iter_mut().for_each(without_actions),
        _ => {}
    }
}

/// `body` is what the text says that `holder` (a response or a request body) contains.
fn holds(whole: &Value, holder: &Value, what: &str, body: &Value) {
    let holder = followed(whole, holder);
    let schema = holder.pointer("/content/application~1json/schema").unwrap_or(holder);
    let mut schema = schema.clone();
    schema["components"] = whole["components"].clone();
    without_actions(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<_> =
        validator.iter_errors(body).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(wrong.is_empty(), "{what}: {wrong:#?}\n{body:#}");
}

fn messages() -> [(&'static str, Value); 4] {
    let fa = "account:1@pinkbank";
    [
        (
            "link",
            entry(json!({"id": NEW, "fa": fa, "name": "Zoë", "phone_number": "+99912345678"})),
        ),
        ("update", entry(json!({"id": NEW, "fa": "account:2@pinkbank"}))),
        ("resolve", entry(json!({"id": NEW, "scope": "details"}))),
        ("unlink", entry(json!({"id": NEW}))),
    ]
}

#[actix_web::test]
async fn synchronous_answers_are_what_the_text_describes() {
    let Some(whole) = text() else { return };
    let trial = Trial::start(SYSTEMS, 100);
    for (verb, entry) in messages() {
        let path = format!("/mapper/sync/{verb}");
        let operation = &whole["paths"][&path]["post"];
        let twice = [entry.clone(), entry];
        let message = json!({"transaction_id": "T-1", (format!("{verb}_request")): twice});
        ask::<Value>(&errand(&trial), "account_mapper", &path, Action::from(verb), &message)
            .await
            .unwrap();
        let journal = trial.journal().await;
        let said = |kind: Kind| {
            let entry =
                journal.iter().rev().find(|e| e.kind == kind && e.action == format!("POST {path}"));
            serde_json::from_str::<Value>(&entry.unwrap().body).unwrap()
        };
        holds(&whole, &operation["requestBody"], &path, &said(Kind::Request));
        let response = [&operation["responses"]["200"], &operation["responses"]["default"]];
        let response = response.into_iter().find(|r| !r.is_null()).unwrap();
        holds(&whole, response, &path, &said(Kind::Answer));
    }
}

#[actix_web::test]
async fn acknowledgements_and_callbacks_are_what_the_text_describes() {
    let Some(whole) = text() else { return };
    let trial = Trial::start(SYSTEMS, 100);
    let (_, entry) = messages()[0].clone();
    let message = json!({"transaction_id": "T-1", "link_request": [entry]});
    submit(&errand(&trial), "account_mapper", "/mapper/link", Action::Link, &message)
        .await
        .unwrap();
    trial.hall().room.clock.idle().await;
    let journal = trial.journal().await;
    let said = |kind: Kind, action: &str| {
        let entry = journal.iter().find(|e| e.kind == kind && e.action == action).unwrap();
        serde_json::from_str::<Value>(&entry.body).unwrap()
    };
    let ack = &whole["paths"]["/mapper/link"]["post"]["responses"];
    let ack = [&ack["200"], &ack["default"]].into_iter().find(|r| !r.is_null()).unwrap();
    holds(&whole, ack, "ack", &said(Kind::Answer, "POST /mapper/link"));
    let callback = &whole["paths"]["/mapper/on-link"]["post"]["requestBody"];
    holds(&whole, callback, "on-link", &said(Kind::Request, "POST /mapper/on-link"));
}
