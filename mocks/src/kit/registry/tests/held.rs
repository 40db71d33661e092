//! Whatever the registries of a trial said, held against the published texts: the journal has it all.

use serde_json::{Value, json};

use super::texts::{DESCRIBED, Text, texts};
use crate::kit::journal::{Entry, Kind};
use crate::kit::trial::Trial;

/// What a registry delivers by itself.
const DELIVERED: [&str; 5] = [
    "/registry/on-search",
    "/registry/on-subscribe",
    "/registry/on-unsubscribe",
    "/registry/txn/on-status",
    "/registry/notify",
];

/// Holds every answer and every delivery in the journal of `trial` against its text, and gives how many there were.
pub(super) async fn answers_hold(trial: &Trial) -> usize {
    let mut held = 0;
    for entry in trial.journal().await {
        let Some((text, path)) = described(&entry) else { continue };
        let Some(body) = readable(&entry) else { continue };
        let wrong = match entry.kind {
            Kind::Answer => text.answer(&path, entry.status, &body),
            _ => text.request(&path, &body),
        };
        let what = format!("{} {} {path} {}", text.name, entry.kind.word(), entry.status);
        assert!(wrong.is_empty(), "{what}: {wrong:#?}\n{body:#}");
        held += 1;
    }
    assert!(held > 0 || texts().is_empty(), "no message was held against the texts");
    held
}

/// The text that describes an entry, and the path in its words: an answer of a registry, or something that it delivered.
fn described(entry: &Entry) -> Option<(&'static Text, String)> {
    let (text, system) =
        texts().into_iter().find(|(_, system)| entry.from == *system && entry.to != *system)?;
    let path = entry.action.strip_prefix("POST ")?;
    let (_, _, prefix) = DESCRIBED.into_iter().find(|(_, s, _)| *s == system)?;
    let path = match path.strip_prefix(prefix) {
        Some(rest) => format!("/registry{rest}"),
        None => path.to_owned(),
    };
    let delivers = DELIVERED.contains(&path.as_str());
    let fits = entry.kind == Kind::Answer || delivers;
    (fits && text.post(&path).is_some()).then_some((text, path))
}

/// The body as JSON; none where the journal cut it. Readers of the official mocks are given integers for texts.
fn readable(entry: &Entry) -> Option<Value> {
    let mut body: Value = serde_json::from_str(&entry.body).ok()?;
    for pointer in [
        "/message/transaction_id",
        "/transaction_id",
        "/message/txnstatus_response/txn_status/transaction_id",
    ] {
        if let Some(id) = body.pointer_mut(pointer).filter(|id| id.is_i64()) {
            *id = json!(id.to_string());
        }
    }
    Some(body)
}
