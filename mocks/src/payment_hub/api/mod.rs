//! The counter of the hub: G2P Connect for programmes, FSPIOP callbacks for the switch.

mod bulk;
mod disburse;
mod fspiop;
mod lists;
mod status;

use actix_web::web::ServiceConfig;
use serde_json::{Value, json};
use standards::dci::{ErrorCode, HttpErrors};

use super::model::Face;
use super::pipeline::tell_g2p;
use super::store::Batch;
use crate::kit::courier::Errand;
use crate::kit::fspiop as scheme;

pub(super) fn routes(config: &mut ServiceConfig) {
    bulk::routes(config);
    lists::routes(config);
    disburse::routes(config);
    status::routes(config);
    fspiop::routes(config);
}

/// Tells the sender of a list that every payment of it has ended. Says whether it was told, so that it is tried again.
pub(super) async fn tell(errand: &Errand, batch: &Batch) -> bool {
    match (batch.face, &batch.callback) {
        (Face::G2pConnect, Some(address)) => tell_g2p(errand, batch, address).await,
        // Nobody who hands lists in at the other counters waits to be told.
        _ => true,
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
