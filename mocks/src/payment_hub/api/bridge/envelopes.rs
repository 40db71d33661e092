//! `POST /create_disbursement_envelope`, `/create_disbursement_envelopes` (today's), `/amend_disbursement_envelope`, `/cancel_disbursement_envelope` of the bridge.

use actix_web::HttpResponse;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::money::Currency;

use super::{Refusal, answered, newest, open, says, ship};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::kit::store::next_number;
use crate::payment_hub::api::wish::money_of;
use crate::payment_hub::pipeline::{CURRENCY, MOST_PAYMENTS};
use crate::payment_hub::store::{self, Envelope, EnvelopeState};

/// How often a programme pays.
const FREQUENCIES: [&str; 9] = [
    "Daily",
    "Weekly",
    "Fortnightly",
    "Monthly",
    "BiMonthly",
    "Quarterly",
    "SemiAnnually",
    "Annually",
    "OnDemand",
];

pub(super) fn routes(routes: &mut Routes) {
    let envelope = json!({
        "benefit_program_mnemonic": "OAP", "disbursement_frequency": "Monthly", "cycle_code_mnemonic": "2026-11",
        "number_of_beneficiaries": 1, "number_of_disbursements": 1, "total_disbursement_amount": 60,
        "disbursement_currency_code": "XTS", "disbursement_schedule_date": "2026-12-01",
    });
    let amended = json!({"disbursement_envelope_id": "ENV-000001", "disbursement_schedule_date": "2026-12-02"});
    let named = json!({"disbursement_envelope_id": "ENV-000001"});
    let today = json!([{
        "benefit_program_id": 1, "benefit_program_mnemonic": "OAP", "target_registry": "farmer", "benefit_code_id": 1,
        "benefit_type": "CASH_DIGITAL", "disbursement_frequency": "Monthly", "cycle_code_mnemonic": "2026-11",
        "number_of_beneficiaries": 1, "number_of_disbursements": 1, "total_disbursement_quantity": 60,
        "measurement_unit": "XTS", "disbursement_schedule_date": "2026-12-01",
    }]);
    routes
        .post(
            "/create_disbursement_envelopes",
            create_all,
            newest::says::<Vec<Declared>>("Declares envelopes, all or none", &today),
        )
        .post(
            "/create_disbursement_envelope",
            create,
            says::<Declared>("Declares an envelope", "create_disbursement_envelope", &envelope),
        )
        .post(
            "/amend_disbursement_envelope",
            amend,
            says::<Declared>("Changes an envelope", "amend_disbursement_envelope", &amended),
        )
        .post(
            "/cancel_disbursement_envelope",
            cancel,
            says::<Declared>("Cancels an envelope", "cancel_disbursement_envelope", &named),
        );
}

/// What an envelope declares; everything is optional, so that each gap has its own code.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default)]
pub(super) struct Declared {
    disbursement_envelope_id: Option<String>,
    pub(super) benefit_program_mnemonic: Option<String>,
    disbursement_frequency: Option<String>,
    cycle_code_mnemonic: Option<String>,
    number_of_beneficiaries: Option<i64>,
    number_of_disbursements: Option<i64>,
    total_disbursement_amount: Value,
    pub(super) disbursement_currency_code: Option<String>,
    pub(super) disbursement_schedule_date: Option<String>,
    /// These and what follows are of today's bridge.
    pub(super) benefit_program_id: Value,
    pub(super) benefit_code_id: Value,
    pub(super) target_registry: Option<String>,
    pub(super) benefit_type: Option<String>,
}

/// The sandbox's day.
pub(super) fn today(call: &Call) -> Date {
    call.errand.now().to_zoned(TimeZone::UTC).date()
}

