//! Payments that the bank's own customers start. The money leaves the account when the payment begins, and waits on the
//! way until the switch says how it ended.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use standards::fspiop::{PartyIdInfo, PartyIdType};
use standards::money::Money;

use super::accounts::{customer, scheme};
use crate::bank::model::{Outgoing, reversal};
use crate::kit::ledger::{self, Posting};

/// A payment out of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::bank) struct Order {
    /// Of the transaction and of the transfer.
    pub(in crate::bank) id: String,
    pub(in crate::bank) quote: String,
    pub(in crate::bank) account: String,
    pub(in crate::bank) payee: PartyIdInfo,
    pub(in crate::bank) amount: Money,
    pub(in crate::bank) note: Option<String>,
    /// The transfer into the account that this payment gives back; its note says why.
    pub(in crate::bank) reverses: Option<String>,
    pub(in crate::bank) state: Outgoing,
    /// The payee's bank, once it is known.
    pub(in crate::bank) bank: Option<String>,
    /// Packet and condition, once they are agreed on.
    pub(in crate::bank) terms: Option<(String, String)>,
    pub(in crate::bank) expiration: Option<Timestamp>,
    /// Why it failed.
    pub(in crate::bank) why: Option<String>,
    pub(in crate::bank) cause: String,
}

/// What follows the name of a payment in the books where its money came back.
pub(super) const RETURNED: &str = "returned";

const COLUMNS: &str = "id, quote, account, kind, identifier, currency, minor, note, state, bank,
    ilp_packet, condition, expiration, why, cause, reverses";

fn read(row: &Row<'_>) -> rusqlite::Result<Order> {
    let invalid = || rusqlite::Error::InvalidQuery;
    let currency = row.get::<_, String>(5)?.parse().map_err(|_| invalid())?;
    let kind = PartyIdType::from(row.get::<_, String>(3)?);
    let expiration: Option<String> = row.get(12)?;
    Ok(Order {
        id: row.get(0)?,
        quote: row.get(1)?,
        account: row.get(2)?,
        payee: PartyIdInfo::new(kind, row.get::<_, String>(4)?),
        amount: Money::new(row.get(6)?, currency),
        note: row.get(7)?,
        state: Outgoing::parse(&row.get::<_, String>(8)?).ok_or_else(invalid)?,
        bank: row.get(9)?,
        terms: row.get::<_, Option<String>>(10)?.zip(row.get(11)?),
        expiration: expiration.and_then(|text| text.parse().ok()),
        why: row.get(13)?,
        cause: row.get(14)?,
        reverses: row.get(15)?,
    })
}

fn find(db: &Connection, column: &str, value: &str) -> rusqlite::Result<Option<Order>> {
    db.prepare_cached(&format!("select {COLUMNS} from outgoing where {column} = $1"))?
        .query_row([value], read)
        .optional()
}

/// A payment by the id of its transfer.
pub(in crate::bank) fn order(db: &Connection, id: &str) -> rusqlite::Result<Option<Order>> {
    find(db, "id", id)
}

/// A payment by the id of its quote.
pub(in crate::bank) fn order_of_quote(
    db: &Connection,
    quote: &str,
) -> rusqlite::Result<Option<Order>> {
    find(db, "quote", quote)
}

/// The payment out of this account that somebody asked for under this name before.
pub(in crate::bank) fn order_asked(
    db: &Connection,
    (account, asked_by): (&str, &str),
) -> rusqlite::Result<Option<Order>> {
    db.prepare_cached(&format!(
        "select {COLUMNS} from outgoing where account = $1 and asked_by = $2"
    ))?
    .query_row([account, asked_by], read)
    .optional()
}

/// The payment that gives a transfer back, unless it failed.
pub(in crate::bank) fn order_reversing(
    db: &Connection,
    transfer: &str,
) -> rusqlite::Result<Option<Order>> {
    db.prepare_cached(&format!(
        "select {COLUMNS} from outgoing where reverses = $1 and state <> 'failed'"
    ))?
    .query_row([transfer], read)
    .optional()
}

/// The first condition on the state says less than the second, but it is that of the index, which is used only where it
/// stands in the question.
const LOOKING_UP: &str = "kind = $1 and identifier = $2
    and state not in ('paid', 'failed') and state = 'looking_up'";

/// Payments that wait to hear who this payee is.
pub(in crate::bank) fn orders_to(
    db: &Connection,
    payee: &PartyIdInfo,
) -> rusqlite::Result<Vec<Order>> {
    db.prepare_cached(&format!("select {COLUMNS} from outgoing where {LOOKING_UP} order by id"))?
        .query_map([payee.party_id_type.as_str(), &payee.party_identifier], read)?
        .collect()
}

