//! The rules of the ledger, tried in a database of its own.

use tempfile::{TempDir, tempdir};

use super::*;
use crate::kit::store::{COMMON_SCHEMA, Store, StoreError};

/// New books with three accounts, for as long as their folder is held.
fn books() -> (TempDir, Store) {
    let dir = tempdir().unwrap();
    let path = dir.path().join("books.db");
    let store =
        Store::open(&path, &format!("{COMMON_SCHEMA}{}", include_str!("schema.sql"))).unwrap();
    store
        .alter(|tx| {
            for code in ["tomas", "pinkbank", "vault"] {
                open(tx, code, xts())?;
            }
            Ok(())
        })
        .unwrap();
    (dir, store)
}

fn xts() -> Currency {
    "XTS".parse().unwrap()
}

fn book(store: &Store, reference: &str, legs: &[(&str, i64)]) -> Result<(), StoreError> {
    let at = "2026-10-01T08:00:00.000Z";
    store.write(|tx| {
        Ok(post(tx, &Posting { reference, what: "pension", at, currency: xts(), legs })?)
    })
}

#[test]
fn an_entry_moves_money_and_shows_on_the_statement() {
    let (_dir, store) = books();
    book(&store, "T-1", &[("tomas", 10_000), ("vault", -10_000)]).unwrap();
    book(&store, "T-2", &[("tomas", -2_550), ("pinkbank", 2_550)]).unwrap();
    let (balance, lines) =
        store.read(|db| Ok((balance(db, "tomas")?, statement(db, "tomas", 10)?))).unwrap();
    assert_eq!(balance, Some(7_450));
    let told: Vec<_> = lines.iter().map(|l| (l.reference.as_str(), l.minor, l.balance)).collect();
    assert_eq!(told, [("T-1", 10_000, 10_000), ("T-2", -2_550, 7_450)]);
    assert_eq!(store.read(check).unwrap(), Ok(Checked { accounts: 3, entries: 2 }));
}

#[test]
fn an_entry_that_does_not_sum_to_zero_leaves_no_trace() {
    let (_dir, store) = books();
    assert!(book(&store, "T-1", &[("tomas", 100), ("vault", -99)]).is_err());
    assert_eq!(store.read(check).unwrap(), Ok(Checked { accounts: 3, entries: 0 }));
}

#[test]
fn the_same_reference_is_booked_once() {
    let (_dir, store) = books();
    book(&store, "T-1", &[("tomas", 100), ("vault", -100)]).unwrap();
    assert!(book(&store, "T-1", &[("tomas", 100), ("vault", -100)]).is_err());
    assert_eq!(store.read(|db| balance(db, "tomas")).unwrap(), Some(100));
}

#[test]
fn an_account_that_is_not_open_takes_nothing() {
    let (_dir, store) = books();
    assert!(book(&store, "T-1", &[("nobody", 100), ("vault", -100)]).is_err());
    assert_eq!(store.read(|db| balance(db, "vault")).unwrap(), Some(0));
}

#[test]
fn a_balance_does_not_leave_the_range_of_what_can_be_counted() {
    let (_dir, store) = books();
    book(&store, "T-1", &[("tomas", i64::MAX), ("vault", -i64::MAX)]).unwrap();
    let refused = book(&store, "T-2", &[("tomas", 1), ("pinkbank", -1)]).unwrap_err();
    let said = std::error::Error::source(&refused).unwrap().to_string();
    assert!(said.contains("`tomas` would leave the range"), "{said}");
    book(&store, "T-3", &[("vault", -1), ("pinkbank", 1)]).unwrap();
    assert!(book(&store, "T-4", &[("vault", -1), ("pinkbank", 1)]).is_err());
    let left = store.read(|db| Ok((balance(db, "tomas")?, balance(db, "vault")?))).unwrap();
    assert_eq!(left, (Some(i64::MAX), Some(i64::MIN)));
}

#[test]
fn a_balance_that_was_changed_by_hand_is_found() {
    let (_dir, store) = books();
    book(&store, "T-1", &[("tomas", 100), ("vault", -100)]).unwrap();
    let forge = "update ledger_account set balance = balance + 1 where code = 'tomas'";
    store.alter(|tx| tx.execute_batch(forge)).unwrap();
    let found = store.read(check).unwrap();
    assert_eq!(found, Err(Broken::Drifted { code: "tomas".into(), shown: 101, booked: 100 }));
}
