//! FSPIOP 1.1, 6.7: `POST /transfers` reserves and goes on to the payee's bank, `PUT /transfers/{id}` commits or aborts,
//! `GET /transfers/{id}` tells the true state.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use http::Method;
use jiff::SignedDuration;
use serde_json::json;
use standards::fspiop::{
    DateTime, ErrorCode, ErrorInformationObject, TransferState, TransfersPostRequest,
    TransfersPutResponse,
};

use super::{Id, goes_to, hash, open, reply};
use crate::kit::clock::wall;
use crate::kit::courier::Errand;
use crate::kit::fspiop::operations::{self, answers, asks, gives_up};
use crate::kit::fspiop::{
    Head, Kind, Refusal, accepted, body, check_id, counts_in_real_time, has_passed, moment,
    read_message, taken,
};
use crate::kit::openapi::{Operation, Routes};
use crate::kit::server::Call;
use crate::payment_switch::model::{
    Fulfil, Outcome, Prepare, State, Transfer, fulfil, is_asked_by_payer, reject,
};
use crate::payment_switch::relay::{Own, Passed, Side, say, say_error};
use crate::payment_switch::store::{self, Answer, Kept};
use crate::payment_switch::transfers::{
    TRANSFER, TRANSFER_ERROR, TRANSFERS, as_it_stands, forward, tell, tell_payee, uri_of,
};

/// Clocks of others go wrong by so much.
const SKEW: SignedDuration = SignedDuration::from_secs(5);

/// What becomes of a transfer that is asked for.
enum Asked {
    New(Box<Kept>),
    UnderWay,
    Ended(Box<Transfer>),
}

/// What becomes of a payee's answer.
enum Answered {
    Ended(Box<Kept>),
    Again(Box<Transfer>),
}

pub(super) fn routes(routes: &mut Routes) {
    let media = operations::TRANSFERS;
    let done =
        json!({"transferState": "ABORTED", "completedTimestamp": "2026-10-01T08:00:00.000Z"});
    let of = |is: Operation| is.path("id", operations::TRANSFER);
    routes
        .post(
            TRANSFERS,
            ask,
            asks("Asks for a transfer", media, "treasury")
                .takes_as::<TransfersPostRequest>(media, operations::transfer()),
        )
        .put(
            TRANSFER_ERROR,
            answer,
            of(gives_up("Refuses a transfer", media, "greenbank")).after(ASKED),
        )
        .put(
            TRANSFER,
            answer,
            of(answers("Ends a transfer", media, "greenbank"))
                .takes_as::<TransfersPutResponse>(media, done)
                .after(ASKED),
        )
        .get(TRANSFER, look, of(asks("Asks how a transfer stands", media, "treasury")));
}

const ASKED: &str = "a transfer with this id was asked for";

async fn ask(call: Call, req: HttpRequest) -> HttpResponse {
    let asked = receive(&call, &req).await;
    reply(&call, asked, accepted())
}

async fn receive(call: &Call, req: &HttpRequest) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    let wish: TransfersPostRequest = read_message(&call.body)?;
    goes_to(&head, &wish.payee_fsp)?;
    call.correlation(&wish.transfer_id);
    let asked = prepare(call, &head, &wish);
    let errand = call.errand.clone();
    call.later(async move {
        match asked {
            Ok(Asked::New(kept)) => forward(&errand, *kept).await,
            Ok(Asked::UnderWay) => {}
            Ok(Asked::Ended(transfer)) => tell_state(&errand, &head, &transfer).await,
            Err(why) => {
                let uri = format!("{TRANSFERS}/{}", wish.transfer_id);
                let what = (uri.as_str(), TRANSFER_ERROR, head.version);
                say_error(&errand, what, &head.source, &why).await;
            }
        }
    });
    Ok(())
}

