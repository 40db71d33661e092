//! A decision as its system tells of it in the journal: a verdict, the rule, and the facts that it rests on.

use mocks::kit::journal::Entry;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// How a decision went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    Pass,
    Fail,
    /// The facts contradict each other or one is missing: a person must look.
    #[default]
    Review,
}

impl Ruling {
    /// The word for this on the wire.
    pub fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Review => "review",
        }
    }
}

/// A decision, with everything it rests on.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Decision {
    pub id: String,
    pub title: String,
    pub verdict: Ruling,
    pub rule: String,
    pub facts: Vec<Fact>,
    /// The entry of the journal that told of it.
    pub seq: i64,
    /// What else its system told: the version of the rule, its clauses, who decided.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

/// A fact, and the system that said so.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Fact {
    pub name: String,
    /// A date, a number, a yes; null where the source knows of none.
    pub value: Value,
    pub source: String,
    /// The message in which it was said, and when.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}

impl Decision {
    /// The decision that an entry tells of; none where it tells of something else.
    pub(super) fn told_in(entry: &Entry) -> Option<Self> {
        let id = entry.action.strip_prefix("decision ")?;
        let decision = serde_json::from_str(&entry.body).unwrap_or_else(|error| {
            tracing::error!(%error, id, seq = entry.seq, "a decision cannot be read");
            Self { id: id.to_owned(), title: id.to_owned(), ..Self::default() }
        });
        Some(Self { seq: entry.seq, ..decision })
    }
}

impl Fact {
    /// The value as people read it.
    pub fn said(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            Value::Null => String::from("–"),
            other => other.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn entry(action: &str, body: &str) -> Entry {
        Entry { seq: 7, action: action.into(), body: body.into(), ..Entry::default() }
    }

    #[test]
    fn nothing_that_is_told_of_a_decision_is_lost() {
        let body = json!({
            "id": "D2", "title": "Is alive", "verdict": "fail", "rule": "death_date == null", "version": "OAP v1",
            "facts": [{"name": "age", "value": 66, "source": "civil_registry", "message_id": "M-1", "at": "08:00"}],
            "by": "rule",
        });
        let decision = Decision::told_in(&entry("decision D2", &body.to_string())).unwrap();
        assert_eq!((decision.verdict, decision.facts[0].said()), (Ruling::Fail, "66".into()));
        let mut told = body;
        told["seq"] = json!(7);
        assert_eq!(json!(decision), told);
    }

    #[test]
    fn a_decision_that_cannot_be_read_is_one_for_a_person() {
        let decision = Decision::told_in(&entry("decision D2", "{\"id\": … cut here")).unwrap();
        assert_eq!((decision.id.as_str(), decision.seq), ("D2", 7));
        assert_eq!(decision.verdict.word(), "review");
        assert_eq!(Decision::told_in(&entry("payment paid", "{}")), None);
    }
}
