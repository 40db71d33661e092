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
mod lists;
mod mapper;
mod party;
mod payees;
mod search;
mod settings;
mod status;
mod transactions;
mod wish;
mod words;

use std::sync::Arc;

use actix_web::web::{self, ServiceConfig};
use serde_json::{Value, json};
use standards::dci::{ErrorCode, HttpErrors};

use super::model::Face;
use super::pipeline::tell_g2p;
use super::store::Batch;
use crate::kit::courier::Errand;
use crate::kit::fspiop as scheme;
use crate::kit::room::{Office, Policy};
use crate::kit::server::Call;
use crate::kit::trust::tokens::{self, NotLetIn};

pub(super) fn routes(config: &mut ServiceConfig) {
    bulk::routes(config);
    lists::routes(config);
    disburse::routes(config);
    status::routes(config);
    fspiop::routes(config);
    search::routes(config);
    interoperability::routes(config);
    govstack::routes(config);
    transactions::routes(config);
    batches::routes(config);
    bridge::routes(config);
    payees::routes(config);
    config.service(
        web::resource("/settings")
            .route(web::get().to(settings::show))
            .route(web::put().to(settings::change)),
    );
}

/// Takes up what a stop interrupted before it reached the engine.
pub(super) fn wake(office: &Arc<Office>) {
    bridge::wake(office);
}

/// In a strict room, who asks must have a token for it; the counters of G2P Connect want one always.
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
