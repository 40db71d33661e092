//! What the hub says in G2P Connect, held against the published OpenAPI text (read from `../shared`, where it is).

use super::*;
use std::path::Path;

/// The published text; none, with a line that says so, where it is not there.
fn text() -> Option<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/standards/openapi");
    let file = folder.join("g2p-connect/disburse_core_api_v1.0.0.yaml");
    let Ok(yaml) = std::fs::read_to_string(file) else {
        let line =
            "skipped: the published OpenAPI text of disburse is not beside this repository\n";
        drop(std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()));
        return None;
    };
    Some(serde_saphyr::from_str(&yaml).unwrap())
}

/// The text without its lists of actions, which are copied from elsewhere, with `disbursements` spelled right where it is
/// required, and with one value that may be read in two ways (see DEVIATIONS.md).
fn mended(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(Value::Object(action)) = members.get_mut("action") {
                action.remove("enum");
            }
            if let Some(Value::Object(value)) = members.get_mut("attribute_value")
                && let Some(forms) = value.remove("oneOf")
            {
                value.insert(String::from("anyOf"), forms);
            }
            members.values_mut().for_each(mended);
        }
        Value::Array(items) => items.iter_mut().for_each(mended),
        Value::String(text) if text == "disburemsents" => "disbursements".clone_into(text),
        _ => {}
    }
}

/// `body` is what the text says that `holder` (a response or a request body) contains.
fn holds(whole: &Value, holder: &Value, what: &str, body: &Value) {
    let target = holder["$ref"].as_str().map(|target| target.trim_start_matches('#'));
    let holder = target.map_or(holder, |target| whole.pointer(target).unwrap());
    let schema = holder.pointer("/content/application~1json/schema").unwrap_or(holder);
    let mut schema = schema.clone();
    schema["components"] = whole["components"].clone();
    mended(&mut schema);
    let validator = jsonschema::validator_for(&schema).unwrap();
    let wrong: Vec<_> =
        validator.iter_errors(body).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert!(wrong.is_empty(), "{what}: {wrong:#?}\n{body:#}");
}

#[actix_web::test]
async fn what_is_said_about_payments_is_what_the_text_describes() {
    let Some(whole) = text() else { return };
    let trial = trial().await;
    let list = vec![to_wallet("PAY-1"), payment("PAY-2", "nonsense", "1.00")];
    pay(&trial, list).await;
    submit(&trial, "/disburse/sync/disburse", vec![to_wallet("PAY-3")]).await;
    let query = json!({"transaction_id": "S-2", "txnstatus_request": {"reference_id": "Q", "txn_type": "disburse",
        "attribute_type": "transaction_id", "attribute_value": "TXN-1"}});
    let criteria = json!({"transaction_id": "S-1", "search_criteria": [
        {"reference_id": "Q-1", "request_type": "disburse", "attribute_type": "payee_fa", "attribute_value": format!("msisdn:{WALLET}@greenbank")},
        {"reference_id": "Q-2", "request_type": "disburse", "attribute_type": "payee_fa", "attribute_value": "x"}]});
    for path in ["/disburse/sync/search", "/disburse/search"] {
        ask(&trial, path, (Action::Search, 2), criteria.clone()).await;
    }
    ask(&trial, "/disburse/txn/status", (Action::TxnStatus, 1), query).await;
    quiet(&trial).await;
    let journal = trial.journal().await;
    let said = |kind: Kind, path: &str| {
        let action = format!("POST {path}");
        let entry = journal.iter().rev().find(|e| e.kind == kind && e.action == action);
        serde_json::from_str::<Value>(&entry.unwrap_or_else(|| panic!("no {action}")).body).unwrap()
    };
    for path in [
        "/disburse",
        "/disburse/sync/disburse",
        "/disburse/sync/search",
        "/disburse/search",
        "/disburse/txn/status",
    ] {
        let operation = &whole["paths"][path]["post"];
        holds(&whole, &operation["requestBody"], path, &said(Kind::Request, path));
        let responses = &operation["responses"];
        let response =
            [&responses["200"], &responses["default"]].into_iter().find(|r| !r.is_null());
        holds(&whole, response.unwrap(), path, &said(Kind::Answer, path));
    }
    for path in ["/on-disburse", "/disburse/on-search", "/disburse/txn/on-status"] {
        let operation = &whole["paths"][path]["post"];
        holds(&whole, &operation["requestBody"], path, &said(Kind::Request, path));
    }
}
