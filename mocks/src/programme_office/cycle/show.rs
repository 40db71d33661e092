//! A cycle as it is shown: counts and sums, everybody in it, and the reconciliation report as a table.

use serde_json::{Value, json};

use super::model::{Standing, Sums};
use super::store::{self, Cycle, Payee, Trouble};
use crate::kit::courier::Errand;
use crate::programme_office::model::amounts::decimal;

/// All cycles, each with its sums.
pub(super) fn all(errand: &Errand) -> Result<Value, Trouble> {
    let cycles = errand.office.store.read(store::cycles)?;
    let cards: Result<Vec<Value>, Trouble> = cycles.iter().map(|c| card(errand, c)).collect();
    Ok(json!({"cycles": cards?}))
}

/// One cycle, with its lists.
pub(super) fn one(errand: &Errand, id: &str) -> Result<Value, Trouble> {
    let cycle = store::known(&errand.office.store, id)?;
    let mut shown = card(errand, &cycle)?;
    let (lists, codes) =
        errand.office.store.read(|db| Ok((store::lists(db, id)?, store::codes(db, id)?)))?;
    let lists = lists.iter().map(|list| {
        json!({"transaction_id": list.transaction_id, "attempt": list.attempt,
            "payments": list.payments, "total": decimal(list.total_cents), "state": list.state,
            "hub_list": list.hub_list})
    });
    shown["lists"] = lists.collect();
    let codes = codes.iter().map(|(code, count)| (code.to_string(), json!(count)));
    shown["codes"] = Value::Object(codes.collect());
    let reconciled = cycle.reconciled.as_deref().and_then(|text| serde_json::from_str(text).ok());
    shown["reconciled"] = reconciled.unwrap_or(Value::Null);
    Ok(shown)
}

fn card(errand: &Errand, cycle: &Cycle) -> Result<Value, Trouble> {
    let standings = errand.office.store.read(|db| store::standings(db, &cycle.id))?;
    let sums = Sums::of(&standings);
    let members: i64 = standings.iter().map(|(_, count, _)| count).sum();
    let by_standing = standings.iter().map(|(standing, count, minor)| {
        (standing.text().to_owned(), json!({"count": count, "sum": decimal(*minor)}))
    });
    Ok(json!({
        "cycle": cycle.id,
        "programme": cycle.programme,
        "month": cycle.month,
        "state": cycle.state.text(),
        "amount": decimal(cycle.amount_cents),
        "currency": cycle.currency,
        "officers": cycle.officers,
        "funds": cycle.funds,
        "opened_at": cycle.opened_at,
        "members": members,
        "standings": Value::Object(by_standing.collect()),
        "payees": sums.payees,
        "paid": sums.paid,
        "failed": sums.failed,
        "reversed": sums.reversed,
        "held": sums.held,
        "open": sums.open,
        "tickets": sums.tickets,
        "total": decimal(sums.entitled_minor),
        "total_paid": decimal(sums.paid_minor),
        "total_failed": decimal(sums.failed_minor),
        "total_reversed": decimal(sums.reversed_minor),
        "total_held": decimal(sums.held_minor),
        "total_open": decimal(sums.open_minor),
        "total_tickets": decimal(sums.tickets_minor),
    }))
}

/// Everybody in a cycle, in the order of their places.
pub(super) fn payees(errand: &Errand, id: &str) -> Result<Value, Trouble> {
    store::known(&errand.office.store, id)?;
    let all = errand.office.store.read(|db| store::payees(db, id))?;
    Ok(json!({"cycle": id, "payees": all}))
}

/// The reconciliation report: one line a person, sums below. `amount` is what somebody is owed, `paid` what has left for good;
/// the last lines hold the statement of the account against it.
pub(super) fn report(errand: &Errand, id: &str) -> Result<String, Trouble> {
    let cycle = store::known(&errand.office.store, id)?;
    let (all, standings) =
        errand.office.store.read(|db| Ok((store::payees(db, id)?, store::standings(db, id)?)))?;
    let mut text = String::from(
        "place,uin,name,state,amount,currency,reference,account,code,reason,ticket,owner,paid,settled_at,attempt\r\n",
    );
    for payee in &all {
        line(&mut text, &row(payee, &cycle.currency));
    }
    let sums = Sums::of(&standings);
    for (name, count, minor) in [
        ("paid", sums.paid, sums.paid_minor),
        ("failed", sums.failed, sums.failed_minor),
        ("reversed", sums.reversed, sums.reversed_minor),
        ("held", sums.held, sums.held_minor),
        ("open", sums.open, sums.open_minor),
        ("ticket", sums.tickets, sums.tickets_minor),
        ("total", sums.payees, sums.entitled_minor),
        ("not paid", sums.payees - sums.paid, sums.entitled_minor - sums.paid_minor),
    ] {
        let (count, sum) = (count.to_string(), decimal(minor));
        line(&mut text, &["", "", &count, name, &sum, &cycle.currency].map(str::to_owned));
    }
    let kept = cycle.reconciled.as_deref().and_then(|kept| serde_json::from_str(kept).ok());
    let debited = kept.as_ref().and_then(|kept: &Value| kept["debited_minor"].as_i64());
    let difference = debited.map(|debited| debited - sums.paid_minor - sums.open_minor);
    for (name, minor) in [("statement", debited), ("difference", difference)] {
        let sum = minor.map(decimal).unwrap_or_default();
        let why = if minor.is_some() {
            ""
        } else {
            "the statement of the account was not asked for since"
        };
        let fields = ["", "", "", name, &sum, &cycle.currency, "", "", "", why];
        line(&mut text, &fields.map(str::to_owned));
    }
    Ok(text)
}

fn row(payee: &Payee, currency: &str) -> [String; 15] {
    let is_paid = payee.standing == Standing::Paid;
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        payee.place.to_string(),
        payee.uin.clone(),
        payee.name.clone(),
        payee.standing.text().into(),
        decimal(payee.amount_cents),
        currency.into(),
        or_empty(&payee.reference_id),
        or_empty(&payee.payee_fa),
        payee.scheme_code.map(|code| code.to_string()).unwrap_or_default(),
        payee.remark.clone(),
        or_empty(&payee.ticket),
        or_empty(&payee.owner),
        if payee.reference_id.is_none() {
            String::new()
        } else {
            decimal(if is_paid { payee.amount_cents } else { 0 })
        },
        or_empty(&payee.ended_at),
        payee.attempt.to_string(),
    ]
}

/// A line of RFC 4180. A field that a spreadsheet would take for a formula is written as text.
fn line(text: &mut String, fields: &[String]) {
    for (i, field) in fields.iter().enumerate() {
        if i > 0 {
            text.push(',');
        }
        let is_formula = field.starts_with(['=', '+', '@', '\t']);
        let field = if is_formula { format!("'{field}") } else { field.clone() };
        if field.contains([',', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&field);
        }
    }
    text.push_str("\r\n");
}
