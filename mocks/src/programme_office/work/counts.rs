//! What the statistics are told. Each thing that happens has a reference, so that it is counted once however often it is
//! told. An application is told of, as received and with what came of it, where it ends or waits for somebody; one whose
//! money is under way, when the money has come or failed. A cycle is told of in one message.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::kit::courier::{Errand, Letter, Undelivered};
use crate::kit::seed::places::District;
use crate::programme_office::model::application::{Application, Stage};
use crate::programme_office::model::eligibility::age_years;
use crate::programme_office::model::enrolment::Membership;
use crate::programme_office::model::payment::Payment;
use crate::programme_office::model::programmes::cycle_of;

/// What can happen to an application. The names are the indicators of the statistics.
#[derive(Debug, Clone, Copy)]
pub(in crate::programme_office) enum Happened<'a> {
    Applied,
    Enrolled,
    NotEligible,
    Exited,
    Paid(&'a Payment),
    PaymentFailed(&'a Payment),
}

/// Tells what happened to an application: that it was received, and the rest.
pub(in crate::programme_office) async fn tell_of(
    errand: &Errand,
    application: &Application,
    happened: &[Happened<'_>],
) -> Result<(), String> {
    let today = errand.office.room.clock.today();
    let all = std::iter::once(&Happened::Applied).chain(happened);
    let events: Vec<Value> = all.map(|one| event(application, *one, today)).collect();
    tell(errand, &events).await
}

/// Tells of an application without a duty to do it again: where nobody takes it, the journal says so.
pub(in crate::programme_office) async fn mention(
    errand: &Errand,
    application: &Application,
    happened: &[Happened<'_>],
) {
    if let Err(why) = tell_of(errand, application, happened).await {
        let body = json!({"application": application.id, "duty": "statistics"});
        errand.event("waiting statistics", &why, &body);
    }
}

/// Tells where an application stands that is not enrolled.
pub(in crate::programme_office) async fn mention_outcome(errand: &Errand, now: &Application) {
    let happened: &[Happened<'_>] = match (now.stage, now.membership) {
        (Stage::Decided, Membership::NotEligible | Membership::Duplicated) => {
            &[Happened::NotEligible]
        }
        (Stage::Decided, _) => return,
        _ => &[],
    };
    mention(errand, now, happened).await;
}

/// Sends events. A cast without statistics counts nothing.
pub(in crate::programme_office) async fn tell(
    errand: &Errand,
    events: &[Value],
) -> Result<(), String> {
    if events.is_empty() {
        return Ok(());
    }
    match errand.send(Letter::post("statistics", "/events").json(&events)).await {
        Ok(reply) if reply.is_success() => Ok(()),
        Err(Undelivered::NoSuchPart(_)) => Ok(()),
        Ok(reply) => Err(format!("statistics answered {}", reply.status)),
        Err(error) => Err(error.to_string()),
    }
}

/// Programme, month, place, sex and age group, and no name.
fn event(application: &Application, happened: Happened<'_>, today: Date) -> Value {
    let (indicator, payment) = match happened {
        Happened::Applied => ("applied", None),
        Happened::Enrolled => ("enrolled", None),
        Happened::NotEligible => ("not_eligible", None),
        Happened::Exited => ("exited", None),
        Happened::Paid(payment) => ("paid", Some(payment)),
        Happened::PaymentFailed(payment) => ("payment_failed", Some(payment)),
    };
    let facts = &application.facts;
    json!({
        "indicator": indicator,
        "programme": application.programme,
        "period": payment.map_or_else(|| cycle_of(today), |payment| payment.cycle.clone()),
        "region": facts.text("region"),
        "district": facts.text("district"),
        "sex": facts.text("sex"),
        "age_group": facts.date("birth_date").map(|born| age_group(born, today)),
        "value": 1,
        "amount_cents": payment.map_or(0, |payment| payment.amount_cents),
        "reference_id": payment.map_or(&application.id, |payment| &payment.reference_id),
    })
}

/// The code of a district: members who never applied are kept with its name.
pub(in crate::programme_office) fn code_of(district: &str) -> String {
    let named = District::all().find(|known| known.name() == district);
    named.map_or_else(|| district.to_owned(), District::code)
}

/// Five years wide: `65-69`.
fn age_group(born: Date, today: Date) -> String {
    let from = age_years(born, today) / 5 * 5;
    format!("{from}-{}", from + 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn age_groups_are_five_years_wide() {
        assert_eq!(age_group(date(1959, 2, 11), date(2026, 10, 1)), "65-69");
        assert_eq!(age_group(date(1956, 2, 11), date(2026, 10, 1)), "70-74");
    }
}
