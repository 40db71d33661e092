//! Payments, one row each. A state is kept before the message leaves that belongs to it.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use standards::dci::ReasonCode;
use standards::fspiop::{DateTime, PartyIdType};
use standards::g2p_connect::disburse::Disbursement;

use crate::payment_hub::model::{Account, Progress, State, Why};

/// The terms that the payee's bank gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_hub) struct Given {
    pub(in crate::payment_hub) ilp_packet: String,
    pub(in crate::payment_hub) condition: String,
}

/// A payment.
#[derive(Debug, Clone)]
pub(in crate::payment_hub) struct Instruction {
    pub(in crate::payment_hub) id: i64,
    pub(in crate::payment_hub) batch: i64,
    /// The bundle that it travels in; none where it travels alone.
    pub(in crate::payment_hub) bundle: Option<i64>,
    pub(in crate::payment_hub) disbursement: Disbursement,
    pub(in crate::payment_hub) payee_kind: PartyIdType,
    pub(in crate::payment_hub) payee_id: String,
    /// The payee's bank; empty until the mapper has told it.
    pub(in crate::payment_hub) payee_bank: String,
    pub(in crate::payment_hub) minor: i64,
    pub(in crate::payment_hub) state: State,
    pub(in crate::payment_hub) since: String,
    pub(in crate::payment_hub) why: Option<Why>,
    pub(in crate::payment_hub) quote_id: String,
    pub(in crate::payment_hub) transfer_id: String,
    pub(in crate::payment_hub) given: Option<Given>,
    /// Until when the switch may carry the transfer out.
    pub(in crate::payment_hub) expiration: Option<DateTime>,
    pub(in crate::payment_hub) cause: String,
}

pub(super) const COLUMNS: &str =
    "id, batch, disbursement, payee_kind, payee_id, payee_bank, minor, state, since,
    reason_code, reason, quote_id, transfer_id, ilp_packet, condition, expiration, cause,
    scheme_code, bundle";

/// Whether a sender named another payment so before.
pub(in crate::payment_hub) fn is_claimed(tx: &Connection, claim: &str) -> rusqlite::Result<bool> {
    tx.prepare_cached("select 1 from instruction where claim = $1")?.exists([claim])
}

/// Keeps a new payment. `claim` is the sender's name for it, None where that name is taken; `id` must be new.
pub(in crate::payment_hub) fn add_instruction(
    tx: &Connection,
    new: &Instruction,
    claim: Option<&str>,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into instruction (id, batch, reference, claim, disbursement, payee_kind, payee_id, payee_bank,
            minor, state, since, reason_code, reason, scheme_code, quote_id, transfer_id, attempt, is_settled,
            cause)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 0, 1, $17)",
    )?
    .execute(params![
        new.id,
        new.batch,
        new.disbursement.reference_id,
        claim,
        serde_json::to_string(&new.disbursement).unwrap_or_default(),
        new.payee_kind.as_str(),
        new.payee_id,
        new.payee_bank,
        new.minor,
        new.state.text(),
        new.since,
        new.why.as_ref().map(|why| why.code.as_str()),
        new.why.as_ref().map(|why| why.sentence.as_str()),
        new.why.as_ref().and_then(|why| why.scheme_code),
        new.quote_id,
        new.transfer_id,
        new.cause
    ])?;
    Ok(())
}

pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Instruction> {
    let wrong = || rusqlite::Error::InvalidQuery;
    let (code, sentence): (Option<String>, Option<String>) = (row.get(9)?, row.get(10)?);
    let (packet, condition): (Option<String>, Option<String>) = (row.get(13)?, row.get(14)?);
    let expiration: Option<String> = row.get(15)?;
    let scheme_code: Option<u16> = row.get(17)?;
    Ok(Instruction {
        id: row.get(0)?,
        batch: row.get(1)?,
        bundle: row.get(18)?,
        disbursement: serde_json::from_str(&row.get::<_, String>(2)?).map_err(|_| wrong())?,
        payee_kind: PartyIdType::from(row.get::<_, String>(3)?),
        payee_id: row.get(4)?,
        payee_bank: row.get(5)?,
        minor: row.get(6)?,
        state: State::parse(&row.get::<_, String>(7)?).ok_or_else(wrong)?,
        since: row.get(8)?,
        why: code.zip(sentence).map(|(code, sentence)| Why {
            code: ReasonCode::from(code),
            sentence,
            scheme_code,
        }),
        quote_id: row.get(11)?,
        transfer_id: row.get(12)?,
        given: packet.zip(condition).map(|(ilp_packet, condition)| Given { ilp_packet, condition }),
        expiration: expiration.and_then(|text| DateTime::try_from(text).ok()),
        cause: row.get(16)?,
    })
}

