//! FSPIOP 1.1 on the payee's side: who holds the account (6.3), the quote with its condition (6.5), the transfer with its
//! fulfilment (6.7). Every answer is a callback.

use actix_web::web::{self, Path};
use actix_web::{HttpRequest, HttpResponse};
use jiff::SignedDuration;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use standards::fspiop::{
    AmountType, DateTime, ErrorCode, PartiesPutResponse, PartyIdInfo, PartyIdType,
    QuotesPostRequest, QuotesPutResponse, TransferState, TransfersPatchResponse,
    TransfersPostRequest, TransfersPutResponse, ilp,
};
use standards::money::Money;

use super::Id;
use crate::bank::model::{Account, Incoming, Standing};
use crate::bank::store::{self, Payment, Quote};
use crate::bank::{scheme, seed};
use crate::kit::fspiop::{
    Head, Kind, Refusal, accepted, body, check_signature, part_of, read, taken,
};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;

/// A quote stands for a day, so that a payer who must wait for a switch can still use it.
const QUOTE_HOURS: i64 = 24;

pub(super) fn routes(config: &mut Routes<'_>) {
    let party = "/fspiop/parties/{type}/{id}";
    let transfer = web::resource("/fspiop/transfers/{id}")
        .route(web::patch().to(ended))
        .route(web::put().to(told));
    config
        .service(web::resource(party).route(web::get().to(look_up)))
        .service(web::resource("/fspiop/quotes").route(web::post().to(quote)))
        .service(web::resource("/fspiop/transfers").route(web::post().to(transfer_in)))
        .service(web::resource("/fspiop/transfers/{id}/error").route(web::put().to(refused)))
        .service(transfer)
        .service(web::resource("/fspiop/participants/{rest:.*}").route(web::put().to(noted)));
}

async fn open(call: &Call, req: &HttpRequest, kind: Kind) -> Result<Head, Refusal> {
    let head = Head::read(req, kind)?;
    let sender = part_of(call.room(), &head.source);
    check_signature(call, &head, sender.as_ref()).await?;
    Ok(head)
}

fn reply(call: &Call, outcome: Result<(), Refusal>, taken: HttpResponse) -> HttpResponse {
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
    let part = |name: &str| req.match_info().get(name).unwrap_or_default();
    let asked = PartyIdInfo::new(PartyIdType::from(part("type")), part("id"));
    call.correlation(&asked.party_identifier);
    let found = holder(call, &asked).and_then(|account| {
        account.standing.allows_lookup()?;
        let bank = call.errand.office.system.name;
        let party = account.party(bank, &asked, scheme::currency());
        Ok(body(&PartiesPutResponse { party }))
    });
    call_back_later(call, (head.uri.clone(), "/parties/{type}/{id}"), &head.source, found);
    Ok(())
}

fn holder(call: &Call, party: &PartyIdInfo) -> Result<Account, Refusal> {
    let account = call.store().read(|db| store::account(db, &party.party_identifier))?;
    account.filter(|account| account.kind == party.party_id_type).ok_or_else(|| {
        let sentence = format!("this bank has no account {}", party.party_identifier);
        Refusal::new(ErrorCode::PARTY_NOT_FOUND, sentence)
    })
}

fn call_back_later(
    call: &Call,
    (uri, route): (String, &'static str),
    to: &str,
    outcome: Result<Value, Refusal>,
) {
    let (errand, to) = (call.errand.clone(), to.to_owned());
    call.later(async move { scheme::call_back(&errand, (&uri, route), &to, outcome).await });
}

async fn quote(call: Call, req: HttpRequest) -> HttpResponse {
    let quoted = receive_quote(&call, &req).await;
    reply(&call, quoted, accepted())
}

async fn receive_quote(call: &Call, req: &HttpRequest) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    let wish: QuotesPostRequest = read(&call.body)?;
    call.correlation(&wish.quote_id);
    let quoted = give_quote(call, &wish).map(|quote| as_answer(&quote));
    let uri = format!("/quotes/{}", wish.quote_id);
    call_back_later(call, (uri, "/quotes/{id}"), &head.source, quoted);
    Ok(())
}

/// Gives a quote without a fee. The same question gets the same quote.
fn give_quote(call: &Call, wish: &QuotesPostRequest) -> Result<Quote, Refusal> {
    let refuse = |code, sentence: String| Err(Refusal::new(code, sentence));
    let account = holder(call, &wish.payee.party_id_info)?;
    account.standing.allows_lookup()?;
    let wrong = |sentence: String| Refusal::new(ErrorCode::VALIDATION, sentence);
    let amount = wish.amount.to_money().map_err(|e| wrong(format!("amount: {e}")))?;
    if amount.currency != scheme::currency() {
        let sentence = format!("accounts here are in {}", scheme::currency());
        return refuse(ErrorCode::PAYEE_UNSUPPORTED_CURRENCY, sentence);
    }
    if !matches!(wish.amount_type, AmountType::Send | AmountType::Receive) {
        return Err(wrong(String::from("amountType: write SEND or RECEIVE")));
    }
    let expiration = call.errand.now() + SignedDuration::from_hours(QUOTE_HOURS);
    let hash = hash(&call.body);
    let mut transaction =
        ilp::Transaction::of(wish, wish.amount.clone(), DateTime::from(expiration));
    transaction.payee.party_id_info.fsp_id = Some(call.errand.office.system.name.into());
    let agreed = ilp::agree(&transaction, &seed::ilp_secret(call.errand.office.system.name))
        .map_err(|e| wrong(e.to_string()))?;
    let quote = Quote {
        id: wish.quote_id.clone(),
        hash,
        account: account.number,
        payer: payer_of(wish),
        amount,
        ilp_packet: agreed.ilp_packet,
        condition: agreed.condition,
        fulfilment: agreed.fulfilment,
        expiration,
    };
    call.store().write(|tx| match store::find_quote(tx, &quote.id)? {
        Some(before) if before.hash == quote.hash => Ok(before),
        Some(_) => {
            let sentence = "another quote with this id came before";
            refuse(ErrorCode::MODIFIED_REQUEST, sentence.into())
        }
        None => {
            store::keep_quote(tx, &quote)?;
            Ok(quote)
        }
    })
}

