//! `POST /create_disbursements` and `/cancel_disbursements` of the bridge: all of a list or nothing.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::money::Currency;

use super::envelopes::today;
use super::{Refusal, answered, newest, open, says, ship};
use crate::kit::openapi::Routes;
use crate::kit::payee::id_of;
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;
use crate::kit::store::next_number;
use crate::payment_hub::api::wish::money_of;
use crate::payment_hub::pipeline::MOST_PAYMENTS;
use crate::payment_hub::store::{self, Envelope, EnvelopeState, Filed};

pub(super) fn routes(routes: &mut Routes) {
    let disbursements = json!([{
        "disbursement_envelope_id": "ENV-000001", "mis_reference_number": "MIS-1",
        "beneficiary_id": cast_uin("tomas"), "beneficiary_name": "Tomas Amaro", "disbursement_amount": 60,
        "narrative": "November 2026",
    }]);
    let named = json!([{"disbursement_id": "DISB-000001"}]);
    routes
        .post(
            "/create_disbursements",
            create,
            says::<Vec<Wanted>>(
                "Fills an envelope, all or nothing",
                "create_disbursements",
                &disbursements,
            ),
        )
        .post(
            "/cancel_disbursements",
            cancel,
            says::<Vec<Wanted>>("Cancels disbursements", "cancel_disbursements", &named),
        );
}

/// A disbursement as it comes; everything is optional, so that each gap has its own code.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[schemars(rename = "BridgeDisbursement")]
#[serde(default)]
struct Wanted {
    disbursement_id: Option<String>,
    disbursement_envelope_id: Option<String>,
    mis_reference_number: Option<String>,
    beneficiary_id: Option<String>,
    beneficiary_name: Option<String>,
    disbursement_amount: Value,
    narrative: Option<String>,
}

impl Wanted {
    /// What it will be, or the codes of what is wrong with it.
    fn filed(&self, envelope: &Envelope, sender: Option<&str>) -> Result<Filed, Vec<&'static str>> {
        let is_today = sender.is_some();
        let text =
            |said: &Option<String>| said.as_deref().map(str::trim).unwrap_or_default().to_owned();
        let money = envelope
            .currency
            .parse::<Currency>()
            .map_err(|error| error.to_string())
            .and_then(|currency| money_of(&self.disbursement_amount, currency));
        let beneficiary = text(&self.beneficiary_id);
        let payee = id_of(&beneficiary, sender.unwrap_or(&envelope.programme));
        let is_payee = payee.parse::<standards::g2p_connect::FinancialAddress>().is_ok();
        let mut codes = Vec::new();
        if beneficiary.is_empty() || !is_payee {
            codes.push("INVALID_BENEFICIARY_ID");
        }
        // Today's bridge has the programme name its disbursements, and needs no name of the payee.
        let mis = text(if is_today { &self.disbursement_id } else { &self.mis_reference_number });
        if is_today && mis.is_empty() {
            codes.push("INVALID_DISBURSEMENT_ID");
        }
        if !is_today && text(&self.beneficiary_name).is_empty() {
            codes.push("INVALID_BENEFICIARY_NAME");
        }
        if text(&self.narrative).is_empty() {
            codes.push("INVALID_NARRATIVE");
        }
        match money {
            Ok(money) if codes.is_empty() => Ok(Filed {
                number: 0,
                envelope: envelope.number,
                mis,
                beneficiary,
                name: text(&self.beneficiary_name),
                payee,
                minor: money.minor,
                narrative: text(&self.narrative),
                at: String::new(),
                is_cancelled: false,
            }),
            Ok(_) => Err(codes),
            Err(_) => {
                codes.push("INVALID_DISBURSEMENT_AMOUNT");
                Err(codes)
            }
        }
    }
}

fn told(filed: &Filed, currency: &str) -> Value {
    let amount = currency.parse().ok().and_then(|currency: Currency| {
        standards::money::Money::new(filed.minor, currency).to_json().ok()
    });
    json!({"id": filed.id(), "disbursement_id": filed.id(), "mis_reference_number": filed.mis,
        "disbursement_envelope_id": store::envelope_id(filed.envelope),
        "beneficiary_id": filed.beneficiary, "beneficiary_name": filed.name,
        "disbursement_amount": amount, "narrative": filed.narrative,
        "receipt_time_stamp": filed.at, "response_error_codes": null,
        "cancellation_status": if filed.is_cancelled { "Cancelled" } else { "Not_Cancelled" }})
}

async fn create(call: Call) -> HttpResponse {
    let outcome = async {
        let wanted: Vec<Wanted> = open(&call).await?;
        if wanted.is_empty() || wanted.len() > MOST_PAYMENTS {
            let right = format!("message: write 1 to {MOST_PAYMENTS} disbursements");
            return Err(Refusal::new("INVALID_DISBURSEMENT_PAYLOAD", right));
        }
        let (message, envelope) = file_all(&call, &wanted)?;
        ship::when_due(&call, envelope);
        Ok(message)
    };
    let outcome = outcome.await;
    answered(&call, outcome)
}

