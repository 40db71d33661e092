//! The bridge's envelopes and the disbursements that were filed in them.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use standards::money::{Currency, Money};

/// How far an envelope has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::payment_hub) enum EnvelopeState {
    #[default]
    Open,
    Cancelled,
    /// Its disbursements are being handed to the engine.
    Shipping,
    Shipped,
}

impl EnvelopeState {
    const ALL: [(Self, &'static str); 4] = [
        (Self::Open, "open"),
        (Self::Cancelled, "cancelled"),
        (Self::Shipping, "shipping"),
        (Self::Shipped, "shipped"),
    ];

    fn text(self) -> &'static str {
        Self::ALL.into_iter().find(|(state, _)| *state == self).map_or("open", |(_, text)| text)
    }
}

/// What a programme declares that it will pay on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::payment_hub) struct Envelope {
    pub(in crate::payment_hub) number: i64,
    pub(in crate::payment_hub) programme: String,
    pub(in crate::payment_hub) frequency: String,
    pub(in crate::payment_hub) cycle: String,
    pub(in crate::payment_hub) beneficiaries: i64,
    pub(in crate::payment_hub) disbursements: i64,
    pub(in crate::payment_hub) minor: i64,
    pub(in crate::payment_hub) currency: String,
    pub(in crate::payment_hub) day: String,
    pub(in crate::payment_hub) state: EnvelopeState,
    pub(in crate::payment_hub) cause: String,
}

/// The name of an envelope.
pub(in crate::payment_hub) fn envelope_id(number: i64) -> String {
    format!("ENV-{number:06}")
}

impl Envelope {
    /// Its name.
    pub(in crate::payment_hub) fn id(&self) -> String {
        envelope_id(self.number)
    }

    /// What is declared.
    pub(in crate::payment_hub) fn money(&self) -> Option<Money> {
        let currency: Currency = self.currency.parse().ok()?;
        Some(Money::new(self.minor, currency))
    }
}

const COLUMNS: &str =
    "number, programme, frequency, cycle, beneficiaries, disbursements, minor, currency, day,
    state, cause";

fn read(row: &Row<'_>) -> rusqlite::Result<Envelope> {
    let state: String = row.get(9)?;
    let state = EnvelopeState::ALL.into_iter().find(|(_, text)| *text == state);
    Ok(Envelope {
        number: row.get(0)?,
        programme: row.get(1)?,
        frequency: row.get(2)?,
        cycle: row.get(3)?,
        beneficiaries: row.get(4)?,
        disbursements: row.get(5)?,
        minor: row.get(6)?,
        currency: row.get(7)?,
        day: row.get(8)?,
        state: state.ok_or(rusqlite::Error::InvalidQuery)?.0,
        cause: row.get(10)?,
    })
}

/// Keeps a new envelope.
pub(in crate::payment_hub) fn keep_envelope(
    tx: &Connection,
    new: &Envelope,
) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "insert into envelope ({COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    ))?
    .execute(params![
        new.number,
        new.programme,
        new.frequency,
        new.cycle,
        new.beneficiaries,
        new.disbursements,
        new.minor,
        new.currency,
        new.day,
        new.state.text(),
        new.cause
    ])?;
    Ok(())
}

/// Changes what an envelope declares.
pub(in crate::payment_hub) fn amend_envelope(
    tx: &Connection,
    new: &Envelope,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update envelope set programme = $1, frequency = $2, cycle = $3, beneficiaries = $4,
            disbursements = $5, minor = $6, currency = $7, day = $8 where number = $9",
    )?
    .execute(params![
        new.programme,
        new.frequency,
        new.cycle,
        new.beneficiaries,
        new.disbursements,
        new.minor,
        new.currency,
        new.day,
        new.number
    ])?;
    Ok(())
}

/// An envelope by its name.
pub(in crate::payment_hub) fn envelope(
    db: &Connection,
    id: &str,
) -> rusqlite::Result<Option<Envelope>> {
    let Some(number) = id.strip_prefix("ENV-").and_then(|n| n.parse::<i64>().ok()) else {
        return Ok(None);
    };
    db.prepare_cached(&format!("select {COLUMNS} from envelope where number = $1"))?
        .query_row([number], read)
        .optional()
}

/// Envelopes that may still have to be paid.
pub(in crate::payment_hub) fn waiting_envelopes(
    db: &Connection,
) -> rusqlite::Result<Vec<Envelope>> {
    db.prepare_cached(&format!(
        "select {COLUMNS} from envelope where state in ('open', 'shipping') order by number"
    ))?
    .query_map([], read)?
    .collect()
}

