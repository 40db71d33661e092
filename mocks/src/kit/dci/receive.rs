//! The answering side: whether a message is let in (bearer token, signature, envelope), and the answer's signature.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use standards::dci::{Ack, Action, Envelope, ErrorCode, Header, HttpErrors, Malformed};

use super::Namespace;
use crate::kit::journal::Verdict;
use crate::kit::room::Policy;
use crate::kit::server::Call;
use crate::kit::trust::jwe::{self, Unread};
use crate::kit::trust::jwks::sender_id_of;
use crate::kit::trust::peers::plain;
use crate::kit::trust::sign::seal;
use crate::kit::trust::tokens::{self, NotLetIn};
use crate::kit::trust::verify::verify;

/// So many messages are remembered, to know one that comes again.
const MOST_TAKEN: usize = 4096;

/// How much a path insists on. A room whose policy is strict insists everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    /// `/registry/*`: a bearer token must be there.
    Strict,
    /// `/crvs/*` and the like: a token need not be there, and is not looked at, unless the room is strict.
    Lenient,
    /// `on-*` and `notify`: who delivers is known by the signature. A token is checked where one is brought.
    Callback,
}

/// Why a message is not let in.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Refused {
    #[error(transparent)]
    NotLetIn(#[from] NotLetIn),
    #[error("the message is not signed, and this room insists on signatures")]
    SignatureMissing,
    #[error("{0}")]
    SignatureInvalid(String),
    #[error("{0}")]
    EncryptionInvalid(String),
    #[error("this message is for {0}, and this is {1}")]
    WrongReceiver(String, String),
    #[error("message {0} has come before; give each its own id")]
    Replayed(String),
    #[error(transparent)]
    Malformed(#[from] Malformed),
}

impl Refused {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Self::NotLetIn(refused) => refused.status(),
            Self::SignatureMissing | Self::SignatureInvalid(_) => 401,
            _ => 400,
        }
    }

    /// The code of the standard.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::NotLetIn(refused) => refused.code(),
            Self::SignatureMissing => ErrorCode::SignatureMissing,
            Self::SignatureInvalid(_) => ErrorCode::SignatureInvalid,
            Self::EncryptionInvalid(_) => ErrorCode::EncryptionInvalid,
            Self::WrongReceiver(..) => ErrorCode::ReceiverIdInvalid,
            Self::Replayed(_) | Self::Malformed(_) => ErrorCode::RequestBad,
        }
    }

    /// The standard's answer: `errors` with 401 and 403, an Ack that says ERR with 400. It is remarked in the journal.
    pub fn respond(&self, call: &Call) -> HttpResponse {
        let sentence = self.to_string();
        call.remark(&sentence);
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::BAD_REQUEST);
        let mut response = HttpResponse::build(status);
        if status == StatusCode::UNAUTHORIZED {
            response.insert_header(("www-authenticate", "Bearer"));
        }
        match self {
            Self::NotLetIn(_) | Self::SignatureMissing | Self::SignatureInvalid(_) => {
                response.json(HttpErrors::one(self.code(), sentence))
            }
            _ => {
                let correlation = call.errand.office.next_id("CORR");
                let stamp = call.errand.stamp();
                response.json(Ack::refused(correlation, stamp, self.code(), sentence))
            }
        }
    }
}

/// Lets a message in: token, signature, envelope, in this order. The journal learns what became of the signature and
/// the business correlation.
pub async fn receive<M: DeserializeOwned>(
    call: &Call,
    strictness: Strictness,
) -> Result<Envelope<M>, Refused> {
    let policy = call.room().policy();
    let insists = match strictness {
        Strictness::Strict => true,
        Strictness::Lenient => policy == Policy::Strict,
        Strictness::Callback => call.authorization.is_some(),
    };
    if insists {
        let bearer = tokens::check(&call.errand, call.authorization.as_ref(), None).await?;
        if strictness != Strictness::Callback
            && let Some(scope) = action_of(&call.body).as_ref().and_then(scope_of)
            && !bearer.may(scope)
        {
            return Err(NotLetIn::MissingScope(scope.into()).into());
        }
    }
    let envelope = read(call, strictness)?;
    call.correlation(&envelope.header.message_id);
    let checked = verify(&call.errand, &call.body, None).await;
    call.verdict(checked.verdict);
    if checked.verdict == Verdict::Unsigned && !checked.reason.is_empty() {
        call.remark(&checked.reason);
    }
    match checked.verdict {
        Verdict::Invalid => Err(Refused::SignatureInvalid(checked.reason)),
        Verdict::Unsigned if policy == Policy::Strict => Err(Refused::SignatureMissing),
        _ if policy == Policy::Strict => once_and_here(call, &envelope.header).map(|()| envelope),
        _ => Ok(envelope),
    }
}