/// Reserves the payer's money for a transfer that is new and allowed.
fn prepare(call: &Call, head: &Head, wish: &TransfersPostRequest) -> Result<Asked, Refusal> {
    is_asked_by_payer(&wish.payer_fsp, &head.source)?;
    let sides = (wish.payer_fsp.as_str(), wish.payee_fsp.as_str());
    let at = call.errand.stamp();
    let expiration = wish.expiration.instant();
    let is_late = has_passed(&call.errand, sides, expiration);
    let is_of_the_wall = counts_in_real_time(&call.errand, sides, expiration);
    let message = Passed::new(head, TRANSFERS, &call.body);
    let hash = hash(&call.body);
    call.store()
        .write(|tx| {
            if let Some(known) = store::transfer(tx, &wish.transfer_id)? {
                if known.hash != hash {
                    let sentence = "another transfer with this id came before";
                    return Err(Refusal::new(ErrorCode::MODIFIED_REQUEST, sentence));
                }
                return Ok(Ok(match known.transfer.state {
                    State::Reserved => Asked::UnderWay,
                    _ => Asked::Ended(Box::new(known.transfer)),
                }));
            }
            let (prepare, refused) = match Prepare::check(wish, is_late) {
                Ok(prepare) => {
                    let refused = stands(tx, &prepare)?.err();
                    (prepare, refused)
                }
                Err(why) => (Prepare::refused(wish), Some(why)),
            };
            let state = if refused.is_some() { State::Invalid } else { State::Reserved };
            let transfer = Transfer {
                prepare,
                state,
                answer_hash: None,
                fulfilment: None,
                tell_payee: false,
                completed: refused.is_some().then(|| at.clone()),
                error: refused.clone(),
            };
            let kept = Kept {
                transfer,
                hash,
                headers: message.kept_headers(),
                body: message.kept_body(),
                cause: call.errand.cause.to_text(),
                answer: None,
                bulk: None,
            };
            if let Some(refused) = refused {
                // Kept all the same, so that it is not tried anew: a payer that sends it again hears that it was aborted.
                store::keep_invalid(tx, &kept)?;
                return Ok(Err(refused));
            }
            store::reserve(tx, &kept, &at)?;
            if is_of_the_wall {
                store::keep_real_expiry(tx, &uri_of(&wish.transfer_id))?;
            }
            Ok(Ok(Asked::New(Box::new(kept))))
        })
        .and_then(std::convert::identity)
}

/// Whether both sides take part in this currency and the payer can afford it.
pub(super) fn stands(
    tx: &rusqlite::Connection,
    prepare: &Prepare,
) -> rusqlite::Result<Result<(), Refusal>> {
    let wrong = |sentence: String| Ok(Err(Refusal::new(ErrorCode::VALIDATION, sentence)));
    let currency = prepare.amount.currency;
    let payee = store::participant(tx, &prepare.payee)?;
    if payee.is_none_or(|payee| !payee.is_active) {
        return wrong(format!("Participant {}, the payee, takes no part here", prepare.payee));
    }
    if !store::has_account(tx, &prepare.payee, currency)? {
        return wrong(format!("{} has no open account in {currency}", prepare.payee));
    }
    let is_open = store::has_account(tx, &prepare.payer, currency)?;
    match store::liquidity(tx, &prepare.payer, currency)?.filter(|_| is_open) {
        Some(liquidity) => Ok(liquidity.allows(prepare.amount.minor)),
        None => wrong(format!("{} has no open account in {currency}", prepare.payer)),
    }
}

async fn answer(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let answered = receive_answer(&call, &req, &path.id).await;
    reply(&call, answered, taken())
}

async fn receive_answer(call: &Call, req: &HttpRequest, id: &str) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Callback).await?;
    check_id(id)?;
    call.correlation(id);
    let mut has_reserved = false;
    let answered = if head.uri.ends_with("/error") {
        let said: ErrorInformationObject = read_message(&call.body)?;
        let why = Refusal::from(said.error_information);
        settle(call, &head, (id, false), |transfer, from| reject(transfer, from, why))
    } else {
        let said: TransfersPutResponse = read_message(&call.body)?;
        is_of_today(call, said.completed_timestamp.as_ref())?;
        has_reserved = said.transfer_state == TransferState::Reserved;
        settle(call, &head, (id, has_reserved), |transfer, from| fulfil(transfer, from, &said))
    };
    let (errand, id) = (call.errand.clone(), id.to_owned());
    call.later(async move {
        match answered {
            Ok(Answered::Ended(kept)) => tell(&errand, *kept).await,
            Ok(Answered::Again(transfer)) if transfer.tell_payee => {
                tell_payee(&errand, &transfer, head.version).await;
            }
            Ok(Answered::Again(_)) => {}
            Err(why) => {
                let uri = format!("{TRANSFERS}/{id}");
                let what = (uri.as_str(), TRANSFER_ERROR, head.version);
                say_error(&errand, what, &head.source, &why).await;
                if has_reserved {
                    tell_end(&errand, &head, &id).await;
                }
            }
        }
    });
    Ok(())
}

/// A payee cannot have done what is ahead on both clocks, the sandbox's and the one on the wall.
fn is_of_today(call: &Call, completed: Option<&DateTime>) -> Result<(), Refusal> {
    let latest = call.errand.now().max(wall()) + SKEW;
    if completed.is_none_or(|completed| completed.instant() <= latest) {
        return Ok(());
    }
    let sentence = "completedTimestamp: it is still ahead";
    Err(Refusal::new(ErrorCode::VALIDATION, sentence))
}

