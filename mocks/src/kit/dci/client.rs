//! The asking side: an envelope with token and signature goes out, the answer comes back read and checked.

use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use standards::dci::{Ack, AckStatus, Action, Envelope, ErrorCode, Header, Malformed, Status};

use super::Namespace;
use crate::kit::courier::{Errand, Letter, Reply, Undelivered};
use crate::kit::journal::Verdict;
use crate::kit::room::Policy;
use crate::kit::trust::jwe::{self, Unread};
use crate::kit::trust::jwks::sender_id_of;
use crate::kit::trust::peers::{self, Unsealed};
use crate::kit::trust::purse::{NotGranted, Purse, own_wish};
use crate::kit::trust::verify::verify;

/// An answer that was read and whose signature, where it has one, is right.
#[derive(Debug, Clone)]
pub struct Answer<M> {
    pub header: Header,
    pub message: M,
    /// `Valid` or `Unsigned`.
    pub verdict: Verdict,
}

impl<M> Answer<M> {
    /// Whether the whole request was rejected; its items may say why.
    pub fn is_rejected(&self) -> bool {
        self.header.status == Some(Status::Rjct)
    }
}

/// Why a question has no answer.
#[derive(Debug, Clone, thiserror::Error)]
pub enum DciError {
    #[error(transparent)]
    Undelivered(#[from] Undelivered),
    #[error("the gateway issued no token ({status}): {sentence}")]
    NoToken { status: u16, sentence: String },
    /// An HTTP error, or an Ack that says ERR.
    #[error("{to} refused ({status}, {code}): {sentence}")]
    Refused { to: String, status: u16, code: ErrorCode, sentence: String },
    #[error("{to} answered {status} with something that is not the answer: {problem}")]
    Malformed { to: String, status: u16, problem: Malformed },
    #[error("the answer of {to} cannot be trusted: {reason}")]
    Untrusted { to: String, reason: String },
    #[error(transparent)]
    Unsealed(#[from] Unsealed),
}

impl From<NotGranted> for DciError {
    fn from(refused: NotGranted) -> Self {
        match refused {
            NotGranted::Undelivered(error) => Self::Undelivered(error),
            NotGranted::Refused { status, sentence } => Self::NoToken { status, sentence },
        }
    }
}

impl DciError {
    /// Whether asking again later may help: nobody was there, or the other side was out of order.
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Undelivered(Undelivered::NoAnswer { .. }) => true,
            Self::Refused { status, .. } | Self::NoToken { status, .. } => {
                *status >= 500 || *status == 429
            }
            _ => false,
        }
    }
}

/// Asks a part of the cast and waits for the answer in the same exchange: `sync/search`, `sync/resolve`.
pub async fn ask<R: DeserializeOwned>(
    errand: &Errand,
    to_part: &str,
    path: &str,
    action: Action,
    message: &impl Serialize,
) -> Result<Answer<R>, DciError> {
    let reply = exchange(errand, to_part, path, action, message).await?;
    let keys = &errand.office.keys;
    let read = jwe::read_either(keys, &reply.body, false, standards::dci::read::<Envelope<R>>);
    let envelope = match read {
        Ok(read) if reply.is_success() => read.envelope,
        Ok(_) => return Err(refused(to_part, &reply)),
        Err(Unread::Malformed(problem)) => return Err(no_answer(to_part, &reply, problem)),
        Err(Unread::Unopened(why)) => {
            return Err(DciError::Untrusted { to: to_part.into(), reason: why.to_string() });
        }
    };
    let checked = verify(errand, &reply.body, Some(to_part)).await;
    let strict = errand.office.room.policy() == Policy::Strict;
    let reason = match checked.verdict {
        Verdict::Invalid => checked.reason,
        Verdict::Unsigned if strict => String::from("it is not signed, and this room insists"),
        verdict => {
            return Ok(Answer { header: envelope.header, message: envelope.message, verdict });
        }
    };
    let sentence = format!("The answer of {to_part} is not used: {reason}");
    let facts = serde_json::json!({"message_id": envelope.header.message_id, "reason": reason});
    errand.event("answer not trusted", &sentence, &facts);
    Err(DciError::Untrusted { to: to_part.into(), reason })
}

/// Hands a request in whose answer comes later to `sender_uri`: `search`, `subscribe`, `disburse`.
pub async fn submit(
    errand: &Errand,
    to_part: &str,
    path: &str,
    action: Action,
    message: &impl Serialize,
) -> Result<Ack, DciError> {
    let reply = exchange(errand, to_part, path, action, message).await?;
    read_ack(to_part, &reply)
}