/// Reads the envelope. What is delivered may be encrypted; a question may not, because its answer would be in clear.
fn read<M: DeserializeOwned>(call: &Call, strictness: Strictness) -> Result<Envelope<M>, Refused> {
    let keys = &call.errand.office.keys;
    let strict = call.room().policy() == Policy::Strict;
    let read = jwe::read_either(keys, &call.body, strict, standards::dci::read::<Envelope<M>>);
    match read {
        Ok(read) if read.opened.is_none() => Ok(read.envelope),
        Ok(read) if strictness == Strictness::Callback => {
            let (sentence, facts) = jwe::told(&read.envelope.header);
            call.errand.event("message opened", &sentence, &facts);
            Ok(read.envelope)
        }
        Ok(_) => {
            let sentence = "encrypted requests are not answered here; send the message in clear";
            Err(Refused::EncryptionInvalid(sentence.into()))
        }
        Err(Unread::Malformed(malformed)) => Err(malformed.into()),
        Err(Unread::Unopened(why)) => Err(Refused::EncryptionInvalid(why.to_string())),
    }
}

/// The messages that an office has taken in a strict room, oldest first. It is a guard against what comes twice by
/// mistake: after so many others, or a restart, a message is taken again as long as its signature holds. How old a message
/// is does not count, because what could not be delivered for an hour is delivered late.
#[derive(Debug, Default)]
struct Taken(Mutex<VecDeque<(String, String)>>);

/// A strict room takes a message once, and only where it is for the office that receives it.
fn once_and_here(call: &Call, header: &Header) -> Result<(), Refused> {
    let other = header.receiver_id.as_deref();
    if let Some(other) = other.filter(|receiver| !call.errand.is_meant_by(receiver)) {
        let own = sender_id_of(call.errand.office.system.name);
        return Err(Refused::WrongReceiver(other.into(), own));
    }
    let name = (header.sender_id.clone().unwrap_or_default(), header.message_id.clone());
    let taken = call.errand.office.memory.of::<Taken>();
    let mut taken = taken.0.lock().unwrap_or_else(PoisonError::into_inner);
    if taken.contains(&name) {
        return Err(Refused::Replayed(name.1));
    }
    if taken.len() >= MOST_TAKEN {
        taken.pop_front();
    }
    taken.push_back(name);
    Ok(())
}

/// The signed answer to a message.
pub fn answer(call: &Call, header: &Header, message: &impl Serialize) -> HttpResponse {
    let own = call.errand.office.system.name;
    let dialect = Namespace::of(&header.action, (own, None)).dialect();
    match seal(&call.errand.office, dialect, &plain(header), message) {
        Ok(body) => HttpResponse::Ok().content_type("application/json").body(body),
        Err(error) => {
            tracing::error!(%error, "an answer could not be written as JSON");
            let sentence = "the answer could not be written; this is our fault";
            HttpResponse::InternalServerError()
                .json(HttpErrors::one(ErrorCode::ServiceUnavailable, sentence))
        }
    }
}

/// The action of a body, where it has one that can be read.
fn action_of(body: &[u8]) -> Option<Action> {
    #[derive(serde::Deserialize)]
    struct OnlyHeader {
        header: OnlyAction,
    }
    #[derive(serde::Deserialize)]
    struct OnlyAction {
        action: Action,
    }
    serde_json::from_slice::<OnlyHeader>(body).ok().map(|e| e.header.action)
}

/// What a token must allow for an action.
fn scope_of(action: &Action) -> Option<&'static str> {
    Some(match action {
        Action::Search | Action::TxnStatus => "registry.search",
        Action::Subscribe | Action::Unsubscribe => "registry.subscribe",
        Action::Notify => "registry.notify",
        Action::Link | Action::Update | Action::Unlink => "mapper.link",
        Action::Resolve => "mapper.resolve",
        Action::Disburse => "payments.disburse",
        _ => return None,
    })
}
