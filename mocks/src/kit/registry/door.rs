//! The door of a registry: who may come in, and the seal on what goes out. The only file of the engine that calls the
//! trust layer (DCI v1.0.0, `MsgSignature`; bearer tokens).

use std::sync::Arc;

use bytes::Bytes;
use serde::Serialize;
use standards::dci::{ErrorCode, Header};

use super::gate::Family;
use super::refusal::Refusal;
use crate::kit::courier::Errand;
use crate::kit::journal::Verdict;
use crate::kit::room::Policy;
use crate::kit::server::Call;
use crate::kit::trust::jwks::{KeyRing, Owner};
use crate::kit::trust::peers::{self, Unsealed, give_up};
use crate::kit::trust::purse::NotGranted;
use crate::kit::trust::sign::Dialect;
use crate::kit::trust::tokens::{self, NotLetIn};
use crate::kit::trust::verify::verify;

/// Checks the bearer token: `/registry/*` insists on one, the paths of the official mocks in a strict room only.
pub(super) async fn bearer(call: &Call, family: Family, scope: &str) -> Result<(), Refusal> {
    if family == Family::Official && call.room().policy() == Policy::Open {
        return Ok(());
    }
    let checked = tokens::check(&call.errand, call.authorization.as_ref(), None).await;
    let bearer = checked.map_err(|refused| not_let_in(&refused))?;
    if bearer.may(scope) {
        return Ok(());
    }
    Err(not_let_in(&NotLetIn::MissingScope(scope.into())))
}

/// Checks the bearer token of who delivers a callback or a notice, where one is brought: it is known by the signature, and
/// need not have one of this room. The paths of the official mocks look in a strict room only.
pub(super) async fn brought(call: &Call, family: Family) -> Result<(), Refusal> {
    let looks = family == Family::Registry || call.room().policy() == Policy::Strict;
    if !looks || call.authorization.is_none() {
        return Ok(());
    }
    let checked = tokens::check(&call.errand, call.authorization.as_ref(), None).await;
    checked.map(drop).map_err(|refused| not_let_in(&refused))
}

/// The bearer token for callbacks and notices to `peer`, where one is set or granted.
pub(super) async fn token_for(errand: &Errand, peer: &str) -> Result<Option<Arc<str>>, NotGranted> {
    peers::of(&errand.office, peer).token(errand, peer).await
}

/// Gives up a token that `peer` did not take.
pub(super) fn give_up_token(errand: &Errand, peer: &str, token: &str) {
    give_up(errand, peer, token);
}

fn not_let_in(refused: &NotLetIn) -> Refusal {
    Refusal::Error { status: refused.status(), code: refused.code(), sentence: refused.to_string() }
}

/// Checks that a body says it is JSON: `/registry/*` insists on it, the paths of the official mocks do not look.
pub(super) fn json(call: &Call, family: Family) -> Result<(), Refusal> {
    if family == Family::Official || call.body.is_empty() {
        return Ok(());
    }
    let said = call.content_type.as_ref().and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json")) {
        return Ok(());
    }
    let sentence = format!("the Content-Type is `{said}`; send application/json");
    Err(Refusal::Error { status: 415, code: ErrorCode::RequestBad, sentence })
}

/// Checks the signature of the message that `call` carries, and tells the journal what became of it.
pub(super) async fn signature(call: &Call) -> Result<(), Refusal> {
    let checked = verify(&call.errand, &call.body, None).await;
    call.verdict(checked.verdict);
    let (code, sentence) = match checked.verdict {
        Verdict::Invalid => (ErrorCode::SignatureInvalid, checked.reason),
        Verdict::Unsigned if call.room().policy() == Policy::Strict => {
            let sentence = "the message is not signed, and this room insists on signatures";
            (ErrorCode::SignatureMissing, sentence.into())
        }
        _ => {
            if !checked.reason.is_empty() {
                call.remark(&checked.reason);
            }
            return Ok(());
        }
    };
    Err(Refusal::Error { status: 401, code, sentence })
}

/// Whether an answer can be encrypted to the sender of `header`: its key is fetched before anything is promised.
pub(super) async fn can_encrypt_to(call: &Call, header: &Header) -> Result<(), Refusal> {
    let sender = header.sender_id.as_deref().unwrap_or_default();
    let room = call.room();
    let found = async {
        let owner = Owner::of(room, sender)?;
        let ring = call.errand.office.memory.of::<KeyRing>();
        ring.encryption(&call.errand, &owner).await.map(drop)
    };
    found.await.map_err(|e| {
        let sentence = format!("an encrypted message is answered encrypted, and {e}");
        Refusal::bad(ErrorCode::EncryptionInvalid, sentence)
    })
}

/// The body of an envelope as its receiver reads it: with the registry's own signature, and encrypted where the header
/// says so or the receiver's setting does.
pub(super) async fn sealed(
    errand: &Errand,
    header: &Header,
    message: &impl Serialize,
) -> Result<Bytes, Unsealed> {
    peers::seal(errand, Dialect::default(), header, message).await
}