/// Moves an envelope on, and says whether it stood where it was expected.
pub(in crate::payment_hub) fn step_envelope(
    tx: &Connection,
    number: i64,
    (from, to): (EnvelopeState, EnvelopeState),
) -> rusqlite::Result<bool> {
    let moved = tx
        .prepare_cached("update envelope set state = $1 where number = $2 and state = $3")?
        .execute(params![to.text(), number, from.text()])?;
    Ok(moved == 1)
}

/// A disbursement in an envelope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_hub) struct Filed {
    pub(in crate::payment_hub) number: i64,
    pub(in crate::payment_hub) envelope: i64,
    pub(in crate::payment_hub) mis: String,
    pub(in crate::payment_hub) beneficiary: String,
    pub(in crate::payment_hub) name: String,
    /// The beneficiary by the id that the mapper has.
    pub(in crate::payment_hub) payee: String,
    pub(in crate::payment_hub) minor: i64,
    pub(in crate::payment_hub) narrative: String,
    pub(in crate::payment_hub) at: String,
    pub(in crate::payment_hub) is_cancelled: bool,
}

impl Filed {
    /// Its name.
    pub(in crate::payment_hub) fn id(&self) -> String {
        format!("DISB-{:06}", self.number)
    }
}

const FILED: &str =
    "number, envelope, mis, beneficiary, name, payee, minor, narrative, at, is_cancelled";

fn read_filed(row: &Row<'_>) -> rusqlite::Result<Filed> {
    Ok(Filed {
        number: row.get(0)?,
        envelope: row.get(1)?,
        mis: row.get(2)?,
        beneficiary: row.get(3)?,
        name: row.get(4)?,
        payee: row.get(5)?,
        minor: row.get(6)?,
        narrative: row.get(7)?,
        at: row.get(8)?,
        is_cancelled: row.get(9)?,
    })
}

/// Files a disbursement.
pub(in crate::payment_hub) fn file_disbursement(
    tx: &Connection,
    new: &Filed,
) -> rusqlite::Result<()> {
    tx.prepare_cached(&format!(
        "insert into filed ({FILED}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
    ))?
    .execute(params![
        new.number,
        new.envelope,
        new.mis,
        new.beneficiary,
        new.name,
        new.payee,
        new.minor,
        new.narrative,
        new.at,
        new.is_cancelled
    ])?;
    Ok(())
}

/// A disbursement by its name.
pub(in crate::payment_hub) fn disbursement(
    db: &Connection,
    id: &str,
) -> rusqlite::Result<Option<Filed>> {
    let Some(number) = id.strip_prefix("DISB-").and_then(|n| n.parse::<i64>().ok()) else {
        return Ok(None);
    };
    db.prepare_cached(&format!("select {FILED} from filed where number = $1"))?
        .query_row([number], read_filed)
        .optional()
}

/// The disbursements of an envelope, in their order.
pub(in crate::payment_hub) fn disbursements(
    db: &Connection,
    envelope: i64,
) -> rusqlite::Result<Vec<Filed>> {
    db.prepare_cached(&format!("select {FILED} from filed where envelope = $1 order by number"))?
        .query_map([envelope], read_filed)?
        .collect()
}

/// How many disbursements an envelope holds, and what they come to; those that were cancelled do not count.
pub(in crate::payment_hub) fn received(
    db: &Connection,
    envelope: i64,
) -> rusqlite::Result<(i64, i64)> {
    db.prepare_cached(
        "select count(*), coalesce(sum(minor), 0) from filed where envelope = $1 and is_cancelled = 0",
    )?
    .query_row([envelope], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The newest disbursement that its programme calls so.
pub(in crate::payment_hub) fn disbursement_called(
    db: &Connection,
    mis: &str,
) -> rusqlite::Result<Option<Filed>> {
    db.prepare_cached(&format!(
        "select {FILED} from filed where mis = $1 and mis <> '' order by number desc limit 1"
    ))?
    .query_row([mis], read_filed)
    .optional()
}

/// The programme's own numbers of the disbursements in an envelope (in all, where none is named); those that were cancelled
/// are free again.
pub(in crate::payment_hub) fn mis_references(
    db: &Connection,
    envelope: Option<i64>,
) -> rusqlite::Result<BTreeSet<String>> {
    db.prepare_cached(
        "select mis from filed where ($1 is null or envelope = $1) and is_cancelled = 0 and mis <> ''",
    )?
    .query_map([envelope], |row| row.get(0))?
    .collect()
}

/// Takes a disbursement out of its envelope.
pub(in crate::payment_hub) fn cancel_disbursement(
    tx: &Connection,
    number: i64,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update filed set is_cancelled = 1 where number = $1")?.execute([number])?;
    Ok(())
}
