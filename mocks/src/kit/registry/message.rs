//! Reading the requests of a registry. Where one item of a batch is malformed, that item is refused and not the batch.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use standards::dci::check_enrollment::CheckEnrollmentRequest;
use standards::dci::disability::DisabledRequest;
use standards::dci::enrollment::{EnrolledRequest, EnrollmentUpdatesRequest};
use standards::dci::search::{SearchItem, SearchRequest};
use standards::dci::subscribe::{SubscribeItem, SubscribeRequest};
use standards::dci::txn_status::TxnStatusRequest;
use standards::dci::unsubscribe::UnsubscribeRequest;
use standards::dci::{Action, Envelope, Malformed, TransactionId, read, read_value};

use super::transactions::nothing as nothing_of_a_transaction;

/// More items than this in one message are refused.
pub(super) const MOST_ITEMS: usize = 1000;

/// One answer carries no more records than this, however many items ask for them.
pub(super) const MOST_RECORDS: u64 = 10_000;

/// A request of the standard.
pub trait Request: Sized {
    /// What its header must say.
    const ACTION: Action;
    /// What a bearer token must allow.
    const SCOPE: &'static str;
    /// What its answer carries, and what stands there where the message is refused as a whole.
    const ANSWER: &'static str;

    /// `at` is when it is answered, and `correlation_id` under which name.
    fn nothing(&self, _correlation_id: &str, _at: &str) -> Value {
        Value::Array(Vec::new())
    }

    fn read(bytes: &[u8]) -> Result<Envelope<Self>, Malformed>;
    fn transaction_id(&self) -> &TransactionId;
    /// How many items `total_count` should count: 1 where the message has no list.
    fn count(&self) -> usize {
        1
    }

    /// How much there is to look at: more than `MOST_ITEMS` is refused.
    fn size(&self) -> usize {
        self.count()
    }

    /// A required field that is left out, as some clients do.
    fn lacks(&self) -> Option<&'static str> {
        None
    }

    /// Whether its published header may be without `total_count`.
    fn may_be_uncounted() -> bool {
        false
    }
}

/// A message with a list of items.
#[derive(Debug)]
pub(super) struct Batch<T> {
    pub(super) transaction_id: TransactionId,
    pub(super) items: Vec<Result<T, BadItem>>,
}

/// An item that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BadItem {
    /// Empty where it could not be read either.
    pub(super) reference_id: String,
    /// The field that is wrong.
    pub(super) field: String,
    pub(super) sentence: String,
}

impl Request for Batch<SearchItem> {
    const ACTION: Action = Action::Search;
    const SCOPE: &'static str = "registry.search";
    const ANSWER: &'static str = "search_response";

    fn read(bytes: &[u8]) -> Result<Envelope<Self>, Malformed> {
        let typed = |message: SearchRequest| (message.transaction_id, message.search_request);
        read_batch(bytes, "search_request", typed)
    }

    fn transaction_id(&self) -> &TransactionId {
        &self.transaction_id
    }

    fn count(&self) -> usize {
        self.items.len()
    }
}

impl Request for Batch<SubscribeItem> {
    const ACTION: Action = Action::Subscribe;
    const SCOPE: &'static str = "registry.subscribe";
    const ANSWER: &'static str = "subscribe_response";

    fn read(bytes: &[u8]) -> Result<Envelope<Self>, Malformed> {
        let typed = |message: SubscribeRequest| (message.transaction_id, message.subscribe_request);
        read_batch(bytes, "subscribe_request", typed)
    }

    fn transaction_id(&self) -> &TransactionId {
        &self.transaction_id
    }

    fn count(&self) -> usize {
        self.items.len()
    }
}

/// A message that is read as a whole: one item, or as many as `counted` finds in it.
macro_rules! plain {
    (
        $message:ty, $action:expr, $scope:literal, $answer:literal
        $(, nothing: $nothing:expr)? $(, counted: $counted:expr)? $(, uncounted: $uncounted:literal)?
        $(, sized: $sized:expr)? $(, lacks: $lacks:expr)?
    ) => {
        impl Request for $message {
            const ACTION: Action = $action;
            const SCOPE: &'static str = $scope;
            const ANSWER: &'static str = $answer;

            fn read(bytes: &[u8]) -> Result<Envelope<Self>, Malformed> {
                read(bytes)
            }

            fn transaction_id(&self) -> &TransactionId {
                &self.transaction_id
            }

            $(fn count(&self) -> usize {
                let count: fn(&Self) -> usize = $counted;
                count(self)
            })?

            $(fn size(&self) -> usize {
                let size: fn(&Self) -> usize = $sized;
                size(self)
            })?

            $(fn may_be_uncounted() -> bool {
                $uncounted
            })?

            $(fn lacks(&self) -> Option<&'static str> {
                let lacks: fn(&Self) -> Option<&'static str> = $lacks;
                lacks(self)
            })?

            $(fn nothing(&self, correlation_id: &str, at: &str) -> Value {
                let nothing: fn(&Self, &str, &str) -> Value = $nothing;
                nothing(self, correlation_id, at)
            })?
        }
    };
}