/// Payments that have not ended.
pub(in crate::bank) fn open_orders(db: &Connection) -> rusqlite::Result<Vec<Order>> {
    db.prepare_cached(&format!(
        "select {COLUMNS} from outgoing where state not in ('paid', 'failed') order by id"
    ))?
    .query_map([], read)?
    .collect()
}

/// Keeps a new payment, and takes its money from the account.
pub(in crate::bank) fn begin_order(
    tx: &Connection,
    order: &Order,
    (asked_by, at): (Option<&str>, &str),
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into outgoing (id, quote, asked_by, account, kind, identifier, currency, minor, note, state, cause, bank, reverses)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
    )?
    .execute(params![
        order.id,
        order.quote,
        asked_by,
        order.account,
        order.payee.party_id_type.as_str(),
        order.payee.party_identifier,
        order.amount.currency.as_str(),
        order.amount.minor,
        order.note,
        order.state.text(),
        order.cause,
        order.bank,
        order.reverses
    ])?;
    let account = customer(&order.account, order.amount.currency);
    book(tx, order, (&account, &way(order)), ("sent", at))
}

fn way(order: &Order) -> String {
    format!("outgoing/{}", order.amount.currency)
}

fn book(
    tx: &Connection,
    order: &Order,
    (from, to): (&str, &str),
    (step, at): (&str, &str),
) -> rusqlite::Result<()> {
    let Money { minor, currency } = order.amount;
    ledger::open(tx, from, currency)?;
    ledger::open(tx, to, currency)?;
    let legs = [(from, -minor), (to, minor)];
    let reference = format!("{} {step}", order.id);
    let note = order.note.as_deref();
    let what = match &order.reverses {
        Some(transfer) => reversal(transfer, note),
        None => note.unwrap_or(&order.payee.party_identifier).to_owned(),
    };
    ledger::post(tx, &Posting { reference: &reference, what: &what, at, currency, legs: &legs })
}

/// Moves a payment on, once. Says whether it stood there.
pub(in crate::bank) fn advance_order(
    tx: &Connection,
    id: &str,
    (from, to): (Outgoing, Outgoing),
    cause: &str,
) -> rusqlite::Result<bool> {
    let moved = tx
        .prepare_cached("update outgoing set state = $1, cause = $2 where id = $3 and state = $4")?
        .execute([to.text(), cause, id, from.text()])?;
    Ok(moved > 0)
}

/// Keeps at which bank the payee is.
pub(in crate::bank) fn set_bank(tx: &Connection, id: &str, bank: &str) -> rusqlite::Result<()> {
    tx.prepare_cached("update outgoing set bank = $1 where id = $2")?.execute([bank, id])?;
    Ok(())
}

/// Keeps what was agreed on, before the switch is told to transfer.
pub(in crate::bank) fn set_terms(
    tx: &Connection,
    id: &str,
    (packet, condition): (&str, &str),
    expiration: Timestamp,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "update outgoing set ilp_packet = $1, condition = $2, expiration = $3 where id = $4",
    )?
    .execute([packet, condition, &expiration.to_string(), id])?;
    Ok(())
}

/// Ends a payment: its money goes from the way to the scheme, to an account of this bank, or back. `why` says what failed.
pub(in crate::bank) fn end_order(
    tx: &Connection,
    order: &Order,
    (to, why): (&End<'_>, Option<&str>),
    (at, cause): (&str, &str),
) -> rusqlite::Result<bool> {
    let state = if matches!(to, End::Back) { Outgoing::Failed } else { Outgoing::Paid };
    if !advance_order(tx, &order.id, (order.state, state), cause)? {
        return Ok(false);
    }
    tx.prepare_cached("update outgoing set why = $1 where id = $2")?
        .execute(params![why, order.id])?;
    let currency = order.amount.currency;
    let (account, step) = match to {
        End::Scheme => (scheme(currency), "paid"),
        End::OnUs(account) => (customer(account, currency), "paid here"),
        End::Back => (customer(&order.account, currency), RETURNED),
    };
    book(tx, order, (&way(order), &account), (step, at))?;
    Ok(true)
}

/// Where the money of a payment ends.
#[derive(Debug, Clone, Copy)]
pub(in crate::bank) enum End<'a> {
    Scheme,
    OnUs(&'a str),
    Back,
}

#[cfg(test)]
mod tests {
    use super::LOOKING_UP;
    use crate::kit::trial::Trial;

    #[actix_web::test]
    async fn payments_that_are_over_are_not_read_for_a_lookup() {
        let trial = Trial::start(crate::ALL, 50);
        let sql = format!("explain query plan select id from outgoing where {LOOKING_UP}");
        let step = trial
            .office("greenbank")
            .store
            .read(|db| db.query_row(&sql, ["MSISDN", "1"], |row| row.get::<_, String>("detail")));
        assert!(step.unwrap().contains("USING INDEX outgoing_open"), "another plan: {sql}");
    }
}