/// Who pays, and what for, as the holder reads it.
fn payer_of(wish: &QuotesPostRequest) -> String {
    let number = &wish.payer.party_id_info.party_identifier;
    let name = wish.payer.name.as_ref().unwrap_or(number);
    wish.note.as_ref().map_or_else(|| name.clone(), |note| format!("{name} ({note})"))
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
    let wish: TransfersPostRequest = read(&call.body)?;
    call.correlation(&wish.transfer_id);
    let word = match give_word(call, &wish) {
        Ok(None) => return Ok(()),
        Ok(Some(payment)) => {
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
    let uri = format!("/transfers/{}", wish.transfer_id);
    call_back_later(call, (uri, "/transfers/{id}"), &head.source, word);
    Ok(())
}

/// Gives the bank's word that it will pay the money in. None where the account is one that never answers.
fn give_word(call: &Call, wish: &TransfersPostRequest) -> Result<Option<Payment>, Refusal> {
    let refuse = |code, sentence: &str| Err(Refusal::new(code, sentence));
    let (now, hash) = (call.errand.now(), hash(&call.body));
    let amount: Money = wish
        .amount
        .to_money()
        .map_err(|e| Refusal::new(ErrorCode::VALIDATION, format!("amount: {e}")))?;
    call.store().write(|tx| {
        if let Some(before) = store::payment(tx, &wish.transfer_id)? {
            if before.hash != hash {
                let sentence = "another transfer with this id came before";
                return refuse(ErrorCode::MODIFIED_REQUEST, sentence);
            }
            return Ok(Some(before));
        }
        let quote = store::quote_of_condition(tx, &wish.condition)?;
        let Some(quote) = quote.filter(|q| q.ilp_packet == wish.ilp_packet && q.amount == amount)
        else {
            let sentence = "no quote was given with this condition, packet and amount";
            return refuse(ErrorCode::QUOTE_ID_NOT_FOUND, sentence);
        };
        if quote.expiration <= now {
            return refuse(ErrorCode::QUOTE_EXPIRED, "ask for a new quote");
        }
        if wish.expiration.instant() <= now {
            return refuse(ErrorCode::TRANSFER_EXPIRED, "it came too late");
        }
        let account = store::account(tx, &quote.account)?;
        let standing = account.map_or(Standing::Closed, |account| account.standing);
        standing.allows_credit()?;
        if standing == Standing::Silent {
            return Ok(None);
        }
        let payment = Payment {
            transfer: wish.transfer_id.clone(),
            hash,
            account: quote.account,
            payer: quote.payer,
            amount,
            fulfilment: quote.fulfilment,
            state: Incoming::Reserved,
            reserved: call.errand.stamp(),
            expiration: wish.expiration.instant(),
            cause: call.errand.cause.to_text(),
        };
        store::reserve(tx, &payment)?;
        Ok(Some(payment))
    })
}

/// `PATCH /transfers/{id}`: how a reserved transfer ended. The holder is told before the switch gets its answer, so that
/// the message is there when the payer hears of the success.
async fn ended(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        open(&call, &req, Kind::Callback).await?;
        let said: TransfersPatchResponse = read(&call.body)?;
        call.correlation(&path.id);
        Ok(scheme::ended(&call.errand, &path.id, &said.transfer_state).await?)
    };
    let outcome = outcome.await;
    reply(&call, outcome, taken())
}

/// `PUT /transfers/{id}`: the answer to our own question.
async fn told(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        open(&call, &req, Kind::Callback).await?;
        let said: TransfersPutResponse = read(&call.body)?;
        call.correlation(&path.id);
        Ok(scheme::ended(&call.errand, &path.id, &said.transfer_state).await?)
    };
    let outcome = outcome.await;
    reply(&call, outcome, taken())
}

/// `PUT /transfers/{id}/error`: the switch did not take our word, or knows nothing of the transfer.
async fn refused(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        open(&call, &req, Kind::Callback).await?;
        let said: standards::fspiop::ErrorInformationObject = read(&call.body)?;
        call.correlation(&path.id);
        call.remark(&said.error_information.error_description);
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

fn hash(body: &[u8]) -> String {
    Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect()
}
