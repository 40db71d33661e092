//! FSPIOP 1.1 on the payer's side: the switch's callbacks. Each is answered at once; what it leads to comes after.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use standards::fspiop::{
    ErrorCode, ErrorInformationObject, PartiesPutResponse, QuotesPutResponse, Strict,
    TransfersPutResponse,
};

use super::party;
use crate::kit::fspiop::operations::{self, answers, gives_up, money, payee};
use crate::kit::fspiop::{
    Head, Kind, Refusal, check_signature, check_teller, part_of, read_message, sender_of, taken,
};
use crate::kit::openapi::{Operation, Routes};
use crate::kit::seed::cast_phone;
use crate::kit::server::Call;
use crate::payment_hub::model::{State, is_anywhere};
use crate::payment_hub::pipeline;
use crate::payment_hub::store::{self, Instruction};

pub(super) fn routes(routes: &mut Routes) {
    let media = operations::PARTIES;
    let of = |is: Operation| is.path("type", "MSISDN").path("id", cast_phone("tomas"));
    let party = json!({"party": payee()});
    routes
        .put(
            "/fspiop/parties/{type}/{id}/error",
            no_party,
            of(gives_up("Tells that nobody is behind an identifier", media, "switch")),
        )
        .put(
            "/fspiop/parties/{type}/{id}",
            found,
            of(answers("Tells who is behind an identifier", media, "switch"))
                .takes_as::<PartiesPutResponse>(media, party),
        );
    let media = operations::QUOTES;
    let of = |is: Operation| {
        is.path("id", operations::QUOTE).after("a quote with this id was asked for")
    };
    let terms = json!({
        "transferAmount": money("60"), "expiration": operations::TOO_LATE, "ilpPacket": "AYIC",
        "condition": operations::CONDITION,
    });
    routes
        .put(
            "/fspiop/quotes/{id}/error",
            no_quote,
            of(gives_up("Tells that there is no quote", media, "switch")),
        )
        .put(
            "/fspiop/quotes/{id}",
            quote,
            of(answers("Tells what a payment costs", media, "switch"))
                .takes_as::<QuotesPutResponse>(media, terms),
        );
    let media = operations::TRANSFERS;
    let of = |is: Operation| {
        is.path("id", operations::TRANSFER).after("a transfer with this id was asked for")
    };
    let done =
        json!({"transferState": "ABORTED", "completedTimestamp": "2026-10-01T08:00:00.000Z"});
    routes
        .put(
            "/fspiop/transfers/{id}/error",
            no_transfer,
            of(gives_up("Tells that a transfer was refused", media, "switch")),
        )
        .put(
            "/fspiop/transfers/{id}",
            transfer,
            of(answers("Tells how a transfer ended", media, "switch"))
                .takes_as::<TransfersPutResponse>(media, done),
        );
}

/// What a path names; in a room of its own it names the room besides.
#[derive(Deserialize)]
pub(super) struct Id {
    pub(super) id: String,
}

#[derive(Deserialize)]
struct Identifier {
    #[serde(rename = "type")]
    kind: String,
    id: String,
}

/// Reads a callback that came with the right headers and signature, and says who sent it.
pub(super) async fn open<T: DeserializeOwned + Strict>(
    call: &Call,
    req: &HttpRequest,
) -> Result<(T, String), Refusal> {
    let head = Head::read(req, Kind::Callback)?;
    let sender = sender_of(call.room(), &head.source);
    check_signature(call, &head, sender.as_ref()).await?;
    Ok((read_message(&call.body)?, head.source))
}

pub(super) fn reply(call: &Call, outcome: Result<(), Refusal>) -> HttpResponse {
    match outcome {
        Ok(()) => taken(),
        Err(refused) => {
            call.remark(&refused.sentence);
            refused.answer()
        }
    }
}

