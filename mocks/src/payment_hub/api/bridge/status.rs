//! `POST /get_disbursement_envelope_status` and `/get_disbursement_status` of the bridge.

use actix_web::HttpResponse;
use serde_json::{Value, json};
use standards::dci::TransactionId;
use standards::money::Money;

use super::disbursements::named;
use super::{Refusal, answered, newest, open, says};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::payment_hub::api::wish::why;
use crate::payment_hub::model::{Face, State};
use crate::payment_hub::pipeline::MOST_PAYMENTS;
use crate::payment_hub::store::{
    self, Batch, Envelope, EnvelopeState, Filed, Finding, Instruction, Noted,
};

pub(super) fn routes(routes: &mut Routes) {
    routes
        .post(
            "/get_disbursement_envelope_status",
            envelope,
            says::<String>(
                "How an envelope stands",
                "get_disbursement_envelope_status",
                &json!("ENV-000001"),
            ),
        )
        .post(
            "/get_disbursement_status",
            disbursements,
            says::<Vec<String>>(
                "How disbursements stand",
                "get_disbursement_status",
                &json!(["DISB-000001"]),
            ),
        );
}

/// The list that an envelope was handed over as.
fn batch_of(db: &rusqlite::Connection, envelope: &Envelope) -> rusqlite::Result<Option<Batch>> {
    let name = TransactionId::from(envelope.id());
    store::batch_named(db, Face::Bridge, (envelope.programme.as_str(), &name))
}

async fn envelope(call: Call) -> HttpResponse {
    let outcome = async {
        let id: String = open(&call).await?;
        let found = call.store().read(|db| {
            let Some(envelope) = store::envelope(db, &id)? else { return Ok(None) };
            let batch = batch_of(db, &envelope)?;
            let payments = match &batch {
                Some(batch) => store::instructions(db, batch.id)?,
                None => Vec::new(),
            };
            let received = store::received(db, envelope.number)?;
            if let Some(remark) = left_out(&envelope, received.1) {
                call.remark(&remark);
            }
            Ok(Some(told(&envelope, (batch.as_ref(), &payments), received)))
        })?;
        found.ok_or_else(|| Refusal::no_envelope(&id))
    };
    let outcome = outcome.await;
    answered(&call, outcome)
}

/// What the whole numbers of the published answer leave out of the money received.
fn left_out(envelope: &Envelope, minor: i64) -> Option<String> {
    let money = Money::new(minor, envelope.money()?.currency);
    let whole = minor / 100;
    (minor % 100 != 0).then(|| {
        format!(
            "received: {money} {}, of which the published whole numbers tell {whole}",
            money.currency
        )
    })
}

fn told(
    envelope: &Envelope,
    (batch, payments): (Option<&Batch>, &[Instruction]),
    (count, minor): (i64, i64),
) -> Value {
    let block = batch.and_then(|batch| batch.block.as_ref());
    let in_state = |state: State| payments.iter().filter(|p| p.state == state).count();
    let held = payments.iter().find(|payment| payment.state == State::Held);
    let lacks = held.and_then(why).is_some_and(|why| why.contains("FUNDS_NOT_AVAILABLE"));
    let (available, blocked) = match (block, lacks) {
        (Some(_), _) => ("FUNDS_AVAILABLE", "FUNDS_BLOCK_SUCCESS"),
        (None, true) => ("FUNDS_NOT_AVAILABLE", "PENDING_CHECK"),
        (None, false) => ("PENDING_CHECK", "PENDING_CHECK"),
    };
    let attempts = i64::from(batch.is_some());
    let shipped = payments.iter().filter(|p| !matches!(p.state, State::Received | State::Held));
    json!({"disbursement_envelope_id": envelope.id(),
        "number_of_beneficiaries_declared": envelope.beneficiaries,
        "number_of_disbursements_declared": envelope.disbursements,
        "benefit_type": "CASH_DIGITAL", "measurement_unit": envelope.currency,
        "total_disbursement_quantity_declared": envelope.money().and_then(|m| m.to_json().ok()),
        // Whole units, as the published types have both: who reads them refuses a fraction, and the answer with it.
        "total_disbursement_quantity_received": minor / 100,
        "number_of_disbursements_received": count,
        "total_disbursement_amount_received": minor / 100,
        "funds_available_with_bank": available, "funds_available_attempts": attempts,
        "funds_blocked_with_bank": blocked, "funds_blocked_attempts": attempts,
        "funds_blocked_reference_number": block, "id_mapper_resolution_required": true,
        "number_of_disbursements_shipped": shipped.count(),
        "number_of_disbursements_reconciled": in_state(State::Paid),
        "number_of_disbursements_reversed": in_state(State::Failed),
        "is_cancelled": envelope.state == EnvelopeState::Cancelled})
}

