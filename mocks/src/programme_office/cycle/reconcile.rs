//! The bank's statement is held against what was instructed; a cycle that does not add up is not closed.

use serde_json::{Value, json};

use super::model::{CycleState, Instructed, Line, Reconciled, Refusal, Standing, Sums, Transfer};
use super::pay::{HUB, decide, payer, programmes};
use super::store::{self, Trouble};
use crate::kit::courier::{Errand, Letter};
use crate::programme_office::model::amounts::grouped;
use standards::money::{Currency, Money};

/// The hub shows a list in pages of so many payments.
const PAGE: i64 = 1000;

/// **D2** Does it add up? What was instructed is what was paid, failed, held and open; what left the account is what was
/// paid. The outcome is kept.
pub(super) async fn reconcile(errand: &Errand, id: &str) -> Result<Reconciled, Trouble> {
    let cycle = store::known(&errand.office.store, id)?;
    if !matches!(cycle.state, CycleState::Approved | CycleState::Distributed) {
        let (is, right) = (cycle.state.text(), CycleState::Distributed.text());
        return Err(Refusal::NotNow { is, right }.into());
    }
    let currency: Currency = cycle
        .currency
        .parse()
        .map_err(|_| Refusal::Malformed(format!("{} is no currency", cycle.currency)))?;
    let lines = statement(errand, currency).await?;
    let with_transfers = lines.iter().any(|line| line.reverses.is_some());
    let instructed = instructed(errand, id, (with_transfers, currency)).await?;
    let others = instructed_for_others(errand, id, (with_transfers, currency)).await?;
    let lines: Vec<Line> =
        lines.into_iter().filter(|line| instructed.has(line) || !others.has(line)).collect();
    take_back(errand, id, &lines, &instructed)?;
    let standings = errand.office.store.read(|db| store::standings(db, id))?;
    let reconciled = Reconciled::of(Sums::of(&standings), lines, &instructed);
    let kept = json!(reconciled).to_string();
    errand
        .office
        .store
        .write(|tx| Ok::<_, Trouble>(store::set_reconciled(tx, id, Some(&kept))?))?;
    let verdict = if reconciled.holds() { "pass" } else { "fail" };
    let rule = "instructed = paid + failed + held; statement - paid = 0";
    decide(errand, id, ("D2", "Does it add up", rule), (verdict, &reconciled.sentence()));
    Ok(reconciled)
}

/// Payments that the bank gave back are unpaid again, each once.
fn take_back(
    errand: &Errand,
    id: &str,
    lines: &[Line],
    instructed: &Instructed,
) -> Result<(), Trouble> {
    let at = errand.stamp();
    let back = errand.office.store.write(|tx| {
        let mut back = Vec::new();
        for line in lines {
            let Some(payment) = instructed.reversed_by(line) else { continue };
            if store::note_reversal(tx, (id, &payment.reference), (&line.what, &at))? {
                back.push((payment, line));
            }
        }
        if !back.is_empty() {
            store::set_reconciled(tx, id, None)?;
        }
        Ok::<_, Trouble>(back)
    })?;
    if back.is_empty() {
        return Ok(());
    }
    let total = grouped(back.iter().map(|(payment, _)| payment.minor).sum());
    let count = back.len();
    let sentence = format!("The bank gave {count} payments back, {total} in all: unpaid again.");
    let listed = back.iter().map(|(payment, line)| json!([payment.reference, line.what]));
    let facts = json!({"cycle": id, "count": count, "payments": listed.collect::<Vec<_>>()});
    errand.event("payments reversed", &sentence, &facts);
    Ok(())
}

/// What was instructed for a cycle, as the hub knows it: where the treasury set the funds of its lists aside, and where it is
/// asked for, every transfer.
async fn instructed(
    errand: &Errand,
    id: &str,
    (with_transfers, currency): (bool, Currency),
) -> Result<Instructed, Trouble> {
    let silent = |why: String| Trouble::Unanswered(format!("The payment hub: {why}"));
    let lists = errand.office.store.read(|db| store::lists(db, id))?;
    let mut instructed = Instructed::default();
    for list in &lists {
        let Some(hub_list) = &list.hub_list else { continue };
        let (size, last) =
            if with_transfers { (PAGE, (list.payments - 1).max(0) / PAGE + 1) } else { (1, 1) };
        for page in 1..=last {
            let path = format!("/lists/{hub_list}?size={size}&page={page}");
            let letter = Letter::get(HUB, path).route("/lists/{id}").correlation(id);
            let reply = errand.send(letter).await.map_err(|e| silent(e.to_string()))?;
            let card: Value = reply.json().map_err(|e| silent(e.to_string()))?;
            if page == 1 {
                instructed.blocks.extend(card["block"].as_str().map(str::to_owned));
            }
            let payments = card["payments"].as_array().into_iter().flatten();
            instructed.transfers.extend(payments.filter_map(|p| transfer(p, currency)));
        }
    }
    Ok(instructed)
}