impl Declared {
    /// The envelope that is declared, with what `old` has where nothing is said.
    fn envelope(self, old: Envelope, today: Date) -> Result<Envelope, Refusal> {
        let wrong = |code, right: &str| Refusal::new(code, right);
        let text = |said: Option<String>, old: String| said.unwrap_or(old).trim().to_owned();
        let mut new = Envelope {
            programme: text(self.benefit_program_mnemonic, old.programme),
            frequency: text(self.disbursement_frequency, old.frequency),
            cycle: text(self.cycle_code_mnemonic, old.cycle),
            beneficiaries: self.number_of_beneficiaries.unwrap_or(old.beneficiaries),
            disbursements: self.number_of_disbursements.unwrap_or(old.disbursements),
            currency: text(self.disbursement_currency_code, old.currency),
            day: text(self.disbursement_schedule_date, old.day),
            ..old
        };
        if new.programme.is_empty() {
            return Err(wrong("INVALID_PROGRAM_MNEMONIC", "benefit_program_mnemonic: write OAP"));
        }
        if !FREQUENCIES.contains(&new.frequency.as_str()) {
            let right = format!("disbursement_frequency: write one of {}", FREQUENCIES.join(", "));
            return Err(Refusal::new("INVALID_DISBURSEMENT_FREQUENCY", right));
        }
        if new.cycle.is_empty() {
            return Err(wrong("INVALID_CYCLE_CODE_MNEMONIC", "cycle_code_mnemonic: write 2026-10"));
        }
        if new.beneficiaries < 1 {
            return Err(wrong(
                "INVALID_NO_OF_BENEFICIARIES",
                "number_of_beneficiaries: write 1 or more",
            ));
        }
        let most = i64::try_from(MOST_PAYMENTS).unwrap_or(i64::MAX);
        if !(1..=most).contains(&new.disbursements) {
            let right = format!("number_of_disbursements: write 1 to {most}");
            return Err(Refusal::new("INVALID_NO_OF_DISBURSEMENTS", right));
        }
        let currency: Currency = match new.currency.parse() {
            Ok(currency) if new.currency == CURRENCY => currency,
            _ => {
                let right = format!("disbursement_currency_code: write {CURRENCY}");
                return Err(Refusal::new("INVALID_DISBURSEMENT_CURRENCY_CODE", right));
            }
        };
        if !(self.total_disbursement_amount.is_null() && new.minor > 0) {
            let total = money_of(&self.total_disbursement_amount, currency);
            new.minor = total
                .map_err(|why| {
                    let right = format!("total_disbursement_amount: {why}");
                    Refusal::new("INVALID_TOTAL_DISBURSEMENT_AMOUNT", right)
                })?
                .minor;
        }
        match new.day.parse::<Date>() {
            Ok(day) if day >= today => Ok(new),
            _ => {
                let right = format!("disbursement_schedule_date: write {today} or a later day");
                Err(Refusal::new("INVALID_DISBURSEMENT_SCHEDULE_DATE", right))
            }
        }
    }
}

fn told(envelope: &Envelope) -> Value {
    let total = envelope.money().and_then(|money| money.to_json().ok());
    json!({"id": envelope.id(), "disbursement_envelope_id": envelope.id(),
        "benefit_program_mnemonic": envelope.programme,
        "disbursement_frequency": envelope.frequency, "cycle_code_mnemonic": envelope.cycle,
        "number_of_beneficiaries": envelope.beneficiaries,
        "number_of_disbursements": envelope.disbursements, "total_disbursement_amount": total,
        "disbursement_currency_code": envelope.currency,
        "disbursement_schedule_date": envelope.day})
}

/// The envelope of a request; today's bridge has it in a list.
async fn one(call: &Call) -> Result<Declared, Refusal> {
    if newest::is_called(call) { newest::only(open(call).await?) } else { open(call).await }
}

/// What is told of one envelope, in the form of the request.
fn told_in_form(call: &Call, envelope: &Envelope) -> Value {
    let told = told(envelope);
    if newest::is_called(call) { json!([told]) } else { told }
}

fn keep(call: &Call, tx: &rusqlite::Connection, new: Envelope) -> Result<Envelope, Refusal> {
    let new = Envelope { number: next_number(tx, "envelope")?, ..new };
    let new = Envelope { cause: call.errand.cause.to_text(), ..new };
    store::keep_envelope(tx, &new)?;
    Ok(new)
}

