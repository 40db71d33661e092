//! The counters of the hub: G2P Connect, the interoperability layer of DCI, `GovStack`, Payment Hub and the bridge of
//! OpenG2P for programmes, and FSPIOP callbacks for the switch. All hand their lists to one engine.

mod batches;
mod bridge;
mod bulk;
mod disburse;
mod file;
mod fspiop;
mod govstack;
mod interoperability;
mod listed;
mod lists;
mod mapper;
mod operations_app;
mod party;
mod payees;
mod result;
mod search;
mod settings;
mod status;
mod transactions;
mod wish;
mod words;

use std::sync::Arc;

use serde_json::{Value, json};
use standards::dci::{Ack, ErrorCode, HttpErrors};

use super::model::Face;
use super::pipeline::tell_g2p;
use super::store::Batch;
use crate::kit::courier::Errand;
use crate::kit::dci::Strictness;
use crate::kit::fspiop as scheme;
use crate::kit::openapi::{Operation, Routes, Token, says};
use crate::kit::room::{Office, Policy};
use crate::kit::seed::cast_phone;
use crate::kit::server::Call;
use crate::kit::trust::tokens::{self, NotLetIn};

pub(super) fn routes(routes: &mut Routes) {
    disburse::routes(routes);
    status::routes(routes);
    search::routes(routes);
    interoperability::routes(routes);
    govstack::routes(routes);
    transactions::routes(routes);
    batches::routes(routes);
    operations_app::routes(routes);
    result::routes(routes);
    bridge::routes(routes);
    lists::routes(routes);
    payees::routes(routes);
    settings::routes(routes);
    fspiop::routes(routes);
    bulk::routes(routes);
}

/// What G2P Connect asks of the hub.
fn g2p(summary: &'static str) -> Operation {
    says(summary).tag("G2P Connect 1.0.0").with(Token::Strict)
}

/// As [`g2p`], answered by callback.
fn g2p_later(summary: &'static str) -> Operation {
    g2p(summary).gives::<Ack>(
        200,
        "Taken (ACK): the answer comes to `sender_uri`. Where it is not (ERR, with the reason), the status is 400",
    )
}

/// The wallet of Tomas, as G2P Connect names it.
fn wallet() -> String {
    format!("msisdn:{}@greenbank", cast_phone("tomas"))
}

/// Takes up what a stop interrupted before it reached the engine.
pub(super) fn wake(office: &Arc<Office>) {
    bridge::wake(office);
}

/// What the counters of G2P Connect ask of a caller: a token that is right, where one is sent, and in a strict room of
/// everybody.
fn strictness(call: &Call) -> Strictness {
    if call.authorization.is_some() { Strictness::Strict } else { Strictness::Lenient }
}

/// In a strict room, who asks must have a token for it.
async fn let_in(call: &Call, scope: &str) -> Result<(), NotLetIn> {
    if call.room().policy() == Policy::Strict {
        tokens::check(&call.errand, call.authorization.as_ref(), Some(scope)).await?;
    }
    Ok(())
}

/// Tells the sender of a list that every payment of it has ended. Says whether it was told, so that it is tried again.
pub(super) async fn tell(errand: &Errand, batch: &Batch) -> bool {
    match (batch.face, &batch.callback) {
        (Face::G2pConnect, Some(address)) => tell_g2p(errand, batch, address).await,
        (_, Some(address)) => batches::push(errand, batch, address).await,
        (_, None) => true,
    }
}

/// The body of an error of the kit: of G2P Connect, with the information of FSPIOP beside it, because the switch reads
/// that.
pub(super) fn refusal(status: u16, sentence: &str) -> Value {
    let code = match status {
        400..=499 => ErrorCode::RequestBad,
        _ => ErrorCode::ServiceUnavailable,
    };
    let mut body = scheme::refusal(status, sentence);
    body["errors"] = json!(HttpErrors::one(code, sentence).errors);
    body
}
