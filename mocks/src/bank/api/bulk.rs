//! FSPIOP 1.1 on the payee's side, many at once: a bulk of quotes (6.9) and a bulk of transfers (6.10). Each quote and each
//! transfer is given or refused by itself.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use rusqlite::Connection;
use serde_json::{Value, json};
use standards::fspiop::{
    BulkQuotesPostRequest, BulkQuotesPutResponse, BulkTransferState, BulkTransfersPostRequest,
    BulkTransfersPutResponse, DateTime, ErrorCode, ErrorInformationObject, IndividualQuote,
    IndividualQuoteResult, IndividualTransferResult, QuotesPostRequest,
};

use super::Id;
use super::fspiop::{call_back_later, open, reply};
use crate::bank::bulks;
use crate::bank::promises::{Asked, give_quote, give_word, hash, is_in_time};
use crate::bank::scheme::Asker;
use crate::bank::store::{self, Bulk, Quote};
use crate::kit::courier::Errand;
use crate::kit::fspiop::operations::{self, answers, asks, gives_up};
use crate::kit::fspiop::{
    Kind, Refusal, accepted, body, check_id, check_teller, read_message, taken,
};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;

const QUOTES: &str = "/bulkQuotes/{id}";
/// A quote that the bank could not give stands in an answer that itself stands for so long.
const ANSWER_HOURS: i64 = 24;

pub(super) fn routes(routes: &mut Routes) {
    let (quotes, transfers) = (operations::BULK_QUOTES, operations::BULK_TRANSFERS);
    let done = json!({"bulkTransferState": "COMPLETED", "individualTransferResults": []});
    routes
        .post(
            "/fspiop/bulkQuotes",
            quote,
            asks("Asks what many payments cost", quotes, "switch")
                .takes_as::<BulkQuotesPostRequest>(quotes, operations::bulk_quote()),
        )
        .get(
            "/fspiop/bulkQuotes/{id}",
            quote_again,
            asks("Asks again what many payments cost", quotes, "switch")
                .path("id", operations::QUOTE),
        )
        .post(
            "/fspiop/bulkTransfers",
            transfer_in,
            asks("Asks for many transfers", transfers, "switch")
                .takes_as::<BulkTransfersPostRequest>(transfers, operations::bulk_transfer()),
        )
        .put(
            "/fspiop/bulkTransfers/{id}",
            told,
            answers("Tells how the transfers of a bulk ended", transfers, "switch")
                .path("id", operations::TRANSFER)
                .takes_as::<BulkTransfersPutResponse>(transfers, done),
        )
        .put(
            "/fspiop/bulkTransfers/{id}/error",
            refused,
            gives_up("Tells that all of a bulk was refused", transfers, "switch")
                .path("id", operations::TRANSFER),
        );
}

async fn quote(call: Call, req: HttpRequest) -> HttpResponse {
    let quoted = receive_quotes(&call, &req).await;
    reply(&call, quoted, accepted())
}

async fn receive_quotes(call: &Call, req: &HttpRequest) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    let wish: BulkQuotesPostRequest = read_message(&call.body)?;
    call.correlation(&wish.bulk_quote_id);
    let uri = format!("/bulkQuotes/{}", wish.bulk_quote_id);
    let given = once(call, &uri, |_| Ok(()), |tx| quotes(tx, &call.errand, &wish));
    call_back_later(call, (uri, QUOTES), &head, given.map(|(answer, _)| answer));
    Ok(())
}

/// Answers a bulk once: the same one gets the same answer, as long as that stands. Says besides whether it is new.
fn once(
    call: &Call,
    uri: &str,
    stands: impl FnOnce(&Connection) -> Result<(), Refusal>,
    answer: impl FnOnce(&Connection) -> Result<Value, Refusal>,
) -> Result<(Value, bool), Refusal> {
    let hash = hash(&call.body);
    call.store().write(|tx| match store::bulk(tx, uri)? {
        Some(before) if before.hash == hash => {
            stands(tx)?;
            Ok((serde_json::from_str(&before.body).unwrap_or_default(), false))
        }
        Some(_) => {
            let sentence = "another bulk with this id came before";
            Err(Refusal::new(ErrorCode::MODIFIED_REQUEST, sentence))
        }
        None => {
            let answer = answer(tx)?;
            let bulk = Bulk { uri: uri.to_owned(), hash, body: answer.to_string() };
            store::keep_bulk(tx, &bulk)?;
            Ok((answer, true))
        }
    })
}

