//! POST /registry/subscribe and /registry/on-subscribe: `SubscribeRequest` and `SubscribeResponse` v1.0.0.

use super::codes::{ReasonCode, Status};
use super::object;
use super::query::{Filter, Mode, QueryError, parse};
use super::search::{Page, QueryType};
use super::timestamp::DateTime;
use super::transaction_id::TransactionId;
use crate::code::open_code;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

open_code! {
    /// Whether a subscription stands.
    SubscriptionStatus { Subscribe = "subscribe", Unsubscribe = "unsubscribe" }
}

/// `message` of a subscribe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubscribeRequest {
    /// The caller's name for the conversation.
    pub transaction_id: TransactionId,
    /// One entry a wish.
    #[serde(deserialize_with = "object::each")]
    pub subscribe_request: Vec<SubscribeItem>,
}

/// One wish to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubscribeItem {
    /// The caller's name for the wish.
    pub reference_id: String,
    /// When it was made.
    pub timestamp: DateTime,
    /// About what.
    pub subscribe_criteria: SubscribeCriteria,
    /// Language of the notices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// About what a subscriber wants to be told. What the standard requires beyond the event is optional here, so that a
/// registry can refuse its absence with the standard's own reason code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubscribeCriteria {
    /// Version of the criteria.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Which registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_type: Option<String>,
    /// Which event; a free string.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_event_type: Option<String>,
    /// How often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<EventFrequency>,
    /// How `filter` is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter_type: Option<QueryType>,
    /// About whom, in the words of `filter_type`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Value>,
    /// Which kind of record the notice should carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify_record_type: Option<String>,
    /// The authority's permission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorize: Option<Value>,
}

impl SubscribeCriteria {
    /// The filter, where there is one. A filter without `filter_type` is told apart by its shape: a list is predicates,
    /// `type` with a plain `value` is an identifier, anything else an expression.
    pub fn filter(&self, mode: Mode) -> Option<Result<Filter, QueryError>> {
        let filter = self.filter.as_ref()?;
        let guessed = match (filter, filter.get("value")) {
            (Value::Array(_), _) => QueryType::Predicate,
            (_, Some(Value::String(_) | Value::Number(_))) => QueryType::IdtypeValue,
            _ => QueryType::Expression,
        };
        let filter_type = self.filter_type.as_ref().unwrap_or(&guessed);
        Some(parse(filter_type.as_str(), filter, mode))
    }
}

/// How often notices are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EventFrequency {
    /// From when.
    pub start_time: DateTime,
    /// Until when.
    pub end_time: DateTime,
    /// A cron expression.
    pub frequency: String,
}

/// `message` of an on-subscribe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubscribeResponse {
    /// As in the request.
    pub transaction_id: TransactionId,
    /// As in the Ack.
    pub correlation_id: String,
    /// One entry a wish.
    pub subscribe_response: Vec<SubscribeResult>,
}

/// The answer to one wish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubscribeResult {
    /// As in the wish.
    pub reference_id: String,
    /// When it was answered.
    pub timestamp: DateTime,
    /// How it went.
    pub status: Status,
    /// Why not, as a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_code: Option<ReasonCode>,
    /// Why not, for a person.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason_message: Option<String>,
    /// What now stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscriptions: Vec<Subscription>,
    /// Which part of how many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pagination: Option<Page>,
    /// Language of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

/// A subscription that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Subscription {
    /// Version of the entry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The registry's name for it, at most 99 characters: what an unsubscribe must give.
    pub code: String,
    /// Whether it stands.
    pub status: SubscriptionStatus,
    /// Since when.
    pub timestamp: DateTime,
    /// Which registry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_type: Option<String>,
    /// Which event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reg_event_type: Option<String>,
    /// How often.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frequency: Option<EventFrequency>,
    /// How `filter` is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter_type: Option<QueryType>,
    /// About whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<Value>,
    /// Which kind of record the notices carry.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notify_record_type: Option<String>,
    /// Language of the notices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
}

impl Subscription {
    /// The subscription that answers these criteria.
    pub fn standing(
        code: &str,
        timestamp: impl Into<DateTime>,
        criteria: &SubscribeCriteria,
    ) -> Self {
        Self {
            version: Some("1.0.0".to_owned()),
            code: code.to_owned(),
            status: SubscriptionStatus::Subscribe,
            timestamp: timestamp.into(),
            reg_type: criteria.reg_type.clone(),
            reg_event_type: criteria.reg_event_type.clone(),
            frequency: criteria.frequency.clone(),
            filter_type: criteria.filter_type.clone(),
            filter: criteria.filter.clone(),
            notify_record_type: criteria.notify_record_type.clone(),
            locale: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn criteria(filter: &Value) -> SubscribeCriteria {
        serde_json::from_value(json!({"reg_event_type": "death", "filter": filter})).unwrap()
    }

    #[test]
    fn a_filter_without_its_type_is_told_apart_by_shape() {
        let read = |filter: Value| criteria(&filter).filter(Mode::Lenient).unwrap().unwrap();
        assert_eq!(
            read(json!({"type": "UIN", "value": "1"})),
            Filter::Identifier { kind: "UIN".into(), value: "1".into() }
        );
        assert_eq!(read(json!({"type": "*", "value": "*"})), Filter::everything());
        assert!(matches!(read(json!({"sex": {"eq": "female"}})), Filter::Compare { .. }));
        let predicate = json!([{"expression1": {"attribute_name": "a", "operator": "eq", "attribute_value": 1}}]);
        assert!(matches!(read(predicate), Filter::Compare { .. }));
    }

    #[test]
    fn no_filter_is_none_and_not_everything() {
        let criteria: SubscribeCriteria =
            serde_json::from_value(json!({"reg_event_type": "death"})).unwrap();
        assert!(criteria.filter(Mode::Lenient).is_none());
    }
}