/// A payee that reserved a transfer which was aborted before is told so, that it need not wait.
async fn tell_end(errand: &Errand, head: &Head, id: &str) {
    let kept = errand.office.store.read(|db| store::transfer(db, id)).ok().flatten();
    let aborted = kept.map(|kept| kept.transfer).filter(|transfer| {
        transfer.state.wire() == TransferState::Aborted && transfer.prepare.payee == head.source
    });
    if let Some(transfer) = aborted {
        tell_payee(errand, &transfer, head.version).await;
    }
}

/// Decides on a payee's answer and moves the money, in one transaction. `has_reserved` tells that the payee waits to hear
/// the end.
fn settle(
    call: &Call,
    head: &Head,
    (id, has_reserved): (&str, bool),
    decide: impl FnOnce(&Transfer, Fulfil<'_>) -> Outcome,
) -> Result<Answered, Refusal> {
    let (at, cause) = (call.errand.stamp(), call.errand.cause.to_text());
    let message = Passed::new(head, TRANSFER, &call.body);
    let hash = hash(&call.body);
    let (headers, body) = (message.kept_headers(), message.kept_body());
    call.store().write(|tx| {
        let kept = store::transfer(tx, id)?.ok_or_else(|| unknown(id))?;
        if let Some((bulk, _)) = &kept.bulk {
            let sentence = format!("it is answered with its bulk, PUT /bulkTransfers/{bulk}");
            return Err(Refusal::new(ErrorCode::VALIDATION, sentence));
        }
        let prepare = &kept.transfer.prepare;
        let from = Fulfil {
            source: &head.source,
            destination: head.destination.as_deref(),
            hash: &hash,
            at: moment(&call.errand, (&prepare.payer, &prepare.payee)),
        };
        let answer = Answer { hash: &hash, headers: &headers, body: &body };
        match decide(&kept.transfer, from) {
            Outcome::Commit { fulfilment, tell_payee } => {
                let proof = (fulfilment.as_str(), tell_payee);
                store::commit(tx, prepare, proof, Some(answer), (&at, &cause))?;
            }
            Outcome::Abort(state, why) => {
                store::abort(tx, prepare, (state, &why), Some(answer), (&at, &cause))?;
                if has_reserved {
                    store::expect_notice(tx, id)?;
                }
            }
            Outcome::Again => return Ok(Answered::Again(Box::new(kept.transfer))),
            Outcome::Refuse(why) => return Err(why),
        }
        let ended = store::transfer(tx, id)?.ok_or_else(|| unknown(id))?;
        Ok(Answered::Ended(Box::new(ended)))
    })
}

fn unknown(id: &str) -> Refusal {
    Refusal::new(ErrorCode::TRANSFER_ID_NOT_FOUND, format!("there is no transfer {id}"))
}

/// `GET /transfers/{id}`: payer and payee may ask how it stands.
async fn look(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let looked = receive_look(&call, &req, &path.id).await;
    reply(&call, looked, accepted())
}

async fn receive_look(call: &Call, req: &HttpRequest, id: &str) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    check_id(id)?;
    call.correlation(id);
    let kept = call.store().read(|db| store::transfer(db, id))?;
    let transfer = kept.map(|kept| kept.transfer).filter(|transfer| {
        [&transfer.prepare.payer, &transfer.prepare.payee].contains(&&head.source)
    });
    // What it paid in or took out has an id as well.
    let funds = call.store().read(|db| store::find_funds(db, id))?;
    let funds = funds.filter(|funds| funds.participant == head.source);
    let (errand, id) = (call.errand.clone(), id.to_owned());
    call.later(async move {
        if let Some(transfer) = transfer {
            tell_state(&errand, &head, &transfer).await;
        } else if let Some(funds) = funds {
            let (uri, version, to) = (head.uri.as_str(), head.version, Side::Payer);
            let own = Own { method: &Method::PUT, uri, route: TRANSFER, version, to };
            let told = TransfersPutResponse {
                fulfilment: None,
                completed_timestamp: None,
                transfer_state: funds.state.wire(),
                extension_list: None,
            };
            say(&errand, own, &head.source, &body(&told)).await;
        } else {
            let what = (head.uri.as_str(), TRANSFER_ERROR, head.version);
            say_error(&errand, what, &head.source, &unknown(&id)).await;
        }
    });
    Ok(())
}

async fn tell_state(errand: &Errand, head: &Head, transfer: &Transfer) {
    let uri = format!("{TRANSFERS}/{}", transfer.prepare.id);
    let (payer, payee) = (&transfer.prepare.payer, &transfer.prepare.payee);
    let (to, version) = (Side::of(&head.source, (payer, payee)), head.version);
    let own = Own { method: &Method::PUT, uri: &uri, route: TRANSFER, version, to };
    say(errand, own, &head.source, &body(&as_it_stands(transfer))).await;
}
