//! The archive of the mapper: accounts, who holds them, and the batches that were handed in.

use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::model::{Change, Entry, Facts, Holder};

/// So many batches can be asked after; older ones are forgotten.
const MOST_BATCHES: i64 = 10_000;

/// A batch as it was handed in, and its answer once there is one.
#[derive(Debug, Clone)]
pub(super) struct Batch {
    pub(super) correlation_id: String,
    pub(super) verb: String,
    pub(super) transaction_id: String,
    pub(super) sender_id: String,
    /// The whole envelope, as JSON.
    pub(super) request: String,
    /// The message that answers it, as JSON.
    pub(super) answer: Option<String>,
}

/// What the archive knows about an entry.
pub(super) fn facts(db: &Connection, entry: &Entry) -> rusqlite::Result<Facts> {
    let mut facts = Facts::default();
    if let Some(id) = &entry.id {
        facts.holder = holder(db, id)?;
    }
    if let Some(fa) = &entry.fa {
        facts.account = db
            .prepare_cached("select active from account where fa = $1")?
            .query_row([fa], |r| r.get(0))
            .optional()?;
        facts.owner = db
            .prepare_cached("select id from holder where fa = $1 order by id limit 1")?
            .query_row([fa], |r| r.get(0))
            .optional()?;
    }
    Ok(facts)
}

fn holder(db: &Connection, id: &str) -> rusqlite::Result<Option<Holder>> {
    let read = |row: &Row<'_>| {
        let (fa, active): (Option<String>, Option<bool>) = (row.get(0)?, row.get(1)?);
        Ok(Holder { id: id.to_owned(), account: fa.zip(active) })
    };
    db.prepare_cached(
        "select holder.fa, account.active from holder left join account on account.fa = holder.fa
         where holder.id = $1",
    )?
    .query_row([id], read)
    .optional()
}

/// Writes down what was decided about an entry.
pub(super) fn apply(
    db: &Connection,
    entry: &Entry,
    change: &Change,
    at: &str,
) -> rusqlite::Result<()> {
    match (change, &entry.id) {
        (Change::Pay, Some(id)) => {
            if let Some(fa) = &entry.fa {
                add_account(db, fa, true)?;
            }
            pay(db, id, entry, at)
        }
        (Change::Release, Some(id)) => {
            db.prepare_cached("update holder set fa = null, updated_at = $1 where id = $2")?
                .execute([at, id.as_str()])?;
            Ok(())
        }
        _ => Ok(()),
    }
}

/// Enters an account; one that is known stays as it is.
pub(super) fn add_account(db: &Connection, fa: &str, active: bool) -> rusqlite::Result<()> {
    db.prepare_cached(
        "insert into account (fa, active) values ($1, $2) on conflict (fa) do nothing",
    )?
    .execute(params![fa, active])?;
    Ok(())
}

/// Some faces know people before they know their account; it stays as it was where none is named.
fn pay(db: &Connection, id: &str, entry: &Entry, at: &str) -> rusqlite::Result<()> {
    db.prepare_cached(
        "insert into holder (id, fa, name, phone, additional, institution, linked_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)
         on conflict (id) do update set fa = coalesce(excluded.fa, holder.fa), name = coalesce(excluded.name, holder.name),
           phone = coalesce(excluded.phone, holder.phone), additional = excluded.additional,
           institution = coalesce(excluded.institution, holder.institution), updated_at = excluded.updated_at",
    )?
    .execute(params![
        id,
        entry.fa,
        entry.name,
        entry.phone,
        entry.additional,
        entry.institution,
        at
    ])?;
    Ok(())
}

/// An entry of the archive.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) id: String,
    pub(super) fa: Option<String>,
    pub(super) active: bool,
    /// JSON, as it came.
    pub(super) additional: String,
    pub(super) institution: Option<String>,
}

const PERSON: &str = "holder.id, holder.fa, account.active, holder.additional, holder.institution
     from holder left join account on account.fa = holder.fa";

fn read_person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: row.get(0)?,
        fa: row.get(1)?,
        active: row.get::<_, Option<bool>>(2)?.unwrap_or(false),
        additional: row.get(3)?,
        institution: row.get(4)?,
    })
}

/// The entry with this id.
pub(super) fn person(db: &Connection, id: &str) -> rusqlite::Result<Option<Person>> {
    db.prepare_cached(&format!("select {PERSON} where holder.id = $1"))?
        .query_row([id], read_person)
        .optional()
}

