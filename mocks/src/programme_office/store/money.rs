//! The archive's half that keeps money and callbacks: entitlements, payments, subscriptions, notices.

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use standards::dci::Status;

use crate::kit::store::{Store, StoreError, Transaction, next_number};
use crate::programme_office::model::payment::{
    EntitlementState, Payment, PaymentState, reference_of,
};

const PAYMENT: &str = "select reference_id, entitlement, application, uin, programme, cycle,
  amount_cents, currency, payee_fa, state, remark, at from payment";

/// What somebody is owed in a cycle.
#[derive(Debug, Clone)]
pub(in crate::programme_office) struct Owed<'a> {
    pub(in crate::programme_office) application: &'a str,
    pub(in crate::programme_office) uin: &'a str,
    pub(in crate::programme_office) programme: &'a str,
    pub(in crate::programme_office) cycle: &'a str,
    pub(in crate::programme_office) amount_cents: i64,
    pub(in crate::programme_office) currency: &'a str,
    pub(in crate::programme_office) at: &'a str,
}

/// Writes down an entitlement with its payment. One person is owed a programme once in a cycle: where it is written
/// down already, the payment that is there is given. What was cancelled when the person left is owed anew.
pub(in crate::programme_office) fn owe(
    tx: &Transaction<'_>,
    owed: &Owed<'_>,
) -> rusqlite::Result<Payment> {
    let known: Option<(String, String, u32)> = tx
        .prepare_cached(
            "select id, state, (select count(*) from payment one where one.entitlement = entitlement.id)
             from entitlement where uin = $1 and programme = $2 and cycle = $3",
        )?
        .query_row([owed.uin, owed.programme, owed.cycle], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .optional()?;
    let (id, attempt) = match known {
        Some((id, state, made)) if state == EntitlementState::Cancelled.as_str() => {
            tx.prepare_cached("update entitlement set state = $1, application = $2 where id = $3")?
                .execute([EntitlementState::Approved.as_str(), owed.application, &id])?;
            (id, made + 1)
        }
        Some((id, ..)) => (id, 1),
        None => (new_entitlement(tx, owed)?, 1),
    };
    let reference_id = reference_of(&id, attempt);
    add_payment(tx, (&id, &reference_id), owed.at)?;
    payment_in(tx, &reference_id)?.ok_or(rusqlite::Error::QueryReturnedNoRows)
}

/// Writes down another payment of what an application is owed, where the last one failed. What is to be done for a payment
/// is to be done again.
pub(in crate::programme_office) fn owe_again(
    tx: &Transaction<'_>,
    application: &str,
    at: &str,
) -> rusqlite::Result<()> {
    let last: Option<(String, String, u32)> = tx
        .prepare_cached(
            "select payment.entitlement, payment.state,
               (select count(*) from payment one where one.entitlement = payment.entitlement)
             from payment join entitlement on entitlement.id = payment.entitlement
             where payment.application = $1 and entitlement.state <> 'paid'
             order by payment.at desc, length(reference_id) desc, reference_id desc limit 1",
        )?
        .query_row([application], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let failed = last.filter(|(_, state, _)| state == PaymentState::Failed.as_str());
    let Some((entitlement, _, attempts)) = failed else { return Ok(()) };
    add_payment(tx, (&entitlement, &reference_of(&entitlement, attempts + 1)), at)?;
    tx.prepare_cached(
        "delete from duty where application = $1 and name in ('account', 'disbursement')",
    )?
    .execute([application])?;
    Ok(())
}

/// A payment that is there already stays as it is.
fn add_payment(
    tx: &Transaction<'_>,
    (entitlement, reference_id): (&str, &str),
    at: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into payment (reference_id, entitlement, application, uin, programme, cycle,
           amount_cents, currency, payee_fa, state, remark, at)
         select $1, id, application, uin, programme, cycle, amount_cents, currency, null, $2, '', $3
         from entitlement where id = $4 on conflict (reference_id) do nothing",
    )?
    .execute([reference_id, PaymentState::Issued.as_str(), at, entitlement])?;
    Ok(())
}

fn new_entitlement(tx: &Transaction<'_>, owed: &Owed<'_>) -> rusqlite::Result<String> {
    let year = owed.cycle.get(..4).unwrap_or_default();
    let id = format!("ENT-{year}-{:06}", next_number(tx, "ENT")?);
    tx.prepare_cached(
        "insert into entitlement (id, application, uin, programme, cycle, amount_cents, currency, state)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
    )?
    .execute(params![
        id,
        owed.application,
        owed.uin,
        owed.programme,
        owed.cycle,
        owed.amount_cents,
        owed.currency,
        EntitlementState::Approved.as_str()
    ])?;
    Ok(id)
}

/// The tenth attempt comes behind the ninth.
const OLDEST_FIRST: &str = "order by at, length(reference_id), reference_id";

/// Payments of an application, oldest first.
pub(in crate::programme_office) fn payments(
    store: &Store,
    application: &str,
) -> Result<Vec<Payment>, StoreError> {
    listed(store, &format!("where application = $1 {OLDEST_FIRST}"), application)
}

/// Payments of a person, oldest first.
pub(in crate::programme_office) fn payments_of(
    store: &Store,
    uin: &str,
) -> Result<Vec<Payment>, StoreError> {
    listed(store, &format!("where uin = $1 {OLDEST_FIRST}"), uin)
}

fn listed(store: &Store, condition: &str, value: &str) -> Result<Vec<Payment>, StoreError> {
    store.read(|db| {
        db.prepare_cached(&format!("{PAYMENT} {condition}"))?
            .query_map([value], read_payment)?
            .collect()
    })
}

fn payment_in(db: &Connection, reference_id: &str) -> rusqlite::Result<Option<Payment>> {
    db.prepare_cached(&format!("{PAYMENT} where reference_id = $1"))?
        .query_row([reference_id], read_payment)
        .optional()
}

/// Where a payment goes is known now, or that nowhere can take it. Only what was not sent can be changed.
pub(in crate::programme_office) fn address_payment(
    store: &Store,
    reference_id: &str,
    payee_fa: Result<&str, &str>,
) -> Result<Option<Payment>, StoreError> {
    store.write(|tx| {
        let (fa, state, remark, owed) = match payee_fa {
            Ok(fa) => (Some(fa), PaymentState::Issued, "", EntitlementState::Approved),
            Err(remark) => (None, PaymentState::Held, remark, EntitlementState::NoAccount),
        };
        tx.prepare_cached(
            "update payment set payee_fa = $1, state = $2, remark = $3
             where reference_id = $4 and state in ('issued', 'held')",
        )?
        .execute(params![fa, state.as_str(), remark, reference_id])?;
        tx.prepare_cached(
            "update entitlement set state = $1 where state <> 'paid' and id =
             (select entitlement from payment where reference_id = $2)",
        )?
        .execute([owed.as_str(), reference_id])?;
        Ok(payment_in(tx, reference_id)?)
    })
}

/// What the payment hub says of a payment. The payment is given where this changed it, and none where it is unknown or
/// the word brought nothing new.
pub(in crate::programme_office) fn told(
    store: &Store,
    reference_id: &str,
    status: Status,
    remark: &str,
) -> Result<Option<Payment>, StoreError> {
    store.write(|tx| {
        let Some(payment) = payment_in(tx, reference_id)? else { return Ok(None) };
        let Some(state) = payment.state.after(status) else { return Ok(None) };
        tx.prepare_cached("update payment set state = $1, remark = $2 where reference_id = $3")?
            .execute([state.as_str(), remark, reference_id])?;
        if state == PaymentState::Paid {
            tx.prepare_cached("update entitlement set state = $1 where id = $2")?
                .execute([EntitlementState::Paid.as_str(), payment.entitlement.as_str()])?;
        }
        Ok(payment_in(tx, reference_id)?)
    })
}

pub(in crate::programme_office) fn keep_subscription(
    store: &Store,
    transaction_id: &str,
    application: &str,
    event: &str,
    at: &str,
) -> Result<(), StoreError> {
    store.write(|tx| {
        tx.prepare_cached(
            "insert into subscription (transaction_id, application, event, state, at)
             values ($1, $2, $3, 'asked', $4) on conflict (transaction_id) do nothing",
        )?
        .execute([transaction_id, application, event, at])?;
        Ok(())
    })
}

/// A registry confirms or refuses a subscription; the application it belongs to, where it is known.
pub(in crate::programme_office) fn settle_subscription(
    store: &Store,
    transaction_id: &str,
    code: Option<&str>,
    state: &str,
) -> Result<Option<String>, StoreError> {
    store.write(|tx| {
        Ok(tx
            .prepare_cached(
                "update subscription set code = $1, state = $2 where transaction_id = $3
                 returning application",
            )?
            .query_row(params![code, state, transaction_id], |row| row.get(0))
            .optional()?)
    })
}

/// Keeps what a registry told of its own accord; whether it is news.
pub(in crate::programme_office) fn keep_notice(
    store: &Store,
    reference_id: &str,
    event: &str,
    body: &str,
    at: &str,
) -> Result<bool, StoreError> {
    store.write(|tx| {
        let kept = tx
            .prepare_cached(
                "insert into notice (reference_id, event, body, at) values ($1, $2, $3, $4)
                 on conflict (reference_id) do nothing",
            )?
            .execute([reference_id, event, body, at])?;
        Ok(kept == 1)
    })
}

/// Notes that a notice of death was followed.
pub(in crate::programme_office) fn note_followed(
    store: &Store,
    reference_id: &str,
) -> Result<(), StoreError> {
    store.write(|tx| {
        tx.prepare_cached("update notice set is_followed = 1 where reference_id = $1")?
            .execute([reference_id])?;
        Ok(())
    })
}

/// Notices of death that were not followed to their end: reference and records.
pub(in crate::programme_office) fn unfollowed(
    store: &Store,
) -> Result<Vec<(String, String)>, StoreError> {
    store.read(|db| {
        db.prepare_cached(
            "select reference_id, body from notice where event = 'Death' and is_followed = 0
             order by reference_id",
        )?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
    })
}

fn read_payment(row: &Row<'_>) -> rusqlite::Result<Payment> {
    let state: String = row.get(9)?;
    let state = PaymentState::from_kept(&state).ok_or_else(|| {
        let what = format!("`{state}` is no state of a payment");
        rusqlite::Error::FromSqlConversionFailure(9, Type::Text, what.into())
    })?;
    Ok(Payment {
        reference_id: row.get(0)?,
        entitlement: row.get(1)?,
        application: row.get(2)?,
        uin: row.get(3)?,
        programme: row.get(4)?,
        cycle: row.get(5)?,
        amount_cents: row.get(6)?,
        currency: row.get(7)?,
        payee_fa: row.get(8)?,
        state,
        remark: row.get(10)?,
        at: row.get(11)?,
    })
}
