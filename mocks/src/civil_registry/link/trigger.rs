//! The action trigger of OpenCRVS 2: before an event is entered, Arenoa ID is asked with the whole document at
//! `POST /trigger/events/{type}/actions/REGISTER`. 200 enters it, 400 sends it back, 202 leaves it pending until
//! somebody accepts or rejects; so does silence.

use http::Method;
use serde_json::{Value, json};

use super::packets::IDENTITY;
use crate::civil_registry::api::trigger_ended;
use crate::civil_registry::store::events;
use crate::kit::courier::{Errand, Letter};

/// What Arenoa ID said about a registration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::civil_registry) enum Verdict {
    /// Enter it, under that number where one is given.
    Accepted(Option<String>),
    Rejected(String),
    /// "Pending external validation", and why.
    Pending(String),
}

/// Asks about the event `id`, whose registration waits, and does what is said.
pub(in crate::civil_registry) async fn follow(errand: Errand, id: String, token: Option<String>) {
    let kept = errand.office.store.read(|db| events::find(db, &id)).ok().flatten();
    let Some(kept) = kept else { return };
    let path = format!("/trigger/events/{}/actions/REGISTER", kept.event.kind);
    let letter = Letter::to(IDENTITY, Method::POST, path)
        .route("/trigger/events/{type}/actions/{action}")
        .correlation(&kept.event.tracking_id)
        .json(&kept.event);
    let letter = match token {
        Some(token) => letter.bearer(&token),
        None => letter,
    };
    let verdict = match errand.send(letter).await {
        Ok(reply) => {
            verdict(reply.status, &serde_json::from_slice(&reply.body).unwrap_or_default())
        }
        Err(error) => Verdict::Pending(error.to_string()),
    };
    trigger_ended(&errand, &id, verdict).await;
}

fn verdict(status: u16, body: &Value) -> Verdict {
    match status {
        200 => Verdict::Accepted(body["registrationNumber"].as_str().map(str::to_owned)),
        202 => Verdict::Pending("Pending external validation".into()),
        400 => {
            let reason = body["reason"].as_str().unwrap_or("no reason was given");
            Verdict::Rejected(format!("Arenoa ID rejects it: {reason}"))
        }
        other => Verdict::Pending(format!("Arenoa ID answered {other}; somebody must decide")),
    }
}

/// The facts that go with a pending registration on the stage.
pub(in crate::civil_registry) fn pending(why: &str, line: &Value) -> Value {
    let mut facts = line.clone();
    facts["why"] = json!(why);
    facts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_word_decides() {
        let numbered = verdict(200, &json!({"registrationNumber": "2026B1"}));
        assert_eq!(numbered, Verdict::Accepted(Some("2026B1".into())));
        assert_eq!(verdict(200, &Value::Null), Verdict::Accepted(None));
        assert!(
            matches!(verdict(400, &json!({"reason": "no"})), Verdict::Rejected(why) if why.contains("no"))
        );
        for status in [202, 404, 500] {
            assert!(matches!(verdict(status, &Value::Null), Verdict::Pending(_)), "{status}");
        }
    }
}
