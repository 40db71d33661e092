//! What single faces keep besides the lists: searches that can be asked after, and validations of `GovStack`; and
//! questions to the lists that the faces ask.

use rusqlite::types::ToSql;
use rusqlite::{Connection, OptionalExtension as _, params, params_from_iter};
use serde_json::Value;

use super::batches::{Batch, batch};
use super::instructions::{COLUMNS, Instruction, read};
use crate::payment_hub::model::State;

/// So many searches can be asked after; older ones are forgotten.
const MOST_SEARCHES: i64 = 100;
/// A search whose answer is longer, in bytes, cannot be asked after.
const LONGEST_ANSWER: usize = 1 << 20;

/// By what payments are searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::payment_hub) enum By {
    Payer,
    Payee,
    Transaction,
    Reference,
}

/// A text as part of a pattern: it stands for itself.
fn literal(text: &str) -> String {
    text.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_")
}

/// Payments of a sender, oldest first; `most` at the most.
pub(in crate::payment_hub) fn search(
    db: &Connection,
    sender: &str,
    (by, value): (By, &str),
    most: i64,
) -> rusqlite::Result<Vec<Instruction>> {
    // Addresses stand in the payment as it came; what else a pattern might find is sorted out below.
    let entry = |name: &str| format!("%\"{name}\":\"{}\"%", literal(value));
    let (condition, wanted) = match by {
        By::Payer => (r"disbursement like $2 escape '\'", entry("payer_fa")),
        By::Payee => (r"disbursement like $2 escape '\'", entry("payee_fa")),
        By::Transaction => (
            "batch in (select id from batch where transaction_id = $2)",
            Value::from(value).to_string(),
        ),
        By::Reference => ("reference = $2", value.to_owned()),
    };
    let mut found: Vec<Instruction> = db
        .prepare_cached(&format!(
            "select {COLUMNS} from instruction
             where batch in (select id from batch where sender = $1) and {condition}
             order by id limit $3"
        ))?
        .query_map(params![sender, wanted, most], read)?
        .collect::<rusqlite::Result<_>>()?;
    found.retain(|payment| match by {
        By::Payer => payment.disbursement.payer_fa == value,
        By::Payee => payment.disbursement.payee_fa == value,
        _ => true,
    });
    Ok(found)
}

/// The newest payments of anybody to an address or person, for an officer who searches.
pub(in crate::payment_hub) fn to_payee(
    db: &Connection,
    payee: &str,
    most: i64,
) -> rusqlite::Result<Vec<(Batch, Instruction)>> {
    let found = db
        .prepare_cached(&format!(
            r"select {COLUMNS} from instruction where payee_id = $1 or disbursement like $2 escape '\'
             order by id desc limit $3"
        ))?
        .query_map(params![payee, format!("%\"payee_fa\":\"%{}%\"%", literal(payee)), most], read)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let mut all = Vec::new();
    for payment in found {
        if let Some(of) = batch(db, payment.batch)? {
            all.push((of, payment));
        }
    }
    Ok(all)
}

/// The newest list that its sender named so.
pub(in crate::payment_hub) fn newest_named(
    db: &Connection,
    transaction_id: &str,
) -> rusqlite::Result<Option<Batch>> {
    let id: Option<i64> = db
        .prepare_cached("select id from batch where transaction_id = $1 order by id desc limit 1")?
        .query_row([Value::from(transaction_id).to_string()], |row| row.get(0))
        .optional()?;
    id.map_or(Ok(None), |id| batch(db, id))
}

/// A page of the payments of a list in one of `states` (in any, where none is named), and how many there are.
pub(in crate::payment_hub) fn page_in_states(
    db: &Connection,
    batch: i64,
    states: &[State],
    (offset, size): (i64, i64),
) -> rusqlite::Result<(Vec<Instruction>, i64)> {
    let places: Vec<String> = (0..states.len()).map(|n| format!("${}", n + 2)).collect();
    let condition = match places.len() {
        0 => String::from("batch = $1"),
        _ => format!("batch = $1 and state in ({})", places.join(", ")),
    };
    let texts: Vec<&str> = states.iter().map(|state| state.text()).collect();
    let mut values: Vec<&dyn ToSql> = vec![&batch];
    values.extend(texts.iter().map(|text| text as &dyn ToSql));
    let total = db
        .prepare_cached(&format!("select count(*) from instruction where {condition}"))?
        .query_row(params_from_iter(&values), |row| row.get(0))?;
    // Behind the states, whose number varies.
    let (limit, skip) = (values.len() + 1, values.len() + 2);
    values.extend([&size as &dyn ToSql, &offset as &dyn ToSql]);
    let page = db
        .prepare_cached(&format!(
            "select {COLUMNS} from instruction where {condition}
             order by id limit ${limit} offset ${skip}"
        ))?
        .query_map(params_from_iter(&values), read)?
        .collect::<rusqlite::Result<_>>()?;
    Ok((page, total))
}

