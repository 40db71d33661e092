//! `POST /disburse` (Ack now, `/on-disburse` when all payments have ended) and `POST /disburse/sync/disburse` of G2P
//! Connect 1.0.0.

use std::collections::BTreeMap;
use std::time::Duration;

use actix_web::HttpResponse;
use serde_json::json;
use standards::dci::{Ack, Action, Envelope, ErrorCode, Header, ReasonCode, Status};
use standards::g2p_connect::disburse::{
    DisburseRequest, DisburseResponse, Disbursement, DisbursementStatus,
};

use super::status::tell_later;
use super::{g2p, g2p_later, settings, wallet};
use crate::kit::clock::pause;
use crate::kit::dci::{
    Whole, answer, check_header, forgives_times, not_acknowledged, receive, rejected,
};
use crate::kit::openapi::Routes;
use crate::kit::registry::message;
use crate::kit::room::Policy;
use crate::kit::server::Call;
use crate::kit::trust::jwks::sender_id_of;
use crate::payment_hub::model::{Face, loosely};
use crate::payment_hub::pipeline::{
    self, MOST_PAYMENTS, NotTaken, Stand, Submission, Waiting, address, completed, statuses,
};
use crate::payment_hub::store::{self, Batch, BatchState};

/// Who asks in the same exchange is answered after so long, whether all payments have ended or not.
const LONGEST_SYNC: Duration = Duration::from_secs(20);

pub(super) fn routes(routes: &mut Routes) {
    let list = message(
        "disburse",
        Some(1),
        &json!({"transaction_id": "TXN-1", "disbursements": [{
            "reference_id": "PAY-1", "payer_fa": "account:GOV-SP-001@treasury", "payee_fa": wallet(),
            "amount": "60.00", "currency_code": "XTS", "payer_name": "Old Age Pension", "note": "October 2026",
        }]}),
    );
    routes
        .post(
            "/disburse/sync/disburse",
            now,
            g2p("Pays a list, answered on the same line")
                .takes::<Envelope<DisburseRequest>>(list.clone())
                .gives::<Envelope<DisburseResponse>>(200, "How each payment stands"),
        )
        .post(
            "/disburse",
            later,
            g2p_later("Pays a list, answered at sender_uri/on-disburse")
                .takes::<Envelope<DisburseRequest>>(list),
        );
}

async fn later(call: Call) -> HttpResponse {
    let mut envelope = match receive::<DisburseRequest>(&call, super::strictness(&call)).await {
        Ok(envelope) => envelope,
        Err(refused) => return refused.respond(&call),
    };
    forgives_times(&call, &mut envelope.header);
    if let Err((code, sentence)) = check(&call, &envelope) {
        return refused_with_ack(&call, &format!("{code}: {sentence}"));
    }
    let (asked, sent) = (envelope.header.clone(), envelope.message.clone());
    match take(&call, envelope) {
        Ok(batch) => {
            start(&call, &batch);
            HttpResponse::Ok().json(Ack::accepted(batch.correlation, call.errand.stamp()))
        }
        Err(NotTaken::Known { batch, .. }) => {
            let ack = Ack::accepted(batch.correlation.clone(), call.errand.stamp());
            tell_later(&call, asked, "/on-disburse", (duplicates(&call, sent, &batch), None));
            HttpResponse::Ok().json(ack)
        }
        Err(refused) => refuse(&call, &refused),
    }
}

/// Whether the header lets the list be looked at. The published text names `search` for the synchronous form: a search
/// that pays is refused.
fn check(call: &Call, envelope: &Envelope<DisburseRequest>) -> Result<(), Whole> {
    let there = envelope.message.disbursements.len();
    check_header(call, &envelope.header, &[Action::Disburse.as_str()], (there, MOST_PAYMENTS))
}

/// What an open room forgives in entries: without a payer the account of the settings pays, and a payee may be named in
/// words of clients outside.
fn forgive(call: &Call, entries: &mut [Disbursement]) -> Result<(), NotTaken> {
    if call.room().policy() == Policy::Strict {
        return Ok(());
    }
    let payer = settings::read(call)?.payer();
    let mut remarks = Vec::new();
    if let Some(read) = entries.iter().find_map(loosely) {
        remarks.push(format!("a payee is read as {}", read.payee_fa));
    }
    for entry in entries.iter_mut().filter(|entry| entry.payer_fa.trim().is_empty()) {
        entry.payer_fa.clone_from(&payer);
        remarks.push(format!("no payer_fa: {payer} pays"));
    }
    remarks.dedup();
    if !remarks.is_empty() {
        call.remark(&remarks.join("; "));
    }
    Ok(())
}

/// Keeps a list, or says what was wrong with it as a whole. A wrong entry fails alone.
fn take(call: &Call, mut envelope: Envelope<DisburseRequest>) -> Result<Batch, NotTaken> {
    forgive(call, &mut envelope.message.disbursements)?;
    let submission = Submission {
        face: Face::G2pConnect,
        sender: envelope.header.sender_id.clone().unwrap_or_default(),
        transaction_id: envelope.message.transaction_id,
        callback: address(&envelope.header, "/on-disburse"),
        asked: json!(envelope.header),
        entries: envelope.message.disbursements,
        refused: BTreeMap::new(),
        entries_stand: Stand::Alone,
    };
    pipeline::submit(&call.errand, submission)
}

