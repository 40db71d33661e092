//! FSPIOP 1.1, 6.3 and 6.2: `GET /parties/...` (who is behind an identifier, asked of the bank that holds it) and
//! `GET /participants/...` (which bank that is).

use actix_web::{HttpRequest, HttpResponse};
use http::Method;
use serde_json::json;
use standards::fspiop::{
    ErrorCode, ErrorInformationObject, ParticipantsTypeIdPutResponse, PartiesPutResponse,
    PartyIdInfo,
};

use super::{has_its_form, open, party_of, reply};
use crate::kit::fspiop::operations::{self, answers, asks, gives_up, payee};
use crate::kit::fspiop::{Kind, Refusal, accepted, body, check_teller, read_message, taken};
use crate::kit::openapi::{Operation, Routes};
use crate::kit::seed::cast_phone;
use crate::kit::server::Call;
use crate::payment_switch::relay::{Own, Passed, Side, pass_on, say, say_error};
use crate::payment_switch::store;

const PARTY: &str = "/parties/{type}/{id}";
const PARTY_ERROR: &str = "/parties/{type}/{id}/error";
const PARTICIPANT: &str = "/participants/{type}/{id}";
const PARTICIPANT_ERROR: &str = "/participants/{type}/{id}/error";

pub(super) fn routes(routes: &mut Routes) {
    let of = |is: Operation| {
        is.path("type", "MSISDN").path("id", cast_phone("tomas")).path("sub", "HOME")
    };
    let party = json!({"party": payee()});
    let media = operations::PARTIES;
    for path in [PARTY, "/parties/{type}/{id}/{sub}"] {
        let found = answers("Says who is behind an identifier", media, "greenbank");
        let unknown = gives_up("Says that nobody is behind an identifier", media, "greenbank");
        routes
            .get(path, ask, of(asks("Asks who is behind an identifier", media, "treasury")))
            .put(
                path,
                answer,
                of(found.takes_as::<PartiesPutResponse>(media, party.clone()))
                    .header("FSPIOP-Destination", "treasury"),
            )
            .put(
                &format!("{path}/error"),
                answer,
                of(unknown).header("FSPIOP-Destination", "treasury"),
            );
    }
}

/// `GET /parties/{type}/{id}`: the question goes on to the bank that holds the identifier.
async fn ask(call: Call, req: HttpRequest) -> HttpResponse {
    let asked = receive(&call, &req).await;
    reply(&call, asked, accepted())
}

async fn receive(call: &Call, req: &HttpRequest) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    let party = party_of(req)?;
    call.correlation(&party.party_identifier);
    let holder = call.store().read(|db| store::find_holder(db, &party))?;
    let (errand, message) = (call.errand.clone(), Passed::new(&head, PARTY, &call.body));
    call.later(async move {
        let outcome = match &holder {
            Some(holder) => pass_on(&errand, message, holder).await,
            None => Err(unknown(&party)),
        };
        if let Err(why) = outcome {
            let what = (head.uri.as_str(), PARTY_ERROR, head.version);
            say_error(&errand, what, &head.source, &why).await;
        }
    });
    Ok(())
}

fn unknown(party: &PartyIdInfo) -> Refusal {
    let sentence = format!("no bank holds an account for {}", party.party_identifier);
    let unheld = || Refusal::new(ErrorCode::PARTY_NOT_FOUND, sentence);
    has_its_form(party).err().unwrap_or_else(unheld)
}

/// `PUT /parties/{type}/{id}` and `/error`: the answer of the bank that holds the identifier goes back to who
/// asked.
async fn answer(call: Call, req: HttpRequest) -> HttpResponse {
    let answered = give_back(&call, &req).await;
    reply(&call, answered, taken())
}

async fn give_back(call: &Call, req: &HttpRequest) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Callback).await?;
    let party = party_of(req)?;
    call.correlation(&party.party_identifier);
    let missing =
        || Refusal::new(ErrorCode::MISSING_ELEMENT, "the header fspiop-destination is missing");
    let asker = head.destination.clone().ok_or_else(missing)?;
    let route = if head.uri.ends_with("/error") {
        read_message::<ErrorInformationObject>(&call.body)?;
        PARTY_ERROR
    } else {
        read_message::<PartiesPutResponse>(&call.body)?;
        PARTY
    };
    let holder = call.store().read(|db| store::find_holder(db, &party))?;
    // Nobody holds what only the bank that was asked by name knows, such as a part of an account.
    if holder.is_some() {
        check_teller(call.room(), &head.source, holder.as_deref())?;
    }
    let (errand, message) = (call.errand.clone(), Passed::new(&head, route, &call.body));
    call.later(async move {
        if let Err(error) = pass_on(&errand, message, &asker).await {
            tracing::info!(%error, asker, "an answer about a party was not taken");
        }
    });
    Ok(())
}

/// `GET /participants/{type}/{id}`: the switch knows the answer itself.
pub(super) async fn which_bank(call: Call, req: HttpRequest) -> HttpResponse {
    let asked = receive_which_bank(&call, &req).await;
    reply(&call, asked, accepted())
}

async fn receive_which_bank(call: &Call, req: &HttpRequest) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    let party = party_of(req)?;
    call.correlation(&party.party_identifier);
    let holder = call.store().read(|db| store::find_holder(db, &party))?;
    let errand = call.errand.clone();
    call.later(async move {
        let Some(fsp_id) = holder else {
            let what = (head.uri.as_str(), PARTICIPANT_ERROR, head.version);
            let why = unknown(&party);
            return say_error(&errand, what, &head.source, &why).await;
        };
        let (uri, version, to) = (&head.uri, head.version, Side::Payer);
        let own = Own { method: &Method::PUT, uri, route: PARTICIPANT, version, to };
        let told = ParticipantsTypeIdPutResponse { fsp_id: Some(fsp_id) };
        say(&errand, own, &head.source, &body(&told)).await;
    });
    Ok(())
}
