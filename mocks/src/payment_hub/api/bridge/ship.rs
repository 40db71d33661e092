//! Handing the disbursements of a full envelope to the engine, once, when its day has come.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use rusqlite::Connection;
use serde_json::json;
use standards::dci::TransactionId;
use standards::money::{Currency, Money};

use crate::kit::agenda::Agenda;
use crate::kit::cause::Cause;
use crate::kit::courier::Errand;
use crate::kit::room::Office;
use crate::kit::server::Call;
use crate::payment_hub::api::settings;
use crate::payment_hub::api::wish::Wish;
use crate::payment_hub::model::{Face, longest_wait};
use crate::payment_hub::pipeline::{self, NotTaken, Stand, Submission};
use crate::payment_hub::store::{self, Envelope, EnvelopeState, Filed};

/// Pays an envelope when the request has been answered, or on its day.
pub(super) fn when_due(call: &Call, number: i64) {
    let errand = call.errand.clone();
    call.later(async move { look_at(&errand, number).await });
}

/// What is to be done with an envelope now.
enum Next {
    Nothing,
    WaitFor(Date),
    HandOver(Box<Envelope>),
}

/// Decides on an envelope as it stands, and moves a full one on whose day has come: nobody changes it from then on.
fn decide(tx: &Connection, number: i64, today: Date) -> rusqlite::Result<Next> {
    let Some(envelope) = store::envelope(tx, &store::envelope_id(number))? else {
        return Ok(Next::Nothing);
    };
    let declared = (envelope.disbursements, envelope.minor);
    match envelope.state {
        EnvelopeState::Shipping => return Ok(Next::HandOver(Box::new(envelope))),
        EnvelopeState::Open if store::received(tx, number)? == declared => {}
        _ => return Ok(Next::Nothing),
    }
    let Ok(day) = envelope.day.parse::<Date>() else { return Ok(Next::Nothing) };
    if day > today {
        return Ok(Next::WaitFor(day));
    }
    store::step_envelope(tx, number, (EnvelopeState::Open, EnvelopeState::Shipping))?;
    Ok(Next::HandOver(Box::new(envelope)))
}

async fn look_at(errand: &Errand, number: i64) {
    let today = errand.now().to_zoned(TimeZone::UTC).date();
    let decided = errand.office.store.alter(|tx| decide(tx, number, today));
    match decided {
        Ok(Next::Nothing) => {}
        Ok(Next::WaitFor(day)) => wait_for(errand, number, day),
        Ok(Next::HandOver(envelope)) => hand_over(errand, &envelope).await,
        Err(error) => {
            tracing::error!(%error, envelope = number, "an envelope cannot be read");
            look_later(errand, number);
        }
    }
}

/// Looks at an envelope again on the morning of its day.
fn wait_for(errand: &Errand, number: i64, day: Date) {
    let Ok(morning) = day.to_zoned(TimeZone::UTC) else { return };
    let (late, agenda) = (errand.clone(), errand.office.memory.of::<Agenda>());
    let key = format!("envelope {number}");
    agenda.plan(errand, &key, morning.timestamp(), async move {
        Box::pin(look_at(&late, number)).await;
    });
}

/// Looks once more at an envelope that could not be handed over.
fn look_later(errand: &Errand, number: i64) {
    let (late, agenda) = (errand.clone(), errand.office.memory.of::<Agenda>());
    let at = errand.now() + longest_wait();
    agenda.plan(errand, &format!("envelope {number}"), at, async move {
        Box::pin(look_at(&late, number)).await;
    });
}

async fn hand_over(errand: &Errand, envelope: &Envelope) {
    let batch = match submit(errand, envelope) {
        Ok(batch) => batch,
        // It was handed over, and the hub stopped before it could note that.
        Err(NotTaken::Known { batch, .. }) => *batch,
        Err(refused) => {
            tracing::error!(?refused, envelope = envelope.number, "an envelope was not taken");
            return look_later(errand, envelope.number);
        }
    };
    let step = (EnvelopeState::Shipping, EnvelopeState::Shipped);
    let noted = errand.office.store.alter(|tx| store::step_envelope(tx, envelope.number, step));
    if noted.is_ok_and(|noted| noted) {
        pipeline::begin(errand, batch.id).await;
    }
}

fn submit(errand: &Errand, envelope: &Envelope) -> Result<store::Batch, NotTaken> {
    let filed = errand.office.store.read(|db| store::disbursements(db, envelope.number))?;
    let payer = settings::of(&errand.office)?.payer();
    let currency: Option<Currency> = envelope.currency.parse().ok();
    let wish = |filed: &Filed| Wish {
        reference: filed.id(),
        payer: payer.clone(),
        payee: filed.payee.clone(),
        amount: currency.map_or(json!(null), |c| json!(Money::new(filed.minor, c).to_string())),
        currency: envelope.currency.clone(),
        note: Some(filed.narrative.clone()),
        own: json!({"disbursement_id": filed.id(), "mis_reference_number": filed.mis}),
    };
    let submission = Submission {
        face: Face::Bridge,
        sender: envelope.programme.clone(),
        transaction_id: TransactionId::from(envelope.id()),
        callback: None,
        asked: json!({"createdAt": errand.stamp(), "purpose": envelope.cycle}),
        entries: filed.iter().filter(|f| !f.is_cancelled).map(|f| wish(f).entry()).collect(),
        refused: BTreeMap::new(),
        entries_stand: Stand::Alone,
    };
    pipeline::submit(errand, submission)
}

/// Takes up envelopes that wait, each with the cause of its own.
pub(super) fn wake(office: &Arc<Office>) {
    let waiting = office.store.read(store::waiting_envelopes);
    let Ok(waiting) = waiting.inspect_err(|error| tracing::error!(%error, "no envelopes")) else {
        return;
    };
    for envelope in waiting {
        let cause = Cause::from_text(&envelope.cause).unwrap_or_else(|| office.room.stranger());
        let errand = Errand { office: Arc::clone(office), cause };
        let work = errand.clone();
        errand.spawn(async move { look_at(&work, envelope.number).await });
    }
}
