//! What the routes of a registry are for, in words and with examples (DCI v1.0.0, paths `/registry/*`).

use serde_json::{Value, json};
use standards::dci::search::{SearchRequest, SearchResponse};
use standards::dci::subscribe::SubscribeRequest;
use standards::dci::txn_status::{TxnStatusRequest, TxnStatusResponse};
use standards::dci::unsubscribe::UnsubscribeRequest;
use standards::dci::{Ack, Envelope, HttpErrors};

use super::gate::{Counter, Family};
use crate::kit::openapi::{Operation, Sealable, Token, says};
use crate::kit::seed::cast_uin;

/// A time on the first day of the sandbox.
const THEN: &str = "2026-10-01T08:00:00Z";
/// Where nobody listens: an example may name it, and the answer is tried again later.
const NOWHERE: &str = "http://127.0.0.1:9/registry";

/// A DCI message with `header.action` and `message`, as an outsider would send it.
pub fn example(action: &str, count: Option<usize>, message: &Value) -> Value {
    json!({
        "signature": "",
        "header": {
            "version": "1.0.0", "message_id": "M-1", "message_ts": THEN, "action": action,
            "sender_id": "demo", "sender_uri": NOWHERE, "total_count": count.unwrap_or(1),
        },
        "message": message,
    })
}

impl Counter {
    /// An operation of this counter: a bearer token where the family of paths asks for one.
    pub fn says(self, summary: &'static str) -> Operation {
        match self.family {
            Family::Registry => says(summary).tag("registry").with(Token::Country),
            Family::Official => says(summary)
                .tag("as the official mocks")
                .with(Token::Strict)
                .more("A body that is absent or `{}` gets an example."),
        }
    }

    fn acknowledged(self, summary: &'static str) -> Operation {
        self.says(summary)
            .gives::<Ack>(
                200,
                "Taken (ACK): the answer comes to `sender_uri`. Or not (ERR), with the reason",
            )
            .gives::<HttpErrors>(400, "No message of the standard")
            .gives::<HttpErrors>(401, "No token that is good here, or a signature that is wrong")
    }

    fn question(self) -> Value {
        let kind = self.registry.kinds.first();
        json!({"transaction_id": "T-1", "search_request": [{
            "reference_id": "R-1", "timestamp": THEN, "locale": "eng",
            "search_criteria": {
                "version": "1.0.0", "reg_type": self.registry.reg_type,
                "reg_record_type": kind.map(|kind| kind.name),
                "query_type": "idtype-value", "query": {"type": "UIN", "value": cast_uin("tomas")},
                "pagination": {"page_size": 10, "page_number": 1},
            },
        }]})
    }

    pub(super) fn search(self) -> Operation {
        self.acknowledged("Search, answered at sender_uri/on-search")
            .takes::<Envelope<SearchRequest>>(example("search", None, &self.question()))
    }

    pub(super) fn sync_search(self) -> Operation {
        self.says("Search, answered on the same line")
            .takes::<Envelope<SearchRequest>>(example("search", None, &self.question()))
            .gives::<Sealable<SearchResponse>>(
                200,
                "What was found; an empty list where nothing was",
            )
            .gives::<HttpErrors>(400, "No message of the standard")
            .gives::<HttpErrors>(401, "No token that is good here, or a signature that is wrong")
    }

    pub(super) fn subscribe(self) -> Operation {
        let event =
            self.registry.events.first().map(|event| event.name).filter(|name| !name.is_empty());
        let message = json!({"transaction_id": "T-2", "subscribe_request": [{
            "reference_id": "R-1", "timestamp": THEN,
            "subscribe_criteria": {
                "reg_type": self.registry.reg_type, "reg_event_type": event,
                "filter_type": "idtype-value", "filter": {"type": "UIN", "value": cast_uin("tomas")},
                "notify_record_type": self.registry.kinds.first().map(|kind| kind.name),
                "frequency": {"start_time": THEN, "end_time": "2027-10-01T08:00:00Z", "frequency": "0 0 * * *"},
            },
        }]});
        self.acknowledged("Be told of events from now on")
            .takes::<Envelope<SubscribeRequest>>(example("subscribe", None, &message))
    }

    pub(super) fn unsubscribe(self) -> Operation {
        let message =
            json!({"transaction_id": "T-3", "timestamp": THEN, "subscription_codes": ["SUB-1"]});
        self.acknowledged("No longer be told of events")
            .takes::<Envelope<UnsubscribeRequest>>(example("unsubscribe", None, &message))
    }

    pub(super) fn txn_status(self) -> Operation {
        self.acknowledged("What became of a message, answered at sender_uri/txn/on-status")
            .takes::<Envelope<TxnStatusRequest>>(status_question())
    }

    pub(super) fn sync_txn_status(self) -> Operation {
        self.says("What became of a message, answered on the same line")
            .takes::<Envelope<TxnStatusRequest>>(status_question())
            .gives::<Sealable<TxnStatusResponse>>(
                200,
                "Its answer so far; `rjct` where it is not known",
            )
    }

    /// A callback or a notice to this registry.
    pub(super) fn told(self, summary: &'static str, action: &str) -> Operation {
        let header = json!({
            "version": "1.0.0", "message_id": "M-2", "message_ts": THEN, "action": action,
            "status": "succ", "sender_id": "demo", "total_count": 1,
        });
        let message = json!({"transaction_id": "T-1", "correlation_id": "C-1"});
        let told = says(summary).tag(match self.family {
            Family::Registry => "callbacks to this system",
            Family::Official => "as the official mocks",
        });
        told.takes::<Envelope<Value>>(json!({"header": header, "message": message}))
            .gives::<Ack>(200, "Heard")
    }
}

fn status_question() -> Value {
    let asked = json!({
        "reference_id": "R-1", "txn_type": "search", "attribute_type": "transaction_id", "attribute_value": "T-1",
    });
    example("txn-status", None, &json!({"transaction_id": "T-4", "txnstatus_request": asked}))
}

/// Where events are told.
pub(super) const NOTIFY: &str = "/notify";

/// The callbacks that every system takes that asks a registry: path, action, words.
pub(super) const CALLBACKS: [(&str, &str, &str); 5] = [
    ("/on-search", "on-search", "Takes the answer to a search"),
    ("/on-subscribe", "on-subscribe", "Takes the answer to a subscription"),
    ("/on-unsubscribe", "on-unsubscribe", "Takes the end of a subscription"),
    ("/txn/on-status", "txn-on-status", "Takes what became of a message"),
    (NOTIFY, "notify", "Takes notice of an event"),
];
