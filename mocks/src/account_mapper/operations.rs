//! What the routes of G2P Connect at the mapper are for, in words and with examples.

use schemars::JsonSchema;
use serde_json::{Value, json};
use standards::dci::{Ack, Envelope};
use standards::g2p_connect::mapper::{
    LinkRequest, LinkResponse, ResolveRequest, ResolveResponse, UnlinkRequest, UnlinkResponse,
    UpdateRequest, UpdateResponse,
};
use standards::g2p_connect::txn_status::{TxnStatusRequest, TxnStatusResponse};

use super::model::Verb;
use super::spar::Spar;
use crate::kit::openapi::{Either, Operation, Token, says};
use crate::kit::registry::message;
use crate::kit::seed::{cast_phone, cast_uin};

const THEN: &str = "2026-10-01T08:00:00Z";

/// The operation at once, and the one that is answered by callback.
pub(super) fn verb(verb: Verb) -> [Operation; 2] {
    let (summary, entry) = match verb {
        Verb::Link => (
            "Links a person to an account",
            json!({"id": "uin:9999999999@arenoa", "fa": "account:0012345@pinkbank"}),
        ),
        Verb::Update => (
            "Puts an account in the place of another",
            json!({"id": somebody(), "fa": "account:0012345@pinkbank"}),
        ),
        Verb::Unlink => ("Unlinks a person from an account", json!({"id": somebody()})),
        Verb::Resolve => {
            ("Says where a person is paid", json!({"id": somebody(), "scope": "details"}))
        }
    };
    let word = verb.word();
    let mut entry = entry;
    (entry["reference_id"], entry["timestamp"]) = (json!("R-1"), json!(THEN));
    let asked = json!({"transaction_id": "T-1", (format!("{word}_request")): [entry]});
    let asked = message(word, None, &asked);
    let is = ours(summary);
    let of = |is: Operation| match verb {
        Verb::Link => is.takes::<Envelope<LinkRequest>>(asked.clone()),
        Verb::Update => is.takes::<Envelope<UpdateRequest>>(asked.clone()),
        Verb::Unlink => is.takes::<Envelope<UnlinkRequest>>(asked.clone()),
        Verb::Resolve => is.takes::<Envelope<ResolveRequest>>(asked.clone()),
    };
    let now = of(is.clone());
    let words = "One answer for each entry";
    let now = match verb {
        Verb::Link => now.gives::<Envelope<LinkResponse>>(200, words),
        Verb::Update => now.gives::<Envelope<UpdateResponse>>(200, words),
        Verb::Unlink => now.gives::<Envelope<UnlinkResponse>>(200, words),
        Verb::Resolve => now.gives::<Envelope<ResolveResponse>>(200, words),
    };
    let spar = "A body with `request_header` and `request_body` is read as OpenG2P SPAR after 1.x writes it, and is \
        answered at once.";
    [now, acknowledged::<Either<Ack, Spar>>(of(is)).more(spar)]
}

pub(super) fn status_now() -> Operation {
    ours("What became of a message, answered on the same line")
        .with(Token::Strict)
        .takes::<Envelope<TxnStatusRequest>>(status_question())
        .gives::<Envelope<TxnStatusResponse>>(
            200,
            "Its answer so far; `rjct` where it is not known",
        )
}

pub(super) fn status_later() -> Operation {
    acknowledged::<Ack>(
        ours("What became of a message, answered at sender_uri/txn/on-status").takes::<Envelope<
            TxnStatusRequest,
        >>(
            status_question()
        ),
    )
}

fn ours(summary: &'static str) -> Operation {
    says(summary).tag("G2P Connect 1.0.0").with(Token::Country)
}

fn acknowledged<A: JsonSchema>(is: Operation) -> Operation {
    is.gives::<A>(
        200,
        "Taken (ACK): the answer comes to `sender_uri`. Where it is not (ERR, with the reason), the status is 400",
    )
}

fn status_question() -> Value {
    let asked = json!({
        "reference_id": "R-1", "txn_type": "resolve", "attribute_type": "transaction_id", "attribute_value": "T-1",
    });
    message("txn-status", None, &json!({"transaction_id": "T-4", "txnstatus_request": asked}))
}

fn somebody() -> String {
    format!("uin:{}@arenoa", cast_uin("tomas"))
}

/// The people of an example in the words of Payment Hub.
pub(super) fn beneficiaries(key: &str) -> Value {
    json!({"requestID": "915251236706", "beneficiaries": [{
        "payeeIdentity": cast_uin(key), "paymentModality": "01", "financialAddress": cast_phone(key),
        "bankingInstitutionCode": "greenbank",
    }]})
}
