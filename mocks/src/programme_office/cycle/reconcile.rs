//! The bank's statement is held against what was instructed; a cycle that does not add up is not closed.

use serde_json::{Value, json};

use super::model::{CycleState, Line, Reconciled, Refusal, Standing, Sums};
use super::pay::{HUB, decide, payer, programmes};
use super::store::{self, Trouble};
use crate::kit::courier::{Errand, Letter};
use standards::money::{Currency, Money};

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
    let blocks = blocks(errand, id).await?;
    let lines = statement(errand, currency).await?;
    let standings = errand.office.store.read(|db| store::standings(db, id))?;
    let reconciled = Reconciled::of(Sums::of(&standings), lines, &blocks);
    let kept = json!(reconciled).to_string();
    errand.office.store.write(|tx| Ok::<_, Trouble>(store::set_reconciled(tx, id, &kept)?))?;
    let verdict = if reconciled.holds() { "pass" } else { "fail" };
    let rule = "instructed = paid + failed + held; statement - paid = 0";
    decide(errand, ("D2", "Does it add up", rule), (verdict, &reconciled.sentence()));
    Ok(reconciled)
}

/// Where the treasury set the funds of a cycle's lists aside, as the hub knows it.
async fn blocks(errand: &Errand, id: &str) -> Result<Vec<String>, Trouble> {
    let silent = |why: String| Trouble::Unanswered(format!("The payment hub: {why}"));
    let lists = errand.office.store.read(|db| store::lists(db, id))?;
    let mut blocks = Vec::new();
    for hub_list in lists.iter().filter_map(|list| list.hub_list.as_ref()) {
        let path = format!("/lists/{hub_list}?size=1");
        let letter = Letter::get(HUB, path).route("/lists/{id}").correlation(id);
        let reply = errand.send(letter).await.map_err(|e| silent(e.to_string()))?;
        let card: Value = reply.json().map_err(|e| silent(e.to_string()))?;
        blocks.extend(card["block"].as_str().map(str::to_owned));
    }
    Ok(blocks)
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
        Ok(Line { at, reference, what, minor: sign * money.minor })
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
    if odd > 0 {
        let sentence =
            format!("{odd} lines of the bank's statement are nobody's; find out whose they are");
        return Err(refuse(&sentence));
    }
    if kept["difference_minor"] != 0 {
        return Err(refuse("the statement and the payments differ; find the difference"));
    }
    errand.office.store.write(|tx| {
        let unpaid = [Standing::Failed, Standing::Held, Standing::Issued, Standing::Sent];
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