fn refuse(call: &Call, refused: &NotTaken) -> HttpResponse {
    match refused {
        NotTaken::Wrong(_) | NotTaken::Entries(_) | NotTaken::Known { .. } => {
            refused_with_ack(call, &wrong(refused))
        }
        NotTaken::Archive(error) => {
            tracing::error!(%error, "a payment list could not be kept");
            let sentence = "the list could not be kept; send it again";
            call.remark(sentence);
            HttpResponse::InternalServerError().json(super::refusal(500, sentence))
        }
    }
}

/// A message that is wrong as a whole: an Ack that says so.
pub(super) fn refused_with_ack(call: &Call, right: &str) -> HttpResponse {
    let correlation = call.errand.office.next_id("CORR");
    not_acknowledged(call, &correlation, ErrorCode::RequestBad, right)
}

fn wrong(refused: &NotTaken) -> String {
    match refused {
        NotTaken::Wrong(right) => format!("message: {right}"),
        NotTaken::Entries(entries) => entries.iter().map(|(_, why)| &*why.sentence).collect(),
        NotTaken::Known { batch, .. } => {
            format!("{}: {}", ReasonCode::ReferenceIdDuplicate, named_before(batch))
        }
        NotTaken::Archive(error) => error.to_string(),
    }
}

fn named_before(batch: &Batch) -> String {
    format!("transaction_id: {} was handed in before; ask for its status", batch.transaction_id)
}

fn start(call: &Call, batch: &Batch) {
    let (errand, id) = (call.errand.clone(), batch.id);
    call.later(async move { pipeline::begin(&errand, id).await });
}

/// Pays in the same exchange; what has not ended in time is told as pending.
async fn now(call: Call) -> HttpResponse {
    let mut envelope = match receive::<DisburseRequest>(&call, super::strictness(&call)).await {
        Ok(envelope) => envelope,
        Err(refused) => return refused.respond(&call),
    };
    forgives_times(&call, &mut envelope.header);
    let checked = check(&call, &envelope);
    envelope.header.action = Action::Disburse;
    if let Err(whole) = checked {
        let nothing =
            json!({"transaction_id": envelope.message.transaction_id, "disbursements_status": []});
        return answer(&call, &rejected(&call, &envelope.header, whole), &nothing);
    }
    // The answer goes back in this exchange and nowhere else.
    envelope.header.sender_uri = None;
    let (asked, sent) = (envelope.header.clone(), envelope.message.clone());
    let batch = match take(&call, envelope) {
        Ok(batch) => {
            finished(&call, batch.id).await;
            batch
        }
        Err(NotTaken::Known { batch, .. }) => {
            let message = duplicates(&call, sent, &batch);
            return answer(&call, &succeeded(&call, &asked, completed(&message)), &message);
        }
        Err(refused) => return refuse(&call, &refused),
    };
    match statuses(&call.errand, &batch) {
        Some(message) => answer(&call, &succeeded(&call, &asked, completed(&message)), &message),
        None => HttpResponse::InternalServerError().json(super::refusal(500, "ask for the status")),
    }
}

/// The header of an answer that tells of each payment, `ended` of which have ended.
fn succeeded(call: &Call, asked: &Header, ended: u64) -> Header {
    let own = sender_id_of(call.errand.office.system.name);
    let id = call.errand.office.next_id("MSG");
    let header = asked.answer(Status::Succ, &own, id, call.errand.stamp());
    Header { completed_count: Some(ended), ..header }
}

/// A list under a name that is taken, by the same list or another: each payment is refused, and nothing of it is kept. How the
/// first one stands is told at `/disburse/txn/status`.
fn duplicates(call: &Call, sent: DisburseRequest, batch: &Batch) -> DisburseResponse {
    let (sentence, at) = (named_before(batch), call.errand.stamp());
    let refused = |entry: &Disbursement| {
        let status = DisbursementStatus::of(entry, Status::Rjct, at.as_str());
        status.because(ReasonCode::ReferenceIdDuplicate, sentence.clone())
    };
    DisburseResponse {
        disbursements_status: sent.disbursements.iter().map(refused).collect(),
        transaction_id: sent.transaction_id,
    }
}

/// Lets a list begin, and waits until all its payments have ended, or for long enough.
pub(super) async fn finished(call: &Call, id: i64) {
    let errand = call.errand.clone();
    call.errand.spawn(async move { pipeline::begin(&errand, id).await });
    tokio::select! {
        () = all_ended(call, id) => {}
        () = pause(LONGEST_SYNC) => call.remark("not all payments ended in time"),
    }
}

async fn all_ended(call: &Call, id: i64) {
    let waiting = call.errand.office.memory.of::<Waiting>();
    loop {
        let next = waiting.0.notified();
        let read = call.store().read(|db| store::batch(db, id));
        let ended = |batch: Batch| matches!(batch.state, BatchState::Ended | BatchState::Reported);
        if read.ok().flatten().is_none_or(ended) {
            return;
        }
        next.await;
    }
}
