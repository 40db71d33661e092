//! FSPIOP 1.1, 6.10: `POST /bulkTransfers` reserves each transfer by itself and goes on to the payee's bank,
//! `PUT /bulkTransfers/{id}` commits or aborts each by itself, `GET /bulkTransfers/{id}` tells the true state.

use std::collections::BTreeMap;

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use rusqlite::Connection;
use serde_json::json;
use standards::fspiop::{
    BulkTransferState, BulkTransfersPostRequest, BulkTransfersPutResponse, ErrorCode,
    ErrorInformationObject, IndividualTransfer, IndividualTransferResult,
};

use super::transfers::stands;
use super::{Id, goes_to, hash, open, reply, within_bulk};
use crate::kit::fspiop::operations::{self, answers, asks, gives_up};
use crate::kit::fspiop::{
    HUB_NAMES, Head, Kind, Refusal, accepted, check_id, counts_in_real_time, has_passed, moment,
    read_message, taken,
};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::payment_switch::bulks::{BULK, BULK_ERROR, BULKS, forward, tell, tell_state, uri_of};
use crate::payment_switch::directory;
use crate::payment_switch::model::{
    Bulk, BulkOutcome, End, Fulfil, Prepare, State, Transfer, agrees_with_itself, answer_bulk,
    end_of, is_asked_by_payer, names_each_once, names_what_was_asked,
};
use crate::payment_switch::relay::{Passed, say_error};
use crate::payment_switch::store::{self, BulkEnd, Kept, KeptBulk};

/// What becomes of a bulk that is asked for.
enum Asked {
    New(Box<KeptBulk>),
    UnderWay,
    Ended(Box<KeptBulk>),
}

pub(super) fn routes(routes: &mut Routes) {
    let media = operations::BULK_TRANSFERS;
    let done = json!({"bulkTransferState": "COMPLETED", "completedTimestamp": operations::TOO_LATE,
        "individualTransferResults": []});
    let answers = |summary| {
        answers(summary, media, "greenbank").path("id", operations::TRANSFER).after(ASKED)
    };
    routes
        .post(
            BULKS,
            ask,
            asks("Asks for many transfers", media, "treasury")
                .takes_as::<BulkTransfersPostRequest>(media, operations::bulk_transfer()),
        )
        .put(
            BULK_ERROR,
            answer,
            gives_up("Refuses all of a bulk", media, "greenbank")
                .path("id", operations::TRANSFER)
                .after(ASKED),
        )
        .put(
            BULK,
            answer,
            answers("Ends the transfers of a bulk")
                .takes_as::<BulkTransfersPutResponse>(media, done),
        )
        .get(
            BULK,
            look,
            asks("Asks how a bulk stands", media, "treasury").path("id", operations::TRANSFER),
        );
}

const ASKED: &str = "a bulk with this id was asked for";

async fn ask(call: Call, req: HttpRequest) -> HttpResponse {
    let asked = receive(&call, &req).await;
    reply(&call, asked, accepted())
}

async fn receive(call: &Call, req: &HttpRequest) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    let wish: BulkTransfersPostRequest = read_message(&call.body)?;
    within_bulk("individualTransfers", wish.individual_transfers.len())?;
    names_each_once(&wish)?;
    call.correlation(&wish.bulk_transfer_id);
    let asked = reaches(call, &head, &wish)?.and_then(|()| prepare(call, &head, &wish));
    let errand = call.errand.clone();
    call.later(async move {
        match asked {
            Ok(Asked::New(kept)) => forward(&errand, *kept).await,
            Ok(Asked::UnderWay) => {}
            Ok(Asked::Ended(kept)) => tell(&errand, *kept).await,
            Err(why) => {
                let uri = format!("{BULKS}/{}", wish.bulk_transfer_id);
                let what = (uri.as_str(), BULK_ERROR, head.version);
                say_error(&errand, what, &head.source, &why).await;
            }
        }
    });
    Ok(())
}

