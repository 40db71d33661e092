//! The counter of the switch: FSPIOP at the mount, administration below `/admin`.

mod admin;
mod bulk_transfers;
mod keys;
mod lookup;
mod participants;
mod quotes;
mod transfers;

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest as _, Sha256};
use standards::fspiop::{ErrorCode, PartyIdInfo, Strict as _};

use super::{directory, relay, store};
use crate::kit::fspiop::{HUB_NAMES, Head, Kind, Refusal, check_signature, party_in_path};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;

pub(super) fn routes(routes: &mut Routes) {
    lookup::routes(routes);
    participants::routes(routes);
    quotes::routes(routes);
    transfers::routes(routes);
    bulk_transfers::routes(routes);
    admin::routes(routes);
    keys::routes(routes);
    for path in NOT_TAKEN {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            routes.aside((method, path), not_implemented, "answered with 501");
        }
    }
}

/// Requests to pay, which this switch refuses in the standard's own words.
const NOT_TAKEN: [&str; 6] = [
    "/transactionRequests",
    "/transactionRequests/{rest:.*}",
    "/authorizations",
    "/authorizations/{rest:.*}",
    "/transactions",
    "/transactions/{rest:.*}",
];

/// What a path names.
#[derive(serde::Deserialize)]
struct Id {
    id: String,
}

async fn not_implemented(call: Call, req: HttpRequest) -> HttpResponse {
    let sentence =
        "this switch passes payments that the payer starts; requests to pay are not taken";
    let refused = Refusal::new(ErrorCode::NOT_IMPLEMENTED, sentence);
    let head = Head::read(&req, if req.method() == "PUT" { Kind::Callback } else { Kind::Request });
    refuse(&call, &head.err().unwrap_or(refused))
}

/// Reads the headers of a message and lets it in: a participant sends it, and its signature is right.
async fn open(call: &Call, req: &HttpRequest, kind: Kind) -> Result<Head, Refusal> {
    let head = Head::read(req, kind)?;
    let wrong = |sentence: String| Err(Refusal::new(ErrorCode::VALIDATION, sentence));
    if HUB_NAMES.contains(&head.source.as_str()) {
        return wrong(format!("FSPIOP-Source: {} is the switch itself", head.source));
    }
    match &directory::look_up(&call.errand.office, &head.source)?.participant {
        Some(participant) if participant.is_active => {}
        Some(_) => return wrong(format!("FSPIOP-Source: {} is not active", head.source)),
        None => return wrong(format!("FSPIOP-Source: {} takes no part here", head.source)),
    }
    let place = relay::keys_of(&call.errand, &head.source);
    check_signature(call, &head, place.as_ref()).await?;
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

/// The identifier that a path names: `/parties/{type}/{id}` or `/parties/{type}/{id}/{sub}`. Braces are what a client forgot
/// to fill in.
fn party_of(req: &HttpRequest) -> Result<PartyIdInfo, Refusal> {
    let party = party_in_path(req)?;
    party.check().map_err(|wrong| Refusal::new(ErrorCode::VALIDATION, wrong.to_string()))?;
    if party.party_identifier.contains(['{', '}']) {
        let sentence = format!("Invalid ID: `{}` is a placeholder", party.party_identifier);
        return Err(Refusal::new(ErrorCode::VALIDATION, sentence));
    }
    Ok(party)
}

/// Whether an identifier has the form that its type asks for; who asks hears of it in the callback.
fn has_its_form(party: &PartyIdInfo) -> Result<(), Refusal> {
    let Some(right) = party.lacks_pattern() else { return Ok(()) };
    let (kind, id) = (party.party_id_type.as_str(), &party.party_identifier);
    let sentence = format!("Invalid ID: `{id}` has not the pattern of {kind}; {right}");
    Err(Refusal::new(ErrorCode::VALIDATION, sentence))
}

/// Whether a message is addressed to the payee that its body names.
fn goes_to(head: &Head, payee: &str) -> Result<(), Refusal> {
    match head.destination.as_deref().filter(|to| *to != payee && !HUB_NAMES.contains(to)) {
        Some(other) => {
            let sentence = format!("FSPIOP-Destination is {other}, but payeeFsp is {payee}");
            Err(Refusal::new(ErrorCode::VALIDATION, sentence))
        }
        None => Ok(()),
    }
}

/// A bulk names so many at the most.
const MOST_IN_BULK: usize = 1000;

/// Whether a bulk is neither empty nor too large.
fn within_bulk(element: &str, count: usize) -> Result<(), Refusal> {
    let right = format!("{element}: name 1 to {MOST_IN_BULK}");
    match count {
        0 => Err(Refusal::new(ErrorCode::VALIDATION, right)),
        1..=MOST_IN_BULK => Ok(()),
        _ => Err(Refusal::new(ErrorCode::TOO_MANY_ELEMENTS, right)),
    }
}

/// What tells one body from another.
fn hash(body: &[u8]) -> String {
    Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}