/// The payment that a callback of `source` is about, where it waits for one in this state.
fn waiting(
    call: &Call,
    (column, id): (&'static str, &str),
    source: &str,
    states: &[State],
) -> Result<Option<Instruction>, Refusal> {
    let found = call.store().read(|db| store::instruction_of(db, (column, id)))?;
    let Some(payment) = found else {
        let code = match column {
            "quote_id" => ErrorCode::QUOTE_ID_NOT_FOUND,
            _ => ErrorCode::TRANSFER_ID_NOT_FOUND,
        };
        return Err(Refusal::new(code, format!("this hub asked for nothing with the id {id}")));
    };
    call.correlation(&payment.disbursement.reference_id);
    check_teller(call.room(), source, Some(&payment.payee_bank))?;
    if states.contains(&payment.state) {
        return Ok(Some(payment));
    }
    call.remark(&format!("the payment is {} already", payment.state.text()));
    Ok(None)
}

fn looking(call: &Call, path: &Identifier) -> Result<Option<Instruction>, Refusal> {
    let found = call.store().read(|db| store::next_looking_up(db, &path.kind, &path.id))?;
    match &found {
        Some(payment) => call.correlation(&payment.disbursement.reference_id),
        None => call.remark("no payment waits for this"),
    }
    Ok(found)
}

async fn found(call: Call, req: HttpRequest, path: Path<Identifier>) -> HttpResponse {
    let outcome = async {
        let (said, source): (PartiesPutResponse, _) = open(&call, &req).await?;
        // Which bank is asked who somebody is, only the switch knows: it is the one that the answer names.
        let bank = said.party.party_id_info.fsp_id.as_deref();
        check_teller(call.room(), &source, bank)?;
        let asker = (path.kind.as_str(), path.id.as_str());
        if party::heard(&call.errand, asker, &Ok(said.party.clone())) {
            call.remark("somebody asked aside");
        } else if let Some(payment) = looking(&call, &path)? {
            let errand = call.errand.clone();
            call.later(async move {
                let mut next = Some(payment);
                // Others may have asked for the same payee meanwhile; the answer is theirs too.
                while let Some(payment) = next {
                    pipeline::found(&errand, &payment, &said.party).await;
                    let (kind, id) = (payment.payee_kind.as_str(), payment.payee_id.as_str());
                    let read = errand.office.store.read(|db| store::next_looking_up(db, kind, id));
                    next = read.ok().flatten().filter(|other| other.id != payment.id);
                }
            });
        }
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome)
}

async fn no_party(call: Call, req: HttpRequest, path: Path<Identifier>) -> HttpResponse {
    let outcome = async {
        let (said, source): (ErrorInformationObject, _) = open(&call, &req).await?;
        check_asked(&call, &path, &source)?;
        let asker = (path.kind.as_str(), path.id.as_str());
        if party::heard(&call.errand, asker, &Err(said.error_information.clone())) {
            call.remark("somebody asked aside");
        } else {
            let payment = looking(&call, &path)?;
            fail_later(&call, payment, said);
        }
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome)
}

/// Which bank was asked who somebody is, only the switch knows: it may be any of the country's, or the one that the payment
/// names. Where no bank is named, it may be one from elsewhere, which cannot be told from others here.
fn check_asked(call: &Call, path: &Identifier, source: &str) -> Result<(), Refusal> {
    let read = call.store().read(|db| store::next_looking_up(db, &path.kind, &path.id))?;
    let bank = read.map(|payment| payment.payee_bank).filter(|bank| !is_anywhere(bank));
    if bank.is_none() || part_of(call.room(), source).is_some() {
        return Ok(());
    }
    check_teller(call.room(), source, bank.as_deref())
}

fn fail_later(call: &Call, payment: Option<Instruction>, said: ErrorInformationObject) {
    let said = said.error_information;
    call.remark(&said.error_description);
    if let Some(payment) = payment {
        let errand = call.errand.clone();
        call.later(async move { pipeline::failed(&errand, &payment, &said).await });
    }
}

async fn quote(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let (said, from): (QuotesPutResponse, _) = open(&call, &req).await?;
        if let Some(payment) = waiting(&call, ("quote_id", &path.id), &from, &[State::Quoting])? {
            let errand = call.errand.clone();
            call.later(async move { pipeline::terms(&errand, &payment, &said).await });
        }
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome)
}

async fn no_quote(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let (said, from): (ErrorInformationObject, _) = open(&call, &req).await?;
        let payment = waiting(&call, ("quote_id", &path.id), &from, &[State::Quoting])?;
        fail_later(&call, payment, said);
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome)
}

const SENT: [State; 2] = [State::Transferring, State::InDoubt];

async fn transfer(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let (said, from): (TransfersPutResponse, _) = open(&call, &req).await?;
        if let Some(payment) = waiting(&call, ("transfer_id", &path.id), &from, &SENT)? {
            let errand = call.errand.clone();
            call.later(async move { pipeline::ended(&errand, &payment, &said).await });
        }
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome)
}

async fn no_transfer(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let (said, from): (ErrorInformationObject, _) = open(&call, &req).await?;
        let payment = waiting(&call, ("transfer_id", &path.id), &from, &SENT)?;
        fail_later(&call, payment, said);
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome)
}