async fn create(call: Call) -> HttpResponse {
    let outcome = async {
        let declared = one(&call).await?;
        let new = declared.envelope(Envelope::default(), today(&call))?;
        call.store().write(|tx| Ok::<_, Refusal>(told_in_form(&call, &keep(&call, tx, new)?)))
    };
    let outcome = outcome.await;
    answered(&call, outcome)
}

async fn create_all(call: Call) -> HttpResponse {
    let outcome = async {
        let declared: Vec<Declared> = open(&call).await?;
        if declared.is_empty() {
            let right = "request_payload: write an envelope";
            return Err(Refusal::new("REQUEST_VALIDATION_ERROR", right));
        }
        let today = today(&call);
        let new = declared.into_iter().map(|declared| {
            newest::whole(declared, &call, today)?.envelope(Envelope::default(), today)
        });
        let new = new.collect::<Result<Vec<_>, _>>()?;
        call.store().write(|tx| {
            let kept = new.into_iter().map(|new| Ok(told(&keep(&call, tx, new)?)));
            kept.collect::<Result<Value, Refusal>>()
        })
    };
    let outcome = outcome.await;
    answered(&call, outcome)
}

/// The envelope of a request, where it can still be changed.
fn changeable(
    tx: &rusqlite::Connection,
    id: Option<&str>,
    today: Date,
) -> Result<Envelope, Refusal> {
    let missing =
        || Refusal::new("INVALID_DISBURSEMENT_ENVELOPE_ID", "disbursement_envelope_id is missing");
    let id = id.ok_or_else(missing)?;
    let envelope = store::envelope(tx, id)?.ok_or_else(|| Refusal::no_envelope(id))?;
    match envelope.state {
        EnvelopeState::Cancelled => {
            let sentence = format!("envelope {id} was cancelled");
            Err(Refusal::new("DISBURSEMENT_ENVELOPE_ALREADY_CANCELED", sentence))
        }
        EnvelopeState::Open if envelope.day.parse::<Date>().is_ok_and(|day| day >= today) => {
            Ok(envelope)
        }
        _ => {
            let sentence = format!("the day of envelope {id} has come");
            Err(Refusal::new("DISBURSEMENT_ENVELOPE_DATE_PASSED", sentence))
        }
    }
}

async fn amend(call: Call) -> HttpResponse {
    let outcome = async {
        let declared = one(&call).await?;
        let today = today(&call);
        let amended = call.store().write(|tx| {
            let old = changeable(tx, declared.disbursement_envelope_id.as_deref(), today)?;
            let new = declared.envelope(old, today)?;
            let (count, minor) = store::received(tx, new.number)?;
            if count > new.disbursements {
                let right = format!("number_of_disbursements: {count} are here already");
                return Err(Refusal::new("NO_OF_DISBURSEMENTS_EXCEEDS_DECLARED", right));
            }
            if minor > new.minor {
                let right = "total_disbursement_amount: more is here already";
                return Err(Refusal::new("TOTAL_DISBURSEMENT_AMOUNT_EXCEEDS_DECLARED", right));
            }
            store::amend_envelope(tx, &new)?;
            Ok::<_, Refusal>(new)
        })?;
        ship::when_due(&call, amended.number);
        Ok(told_in_form(&call, &amended))
    };
    let outcome = outcome.await;
    answered(&call, outcome)
}

async fn cancel(call: Call) -> HttpResponse {
    let outcome = async {
        let asked = one(&call).await?;
        let today = today(&call);
        call.store().write(|tx| {
            let envelope = changeable(tx, asked.disbursement_envelope_id.as_deref(), today)?;
            let step = (EnvelopeState::Open, EnvelopeState::Cancelled);
            store::step_envelope(tx, envelope.number, step)?;
            Ok::<_, Refusal>(told_in_form(&call, &envelope))
        })
    };
    let outcome = outcome.await;
    answered(&call, outcome)
}
