//! The end of a cycle: what could not be paid becomes an open item that somebody owns, the beneficiary registry gets
//! receipts (DCI IBR 1.0.0, `/registry/sync/enrollment/updates`), and the statistics count. The grievance system is not part
//! of this office; until it is, the office keeps the open items itself.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use standards::dci::enrollment::{
    EnrolledUpdates, EnrollmentUpdatesRequest, EnrollmentUpdatesResponse,
};
use standards::dci::{Action, Status, TransactionId};

use super::mend::may_mend;
use super::model::{Refusal, Standing};
use super::pay::programmes;
use super::store::{self, Cycle, Payee, Trouble};
use crate::kit::courier::Errand;
use crate::kit::dci;
use crate::kit::store::next_number;
use crate::programme_office::model::amounts::{decimal, grouped};
use crate::programme_office::model::sources::BENEFICIARIES;
use crate::programme_office::work::counts;

/// One message carries so many receipts.
const MOST_RECEIPTS: usize = 500;

/// Opens an item for everybody who was not paid, owned by the office of their district.
pub(super) fn tickets(errand: &Errand, id: &str) -> Result<(), Trouble> {
    may_mend(errand, id)?;
    let cycle = store::known(&errand.office.store, id)?;
    let year = cycle.month.get(..4).unwrap_or_default();
    let opened = errand.office.store.write(|tx| {
        let unpaid = store::standing_so(tx, id, &Standing::UNPAID)?;
        for payee in &unpaid {
            let ticket = format!("{year}-{:06}", next_number(tx, "TICKET")?);
            let owner = format!("district office {}", payee.district);
            store::set_ticket(tx, (id, payee.place), (&ticket, &owner))?;
        }
        Ok::<_, Trouble>(unpaid)
    })?;
    let total = grouped(opened.iter().map(|payee| payee.amount_cents).sum());
    let sentence = format!(
        "{} open items over {total} {}, each owned by the office of the district.",
        opened.len(),
        cycle.currency
    );
    let why: Vec<&str> = opened.iter().map(|payee| payee.remark.as_str()).collect();
    errand.event("tickets opened", &sentence, &json!({"cycle": id, "reasons": why}));
    Ok(())
}

/// Tells the registries and the statistics what was paid. Telling twice changes nothing.
pub(super) async fn tell(errand: &Errand, id: &str) {
    let told = async {
        let cycle = store::known(&errand.office.store, id)?;
        let paid = errand.office.store.read(|db| store::standing_so(db, id, &[Standing::Paid]))?;
        for part in paid.chunks(MOST_RECEIPTS) {
            receipts(errand, &cycle, part).await?;
        }
        count(errand, &cycle, &paid).await
    };
    if let Err(trouble) = told.await {
        let sentence = Trouble::to_string(&trouble);
        errand.event("receipts wait", &sentence, &json!({"cycle": id}));
    }
}

async fn receipts(errand: &Errand, cycle: &Cycle, paid: &[Payee]) -> Result<(), Trouble> {
    let silent = |why: String| Trouble::Unanswered(format!("The beneficiary registry: {why}"));
    let programmes = programmes(errand)?;
    let programme = programmes
        .find(&cycle.programme)
        .map_err(|e| Trouble::from(Refusal::Malformed(e.to_string())))?;
    let today = errand.office.room.clock.today().to_string();
    // Whoever was paid and left since stays gone.
    let ended = errand
        .office
        .store
        .read(|db| crate::programme_office::store::endings(db, &cycle.programme))?;
    let receipt = |payee: &Payee| {
        let value = decimal(payee.amount_cents);
        json!({
            "receipt_type": "benefit",
            "assistance_unit": "1",
            "member": {"member_identifier":
                [{"identifier_type": "UIN", "identifier_value": payee.uin}]},
            "programme_identifier": [{
                "programme_identifier": programme.code(),
                "programme_name": programme.name("en"),
                "implementing_institution": "Arenoa Pension Office"}],
            "enrollment_status": ended.get(&payee.uin).map_or("1", String::as_str),
            "benefits": [{"benefit_type": "1", "benefit_date": today, "benefit_value": value,
                "benefit_description": format!("{value} {} for {}", cycle.currency, cycle.month),
                "benefit_quantity": 1}],
        })
    };
    let message = EnrollmentUpdatesRequest {
        transaction_id: TransactionId::from(errand.office.next_id("TXN")),
        enrolled_updates: EnrolledUpdates {
            beneficiaries: paid.iter().map(receipt).collect::<Vec<Value>>(),
        },
    };
    let path = "/registry/sync/enrollment/updates";
    let asked = dci::ask::<EnrollmentUpdatesResponse>(
        errand,
        BENEFICIARIES,
        path,
        Action::Notify,
        &message,
    );
    let answer = asked.await.map_err(|e| silent(e.to_string()))?;
    let results = &answer.message.enrolled_response;
    let refused = results.iter().filter(|r| r.status == Status::Rjct).count();
    let sentence = format!("{} receipts taken, {refused} refused.", results.len() - refused);
    errand.event("receipts told", &sentence, &json!({"cycle": cycle.id, "refused": refused}));
    Ok(())
}

/// Tells the statistics of a cycle in one message, by district: whom it found enrolled without an application, what was
/// paid, what failed on the way, and what became an open item.
async fn count(errand: &Errand, cycle: &Cycle, paid: &[Payee]) -> Result<(), Trouble> {
    let id = cycle.id.as_str();
    let (enrolled, failed, open) = errand.office.store.read(|db| {
        let enrolled = store::members_by_district(db, &cycle.programme)?;
        let open = store::standing_so(db, id, &[Standing::Ticket])?;
        Ok((enrolled, store::failures_by_district(db, id)?, open))
    })?;
    let event = |indicator: &str, of: &str, (district, (value, cents)): (&String, &(i64, i64))| {
        json!({"indicator": indicator, "programme": cycle.programme, "period": cycle.month,
            "district": counts::code_of(district), "value": value, "amount_cents": cents,
            "reference_id": format!("{of} {district}")})
    };
    let mut events = Vec::new();
    let members = format!("members {}", cycle.programme);
    for (indicator, of, districts) in [
        ("enrolled", members.as_str(), &enrolled),
        ("paid", id, &by_district(paid)),
        ("payment_failed", id, &failed),
        ("grievance", id, &by_district(&open)),
    ] {
        events.extend(districts.iter().map(|district| event(indicator, of, district)));
    }
    let told = counts::tell(errand, &events).await;
    told.map_err(|why| Trouble::Unanswered(format!("The statistics: {why}")))
}

/// How many live in each district, and what they are owed together.
fn by_district(payees: &[Payee]) -> BTreeMap<String, (i64, i64)> {
    let mut districts: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for payee in payees {
        let (count, cents) = districts.entry(payee.district.clone()).or_default();
        *count += 1;
        *cents += payee.amount_cents;
    }
    districts
}