/// What was instructed for all other cycles: every one is paid from the same account, and its lines are not this one's.
async fn instructed_for_others(
    errand: &Errand,
    id: &str,
    how: (bool, Currency),
) -> Result<Instructed, Trouble> {
    let cycles = errand.office.store.read(store::cycles)?;
    let mut all = Instructed::default();
    for cycle in cycles.iter().filter(|cycle| cycle.id != id) {
        let one = instructed(errand, &cycle.id, how).await?;
        all.blocks.extend(one.blocks);
        all.transfers.extend(one.transfers);
    }
    Ok(all)
}

fn transfer(payment: &Value, currency: Currency) -> Option<(String, Transfer)> {
    let text = |name: &str| payment[name].as_str();
    let money = Money::from_decimal(text("amount")?, currency).ok()?;
    let transfer = Transfer { reference: text("reference")?.into(), minor: money.minor };
    Some((text("transfer_id")?.into(), transfer))
}

/// The statement of the account that cycles are paid from.
async fn statement(errand: &Errand, currency: Currency) -> Result<Vec<Line>, Trouble> {
    let silent = |why: String| Trouble::Unanswered(format!("The treasury: {why}"));
    let (bank, account) = payer(&*programmes(errand)?)?;
    let letter = Letter::get(&bank, format!("/accounts/{account}")).route("/accounts/{id}");
    let reply = errand.send(letter).await.map_err(|e| silent(e.to_string()))?;
    let card: Value = reply.json().map_err(|e| silent(e.to_string()))?;
    let lines = card["lines"].as_array().ok_or_else(|| silent("it sent no statement".into()))?;
    let read = |line: &Value| {
        let text = |name: &str| line[name].as_str().unwrap_or_default().to_owned();
        let amount = text("amount");
        // A debit is written with a minus sign.
        let (sign, digits) = match amount.strip_prefix('-') {
            Some(digits) => (-1, digits),
            None => (1, amount.as_str()),
        };
        let money = Money::from_decimal(digits, currency)
            .map_err(|e| silent(format!("a line of {amount}: {e}")))?;
        let (at, reference, what) = (text("at"), text("reference"), text("what"));
        let reverses = line["reverses"].as_str().map(str::to_owned);
        Ok(Line { at, reference, what, minor: sign * money.minor, reverses })
    };
    lines.iter().map(read).collect()
}

/// Closes a cycle that adds up, and in which everybody who was not paid has an owner.
pub(super) fn close(errand: &Errand, id: &str) -> Result<(), Trouble> {
    let refuse = |sentence: &str| Trouble::from(Refusal::NotReconciled(sentence.into()));
    let cycle = store::known(&errand.office.store, id)?;
    let kept = cycle.reconciled.ok_or_else(|| {
        refuse("hold the bank's statement against the cycle first: POST /cycles/{id}/reconcile")
    })?;
    let kept: Value = serde_json::from_str(&kept).unwrap_or_default();
    let odd = kept["unmatched"].as_array().map_or(0, Vec::len);
    match odd {
        0 => {}
        1 => {
            return Err(refuse("1 line of the bank's statement is nobody's; find out whose it is"));
        }
        odd => {
            let sentence = format!(
                "{odd} lines of the bank's statement are nobody's; find out whose they are"
            );
            return Err(refuse(&sentence));
        }
    }
    if kept["difference_minor"] != 0 {
        return Err(refuse("the statement and the payments differ; find the difference"));
    }
    errand.office.store.write(|tx| {
        let mut unpaid = Standing::UNPAID.to_vec();
        unpaid.extend([Standing::Issued, Standing::Sent]);
        let open = store::standing_so(tx, id, &unpaid)?.len();
        if open > 0 {
            let sentence = format!(
                "{open} people were not paid and nobody owns that; mend the cycle, then finish it"
            );
            return Err(refuse(&sentence));
        }
        store::enter(tx, id, (CycleState::Distributed, CycleState::Ended))
    })?;
    errand.event("cycle ended", "The cycle is closed.", &json!({"cycle": id}));
    Ok(())
}