fn quotes(
    tx: &Connection,
    errand: &Errand,
    wish: &BulkQuotesPostRequest,
) -> Result<Value, Refusal> {
    is_in_time(errand, &wish.payer, wish.expiration.as_ref())?;
    let mut expiration = None;
    let mut results = Vec::with_capacity(wish.individual_quotes.len());
    for one in &wish.individual_quotes {
        let single = as_single(wish, one);
        let text = body(&single).to_string();
        results.push(match give_quote(tx, errand, &single, hash(text.as_bytes())) {
            Ok(quote) => {
                expiration = Some(quote.expiration);
                given(quote)?
            }
            Err(why) => IndividualQuoteResult::refused(&one.quote_id, why.information()),
        });
    }
    let later = jiff::SignedDuration::from_hours(ANSWER_HOURS);
    Ok(body(&BulkQuotesPutResponse {
        individual_quote_results: results,
        expiration: DateTime::from(expiration.unwrap_or_else(|| errand.now() + later)),
        extension_list: None,
    }))
}

/// One quote of a bulk as it would be asked for alone.
fn as_single(bulk: &BulkQuotesPostRequest, one: &IndividualQuote) -> QuotesPostRequest {
    QuotesPostRequest {
        quote_id: one.quote_id.clone(),
        transaction_id: one.transaction_id.clone(),
        transaction_request_id: None,
        payee: one.payee.clone(),
        payer: bulk.payer.clone(),
        amount_type: one.amount_type.clone(),
        amount: one.amount.clone(),
        fees: one.fees.clone(),
        transaction_type: one.transaction_type.clone(),
        geo_code: bulk.geo_code.clone(),
        note: one.note.clone(),
        expiration: bulk.expiration.clone(),
        extension_list: one.extension_list.clone(),
    }
}

fn given(quote: Quote) -> Result<IndividualQuoteResult, Refusal> {
    let amount = standards::fspiop::Money::try_from(quote.amount)
        .map_err(|error| Refusal::new(ErrorCode::VALIDATION, error.to_string()))?;
    let (packet, condition) = (quote.ilp_packet, quote.condition);
    let mut result = IndividualQuoteResult::quoted(quote.id, amount.clone(), packet, condition);
    result.payee_receive_amount = Some(amount);
    Ok(result)
}

/// `GET /bulkQuotes/{id}`: the answer once more.
async fn quote_again(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let head = open(&call, &req, Kind::Request).await?;
        check_id(&path.id)?;
        call.correlation(&path.id);
        let kept = call.store().read(|db| store::bulk(db, &head.uri))?;
        let answer = kept.map(|kept| serde_json::from_str(&kept.body).unwrap_or_default());
        let unknown = || Refusal::new(ErrorCode::BULK_QUOTE_ID_NOT_FOUND, "it never came here");
        let uri = head.uri.clone();
        call_back_later(&call, (uri, QUOTES), &head, answer.ok_or_else(unknown));
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome, accepted())
}

async fn transfer_in(call: Call, req: HttpRequest) -> HttpResponse {
    let received = receive_transfers(&call, &req).await;
    reply(&call, received, accepted())
}