plain!(
    UnsubscribeRequest,
    Action::Unsubscribe,
    "registry.subscribe",
    "subscription_status",
    counted: |asked| asked.subscription_codes.len()
);
plain!(
    TxnStatusRequest,
    Action::TxnStatus,
    "registry.search",
    "txnstatus_response",
    nothing: nothing_of_a_transaction,
    sized: |asked| asked.txnstatus_request.attribute_value.count(),
    lacks: |asked| match &asked.txnstatus_request {
        query if query.txn_type.as_str().is_empty() => Some("txn_type"),
        query if query.reference_id.is_empty() => Some("reference_id"),
        _ => None,
    }
);
plain!(CheckEnrollmentRequest, Action::Search, "registry.search", "enrolled_response");
plain!(DisabledRequest, Action::Search, "registry.search", "disabled_response");
plain!(EnrolledRequest, Action::Search, "registry.search", "enrolled_response");
// Its header is the one of a callback, in which a count is optional.
plain!(
    EnrollmentUpdatesRequest,
    Action::Notify,
    "registry.notify",
    "enrolled_response",
    counted: |told| told.enrolled_updates.beneficiaries.len(),
    uncounted: true
);

/// Reads a batch: typed where all of it is well-formed, item by item where it is not.
fn read_batch<M: DeserializeOwned, T: DeserializeOwned>(
    bytes: &[u8],
    list: &str,
    typed: impl FnOnce(M) -> (TransactionId, Vec<T>),
) -> Result<Envelope<Batch<T>>, Malformed> {
    let malformed = match read::<Envelope<M>>(bytes) {
        Ok(envelope) => {
            return Ok(envelope.map(|message| {
                let (transaction_id, items) = typed(message);
                Batch { transaction_id, items: items.into_iter().map(Ok).collect() }
            }));
        }
        Err(malformed) => malformed,
    };
    let Ok(envelope) = read::<Envelope<Map<String, Value>>>(bytes) else { return Err(malformed) };
    let message = &envelope.message;
    let transaction_id = message.get("transaction_id").map(read_value::<TransactionId>);
    let (Some(Ok(transaction_id)), Some(Value::Array(items))) = (transaction_id, message.get(list))
    else {
        return Err(malformed);
    };
    // Beyond the bound nobody reads them: the message is refused as a whole.
    let items = items.iter().take(MOST_ITEMS + 1).map(read_item).collect();
    Ok(envelope.map(|_| Batch { transaction_id, items }))
}

fn read_item<T: DeserializeOwned>(item: &Value) -> Result<T, BadItem> {
    read_value(item).map_err(|malformed| {
        let reference_id = item["reference_id"].as_str().unwrap_or_default().to_owned();
        // A missing field is told with the path of its parent; its name stands in the sentence.
        let missing = malformed.sentence.strip_prefix("missing field `");
        let field = missing.and_then(|rest| rest.split('`').next()).map_or_else(
            || malformed.path.clone(),
            |name| format!("{}.{name}", malformed.path).trim_start_matches('.').to_owned(),
        );
        BadItem { reference_id, field, sentence: malformed.to_string() }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_malformed_item_does_not_spoil_the_batch() {
        let body = br#"{"header": {"message_id": "1", "message_ts": "t", "action": "search"},
            "message": {"transaction_id": "T", "search_request": [{"reference_id": "R-1", "timestamp": 5},
            {"reference_id": "R-2", "timestamp": "t",
             "search_criteria": {"query_type": "predicate", "query": {}}}]}}"#;
        let batch = Batch::<SearchItem>::read(body).unwrap().message;
        let bad = batch.items[0].as_ref().unwrap_err();
        assert_eq!((bad.reference_id.as_str(), bad.field.as_str()), ("R-1", "timestamp"));
        assert!(batch.items[1].is_ok());
    }

    #[test]
    fn a_missing_field_is_named() {
        let bad = read_item::<SearchItem>(&serde_json::json!({"reference_id": "R"})).unwrap_err();
        assert_eq!(bad.field, "timestamp");
    }
}
