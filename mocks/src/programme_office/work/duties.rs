//! What an enrolment obliges the office to do, each duty once: find the account, subscribe to the person's death, report
//! the enrolment, pay; and after the payment tell the person, report the benefit, count.
//!
//! A duty that fails stays open and is done on `resume` or after a restart; the others go on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use standards::dci::enrollment::{
    EnrolledUpdates, EnrollmentUpdatesRequest, EnrollmentUpdatesResponse,
};
use standards::dci::search::QueryType;
use standards::dci::subscribe::{SubscribeCriteria, SubscribeItem, SubscribeRequest};
use standards::dci::{Action, Status, TransactionId};

use super::accounts;
use super::counts::{self, Happened};
use super::letters::{self, News};
use super::outcome::tell;
use crate::kit::courier::Errand;
use crate::kit::dci;
use crate::programme_office::model::amounts::decimal;
use crate::programme_office::model::application::Application;
use crate::programme_office::model::enrolment::Membership;
use crate::programme_office::model::payment::{Payment, PaymentState};
use crate::programme_office::model::programmes::Programmes;
use crate::programme_office::model::sources::{BENEFICIARIES, CIVIL};
use crate::programme_office::store::{self, Trouble};

/// The duties that an enrolled application has, by the names under which they are ticked off.
pub(in crate::programme_office) const ALL: [&str; 7] =
    ["account", "subscription", "enrolment", "disbursement", "news", "benefit", "statistics"];

/// Why a duty stays open.
pub(in crate::programme_office) type Open = String;

/// Who is at what, so that nothing is done twice at the same time.
#[derive(Debug, Default)]
struct Turns(Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<()>>>>);

/// The right to do something; it ends when dropped.
#[derive(Debug)]
pub(in crate::programme_office) struct Turn {
    turns: Arc<Turns>,
    what: String,
    _held: tokio::sync::OwnedMutexGuard<()>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut all = self.turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        // The map and the turn itself hold it; whoever waits holds it too.
        if all.get(&self.what).is_some_and(|lock| Arc::strong_count(lock) <= 2) {
            all.remove(&self.what);
        }
    }
}

/// Waits for the turn to do `what`: whoever comes second finds done what the first did.
pub(in crate::programme_office) async fn turn(errand: &Errand, what: &str) -> Turn {
    let turns = errand.office.memory.of::<Turns>();
    let lock = {
        let mut all = turns.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(all.entry(what.to_owned()).or_default())
    };
    let held = lock.lock_owned().await;
    Turn { turns, what: what.into(), _held: held }
}

/// One enrolled application with what its duties need.
pub(in crate::programme_office) struct Desk<'a> {
    pub(in crate::programme_office) errand: &'a Errand,
    pub(in crate::programme_office) programmes: Arc<Programmes>,
    pub(in crate::programme_office) application: Application,
    pub(in crate::programme_office) uin: String,
}

impl<'a> Desk<'a> {
    /// None where the application is not enrolled.
    fn open(errand: &'a Errand, id: &str) -> Result<Option<Self>, Trouble> {
        let application = store::application(&errand.office.store, id)?;
        let programmes = store::programmes(&errand.office)?;
        let enrolled = application.membership == Membership::Enrolled;
        let uin = application.uin.clone().filter(|_| enrolled);
        Ok(uin.map(|uin| Self { errand, programmes, application, uin }))
    }

    fn payment(&self) -> Result<Option<Payment>, Trouble> {
        Ok(store::payments(&self.errand.office.store, &self.application.id)?.pop())
    }

    fn is_open(&self, duty: &str) -> Result<bool, Trouble> {
        Ok(!store::is_done(&self.errand.office.store, &self.application.id, duty)?)
    }

    /// Ticks a duty off, or shows why it stays open.
    fn tick(&self, duty: &str, done: Result<(), Open>) -> Result<(), Trouble> {
        match done {
            Ok(()) => {
                let at = self.errand.stamp();
                Ok(store::mark_done(&self.errand.office.store, &self.application.id, duty, &at)?)
            }
            Err(why) => {
                let body = json!({"application": self.application.id, "duty": duty});
                self.errand.event(&format!("waiting {duty}"), &why, &body);
                Ok(())
            }
        }
    }
}

/// What follows an enrolment.
pub(in crate::programme_office) async fn after_enrolment(
    errand: &Errand,
    id: &str,
) -> Result<(), Trouble> {
    let Some(desk) = Desk::open(errand, id)? else { return Ok(()) };
    if desk.is_open("account")? {
        let found = match desk.payment()? {
            Some(payment) => accounts::find(&desk, &payment).await,
            None => Ok(()),
        };
        desk.tick("account", found)?;
    }
    if desk.is_open("subscription")? {
        desk.tick("subscription", subscribe(&desk).await)?;
    }
    if desk.is_open("enrolment")? {
        desk.tick("enrolment", report(&desk, None).await)?;
    }
    // Who was paused or left in the meantime is sent nothing.
    let Some(desk) = Desk::open(errand, id)? else { return Ok(()) };
    if desk.is_open("disbursement")? {
        let sent = match desk.payment()? {
            Some(payment) => accounts::disburse(&desk, &payment).await,
            None => Ok(()),
        };
        desk.tick("disbursement", sent)?;
    }
    // Where money is under way, its end is told with the rest.
    if desk.payment()?.is_none_or(|payment| payment.state.may_be_sent()) {
        counts::mention(errand, &desk.application, &[Happened::Enrolled]).await;
    }
    Ok(())
}

