//! What was answered in a test, held against what the description says of it: every trial ends so.

use std::collections::BTreeMap;

use serde_json::Value;

use super::schema;
use crate::ALL;
use crate::kit::journal::{Entry, Kind, LONGEST_BODY};
use crate::kit::openapi::document;

/// What a description says of an answer.
type Said = Option<jsonschema::Validator>;

/// The answers in `journal` that are not of the shape that their system's description says.
pub(in crate::kit) fn broken(journal: &[Entry]) -> Vec<String> {
    let mut documents = BTreeMap::new();
    let mut said: BTreeMap<(&str, &str, u16), Said> = BTreeMap::new();
    let asked: BTreeMap<i64, &Entry> = journal.iter().map(|entry| (entry.seq, entry)).collect();
    let answers = journal.iter().filter(|entry| entry.kind == Kind::Answer);
    let mut found = Vec::new();
    for answer in answers.filter(|answer| answer.body.len() < LONGEST_BODY) {
        let Some(request) = asked.get(&answer.of) else { continue };
        let Some(system) = ALL.iter().find(|system| system.name == request.to) else { continue };
        let Ok(body) = serde_json::from_str::<Value>(&answer.body) else { continue };
        let key = (system.name, request.action.as_str(), answer.status);
        let said = said.entry(key).or_insert_with(|| {
            let document = documents.entry(system.name).or_insert_with(|| document(system, "", ""));
            let (method, path) = request.action.split_once(' ')?;
            let path = path.strip_prefix(&format!("/{}", system.mount())).unwrap_or(path);
            let said = &document["paths"][path][method.to_ascii_lowercase()]["responses"];
            let said = &said[answer.status.to_string()]["content"]["application/json"]["schema"];
            schema(document, said)
        });
        let errors = said.iter().flat_map(|said| said.iter_errors(&body));
        let errors: Vec<_> = errors.map(|e| format!("{}: {e}", e.instance_path())).collect();
        if !errors.is_empty() {
            let Entry { to, action, .. } = request;
            found.push(format!("{to} {action} {}: {}\n{body}", answer.status, errors.join("; ")));
        }
    }
    found
}