/// Delivers what somebody waits for: `on-search`, `on-link`, `notify`. It is signed; no token is needed. `address` is
/// where (the asker's `sender_uri` with the path of the callback behind it). Whoever answers 2xx has taken it, whatever
/// stands in the answer's body.
pub async fn callback(
    errand: &Errand,
    address: &str,
    route: &str,
    header: &Header,
    message: &impl Serialize,
) -> Result<(), DciError> {
    let own = errand.office.system.name;
    let dialect = Namespace::of(&header.action, (own, None)).dialect();
    let body = peers::seal(errand, dialect, header, message).await?;
    let letter = Letter::to_address(Method::POST, address)
        .route(route)
        .bytes("application/json", body)
        .correlation(&header.message_id);
    let reply = errand.send(letter).await?;
    if reply.is_success() {
        return Ok(());
    }
    Err(refused(header.receiver_id.as_deref().unwrap_or(address), &reply))
}

/// Sends an envelope with token and signature. A token that is refused although it was held is replaced once.
async fn exchange(
    errand: &Errand,
    to_part: &str,
    path: &str,
    action: Action,
    message: &impl Serialize,
) -> Result<Reply, DciError> {
    let unwritable = |e: serde_json::Error| Unsealed::Unwritable(e.to_string());
    let office = &errand.office;
    let purse = office.memory.of::<Purse>();
    let message = serde_json::to_value(message).map_err(unwritable)?;
    let (token, held) = purse.token(errand, || own_wish(errand)).await?;
    let dialect = Namespace::of(&action, (office.system.name, Some(to_part))).dialect();
    let id = office.next_id("MSG");
    let own = sender_id_of(office.system.name);
    let told = action == Action::Notify;
    let mut header = Header::request(action, &own, id.clone(), errand.stamp(), count(&message))
        .to(&sender_id_of(to_part))
        .answer_at(&errand.own_base());
    // Some read and check `meta` as if it were always there.
    header.meta = Some(Value::Object(Map::new()));
    if told {
        // What is told has the header of a callback (`enrollment/updates`).
        header.status = Some(Status::Succ);
        header.completed_count = header.total_count;
    }
    let body = peers::seal(errand, dialect, &header, &message).await?;
    let letter = Letter::post(to_part, path).bytes("application/json", body).correlation(&id);
    let reply = errand.send(letter.clone().bearer(&token)).await?;
    if reply.status != 401 || !held {
        return Ok(reply);
    }
    purse.give_up(&token);
    let (token, _) = purse.token(errand, || own_wish(errand)).await?;
    Ok(errand.send(letter.bearer(&token)).await?)
}

/// How many items a message carries: the length of its list, 1 where it has none. The list of an enrolment update stands
/// one level deeper.
fn count(message: &Value) -> u64 {
    let deeper = message.pointer("/enrolled_updates/beneficiaries").and_then(Value::as_array);
    let first = || message.as_object().and_then(|m| m.values().find_map(Value::as_array));
    let list = deeper.or_else(first);
    list.map_or(1, |items| items.len() as u64)
}

fn read_ack(to: &str, reply: &Reply) -> Result<Ack, DciError> {
    match standards::dci::read::<Ack>(&reply.body) {
        Ok(ack) if reply.is_success() && ack.message.ack_status != AckStatus::Err => Ok(ack),
        Ok(_) => Err(refused(to, reply)),
        Err(problem) => Err(no_answer(to, reply, problem)),
    }
}

/// What came is not an answer: an error in one of the standard's forms, or something else.
fn no_answer(to: &str, reply: &Reply, problem: Malformed) -> DciError {
    let is_error = serde_json::from_slice::<Ack>(&reply.body)
        .is_ok_and(|ack| ack.message.ack_status == AckStatus::Err);
    if is_error || !reply.is_success() {
        return refused(to, reply);
    }
    DciError::Malformed { to: to.into(), status: reply.status, problem }
}

/// Reads `{"errors":[{code,message}]}` and `{"message":{"error":{code,message}}}`.
fn refused(to: &str, reply: &Reply) -> DciError {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let first = body.pointer("/errors/0").or_else(|| body.pointer("/message/error"));
    let text = |name: &str| first.and_then(|e| e[name].as_str());
    let code = text("code").map_or(ErrorCode::ServiceUnavailable, ErrorCode::from);
    let sentence = text("message").unwrap_or("no reason was given").to_owned();
    DciError::Refused { to: to.into(), status: reply.status, code, sentence }
}