/// Keeps the answer of a search, where it is not too long, and forgets the oldest.
pub(in crate::payment_hub) fn keep_search(
    tx: &Connection,
    number: i64,
    (sender, transaction_id, correlation): (&str, &str, &str),
    answer: &Value,
) -> rusqlite::Result<()> {
    let answer = answer.to_string();
    if answer.len() > LONGEST_ANSWER {
        return Ok(());
    }
    tx.prepare_cached(
        "insert into search (number, sender, transaction_id, correlation, answer)
         values ($1, $2, $3, $4, $5)",
    )?
    .execute(params![number, sender, transaction_id, correlation, answer])?;
    tx.prepare_cached("delete from search where number <= $1")?
        .execute([number - MOST_SEARCHES])?;
    Ok(())
}

/// The answer of the newest search of a sender, named by its transaction or correlation id.
pub(in crate::payment_hub) fn search_named(
    db: &Connection,
    sender: &str,
    name: &str,
) -> rusqlite::Result<Option<Value>> {
    let text: Option<String> = db
        .prepare_cached(
            "select answer from search where sender = $1 and (transaction_id = $2 or correlation = $2)
             order by number desc limit 1",
        )?
        .query_row([sender, name], |row| row.get(0))
        .optional()?;
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()))
}

/// An instruction of `GovStack` Payments as it was handed in to be validated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_hub) struct Validated {
    pub(in crate::payment_hub) instruction: String,
    pub(in crate::payment_hub) payee: String,
    pub(in crate::payment_hub) minor: i64,
    pub(in crate::payment_hub) currency: String,
    pub(in crate::payment_hub) narration: Option<String>,
    /// Why it cannot be paid.
    pub(in crate::payment_hub) failure: Option<String>,
}

/// Keeps a validation in place of the one that the same source made under the same name.
pub(in crate::payment_hub) fn keep_validation(
    tx: &Connection,
    (source, batch): (&str, &str),
    all: &[Validated],
) -> rusqlite::Result<()> {
    tx.prepare_cached("delete from validation where source = $1 and batch = $2")?
        .execute([source, batch])?;
    let mut add = tx.prepare_cached(
        "insert into validation (source, batch, instruction, payee, minor, currency, narration, failure)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )?;
    for one in all {
        add.execute(params![
            source,
            batch,
            one.instruction,
            one.payee,
            one.minor,
            one.currency,
            one.narration,
            one.failure
        ])?;
    }
    Ok(())
}

/// What was validated under a name, whoever did.
pub(in crate::payment_hub) fn validation(
    db: &Connection,
    batch: &str,
) -> rusqlite::Result<Vec<Validated>> {
    db.prepare_cached(
        "select instruction, payee, minor, currency, narration, failure from validation
         where batch = $1 order by source, instruction",
    )?
    .query_map([batch], |row| {
        Ok(Validated {
            instruction: row.get(0)?,
            payee: row.get(1)?,
            minor: row.get(2)?,
            currency: row.get(3)?,
            narration: row.get(4)?,
            failure: row.get(5)?,
        })
    })?
    .collect()
}

/// The first instruction that was not validated as it is now, with payee, amount, currency and narration.
pub(in crate::payment_hub) fn not_validated(
    db: &Connection,
    source: &str,
    all: &[Validated],
) -> rusqlite::Result<Option<String>> {
    let mut look = db.prepare_cached(
        "select 1 from validation where source = $1 and instruction = $2 and payee = $3
         and minor = $4 and currency = $5 and ($6 is null or narration = $6) and failure is null",
    )?;
    for one in all {
        let known = look.exists(params![
            source,
            one.instruction,
            one.payee,
            one.minor,
            one.currency,
            one.narration
        ])?;
        if !known {
            return Ok(Some(one.instruction.clone()));
        }
    }
    Ok(None)
}
