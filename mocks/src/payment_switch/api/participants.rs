//! FSPIOP 1.1, 6.2: banks tell the switch which identifiers they hold. `POST` and `DELETE /participants/{type}/{id}`, and
//! `POST /participants` for many at once.

use actix_web::{HttpRequest, HttpResponse};
use http::Method;
use serde_json::json;
use standards::fspiop::{
    ErrorCode, ParticipantsPostRequest, ParticipantsPutResponse, ParticipantsTypeIdPostRequest,
    ParticipantsTypeIdPutResponse, PartyIdInfo, PartyResult,
};

use super::{has_its_form, lookup, open, party_of, reply};
use crate::kit::fspiop::operations::{self, asks};
use crate::kit::fspiop::{Head, Kind, Refusal, accepted, body, read_message};
use crate::kit::openapi::{Operation, Routes};
use crate::kit::server::Call;
use crate::payment_switch::relay::{Own, Side, say, say_error};
use crate::payment_switch::store;

const ONE: &str = "/participants/{type}/{id}";
const ONE_ERROR: &str = "/participants/{type}/{id}/error";
const MANY: &str = "/participants/{id}";
/// One message names so many identifiers at the most.
const MOST_PARTIES: usize = 10_000;

pub(super) fn routes(routes: &mut Routes) {
    let media = operations::PARTICIPANTS;
    let of =
        |is: Operation| is.path("type", "MSISDN").path("id", "99990000001").path("sub", "HOME");
    let list = json!({"requestId": operations::QUOTE, "partyList": [
        {"partyIdType": "MSISDN", "partyIdentifier": "99990000002", "fspId": "greenbank"},
    ]});
    routes.post(
        "/participants",
        register_many,
        asks("Says which identifiers a bank holds", media, "greenbank")
            .takes_as::<ParticipantsPostRequest>(media, list),
    );
    for path in [ONE, "/participants/{type}/{id}/{sub}"] {
        let holds = asks("Says that a bank holds an identifier", media, "greenbank");
        let holds =
            holds.takes_as::<ParticipantsTypeIdPostRequest>(media, json!({"fspId": "greenbank"}));
        routes
            .get(
                path,
                lookup::which_bank,
                of(asks("Asks which bank holds an identifier", media, "treasury")),
            )
            .post(path, register, of(holds))
            .delete(
                path,
                remove,
                of(asks("Says that a bank no longer holds it", media, "greenbank")),
            );
    }
}

async fn register(call: Call, req: HttpRequest) -> HttpResponse {
    let registered = receive(&call, &req, true).await;
    reply(&call, registered, accepted())
}

async fn remove(call: Call, req: HttpRequest) -> HttpResponse {
    let removed = receive(&call, &req, false).await;
    reply(&call, removed, accepted())
}

async fn receive(call: &Call, req: &HttpRequest, is_held: bool) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    let party = party_of(req)?;
    call.correlation(&party.party_identifier);
    let outcome = if is_held {
        let said: ParticipantsTypeIdPostRequest = read_message(&call.body)?;
        hold(call, &head, &party, &said.fsp_id).map(|()| Some(said.fsp_id))
    } else {
        let_go(call, &head, &party).map(|()| None)
    };
    let errand = call.errand.clone();
    call.later(async move {
        match outcome {
            Ok(fsp_id) => {
                let (uri, version, to) = (head.uri.as_str(), head.version, Side::Payee);
                let own = Own { method: &Method::PUT, uri, route: ONE, version, to };
                let told = ParticipantsTypeIdPutResponse { fsp_id };
                say(&errand, own, &head.source, &body(&told)).await;
            }
            Err(why) => {
                let what = (head.uri.as_str(), ONE_ERROR, head.version);
                say_error(&errand, what, &head.source, &why).await;
            }
        }
    });
    Ok(())
}

/// A bank speaks for itself only, and takes no account over that another bank holds.
fn hold(call: &Call, head: &Head, party: &PartyIdInfo, fsp: &str) -> Result<(), Refusal> {
    if fsp != head.source {
        return Err(not_yours(&head.source));
    }
    has_its_form(party)?;
    call.store().write(|tx| match store::find_holder(tx, party)? {
        Some(holder) if holder != fsp => Err(held_by(&holder)),
        Some(_) => Ok(()),
        None => Ok(store::register_party(tx, party, fsp)?),
    })
}

fn held_by(holder: &str) -> Refusal {
    let sentence = format!("{holder} holds it; it must let it go first (DELETE)");
    Refusal::new(ErrorCode::ADD_PARTY, sentence)
}

fn let_go(call: &Call, head: &Head, party: &PartyIdInfo) -> Result<(), Refusal> {
    call.store().write(|tx| match store::find_holder(tx, party)? {
        Some(holder) if holder == head.source => {
            store::remove_party(tx, party)?;
            Ok(())
        }
        _ => Err(not_yours(&head.source)),
    })
}

fn not_yours(source: &str) -> Refusal {
    let sentence = format!("{source} may register and remove its own accounts only");
    Refusal::new(ErrorCode::ADD_PARTY, sentence)
}

async fn register_many(call: Call, req: HttpRequest) -> HttpResponse {
    let registered = receive_many(&call, &req).await;
    reply(&call, registered, accepted())
}

async fn receive_many(call: &Call, req: &HttpRequest) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    let said: ParticipantsPostRequest = read_message(&call.body)?;
    call.correlation(&said.request_id);
    let right = format!("partyList: name 1 to {MOST_PARTIES} identifiers");
    match said.party_list.len() {
        0 => return Err(Refusal::new(ErrorCode::VALIDATION, right)),
        1..=MOST_PARTIES => {}
        _ => return Err(Refusal::new(ErrorCode::TOO_MANY_ELEMENTS, right)),
    }
    let mut party_list = Vec::with_capacity(said.party_list.len());
    for party_id in said.party_list {
        let fsp = party_id.fsp_id.clone().unwrap_or_else(|| head.source.clone());
        let refused = hold(call, &head, &party_id, &fsp).err();
        let error_information = refused.map(|refused| refused.information());
        party_list.push(PartyResult { party_id, error_information });
    }
    let told = ParticipantsPutResponse { party_list, currency: said.currency };
    let errand = call.errand.clone();
    call.later(async move {
        let uri = format!("/participants/{}", said.request_id);
        let (version, to) = (head.version, Side::Payee);
        let own = Own { method: &Method::PUT, uri: &uri, route: MANY, version, to };
        say(&errand, own, &head.source, &body(&told)).await;
    });
    Ok(())
}
