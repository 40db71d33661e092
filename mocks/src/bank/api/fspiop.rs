//! FSPIOP 1.1 on the payee's side: who holds the account (6.3), the quote with its condition (6.5), the transfer with its
//! fulfilment (6.7). Every answer is a callback.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};
use standards::fspiop::{
    DateTime, ErrorCode, ParticipantsTypeIdPutResponse, PartiesPutResponse, QuotesPostRequest,
    QuotesPutResponse, TransferState, TransfersPatchResponse, TransfersPostRequest,
    TransfersPutResponse,
};

use super::{Id, payments};
use crate::bank::model::{Incoming, Outgoing, Standing};
use crate::bank::promises::{Asked, give_quote, give_word, hash, holder};
use crate::bank::scheme::Asker;
use crate::bank::store::{self, Quote};
use crate::bank::{outgoing, scheme};
use crate::kit::agenda::Agenda;
use crate::kit::fspiop::operations::{self, answers, asks, gives_up, money, payee};
use crate::kit::fspiop::{
    Head, Kind, Refusal, accepted, body, check_id, check_signature, check_teller, party_in_path,
    read_message, sender_of, taken,
};
use crate::kit::openapi::{Operation, Routes};
use crate::kit::seed::cast_phone;
use crate::kit::server::Call;

pub(super) fn routes(routes: &mut Routes) {
    let media = operations::PARTIES;
    let of = |is: Operation| is.path("type", "MSISDN").path("id", cast_phone("tomas"));
    let found = answers("Tells who is behind an identifier", media, "switch");
    routes.get(PARTY, look_up, of(asks("Asks who is behind an identifier", media, "switch"))).put(
        PARTY,
        payments::party,
        of(found.takes_as::<PartiesPutResponse>(media, json!({"party": payee()}))),
    );
    quote_routes(routes);
    transfer_routes(routes);
    let media = operations::PARTICIPANTS;
    let noted_is = answers("Tells what became of a registration", media, "switch")
        .path("rest", "MSISDN/99990000001");
    let holds = json!({"fspId": "greenbank"});
    routes.put(
        "/fspiop/participants/{rest:.*}",
        noted,
        noted_is.takes_as::<ParticipantsTypeIdPutResponse>(media, holds),
    );
}

const PARTY: &str = "/fspiop/parties/{type}/{id}";

fn quote_routes(routes: &mut Routes) {
    let media = operations::QUOTES;
    let of = |is: Operation| is.path("id", operations::QUOTE);
    let terms = json!({
        "transferAmount": money("60"), "expiration": operations::TOO_LATE, "ilpPacket": "AYIC",
        "condition": operations::CONDITION,
    });
    routes
        .post(
            "/fspiop/quotes",
            quote,
            asks("Asks what a payment costs", media, "switch")
                .takes_as::<QuotesPostRequest>(media, operations::quote()),
        )
        .get(
            "/fspiop/quotes/{id}",
            quote_again,
            of(asks("Asks again what a payment costs", media, "switch")),
        )
        .put(
            "/fspiop/quotes/{id}",
            payments::quote,
            of(answers("Tells what a payment costs", media, "switch"))
                .takes_as::<QuotesPutResponse>(media, terms),
        );
}

fn transfer_routes(routes: &mut Routes) {
    let media = operations::TRANSFERS;
    let of = |is: Operation| is.path("id", operations::TRANSFER);
    let at = "2026-10-01T08:00:00.000Z";
    let ended_is = json!({"transferState": "ABORTED", "completedTimestamp": at});
    routes
        .post(
            "/fspiop/transfers",
            transfer_in,
            asks("Asks for a transfer", media, "switch")
                .takes_as::<TransfersPostRequest>(media, operations::transfer()),
        )
        .put(
            "/fspiop/transfers/{id}/error",
            refused,
            of(gives_up("Tells that a transfer was refused", media, "switch")),
        )
        .patch(
            "/fspiop/transfers/{id}",
            ended,
            of(answers("Tells how a reserved transfer ended", media, "switch"))
                .takes_as::<TransfersPatchResponse>(media, ended_is.clone()),
        )
        .put(
            "/fspiop/transfers/{id}",
            told,
            of(answers("Tells how a transfer ended", media, "switch"))
                .takes_as::<TransfersPutResponse>(media, ended_is),
        );
}

