//! The counter of the switch: FSPIOP at the mount, administration below `/admin`.

mod admin;
mod lookup;
mod participants;
mod quotes;
mod transfers;

use actix_web::web;
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest as _, Sha256};
use standards::fspiop::{ErrorCode, PartyIdInfo, PartyIdType};

use super::{relay, store};
use crate::kit::fspiop::{HUB, Head, Kind, Refusal, check_signature};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;

pub(super) fn routes(config: &mut Routes<'_>) {
    admin::routes(config);
    lookup::routes(config);
    participants::routes(config);
    quotes::routes(config);
    transfers::routes(config);
    for resource in ["bulkQuotes", "bulkTransfers", "transactionRequests", "authorizations"] {
        for path in [format!("/{resource}"), format!("/{resource}/{{rest:.*}}")] {
            config.service(web::resource(path).to(not_implemented));
        }
    }
}

/// What a path names; in a room of its own it names the room besides.
#[derive(serde::Deserialize)]
struct Id {
    id: String,
}

async fn not_implemented(call: Call, req: HttpRequest) -> HttpResponse {
    let sentence = "this switch does single quotes and transfers only";
    let refused = Refusal::new(ErrorCode::NOT_IMPLEMENTED, sentence);
    let head = Head::read(&req, if req.method() == "PUT" { Kind::Callback } else { Kind::Request });
    refuse(&call, &head.err().unwrap_or(refused))
}

/// Reads the headers of a message and lets it in: a participant sends it, and its signature is right.
async fn open(call: &Call, req: &HttpRequest, kind: Kind) -> Result<Head, Refusal> {
    let head = Head::read(req, kind)?;
    let wrong = |sentence: String| Err(Refusal::new(ErrorCode::VALIDATION, sentence));
    if head.source == HUB {
        return wrong(format!("FSPIOP-Source: {HUB} is the switch itself"));
    }
    match call.store().read(|db| store::participant(db, &head.source))? {
        Some(participant) if participant.is_active => {}
        Some(_) => return wrong(format!("FSPIOP-Source: {} is not active", head.source)),
        None => return wrong(format!("FSPIOP-Source: {} takes no part here", head.source)),
    }
    check_signature(call, &head, relay::place_of(&call.errand, &head.source).as_ref()).await?;
    Ok(head)
}

/// The answer to a message: `taken` where it was let in.
fn reply(call: &Call, outcome: Result<(), Refusal>, taken: HttpResponse) -> HttpResponse {
    match outcome {
        Ok(()) => taken,
        Err(refused) => refuse(call, &refused),
    }
}

fn refuse(call: &Call, refused: &Refusal) -> HttpResponse {
    call.remark(&refused.sentence);
    refused.answer()
}

/// The identifier that a path names: `/parties/{type}/{id}` or `/parties/{type}/{id}/{sub}`.
fn party_of(req: &HttpRequest) -> PartyIdInfo {
    let part = |name: &str| req.match_info().get(name).unwrap_or_default();
    let mut party = PartyIdInfo::new(PartyIdType::from(part("type")), part("id"));
    party.party_sub_id_or_type = req.match_info().get("sub").map(str::to_owned);
    party
}

/// What tells one body from another.
fn hash(body: &[u8]) -> String {
    Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}
