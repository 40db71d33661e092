//! Participants, their callbacks and caps, and who holds which identifier.

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use standards::fspiop::PartyIdInfo;
use standards::money::Currency;

use super::books::code_of;
use crate::kit::ledger;
use crate::kit::store::next_number;
use crate::payment_switch::model::{AccountKind, Participant};

/// The net debit cap of a participant in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::payment_switch) struct Cap {
    pub(in crate::payment_switch) currency: String,
    pub(in crate::payment_switch) minor: i64,
    pub(in crate::payment_switch) alarm_percentage: i64,
}

/// A participant by its name.
pub(in crate::payment_switch) fn participant(
    db: &Connection,
    name: &str,
) -> rusqlite::Result<Option<Participant>> {
    db.prepare_cached("select name, is_active, created, id from participant where name = $1")?
        .query_row([name], read_participant)
        .optional()
}

/// All participants, by name.
pub(in crate::payment_switch) fn participants(
    db: &Connection,
) -> rusqlite::Result<Vec<Participant>> {
    db.prepare_cached("select name, is_active, created, id from participant order by name")?
        .query_map([], read_participant)?
        .collect()
}

fn read_participant(row: &Row<'_>) -> rusqlite::Result<Participant> {
    Ok(Participant {
        name: row.get(0)?,
        is_active: row.get(1)?,
        created: row.get(2)?,
        id: row.get(3)?,
    })
}

/// Takes a participant in; one that is a member stays as it is.
pub(in crate::payment_switch) fn add_participant(
    tx: &Connection,
    name: &str,
    created: &str,
) -> rusqlite::Result<()> {
    if participant(tx, name)?.is_some() {
        return Ok(());
    }
    let id = next_number(tx, "participant")?;
    tx.prepare_cached(
        "insert into participant (name, id, is_active, created) values ($1, $2, 1, $3)",
    )?
    .execute(params![name, id, created])?;
    Ok(())
}

/// Opens the participant's account of this kind in a currency, where it is not open.
pub(in crate::payment_switch) fn add_account(
    tx: &Connection,
    name: &str,
    currency: Currency,
    kind: AccountKind,
) -> rusqlite::Result<()> {
    let open = tx
        .prepare_cached(
            "select 1 from account where participant = $1 and currency = $2 and kind = $3",
        )?
        .exists(params![name, currency.as_str(), kind.text()])?;
    if !open {
        let id = next_number(tx, "account")?;
        tx.prepare_cached(
            "insert into account (id, participant, currency, kind) values ($1, $2, $3, $4)",
        )?
        .execute(params![id, name, currency.as_str(), kind.text()])?;
    }
    ledger::open(tx, &code_of(name, currency, kind), currency)
}

/// Lets a participant take part, or not.
pub(in crate::payment_switch) fn set_active(
    tx: &Connection,
    name: &str,
    is_active: bool,
) -> rusqlite::Result<usize> {
    tx.prepare_cached("update participant set is_active = $1 where name = $2")?
        .execute(params![is_active, name])
}

/// Sets the most that a participant may owe in a currency.
pub(in crate::payment_switch) fn set_cap(
    tx: &Connection,
    name: &str,
    currency: Currency,
    (minor, alarm_percentage): (i64, i64),
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into net_debit_cap (participant, currency, minor, alarm_percentage)
         values ($1, $2, $3, $4) on conflict (participant, currency)
         do update set minor = excluded.minor, alarm_percentage = excluded.alarm_percentage",
    )?
    .execute(params![name, currency.as_str(), minor, alarm_percentage])?;
    Ok(())
}

/// The caps of a participant, by currency.
pub(in crate::payment_switch) fn caps(db: &Connection, name: &str) -> rusqlite::Result<Vec<Cap>> {
    let read = |row: &Row<'_>| {
        Ok(Cap { currency: row.get(0)?, minor: row.get(1)?, alarm_percentage: row.get(2)? })
    };
    db.prepare_cached(
        "select currency, minor, alarm_percentage from net_debit_cap
         where participant = $1 order by currency",
    )?
    .query_map([name], read)?
    .collect()
}

/// Registers where a kind of message for a participant goes.
pub(in crate::payment_switch) fn set_endpoint(
    tx: &Connection,
    name: &str,
    (kind, value): (&str, &str),
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into endpoint (participant, kind, value) values ($1, $2, $3)
         on conflict (participant, kind) do update set value = excluded.value",
    )?
    .execute([name, kind, value])?;
    Ok(())
}

/// Keeps the keys that a participant signs with, as a JWK set.
pub(in crate::payment_switch) fn keep_keys(
    tx: &Connection,
    name: &str,
    jwks: &str,
) -> rusqlite::Result<()> {
    tx.prepare_cached(
        "insert into signing_key (participant, jwks) values ($1, $2)
         on conflict (participant) do update set jwks = excluded.jwks",
    )?
    .execute([name, jwks])?;
    Ok(())
}

/// The keys that were handed over for a participant.
pub(in crate::payment_switch) fn kept_keys(
    db: &Connection,
    name: &str,
) -> rusqlite::Result<Option<String>> {
    db.prepare_cached("select jwks from signing_key where participant = $1")?
        .query_row([name], |row| row.get(0))
        .optional()
}

/// Where messages for a participant go: kind and address, by kind.
pub(in crate::payment_switch) fn endpoints(
    db: &Connection,
    name: &str,
) -> rusqlite::Result<Vec<(String, String)>> {
    db.prepare_cached("select kind, value from endpoint where participant = $1 order by kind")?
        .query_map([name], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect()
}

/// The participant that holds the account behind an identifier.
pub(in crate::payment_switch) fn find_holder(
    db: &Connection,
    party: &PartyIdInfo,
) -> rusqlite::Result<Option<String>> {
    let part = party.party_sub_id_or_type.as_deref().unwrap_or_default();
    db.prepare_cached("select fsp from party where kind = $1 and identifier = $2 and part = $3")?
        .query_row([party.party_id_type.as_str(), party.bare_identifier(), part], |row| row.get(0))
        .optional()
}

/// Notes that `fsp` holds the account behind an identifier.
pub(in crate::payment_switch) fn register_party(
    tx: &Connection,
    party: &PartyIdInfo,
    fsp: &str,
) -> rusqlite::Result<()> {
    let part = party.party_sub_id_or_type.as_deref().unwrap_or_default();
    tx.prepare_cached(
        "insert into party (kind, identifier, part, fsp) values ($1, $2, $3, $4)
         on conflict (kind, identifier, part) do update set fsp = excluded.fsp",
    )?
    .execute([party.party_id_type.as_str(), party.bare_identifier(), part, fsp])?;
    Ok(())
}

/// Forgets who holds an identifier.
pub(in crate::payment_switch) fn remove_party(
    tx: &Connection,
    party: &PartyIdInfo,
) -> rusqlite::Result<usize> {
    let part = party.party_sub_id_or_type.as_deref().unwrap_or_default();
    tx.prepare_cached("delete from party where kind = $1 and identifier = $2 and part = $3")?
        .execute([party.party_id_type.as_str(), party.bare_identifier(), part])
}
