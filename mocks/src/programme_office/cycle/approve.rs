//! A cycle is opened, and two officers approve it: what one has validated the other approves.

use super::model::{CycleState, Refusal, Standing};
use super::store::{self, Cycle, Trouble};
use crate::kit::courier::Errand;
use serde_json::json;

use crate::programme_office::model::amounts::grouped;
use crate::programme_office::model::eligibility::World;
use crate::programme_office::model::programmes::BenefitKind;

/// Opens the cycle of a programme and month, with everybody who is enrolled, and gives its id: `OAP-2026-10`.
pub(super) fn open(errand: &Errand, programme: &str, month: &str) -> Result<String, Trouble> {
    let is_month = month.len() == 7 && format!("{month}-01").parse::<jiff::civil::Date>().is_ok();
    if !is_month {
        let sentence = format!("`{month}` is no month: write 2026-10");
        return Err(Refusal::Malformed(sentence).into());
    }
    let (amount_cents, currency) = benefit(errand, programme)?;
    let cycle = Cycle {
        id: format!("{programme}-{month}"),
        programme: programme.into(),
        month: month.into(),
        state: CycleState::Draft,
        amount_cents,
        currency,
        officers: Vec::new(),
        funds: String::from("PENDING_CHECK"),
        opened_at: errand.stamp(),
        reconciled: None,
    };
    let copied = errand.office.store.write(|tx| {
        if store::cycle(tx, &cycle.id)?.is_some() {
            return Err(Trouble::from(Refusal::Exists(cycle.id.clone())));
        }
        match store::open(tx, &cycle)? {
            0 => Err(Refusal::NobodyEnrolled(programme.into()).into()),
            copied => Ok(copied),
        }
    })?;
    let sentence = format!("{copied} enrolled members are copied into the cycle.");
    let facts = json!({"cycle": cycle.id, "members": copied, "amount_cents": amount_cents});
    errand.event("cycle draft", &sentence, &facts);
    Ok(cycle.id)
}

/// What everybody in the programme is paid. An amount that depends on facts about each person is not guessed.
fn benefit(errand: &Errand, programme: &str) -> Result<(i64, String), Trouble> {
    let unreadable = |e: String| Trouble::from(Refusal::Malformed(e));
    let programmes = crate::programme_office::store::programmes(&errand.office)
        .map_err(|e| unreadable(e.to_string()))?;
    let found = programmes.find(programme).map_err(|e| unreadable(e.to_string()))?;
    let benefit = found.benefit();
    let nobody = World {
        today: errand.office.room.clock.today(),
        facts: std::collections::BTreeMap::new(),
        programmes: std::collections::BTreeMap::new(),
    };
    let amount = benefit.amount_cents().filter(|_| benefit.kind == BenefitKind::Cash);
    let cents = amount.and_then(|amount| amount.cents(&nobody).ok());
    let cents = cents.ok_or_else(|| Refusal::AmountVaries(programme.into()))?;
    Ok((cents, programmes.currency().as_str().to_owned()))
}

/// An officer approves. Says whether this was the second approval, after which the money is paid.
pub(super) fn sign(errand: &Errand, id: &str, officer: &str) -> Result<bool, Trouble> {
    let officer = officer.trim();
    if officer.is_empty() || officer.chars().count() > 64 {
        return Err(Refusal::Malformed(String::from("officer: 1 to 64 characters")).into());
    }
    let (is_second, count, cycle) = errand.office.store.write(|tx| {
        let cycle =
            store::cycle(tx, id)?.ok_or_else(|| Trouble::from(Refusal::UnknownCycle(id.into())))?;
        if cycle.state != CycleState::ToApprove {
            let (is, right) = (cycle.state.text(), CycleState::ToApprove.text());
            return Err(Trouble::from(Refusal::NotNow { is, right }));
        }
        if cycle.officers.iter().any(|before| before == officer) {
            return Err(Refusal::SameOfficer(officer.into()).into());
        }
        let is_second = !cycle.officers.is_empty();
        store::sign(tx, id, is_second, officer)?;
        let step = if is_second {
            store::enter(tx, id, (CycleState::ToApprove, CycleState::Approved))?;
            (Standing::Validated, Standing::Approved)
        } else {
            (Standing::Entitled, Standing::Validated)
        };
        let count = store::move_all(tx, id, step)?;
        Ok((is_second, count, cycle))
    })?;
    let (state, rest) =
        if is_second { ("approved", "approved") } else { ("pending_validation", "validated") };
    let total = grouped(cycle.amount_cents * i64::try_from(count).unwrap_or(0));
    let sentence =
        format!("{officer}: {count} entitlements over {total} {} are {rest}.", cycle.currency);
    let facts = json!({"cycle": id, "officer": officer, "entitlements": count, "state": state});
    errand.event(&format!("entitlements {state}"), &sentence, &facts);
    Ok(is_second)
}
