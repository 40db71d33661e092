//! A client of registries, for the tests of all of them: it has a token, and signs nothing.

use serde_json::{Value, json};

pub(crate) use super::listener::Listener;
pub(crate) use super::plans::scans;
use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

/// The time of every message.
const AT: &str = "2026-10-01T08:00:00Z";

pub(crate) struct Visitor<'a> {
    pub(crate) trial: &'a Trial,
    token: String,
}

impl<'a> Visitor<'a> {
    /// Takes a token as the client `demo`.
    pub(crate) async fn new(trial: &'a Trial) -> Self {
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_id", "demo"),
            ("client_secret", "demo"),
        ];
        let letter = Letter::post("gateway", "/oauth2/client/token").form(&fields);
        let (_, granted) = trial.ask(letter).await;
        Self { trial, token: granted["access_token"].as_str().unwrap().to_owned() }
    }

    /// Posts `body` with the token.
    pub(crate) async fn post(&self, system: &str, path: &str, body: &Value) -> (u16, Value) {
        self.trial.ask(Letter::post(system, path).json(body).bearer(&self.token)).await
    }

    /// The letter with the token.
    pub(crate) fn signed_in(&self, letter: Letter) -> Letter {
        letter.bearer(&self.token)
    }

    /// Posts whatever this is with the token.
    pub(crate) async fn raw(&self, system: &str, path: &str, body: Vec<u8>) -> (u16, Value) {
        let letter = Letter::post(system, path).bytes("application/json", body);
        self.trial.ask(letter.bearer(&self.token)).await
    }

    /// Asks by identifier, and gives the one item of the answer.
    pub(crate) async fn find(&self, system: &str, kind: &str, id: &str) -> Value {
        let criteria = json!({"query_type": "idtype-value", "query": {"type": kind, "value": id}});
        self.search(system, criteria).await
    }

    /// The household of a member, as the one item of the answer.
    pub(crate) async fn household(&self, uin: &str) -> Value {
        let criteria = json!({"reg_record_type": "Group", "query_type": "idtype-value",
            "query": {"type": "UIN", "value": uin}});
        self.search("social_registry", criteria).await
    }

    /// Asks with these criteria, and gives the one item of the answer.
    pub(crate) async fn search(&self, system: &str, criteria: Value) -> Value {
        let asked = search(&[criteria]);
        let (status, answer) = self.post(system, "/registry/sync/search", &asked).await;
        assert_eq!(status, 200, "{answer:#}");
        answer["message"]["search_response"][0].clone()
    }

    /// The number of a persona.
    pub(crate) fn uin(&self, persona: &str) -> String {
        let people = &self.trial.country.people;
        people.person(people.persona(persona).unwrap().person).uin.to_string()
    }
}

/// An envelope for an action, with `count` items in its message.
pub(crate) fn envelope(action: &str, count: usize, message: &Value) -> Value {
    let header = json!({"version": "1.0.0", "message_id": "M-1", "message_ts": AT, "action": action,
        "sender_id": "demo", "total_count": count});
    json!({"header": header, "message": message})
}

/// A search with an item for each of the criteria.
pub(crate) fn search(criteria: &[Value]) -> Value {
    let item = |(i, criteria): (usize, &Value)| json!({"reference_id": format!("R-{}", i + 1), "timestamp": AT, "search_criteria": criteria});
    let items: Vec<_> = criteria.iter().enumerate().map(item).collect();
    envelope("search", items.len(), &json!({"transaction_id": "T-1", "search_request": items}))
}

/// Has `listener` told of events of that kind to a person, or to everybody where none is named, and waits until the
/// subscription stands.
pub(crate) async fn followed(
    visitor: &Visitor<'_>,
    listener: &Listener,
    system: &str,
    (event, uin): (&str, &str),
) {
    let (kind, filter) = match uin {
        "" => ("expression", json!({"age": {"ge": 0}})),
        uin => ("idtype-value", json!({"type": "UIN", "value": uin})),
    };
    // Of a changed standing employment support tells with the enrolment, and of all else with the person.
    let record = if event == "UPDATE" { "Beneficiary" } else { "Member" };
    let criteria = json!({"reg_event_type": event, "filter_type": kind, "filter": filter,
        "notify_record_type": record});
    let item = json!({"reference_id": "R-1", "timestamp": AT, "subscribe_criteria": criteria});
    let message = json!({"transaction_id": "T-9", "subscribe_request": [item]});
    let mut wish = envelope("subscribe", 1, &message);
    wish["header"]["sender_uri"] = json!(listener.base);
    let (_, ack) = visitor.post(system, "/registry/subscribe", &wish).await;
    assert_eq!(ack["message"]["ack_status"], "ACK", "{ack:#}");
    let answer = listener.hears(1).await.pop().unwrap().1;
    assert_eq!(answer["message"]["subscribe_response"][0]["status"], "succ", "{answer:#}");
}