/// Whether a bulk is addressed to its payee. One that goes to nobody who takes part is refused in the callback, as hubs do.
fn reaches(
    call: &Call,
    head: &Head,
    wish: &BulkTransfersPostRequest,
) -> Result<Result<(), Refusal>, Refusal> {
    let Err(astray) = goes_to(head, &wish.payee_fsp) else { return Ok(Ok(())) };
    for named in [head.destination.as_deref().unwrap_or_default(), &wish.payee_fsp] {
        if directory::look_up(&call.errand.office, named)?.participant.is_none() {
            return Ok(Err(not_found(named)));
        }
    }
    Err(astray)
}

fn not_found(fsp: &str) -> Refusal {
    Refusal::new(ErrorCode::PAYEE_FSP_ID_NOT_FOUND, format!("Participant {fsp} not found"))
}

/// Reserves the payer's money for each transfer of a new bulk that is allowed; those that are not say why in the end.
fn prepare(call: &Call, head: &Head, wish: &BulkTransfersPostRequest) -> Result<Asked, Refusal> {
    is_asked_by_payer(&wish.payer_fsp, &head.source)?;
    let sides = (wish.payer_fsp.as_str(), wish.payee_fsp.as_str());
    let at = call.errand.stamp();
    let expiration = wish.expiration.instant();
    let is_late = has_passed(&call.errand, sides, expiration);
    let is_of_the_wall = counts_in_real_time(&call.errand, sides, expiration);
    let message = Passed::new(head, BULKS, &call.body);
    let hash = hash(&call.body);
    let listed = directory::look_up(&call.errand.office, &wish.payee_fsp)?;
    call.store().write(|tx| {
        if let Some(known) = store::bulk(tx, &wish.bulk_transfer_id)? {
            if known.hash != hash {
                let sentence = "another bulk with this id came before";
                return Err(Refusal::new(ErrorCode::MODIFIED_REQUEST, sentence));
            }
            let has_ended = known.bulk.has_ended();
            return Ok(if has_ended { Asked::Ended(Box::new(known)) } else { Asked::UnderWay });
        }
        let takes_part = |bulk| {
            if listed.is_active() { Ok(bulk) } else { Err(not_found(&wish.payee_fsp)) }
        };
        let bulk = Bulk::check(wish, is_late)
            .and_then(takes_part)
            .unwrap_or_else(|why| Bulk::refused(wish, (why, &at)));
        let kept = KeptBulk {
            bulk,
            hash,
            headers: message.kept_headers(),
            body: message.kept_body(),
            cause: call.errand.cause.to_text(),
            is_forwarded: false,
            answer: None,
        };
        store::keep_bulk(tx, &kept)?;
        if kept.bulk.has_ended() {
            let (state, error) = (&kept.bulk.state, kept.bulk.error.as_ref());
            let end = BulkEnd { state, error, hash: None, answer: None };
            store::end_bulk(tx, &kept.bulk.id, end, (&at, &kept.cause))?;
            return Ok(Asked::Ended(Box::new(kept)));
        }
        if is_of_the_wall {
            store::keep_real_expiry(tx, &uri_of(&kept.bulk.id))?;
        }
        for (place, one) in (0..).zip(&wish.individual_transfers) {
            if let Err(why) = reserve(tx, &kept, (place, one), &at)? {
                store::refuse_in_bulk(tx, (&kept.bulk.id, place), &one.transfer_id, &why)?;
            }
        }
        Ok(Asked::New(Box::new(kept)))
    })
}