pub(super) async fn open(call: &Call, req: &HttpRequest, kind: Kind) -> Result<Head, Refusal> {
    let head = Head::read(req, kind)?;
    let sender = sender_of(call.room(), &head.source);
    check_signature(call, &head, sender.as_ref()).await?;
    Ok(head)
}

pub(super) fn reply(
    call: &Call,
    outcome: Result<(), Refusal>,
    taken: HttpResponse,
) -> HttpResponse {
    match outcome {
        Ok(()) => taken,
        Err(refused) => {
            call.remark(&refused.sentence);
            refused.answer()
        }
    }
}

async fn look_up(call: Call, req: HttpRequest) -> HttpResponse {
    let looked = receive_look_up(&call, &req).await;
    reply(&call, looked, accepted())
}

async fn receive_look_up(call: &Call, req: &HttpRequest) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    let asked = party_in_path(req)?;
    call.correlation(&asked.party_identifier);
    let found = call.store().read(|db| Ok(holder(db, &asked)))?.and_then(|account| {
        account.standing.allows_lookup()?;
        let bank = call.errand.office.system.name;
        let party = account.party(bank, &asked, scheme::currency());
        Ok(body(&PartiesPutResponse { party }))
    });
    call_back_later(call, (head.uri.clone(), "/parties/{type}/{id}"), &head, found);
    Ok(())
}

pub(super) fn call_back_later(
    call: &Call,
    (uri, route): (String, &'static str),
    head: &Head,
    outcome: Result<Value, Refusal>,
) {
    let (errand, asker) = (call.errand.clone(), Asker::from(head));
    call.later(async move { scheme::call_back(&errand, (&uri, route), &asker, outcome).await });
}

async fn quote(call: Call, req: HttpRequest) -> HttpResponse {
    let quoted = receive_quote(&call, &req).await;
    reply(&call, quoted, accepted())
}

async fn receive_quote(call: &Call, req: &HttpRequest) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    let wish: QuotesPostRequest = read_message(&call.body)?;
    call.correlation(&wish.quote_id);
    let hash = hash(&call.body);
    let quoted = call.store().write(|tx| give_quote(tx, &call.errand, &wish, hash));
    let quoted = quoted.map(|quote| as_answer(&quote));
    let uri = format!("/quotes/{}", wish.quote_id);
    call_back_later(call, (uri, "/quotes/{id}"), &head, quoted);
    Ok(())
}

/// `GET /quotes/{id}`: the quote once more.
async fn quote_again(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let head = open(&call, &req, Kind::Request).await?;
        check_id(&path.id)?;
        call.correlation(&path.id);
        let quote = call.store().read(|db| store::find_quote(db, &path.id))?;
        let unknown = || Refusal::new(ErrorCode::QUOTE_ID_NOT_FOUND, "no such quote was given");
        let answer = quote.map(|quote| as_answer(&quote)).ok_or_else(unknown);
        call_back_later(&call, (head.uri.clone(), "/quotes/{id}"), &head, answer);
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome, accepted())
}

fn as_answer(quote: &Quote) -> Value {
    let amount = standards::fspiop::Money::try_from(quote.amount);
    body(&amount.ok().map(|amount| QuotesPutResponse {
        transfer_amount: amount.clone(),
        payee_receive_amount: Some(amount),
        payee_fsp_fee: None,
        payee_fsp_commission: None,
        expiration: DateTime::from(quote.expiration),
        geo_code: None,
        ilp_packet: quote.ilp_packet.clone(),
        condition: quote.condition.clone(),
        extension_list: None,
    }))
}

async fn transfer_in(call: Call, req: HttpRequest) -> HttpResponse {
    let received = receive_transfer(&call, &req).await;
    reply(&call, received, accepted())
}