async fn disbursements(call: Call) -> HttpResponse {
    let outcome = async {
        let ids: Vec<String> = open(&call).await?;
        if ids.is_empty() || ids.len() > MOST_PAYMENTS {
            let right = format!("message: write 1 to {MOST_PAYMENTS} disbursement ids");
            return Err(Refusal::new("INVALID_DISBURSEMENT_PAYLOAD", right));
        }
        let is_today = newest::is_called(&call);
        let mut message = Vec::new();
        for id in &ids {
            let found = call.store().read(|db| {
                let Some(filed) = named(db, id, is_today)? else { return Ok(None) };
                let envelope = store::envelope(db, &store::envelope_id(filed.envelope))?;
                let Some(envelope) = envelope else { return Ok(None) };
                let (own, programme) = (filed.id(), envelope.programme.as_str());
                let payment = store::referenced(db, (programme, &own))?;
                let told = Told { filed, payment, noted: store::noted(db, &own)? };
                Ok(Some(told.record()))
            })?;
            if is_today {
                message.push(record_of_today(id, found));
                continue;
            }
            let unknown = || {
                Refusal::new("INVALID_DISBURSEMENT_ID", format!("there is no disbursement {id}"))
            };
            message.push(found.ok_or_else(unknown)?);
        }
        Ok(Value::Array(message))
    };
    let outcome = outcome.await;
    answered(&call, outcome)
}

/// The record in the words of today's bridge, which has an empty one for who is unknown.
fn record_of_today(id: &str, found: Option<Value>) -> Value {
    let nothing =
        json!({"disbursement_recon_payloads": [], "disbursement_error_recon_payloads": []});
    let mut records = found.map_or(nothing, |mut found| found["disbursement_recon_records"].take());
    for (list, name) in [
        ("disbursement_recon_payloads", "disbursement_id"),
        ("disbursement_error_recon_payloads", "reconciliation_id"),
    ] {
        for record in records[list].as_array_mut().into_iter().flatten() {
            record[name] = json!(id);
        }
    }
    json!({"reconciliation_id": id, "disbursement_recon_records": records})
}

/// A disbursement with all that is known of it.
struct Told {
    filed: Filed,
    payment: Option<Instruction>,
    noted: Vec<Noted>,
}

impl Told {
    /// What became of it: remitted, or reversed with the reason. Nothing is told of one that has not ended.
    fn record(&self) -> Value {
        let wrong = self.noted.iter().filter_map(|n| Some(misfit(n.finding.code()?, n)));
        json!({"disbursement_id": self.filed.id(), "disbursement_recon_records": {
            "disbursement_recon_payloads": self.outcome().into_iter().collect::<Vec<_>>(),
            "disbursement_error_recon_payloads": wrong.collect::<Vec<_>>()}})
    }

    /// As the engine knows it, and as the bank's statements have it where they were handed in.
    fn outcome(&self) -> Option<Value> {
        let ended = self.payment.as_ref().filter(|payment| payment.state.status().is_final());
        let found = |finding| self.noted.iter().find(|noted| noted.finding == finding);
        let (remitted, reversed) = (found(Finding::Remitted), found(Finding::Reversed));
        if ended.is_none() && remitted.is_none() {
            return None;
        }
        let failed = ended.is_some_and(|payment| payment.state == State::Failed);
        let at = |yes: bool| ended.filter(|_| yes).map(|payment| payment.since.as_str());
        let mut told = json!({
            "bank_disbursement_batch_id": ended.map(|p| format!("BATCH-{:06}", p.batch)),
            "disbursement_id": self.filed.id(),
            "disbursement_envelope_id": store::envelope_id(self.filed.envelope),
            "beneficiary_name_from_bank": ended.and_then(|p| p.disbursement.payee_name.clone()),
            "remittance_reference_number": ended.map(|p| p.transfer_id.as_str()),
            "remittance_entry_date": at(!failed), "remittance_value_date": at(!failed),
            "reversal_found": failed, "reversal_entry_date": at(failed),
            "reversal_value_date": at(failed), "reversal_reason": ended.and_then(why)});
        if let Some(noted) = remitted {
            by_statement(&mut told, "remittance", noted);
            if !noted.bank_reference.is_empty() {
                told["remittance_reference_number"] = json!(noted.bank_reference);
            }
        }
        if let Some(noted) = reversed {
            by_statement(&mut told, "reversal", noted);
            told["reversal_found"] = json!(true);
            told["reversal_reason"] = json!(noted.reason);
        }
        Some(told)
    }
}

/// Where the statement says it: the numbers and days of the bank.
fn by_statement(told: &mut Value, what: &str, noted: &Noted) {
    for (name, value) in [
        ("statement_id", json!(store::statement_id(noted.statement))),
        ("statement_number", json!(noted.numbers.0.to_string())),
        ("statement_sequence", json!(noted.numbers.1.to_string())),
        ("entry_sequence", json!(noted.place.to_string())),
        ("entry_date", json!(noted.entry_date)),
        ("value_date", json!(noted.value_date)),
    ] {
        told[format!("{what}_{name}")] = value;
    }
}

/// An entry that fits nothing.
fn misfit(code: &str, noted: &Noted) -> Value {
    json!({"statement_id": store::statement_id(noted.statement),
        "statement_number": noted.numbers.0.to_string(),
        "statement_sequence": noted.numbers.1.to_string(),
        "entry_sequence": noted.place.to_string(), "entry_date": noted.entry_date,
        "value_date": noted.value_date, "error_reason": code, "disbursement_id": noted.disbursement,
        "bank_reference_number": noted.bank_reference})
}