/// Keeps one transfer of a bulk, reserved or invalid. A refusal says why it cannot be kept at all.
fn reserve(
    tx: &Connection,
    bulk: &KeptBulk,
    (place, one): (i64, &IndividualTransfer),
    at: &str,
) -> Result<Result<(), Refusal>, Refusal> {
    if store::transfer(tx, &one.transfer_id)?.is_some() {
        let sentence = format!("a transfer {} came before", one.transfer_id);
        return Ok(Err(Refusal::new(ErrorCode::MODIFIED_REQUEST, sentence)));
    }
    let prepare = match bulk.bulk.prepare(one) {
        Ok(prepare) => prepare,
        Err(why) => return Ok(Err(why)),
    };
    let error = stands(tx, &prepare)?.err();
    let state = if error.is_some() { State::Invalid } else { State::Reserved };
    let kept = Kept {
        transfer: Transfer {
            prepare,
            state,
            answer_hash: None,
            fulfilment: None,
            tell_payee: false,
            completed: error.is_some().then(|| at.to_owned()),
            error,
        },
        // What was sent stands in the bulk.
        hash: format!("{} of {}", place, bulk.hash),
        headers: String::new(),
        body: String::new(),
        cause: bulk.cause.clone(),
        answer: None,
        bulk: Some((bulk.bulk.id.clone(), place)),
    };
    match state {
        State::Reserved => store::reserve(tx, &kept, at)?,
        _ => store::keep_invalid(tx, &kept)?,
    }
    Ok(Ok(()))
}

/// What a payee says of a bulk.
struct Said {
    state: BulkTransferState,
    /// By the id of the transfer.
    results: BTreeMap<String, IndividualTransferResult>,
    /// Why it rejects the bulk as a whole.
    error: Option<Refusal>,
}

impl Said {
    /// Reads an answer to the bulk `id`. One that contradicts itself or the bulk is refused before anything is done.
    fn read(call: &Call, head: &Head, id: &str) -> Result<Self, Refusal> {
        if head.uri.ends_with("/error") {
            let said = read_message::<ErrorInformationObject>(&call.body)?.error_information;
            let error = Some(Refusal::from(said));
            return Ok(Self {
                state: BulkTransferState::Rejected,
                results: BTreeMap::new(),
                error,
            });
        }
        let said: BulkTransfersPutResponse = read_message(&call.body)?;
        agrees_with_itself(&said)?;
        let asked = call.store().read(|db| store::ids_in_bulk(db, id))?;
        // Of a bulk that nobody asked for, that is what its sender hears.
        if !asked.is_empty() {
            names_what_was_asked(&said, &asked)?;
        }
        let by_id = |result: IndividualTransferResult| (result.transfer_id.clone(), result);
        let results = said.individual_transfer_results.into_iter().map(by_id).collect();
        Ok(Self { state: said.bulk_transfer_state, results, error: None })
    }