/// A page of those whom an institution registered (of all, where none is named), and how many there are.
pub(super) fn people(
    db: &Connection,
    institution: Option<&str>,
    (offset, size): (i64, i64),
) -> rusqlite::Result<(Vec<Person>, i64)> {
    // Two questions, because one for both cases would look at everybody.
    let Some(institution) = institution else {
        let count =
            db.prepare_cached("select count(*) from holder")?.query_row([], |row| row.get(0))?;
        let page = db
            .prepare_cached(&format!("select {PERSON} order by holder.id limit $1 offset $2"))?
            .query_map([size, offset], read_person)?
            .collect::<rusqlite::Result<_>>()?;
        return Ok((page, count));
    };
    let count = db
        .prepare_cached("select count(*) from holder where institution = $1")?
        .query_row([institution], |row| row.get(0))?;
    let page = db
        .prepare_cached(&format!(
            "select {PERSON} where holder.institution = $1 order by holder.id limit $2 offset $3"
        ))?
        .query_map(params![institution, size, offset], read_person)?
        .collect::<rusqlite::Result<_>>()?;
    Ok((page, count))
}

/// Keeps what else was said about somebody, as JSON.
pub(super) fn set_additional(db: &Connection, id: &str, additional: &str) -> rusqlite::Result<()> {
    db.prepare_cached("update holder set additional = $1 where id = $2")?
        .execute([additional, id])?;
    Ok(())
}

/// Enters somebody at the start; the account must be there.
pub(super) fn add_holder(
    db: &Connection,
    (id, fa): (&str, &str),
    (name, phone): (&str, Option<&str>),
    at: &str,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "insert into holder (id, fa, name, phone, additional, linked_at, updated_at)
         values ($1, $2, $3, $4, '[]', $5, $5)",
    )?
    .execute(params![id, fa, name, phone, at])?;
    Ok(())
}

/// Keeps a batch, with the references of its entries, and forgets the oldest.
pub(super) fn keep(
    db: &Connection,
    number: i64,
    batch: &Batch,
    references: &[String],
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "insert into batch (number, correlation_id, verb, transaction_id, sender_id, request, answer, delivered)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )?
    .execute(params![
        number,
        batch.correlation_id,
        batch.verb,
        batch.transaction_id,
        batch.sender_id,
        batch.request,
        batch.answer,
        batch.answer.is_some()
    ])?;
    let mut add = db
        .prepare_cached("insert into batch_entry (correlation_id, reference_id) values ($1, $2)")?;
    for reference in references {
        add.execute([&batch.correlation_id, reference])?;
    }
    db.prepare_cached("delete from batch where number <= $1")?.execute([number - MOST_BATCHES])?;
    Ok(())
}

/// Writes the answer of a batch down.
pub(super) fn answer(db: &Connection, correlation_id: &str, answer: &str) -> rusqlite::Result<()> {
    db.prepare_cached("update batch set answer = $1 where correlation_id = $2")?
        .execute([answer, correlation_id])?;
    Ok(())
}

/// Notes that the answer of a batch arrived.
pub(super) fn delivered(db: &Connection, correlation_id: &str) -> rusqlite::Result<()> {
    db.prepare_cached("update batch set delivered = 1 where correlation_id = $1")?
        .execute([correlation_id])?;
    Ok(())
}

const COLUMNS: &str = "correlation_id, verb, transaction_id, sender_id, request, answer";

fn read_batch(row: &Row<'_>) -> rusqlite::Result<Batch> {
    Ok(Batch {
        correlation_id: row.get(0)?,
        verb: row.get(1)?,
        transaction_id: row.get(2)?,
        sender_id: row.get(3)?,
        request: row.get(4)?,
        answer: row.get(5)?,
    })
}

/// Batches whose answer has not arrived, oldest first: unfinished work after a start.
pub(super) fn undelivered(db: &Connection) -> rusqlite::Result<Vec<Batch>> {
    db.prepare_cached(&format!("select {COLUMNS} from batch where delivered = 0 order by number"))?
        .query_map([], read_batch)?
        .collect()
}

/// Whether the answer of a batch has not arrived.
pub(super) fn is_undelivered(db: &Connection, correlation_id: &str) -> rusqlite::Result<bool> {
    db.prepare_cached("select 1 from batch where correlation_id = $1 and delivered = 0")?
        .exists([correlation_id])
}

/// By what a batch is named.
#[derive(Debug, Clone, Copy)]
pub(super) enum Name {
    Transaction,
    Correlation,
    Reference,
}

/// The newest batch of `sender` with this verb and name.
pub(super) fn find(
    db: &Connection,
    (sender, verb): (&str, &str),
    (by, name): (Name, &str),
) -> rusqlite::Result<Option<Batch>> {
    let condition = match by {
        Name::Transaction => "transaction_id = $3",
        Name::Correlation => "correlation_id = $3",
        Name::Reference => {
            "correlation_id in (select correlation_id from batch_entry where reference_id = $3)"
        }
    };
    db.prepare_cached(&format!(
        "select {COLUMNS} from batch where sender_id = $1 and verb = $2 and {condition}
         order by number desc limit 1"
    ))?
    .query_row([sender, verb, name], read_batch)
    .optional()
}
