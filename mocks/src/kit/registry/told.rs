//! POST /registry/{on-search,on-subscribe,on-unsubscribe,txn/on-status,notify}: what others tell a registry. It asks for
//! nothing, and is acknowledged (DCI v1.0.0, section Ack).

use actix_web::HttpResponse;
use serde_json::{Map, Value};
use standards::dci::{Ack, Action, Envelope, ErrorCode, TransactionId, read, read_value};

use super::door;
use super::gate::{Family, check_told, malformed};
use super::refusal::Refusal;
use crate::kit::room::Policy;
use crate::kit::server::Call;
use crate::kit::trust::jwe::{self, Unread};

/// Hears a callback or notice whose header says `action`, where one is insisted on. Who delivers is known by the
/// signature; a token is checked where one is brought.
pub(super) async fn take(call: Call, action: Option<Action>) -> HttpResponse {
    let (id, at) = (call.errand.office.next_id("COR"), call.errand.stamp());
    match heard(&call, action.as_ref()).await {
        Ok(()) => HttpResponse::Ok().json(Ack::accepted(id, at)),
        Err(refusal) => {
            call.remark(&refusal.to_string());
            refusal.acknowledged(&id, &at)
        }
    }
}

async fn heard(call: &Call, action: Option<&Action>) -> Result<(), Refusal> {
    // Who insists on an action is on the paths of the standard.
    let family = if action.is_some() { Family::Registry } else { Family::Official };
    door::brought(call, family).await?;
    door::json(call, family)?;
    let keys = &call.errand.office.keys;
    let strict = call.room().policy() == Policy::Strict;
    let read = jwe::read_either(keys, &call.body, strict, read::<Envelope<Map<String, Value>>>);
    let envelope = match read {
        Ok(read) => read.envelope,
        Err(Unread::Malformed(wrong)) => return Err(malformed(&wrong)),
        Err(Unread::Unopened(why)) => {
            return Err(Refusal::bad(ErrorCode::EncryptionInvalid, why.to_string()));
        }
    };
    let bad = |sentence| Refusal::bad(ErrorCode::RequestBad, sentence);
    let transaction = envelope.message.get("transaction_id");
    let transaction = transaction.ok_or_else(|| {
        bad(String::from(
            "message.transaction_id is missing: say which conversation this belongs to",
        ))
    })?;
    let transaction: TransactionId = read_value(transaction)
        .map_err(|wrong| bad(format!("message.transaction_id: {}", wrong.sentence)))?;
    call.correlation(&transaction.to_string());
    door::signature(call).await?;
    check_told(call, &envelope.header, action, &transaction)
}
