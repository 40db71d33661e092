//! FSPIOP messages of a trial, held against the published OpenAPI text (read from `../shared`, where it is there).

use std::path::Path;

use serde_json::Value;

use crate::kit::journal::{Entry, Kind};

/// Checks every body that went over an FSPIOP path and was taken. Where the text is not there, a line says which test's
/// messages were not held against it.
///
/// # Panics
/// Where a message is not what the text describes, and where there was none to check.
pub(crate) fn hold_to_the_text(journal: &[Entry]) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/standards/openapi/fspiop");
    let Ok(yaml) = std::fs::read_to_string(root.join("fspiop_1.1.yaml")) else {
        let thread = std::thread::current();
        let test = thread.name().unwrap_or("a test");
        let line = format!(
            "skipped: the messages of {test} are not held against the published FSPIOP text, which is not beside this repository\n"
        );
        drop(std::io::Write::write_all(&mut std::io::stderr(), line.as_bytes()));
        return;
    };
    let whole: Value = serde_saphyr::from_str(&yaml).unwrap();
    let mut checked = 0;
    for entry in journal.iter().filter(|e| e.kind == Kind::Request && !e.body.is_empty()) {
        let taken = |answer: &&Entry| answer.of == entry.seq && answer.status < 400;
        let Some(schema) = schema_of(&whole, &entry.action) else { continue };
        if journal.iter().find(taken).is_none() {
            continue;
        }
        let body: Value = serde_json::from_str(&entry.body).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let wrong: Vec<_> =
            validator.iter_errors(&body).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(wrong.is_empty(), "{} of {}: {wrong:#?}\n{body:#}", entry.action, entry.from);
        checked += 1;
    }
    assert!(checked > 0, "no message was held against the text");
}

/// What the text says that the body of `PUT /fspiop/quotes/{id}` holds.
fn schema_of(whole: &Value, action: &str) -> Option<Value> {
    let (method, route) = action.split_once(' ')?;
    let route = route.strip_prefix("/fspiop").unwrap_or(route);
    let route =
        route.replace("{id}", "{ID}").replace("{type}", "{Type}").replace("{sub}", "{SubId}");
    let holder = &whole["paths"][&route][method.to_ascii_lowercase()]["requestBody"];
    let holder = match holder["$ref"].as_str() {
        Some(target) => whole.pointer(target.trim_start_matches('#'))?,
        None => holder,
    };
    let mut schema = holder.pointer("/content/application~1json/schema")?.clone();
    schema["components"] = whole["components"].clone();
    Some(schema)
}