fn one(db: &Connection, which: &str, value: &str) -> rusqlite::Result<Option<Instruction>> {
    db.prepare_cached(&format!("select {COLUMNS} from instruction where {which} = $1"))?
        .query_row([value], read)
        .optional()
}

fn many(db: &Connection, which: &str) -> rusqlite::Result<Vec<Instruction>> {
    db.prepare_cached(&format!("select {COLUMNS} from instruction where {which} order by id"))?
        .query_map([], read)?
        .collect()
}

/// A payment by its number.
pub(in crate::payment_hub) fn instruction(
    db: &Connection,
    id: i64,
) -> rusqlite::Result<Option<Instruction>> {
    db.prepare_cached(&format!("select {COLUMNS} from instruction where id = $1"))?
        .query_row([id], read)
        .optional()
}

/// The payment that a callback is about: by `quote_id` or `transfer_id`.
pub(in crate::payment_hub) fn instruction_of(
    db: &Connection,
    (column, id): (&'static str, &str),
) -> rusqlite::Result<Option<Instruction>> {
    one(db, column, id)
}

/// The oldest payment that waits to hear who this identifier belongs to.
pub(in crate::payment_hub) fn next_looking_up(
    db: &Connection,
    kind: &str,
    id: &str,
) -> rusqlite::Result<Option<Instruction>> {
    db.prepare_cached(&format!(
        "select {COLUMNS} from instruction
         where payee_kind = $1 and payee_id = $2 and state = 'looking_up' order by id limit 1"
    ))?
    .query_row([kind, id], read)
    .optional()
}

/// The payments of a list, in its order.
pub(in crate::payment_hub) fn instructions(
    db: &Connection,
    batch: i64,
) -> rusqlite::Result<Vec<Instruction>> {
    db.prepare_cached(&format!("select {COLUMNS} from instruction where batch = $1 order by id"))?
        .query_map([batch], read)?
        .collect()
}

/// The payment that a sender named so: the one that was taken under the name, else the first that was refused.
pub(in crate::payment_hub) fn referenced(
    db: &Connection,
    (sender, reference): (&str, &str),
) -> rusqlite::Result<Option<Instruction>> {
    db.prepare_cached(&format!(
        "select {COLUMNS} from instruction where reference = $1
         and batch in (select id from batch where sender = $2)
         order by case when claim is null then 1 else 0 end, id limit 1"
    ))?
    .query_row([reference, sender], read)
    .optional()
}

/// Payments that travel alone and are under way; one that its bundle left in doubt travels alone from then on.
pub(in crate::payment_hub) fn open(db: &Connection) -> rusqlite::Result<Vec<Instruction>> {
    many(
        db,
        "state in ('received', 'looking_up', 'quoting', 'transferring', 'in_doubt')
         and (bundle is null or bundle in (select id from bundle where state = 'ended'))",
    )
}

/// Payments that ended and whose funds are still set aside.
pub(in crate::payment_hub) fn unsettled(db: &Connection) -> rusqlite::Result<Vec<Instruction>> {
    many(
        db,
        "is_settled = 0 and state in ('paid', 'failed')
         and (bundle is null or bundle in (select id from bundle where state = 'ended'))",
    )
}

/// How far the payments of a list have come: counts and sums by state.
pub(in crate::payment_hub) fn progress(db: &Connection, batch: i64) -> rusqlite::Result<Progress> {
    let rows = db
        .prepare_cached(
            "select state, count(*), sum(minor) from instruction where batch = $1
             group by state order by state",
        )?
        .query_map([batch], |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let known = |(state, count, minor): (String, _, _)| Some((State::parse(&state)?, count, minor));
    Ok(Progress { states: rows.into_iter().filter_map(known).collect() })
}

/// A page of the payments of a list, in its order.
pub(in crate::payment_hub) fn instructions_page(
    db: &Connection,
    batch: i64,
    (limit, skip): (i64, i64),
) -> rusqlite::Result<Vec<Instruction>> {
    db.prepare_cached(&format!(
        "select {COLUMNS} from instruction where batch = $1 order by id limit $2 offset $3"
    ))?
    .query_map([batch, limit, skip], read)?
    .collect()
}

/// Whether a payment of a list is still under way.
pub(in crate::payment_hub) fn is_running(db: &Connection, batch: i64) -> rusqlite::Result<bool> {
    db.prepare_cached(
        "select 1 from instruction where batch = $1
         and state in ('received', 'looking_up', 'quoting', 'transferring', 'in_doubt') limit 1",
    )?
    .exists([batch])
}

/// Moves a payment on to `to`, where it stands in one of `from`, and says whether it did.
pub(in crate::payment_hub) fn advance(
    tx: &Connection,
    id: i64,
    (from, to): (&[State], State),
    why: Option<&Why>,
    at: &str,
) -> rusqlite::Result<bool> {
    let stands: String = tx
        .prepare_cached("select state from instruction where id = $1")?
        .query_row([id], |row| row.get(0))?;
    if !from.iter().any(|state| state.text() == stands) {
        return Ok(false);
    }
    // Funds are set aside as soon as the payment begins, and wait to be settled from then on.
    let is_settled = matches!(to, State::Received | State::Held);
    tx.prepare_cached(
        "update instruction set state = $1, since = $2, reason_code = $3, reason = $4,
            scheme_code = $5, attempt = 0, is_settled = $6 where id = $7",
    )?
    .execute(params![
        to.text(),
        at,
        why.map(|why| why.code.as_str()),
        why.map(|why| why.sentence.as_str()),
        why.and_then(|why| why.scheme_code),
        is_settled,
        id
    ])?;
    Ok(true)
}

/// Keeps the terms that the payee's bank gave.
pub(in crate::payment_hub) fn give_terms(
    tx: &Connection,
    id: i64,
    given: &Given,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update instruction set ilp_packet = $1, condition = $2 where id = $3")?
        .execute(params![given.ilp_packet, given.condition, id])?;
    Ok(())
}

/// Gives a payment's question for a quote a new id.
pub(in crate::payment_hub) fn rename_quote(
    tx: &Connection,
    id: i64,
    quote_id: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update instruction set quote_id = $1 where id = $2")?
        .execute(params![quote_id, id])?;
    Ok(())
}

/// Keeps where a payment to a person goes, as the mapper told it.
pub(in crate::payment_hub) fn set_account(
    tx: &Connection,
    id: i64,
    account: &Account,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update instruction set payee_kind = $1, payee_id = $2, payee_bank = $3 where id = $4",
    )?
    .execute(params![account.kind.as_str(), account.id, account.bank, id])?;
    Ok(())
}

/// Sets until when the transfer may be carried out.
pub(in crate::payment_hub) fn set_expiration(
    tx: &Connection,
    id: i64,
    expiration: &DateTime,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update instruction set expiration = $1 where id = $2")?
        .execute(params![expiration.as_str(), id])?;
    Ok(())
}

/// Keeps why the next message leaves, so that the story goes on after a restart.
pub(in crate::payment_hub) fn keep_cause(
    tx: &Connection,
    id: i64,
    cause: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached("update instruction set cause = $1 where id = $2")?
        .execute(params![cause, id])?;
    Ok(())
}

/// Counts one more try of the message that the payment waits for, and gives the count.
pub(in crate::payment_hub) fn count_try(tx: &Connection, id: i64) -> rusqlite::Result<u32> {
    tx.prepare_cached(
        "update instruction set attempt = attempt + 1 where id = $1 returning attempt",
    )?
    .query_row([id], |row| row.get(0))
}

/// Notes that the treasury booked the end of a payment.
pub(in crate::payment_hub) fn mark_settled(tx: &Connection, id: i64) -> rusqlite::Result<()> {
    tx.prepare_cached("update instruction set is_settled = 1 where id = $1")?.execute([id])?;
    Ok(())
}