async fn receive_transfers(call: &Call, req: &HttpRequest) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    let wish: BulkTransfersPostRequest = read_message(&call.body)?;
    let id = wish.bulk_transfer_id.clone();
    call.correlation(&id);
    let uri = format!("{}/{id}", bulks::BULKS);
    let given = once(call, &uri, |tx| are_kept(tx, &id), |tx| Ok(words(tx, call, &wish)));
    let (errand, to) = (call.errand.clone(), Asker::from(&head));
    let expiration = wish.expiration.instant();
    call.later(async move {
        let given = match given {
            Ok((answer, is_new)) => {
                let says_nothing = answer["individualTransferResults"].is_null();
                if is_new {
                    bulks::plan_question(&errand, &id, expiration);
                }
                if says_nothing { None } else { Some(Ok(answer)) }
            }
            Err(why) => Some(Err(why)),
        };
        if let Some(outcome) = given {
            bulks::answer(&errand, &id, &to, outcome).await;
        }
    });
    Ok(())
}

/// Whether the bank's words for a bulk stand: the proof of what it gave up would have the switch commit what nobody credits
/// here.
fn are_kept(tx: &Connection, bulk: &str) -> Result<(), Refusal> {
    if store::is_given_up(tx, bulk)? {
        let sentence = "the bank gave transfers of this bulk up; send a new one";
        return Err(Refusal::new(ErrorCode::PAYEE_FSP_REJECTED_TRANSACTION, sentence));
    }
    Ok(())
}

/// Gives the bank's word transfer by transfer. One whose account never answers is left out.
fn words(tx: &Connection, call: &Call, wish: &BulkTransfersPostRequest) -> Value {
    let (errand, bulk) = (&call.errand, wish.bulk_transfer_id.as_str());
    let whole = hash(&call.body);
    let mut results = Vec::with_capacity(wish.individual_transfers.len());
    for one in &wish.individual_transfers {
        let asked = Asked {
            transfer: &one.transfer_id,
            payer_fsp: &wish.payer_fsp,
            amount: &one.transfer_amount,
            ilp_packet: &one.ilp_packet,
            condition: &one.condition,
            expiration: wish.expiration.instant(),
            // A transfer that came before, alone or in another bulk, is another one.
            hash: format!("{} of {whole}", one.transfer_id),
            bulk: Some(bulk),
        };
        match give_word(tx, errand, asked) {
            Ok(Some(payment)) => results
                .push(IndividualTransferResult::fulfilled(&one.transfer_id, &payment.fulfilment)),
            Ok(None) => {}
            Err(why) => {
                results
                    .push(IndividualTransferResult::refused(&one.transfer_id, why.information()));
            }
        }
    }
    body(&BulkTransfersPutResponse {
        completed_timestamp: DateTime::try_from(errand.stamp()).ok(),
        individual_transfer_results: results,
        bulk_transfer_state: BulkTransferState::Completed,
        extension_list: None,
    })
}

/// `PUT /bulkTransfers/{id}`: the answer to our own question.
async fn told(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let head = open(&call, &req, Kind::Callback).await?;
        check_teller(call.room(), &head.source, None)?;
        let said: BulkTransfersPutResponse = read_message(&call.body)?;
        call.correlation(&path.id);
        let (errand, id) = (call.errand.clone(), path.id.clone());
        let ended = bulks::ended(&errand, &id, &said)?;
        call.later(async move { bulks::tell_holders(&errand, ended).await });
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome, taken())
}

/// `PUT /bulkTransfers/{id}/error`: the switch did not take our words, or knows nothing of the bulk, or gave it up.
async fn refused(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let head = open(&call, &req, Kind::Callback).await?;
        check_teller(call.room(), &head.source, None)?;
        let said: ErrorInformationObject = read_message(&call.body)?;
        call.correlation(&path.id);
        call.remark(&said.error_information.error_description);
        let waits = !call.store().read(|db| store::reserved_in_bulk(db, &path.id))?.is_empty();
        if said.error_information.error_code == ErrorCode::BULK_TRANSFER_ID_NOT_FOUND {
            bulks::give_up(&call.errand, &path.id)?;
        } else if waits {
            let (errand, id) = (call.errand.clone(), path.id.clone());
            call.later(async move { bulks::ask(&errand, &id).await });
        }
        Ok(())
    };
    let outcome: Result<(), Refusal> = outcome.await;
    reply(&call, outcome, taken())
}