async fn receive_transfer(call: &Call, req: &HttpRequest) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    let wish: TransfersPostRequest = read_message(&call.body)?;
    call.correlation(&wish.transfer_id);
    let asked = Asked {
        transfer: &wish.transfer_id,
        payer_fsp: &wish.payer_fsp,
        amount: &wish.amount,
        ilp_packet: &wish.ilp_packet,
        condition: &wish.condition,
        expiration: wish.expiration.instant(),
        hash: hash(&call.body),
        bulk: None,
    };
    let mut manner = Standing::Open;
    let word = match call.store().write(|tx| give_word(tx, &call.errand, asked)) {
        Ok(None) => return Ok(()),
        Ok(Some(payment)) => {
            let account = call.store().read(|db| store::account(db, &payment.account))?;
            manner = account.map_or(manner, |account| account.standing);
            scheme::plan_question(&call.errand, &payment);
            Ok(body(&TransfersPutResponse {
                fulfilment: Some(payment.fulfilment),
                completed_timestamp: DateTime::try_from(payment.reserved).ok(),
                transfer_state: TransferState::Reserved,
                extension_list: None,
            }))
        }
        Err(why) => Err(why),
    };
    let what = (format!("/transfers/{}", wish.transfer_id), "/transfers/{id}");
    match manner {
        Standing::Late => {
            let (late, to, key) =
                (call.errand.clone(), Asker::from(&head), format!("late {}", what.0));
            let at = wish.expiration.instant() + jiff::SignedDuration::from_secs(1);
            call.errand.office.memory.of::<Agenda>().plan(&call.errand, &key, at, async move {
                scheme::call_back(&late, (&what.0, what.1), &to, word).await;
            });
            return Ok(());
        }
        Standing::Twice => call_back_later(call, what.clone(), &head, word.clone()),
        _ => {}
    }
    call_back_later(call, what, &head, word);
    Ok(())
}

/// `PATCH /transfers/{id}`: how a reserved transfer ended. The holder is told before the switch gets its answer, so that
/// the message is there when the payer hears of the success.
async fn ended(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let head = open(&call, &req, Kind::Callback).await?;
        check_teller(call.room(), &head.source, None)?;
        let said: TransfersPatchResponse = read_message(&call.body)?;
        call.correlation(&path.id);
        Ok(scheme::ended(&call.errand, &path.id, &said.transfer_state).await?)
    };
    let outcome = outcome.await;
    reply(&call, outcome, taken())
}

/// `PUT /transfers/{id}`: the answer to our own question.
async fn told(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let head = open(&call, &req, Kind::Callback).await?;
        let said: TransfersPutResponse = read_message(&call.body)?;
        call.correlation(&path.id);
        if let Some(order) = sent(&call, &head, &path.id)? {
            if order.state == Outgoing::Transferring {
                outgoing::told(&call.errand, &order, &said);
            }
            return Ok(());
        }
        Ok(scheme::ended(&call.errand, &path.id, &said.transfer_state).await?)
    };
    let outcome: Result<(), Refusal> = outcome.await;
    reply(&call, outcome, taken())
}

/// The payment of a customer of ours that this transfer carries. A refusal says that `head` is of nobody who may tell how
/// it ended, or how one ended that came in.
fn sent(call: &Call, head: &Head, transfer: &str) -> Result<Option<store::Order>, Refusal> {
    let order = call.store().read(|db| store::order(db, transfer))?;
    let bank = order.as_ref().and_then(|order| order.bank.as_deref());
    check_teller(call.room(), &head.source, bank)?;
    Ok(order)
}

/// `PUT /transfers/{id}/error`: the switch did not take our word, or knows nothing of the transfer.
async fn refused(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let head = open(&call, &req, Kind::Callback).await?;
        let said: standards::fspiop::ErrorInformationObject = read_message(&call.body)?;
        call.correlation(&path.id);
        call.remark(&said.error_information.error_description);
        if let Some(order) = sent(&call, &head, &path.id)? {
            if order.state == Outgoing::Transferring {
                outgoing::refused(&call.errand, &order, said.error_information);
            }
            return Ok(());
        }
        if said.error_information.error_code == ErrorCode::TRANSFER_ID_NOT_FOUND {
            return Ok(scheme::ended(&call.errand, &path.id, &TransferState::Aborted).await?);
        }
        let waits = call.store().read(|db| store::payment(db, &path.id))?;
        if waits.is_some_and(|payment| payment.state == Incoming::Reserved) {
            let (errand, id) = (call.errand.clone(), path.id.clone());
            call.later(async move { scheme::ask(&errand, &id).await });
        }
        Ok(())
    };
    let outcome: Result<(), Refusal> = outcome.await;
    reply(&call, outcome, taken())
}

/// `PUT /participants/...`: the switch noted what this bank holds.
async fn noted(call: Call, req: HttpRequest) -> HttpResponse {
    let outcome = open(&call, &req, Kind::Callback).await.map(drop);
    reply(&call, outcome, taken())
}
