//! What a probe is answered with: clients of the official mocks post nothing at all, and expect a valid example.

use serde_json::{Value, json};

use super::book::Registry;

/// The transaction of every example: those clients expect an integer.
const TRANSACTION: i64 = 123_456_789;

/// The transaction of an example.
pub(super) fn transaction() -> Value {
    json!(TRANSACTION)
}

/// The Ack of any message; the clients require `error`, empty where there is none.
pub(super) fn ack(correlation_id: &str, at: &str) -> Value {
    json!({"message": {
        "ack_status": "ACK", "timestamp": at, "error": {}, "correlation_id": correlation_id,
    }})
}

/// The answer to an asynchronous search: an Ack, and what the older clients read beside it.
pub(super) fn search(correlation_id: &str, at: &str) -> Value {
    let mut body = ack(correlation_id, at);
    body["transaction_id"] = json!(TRANSACTION);
    body["correlation_id"] = json!(correlation_id);
    body["search_response"] = accepted_search();
    body
}

/// `search_response` of an Ack, as the older clients read it.
pub(super) fn accepted_search() -> Value {
    json!({"status": "rcvd", "message": "the search was accepted; the answer goes to sender_uri"})
}

/// An empty answer to a synchronous search.
pub(super) fn found(registry: &Registry, correlation_id: &str, at: &str, header: &Value) -> Value {
    let record_type = registry.kinds.first().map_or("", |kind| kind.name);
    let item = json!({
        "reference_id": "REF-EXAMPLE", "timestamp": at, "status": "succ",
        "data": {"version": "1.0.0", "reg_type": registry.reg_type, "reg_record_type": record_type, "reg_records": []},
        "pagination": {"page_size": 1, "page_number": 1, "total_count": 0},
        "locale": "eng",
    });
    json!({"header": header, "message": {
        "transaction_id": TRANSACTION, "correlation_id": correlation_id, "search_response": [item],
    }})
}

/// An empty answer to a question about a transaction.
pub(super) fn status(correlation_id: &str, header: &Value) -> Value {
    let response = json!({"txn_type": "search", "txn_status": {
        "transaction_id": TRANSACTION.to_string(), "correlation_id": correlation_id, "search_response": [],
    }});
    json!({"header": header, "message": {
        "transaction_id": TRANSACTION, "correlation_id": correlation_id, "txnstatus_response": response,
    }})
}