    /// How one transfer ends.
    fn end_of(&self, transfer: &Prepare) -> End {
        match (&self.error, self.results.get(&transfer.id)) {
            (Some(why), _) => End::Refused(why.clone()),
            (None, None) if self.state == BulkTransferState::Rejected => {
                let sentence = "the payee rejected the bulk";
                End::Refused(Refusal::new(ErrorCode::PAYEE_FSP_REJECTED_TRANSACTION, sentence))
            }
            (None, result) => end_of(transfer, result),
        }
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
    let answered = settle(call, &head, id, &Said::read(call, &head, id)?);
    let (errand, id) = (call.errand.clone(), id.to_owned());
    call.later(async move {
        match answered {
            Ok(Some(kept)) => tell(&errand, kept).await,
            Ok(None) => {}
            Err(why) => {
                let uri = format!("{BULKS}/{id}");
                let what = (uri.as_str(), BULK_ERROR, head.version);
                say_error(&errand, what, &head.source, &why).await;
            }
        }
    });
    Ok(())
}

/// Decides on a payee's answer and moves the money of each transfer, in one transaction. Gives the bulk where it ended.
fn settle(call: &Call, head: &Head, id: &str, said: &Said) -> Result<Option<KeptBulk>, Refusal> {
    let (at, cause) = (call.errand.stamp(), call.errand.cause.to_text());
    let message = Passed::new(head, BULK, &call.body);
    let hash = hash(&call.body);
    let (headers, body) = (message.kept_headers(), message.kept_body());
    call.store().write(|tx| {
        let kept = store::bulk(tx, id)?.ok_or_else(|| unknown(id))?;
        let from = Fulfil {
            source: &head.source,
            // A payee that was asked by the switch itself answers to it.
            destination: head.destination.as_deref().filter(|to| !HUB_NAMES.contains(to)),
            hash: &hash,
            at: moment(&call.errand, (&kept.bulk.payer, &kept.bulk.payee)),
        };
        let mut end = BulkEnd {
            state: &said.state,
            error: said.error.as_ref(),
            hash: Some(&hash),
            answer: Some((&headers, &body)),
        };
        let expired = match answer_bulk(&kept.bulk, from, &said.state) {
            BulkOutcome::End(_) => None,
            BulkOutcome::Expire(why) => Some(why),
            BulkOutcome::Progress(state) => {
                store::progress(tx, id, &state)?;
                return Ok(None);
            }
            BulkOutcome::Again => return Ok(None),
            BulkOutcome::Refuse(why) => return Err(why),
        };
        let is_the_payees = match &expired {
            Some(why) => {
                (end.state, end.error) = (&BulkTransferState::Rejected, Some(why));
                let each = |_: &Prepare| End::Wrong(State::ExpiredReserved, why.clone());
                end_each(tx, id, each, (&at, &cause))?
            }
            None => end_each(tx, id, |transfer| said.end_of(transfer), (&at, &cause))?,
        };
        if !is_the_payees || store::is_reduced(tx, id)? {
            end.answer = None;
        }
        store::end_bulk(tx, id, end, (&at, &cause))?;
        Ok(store::bulk(tx, id)?)
    })
}

/// Ends each reserved transfer of a bulk. Says whether all ended as the payee said, so that its words can go on.
fn end_each(
    tx: &Connection,
    bulk: &str,
    end_of: impl Fn(&Prepare) -> End,
    when: (&str, &str),
) -> rusqlite::Result<bool> {
    let mut is_the_payees = true;
    for kept in store::reserved_in_bulk(tx, bulk)? {
        let prepare = &kept.transfer.prepare;
        match end_of(prepare) {
            End::Commit { fulfilment } => {
                store::commit(tx, prepare, (&fulfilment, false), None, when)?;
            }
            End::Refused(why) => {
                store::abort(tx, prepare, (State::AbortedRejected, &why), None, when)?;
            }
            End::Wrong(state, why) => {
                is_the_payees = false;
                store::abort(tx, prepare, (state, &why), None, when)?;
            }
        }
    }
    Ok(is_the_payees)
}

fn unknown(id: &str) -> Refusal {
    Refusal::new(ErrorCode::BULK_TRANSFER_ID_NOT_FOUND, format!("there is no bulk {id}"))
}

/// `GET /bulkTransfers/{id}`: payer and payee may ask how it stands.
async fn look(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let looked = receive_look(&call, &req, &path.id).await;
    reply(&call, looked, accepted())
}

async fn receive_look(call: &Call, req: &HttpRequest, id: &str) -> Result<(), Refusal> {
    let head = open(call, req, Kind::Request).await?;
    check_id(id)?;
    call.correlation(id);
    let kept = call.store().read(|db| store::bulk(db, id))?;
    let bulk = kept
        .map(|kept| kept.bulk)
        .filter(|bulk| [&bulk.payer, &bulk.payee].contains(&&head.source));
    let (errand, id) = (call.errand.clone(), id.to_owned());
    call.later(async move {
        if let Some(bulk) = bulk {
            tell_state(&errand, &bulk, &head.source, head.version).await;
        } else {
            let what = (head.uri.as_str(), BULK_ERROR, head.version);
            say_error(&errand, what, &head.source, &unknown(&id)).await;
        }
    });
    Ok(())
}