/// What follows a payment that arrived.
pub(in crate::programme_office) async fn after_payment(
    errand: &Errand,
    id: &str,
) -> Result<(), Trouble> {
    let _turn = turn(errand, &format!("paid {id}")).await;
    let Some(desk) = Desk::open(errand, id)? else { return Ok(()) };
    let Some(payment) = desk.payment()?.filter(|p| p.state == PaymentState::Paid) else {
        return Ok(());
    };
    if desk.is_open("news")? {
        let text = letters::write(&desk.programmes, &desk.application, News::Paid(&payment));
        tell(errand, &desk.application, &text).await;
        desk.tick("news", Ok(()))?;
    }
    if desk.is_open("benefit")? {
        desk.tick("benefit", report(&desk, Some(&payment)).await)?;
    }
    if desk.is_open("statistics")? {
        let happened = [Happened::Enrolled, Happened::Paid(&payment)];
        let told = counts::tell_of(errand, &desk.application, &happened).await;
        desk.tick("statistics", told)?;
    }
    Ok(())
}

/// Asks the civil registry to tell of the person's death, so that nobody has to look every month.
async fn subscribe(desk: &Desk<'_>) -> Result<(), Open> {
    let transaction = desk.errand.office.next_id("TXN");
    let message = SubscribeRequest {
        transaction_id: TransactionId::from(transaction.as_str()),
        subscribe_request: vec![SubscribeItem {
            reference_id: desk.errand.office.next_id("REF"),
            timestamp: desk.errand.stamp().into(),
            subscribe_criteria: SubscribeCriteria {
                version: Some("1.0.0".into()),
                reg_type: Some("ns:org:RegistryType:Civil".into()),
                reg_event_type: Some("Death".into()),
                frequency: None,
                filter_type: Some(QueryType::IdtypeValue),
                filter: Some(json!({"type": "UIN", "value": desk.uin})),
                notify_record_type: Some("spdci-extensions-dci:Person".into()),
                authorize: None,
            },
            locale: Some("eng".into()),
        }],
    };
    let at = desk.errand.stamp();
    let archive = &desk.errand.office.store;
    store::keep_subscription(archive, &transaction, &desk.application.id, "Death", &at)
        .map_err(|e| e.to_string())?;
    let path = "/registry/subscribe";
    let asked = dci::submit(desk.errand, CIVIL, path, Action::Subscribe, &message).await;
    asked.map(drop).map_err(|e| e.to_string())
}

/// Tells the beneficiary registry of the enrolment, or of a benefit that was paid.
async fn report(desk: &Desk<'_>, paid: Option<&Payment>) -> Result<(), Open> {
    let message = EnrollmentUpdatesRequest {
        transaction_id: TransactionId::from(desk.errand.office.next_id("TXN")),
        enrolled_updates: EnrolledUpdates { beneficiaries: vec![beneficiary(desk, paid)?] },
    };
    let path = "/registry/sync/enrollment/updates";
    let asked = dci::ask::<EnrollmentUpdatesResponse>(
        desk.errand,
        BENEFICIARIES,
        path,
        Action::Notify,
        &message,
    );
    let answer = asked.await.map_err(|e| e.to_string())?;
    match answer.message.enrolled_response.first() {
        Some(result) if result.status == Status::Rjct => {
            Err(result.status_reason_message.clone().unwrap_or_else(|| "it was rejected".into()))
        }
        _ => Ok(()),
    }
}

/// DCI `Beneficiary`: status 1 is Active, benefit type 1 is cash, assistance unit 1 is a person.
fn beneficiary(desk: &Desk<'_>, paid: Option<&Payment>) -> Result<Value, Open> {
    let application = &desk.application;
    let programme = desk.programmes.find(&application.programme).map_err(|e| e.to_string())?;
    let today = desk.errand.office.room.clock.today().to_string();
    let identifier = json!([{"identifier_type": "UIN", "identifier_value": desk.uin}]);
    let benefits: Vec<Value> = paid
        .map(|p| {
            json!({"benefit_type": "1", "benefit_date": today, "benefit_value": decimal(p.amount_cents),
                "benefit_description": format!("{} {} for {}", decimal(p.amount_cents), p.currency, p.cycle),
                "benefit_quantity": 1})
        })
        .into_iter()
        .collect();
    Ok(json!({
        "receipt_type": if paid.is_some() { "benefit" } else { "enrollment" },
        "assistance_unit": "1",
        "member": {"member_identifier": identifier, "demographic_info": {
            "identifier": identifier,
            "birth_date": application.facts.text("birth_date"),
            "sex": application.facts.text("sex")}},
        "programme_identifier": [{
            "programme_identifier": programme.code(),
            "programme_name": programme.name("en"),
            "implementing_institution": "Arenoa Pension Office"}],
        "enrollment_date": application.applied_at.get(..10),
        "enrollment_status": "1",
        "status_change_date": [today],
        "benefits": benefits,
    }))
}