fn file_all(call: &Call, wanted: &[Wanted]) -> Result<(Value, i64), Refusal> {
    let (today, at, sender) = (today(call), call.errand.stamp(), newest::sender(call));
    let id = wanted.first().and_then(|w| w.disbursement_envelope_id.clone()).unwrap_or_default();
    if wanted.iter().any(|w| w.disbursement_envelope_id.as_deref() != Some(&id)) {
        let right = "message: write the same disbursement_envelope_id in every disbursement";
        return Err(Refusal::new("MULTIPLE_ENVELOPES_FOUND", right));
    }
    call.store().write(|tx| {
        let envelope = store::envelope(tx, &id)?.ok_or_else(|| Refusal::no_envelope(&id))?;
        fillable(&envelope, today)?;
        // Names of today's bridge are those of no other disbursement, whatever its envelope.
        let of = sender.is_none().then_some(envelope.number);
        let mut taken = store::mis_references(tx, of)?;
        let file =
            |wanted: &Wanted| named_once(wanted.filed(&envelope, sender.as_deref()), &mut taken);
        let filed: Vec<_> = wanted.iter().map(file).collect();
        if filed.iter().any(Result::is_err) {
            let message = wanted.iter().zip(&filed).map(|(wanted, filed)| refused(wanted, filed));
            return Err(Refusal {
                message: message.collect(),
                ..Refusal::new("INVALID_DISBURSEMENT_PAYLOAD", "see response_error_codes")
            });
        }
        let filed: Vec<Filed> = filed.into_iter().flatten().collect();
        let (count, minor) = store::received(tx, envelope.number)?;
        let sum = filed.iter().try_fold(minor, |sum, filed| sum.checked_add(filed.minor));
        if count.saturating_add(i64::try_from(filed.len()).unwrap_or(i64::MAX))
            > envelope.disbursements
        {
            let right = format!("the envelope declares {} disbursements", envelope.disbursements);
            return Err(Refusal::new("NO_OF_DISBURSEMENTS_EXCEEDS_DECLARED", right));
        }
        if sum.is_none_or(|sum| sum > envelope.minor) {
            let right = "the disbursements come to more than the envelope declares";
            return Err(Refusal::new("TOTAL_DISBURSEMENT_AMOUNT_EXCEEDS_DECLARED", right));
        }
        let mut message = Vec::new();
        for filed in filed {
            let filed = Filed { number: next_number(tx, "disbursement")?, at: at.clone(), ..filed };
            store::file_disbursement(tx, &filed)?;
            message.push(told(&filed, &envelope.currency));
        }
        Ok((Value::Array(message), envelope.number))
    })
}

/// A programme's own number stands for one disbursement of an envelope: who sends the same again is not paid again.
fn named_once(
    filed: Result<Filed, Vec<&'static str>>,
    taken: &mut BTreeSet<String>,
) -> Result<Filed, Vec<&'static str>> {
    let filed = filed?;
    if !filed.mis.is_empty() && !taken.insert(filed.mis.clone()) {
        return Err(vec!["DUPLICATE_DISBURSEMENT"]);
    }
    Ok(filed)
}

fn fillable(envelope: &Envelope, today: Date) -> Result<(), Refusal> {
    let id = envelope.id();
    if envelope.state == EnvelopeState::Cancelled {
        let sentence = format!("envelope {id} was cancelled");
        return Err(Refusal::new("ENVELOPE_ALREADY_CANCELLED", sentence));
    }
    if envelope.state == EnvelopeState::Open
        && envelope.day.parse::<Date>().is_ok_and(|day| day >= today)
    {
        return Ok(());
    }
    let sentence = format!("the day of envelope {id} has come");
    Err(Refusal::new("DISBURSEMENT_ENVELOPE_SCHEDULE_DATE_REACHED", sentence))
}

fn refused(wanted: &Wanted, filed: &Result<Filed, Vec<&'static str>>) -> Value {
    json!({"mis_reference_number": wanted.mis_reference_number,
        "disbursement_envelope_id": wanted.disbursement_envelope_id,
        "beneficiary_id": wanted.beneficiary_id, "beneficiary_name": wanted.beneficiary_name,
        "narrative": wanted.narrative,
        "response_error_codes": filed.as_ref().err().cloned().unwrap_or_default()})
}

/// A disbursement by its name; today's bridge has the programme's own.
pub(super) fn named(
    db: &rusqlite::Connection,
    id: &str,
    is_today: bool,
) -> rusqlite::Result<Option<Filed>> {
    if is_today { store::disbursement_called(db, id) } else { store::disbursement(db, id) }
}

async fn cancel(call: Call) -> HttpResponse {
    let outcome = async {
        let wanted: Vec<Wanted> = open(&call).await?;
        let is_today = newest::is_called(&call);
        call.store().write(|tx| {
            let mut message = Vec::new();
            for wanted in &wanted {
                let id = wanted.disbursement_id.as_deref().unwrap_or_default();
                let unknown = || {
                    Refusal::new(
                        "INVALID_DISBURSEMENT_ID",
                        format!("there is no disbursement {id}"),
                    )
                };
                let filed = named(tx, id, is_today)?.ok_or_else(unknown)?;
                if filed.is_cancelled {
                    let sentence = format!("disbursement {id} was cancelled");
                    return Err(Refusal::new("DISBURSEMENT_ALREADY_CANCELED", sentence));
                }
                let envelope = store::envelope(tx, &store::envelope_id(filed.envelope))?
                    .ok_or_else(|| Refusal::no_envelope(id))?;
                fillable(&envelope, today(&call))?;
                store::cancel_disbursement(tx, filed.number)?;
                message.push(told(&Filed { is_cancelled: true, ..filed }, &envelope.currency));
            }
            Ok::<_, Refusal>(Value::Array(message))
        })
    };
    let outcome = outcome.await;
    answered(&call, outcome)
}
