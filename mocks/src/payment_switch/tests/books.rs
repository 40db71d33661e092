//! The books of the switch under every order of steps, without HTTP and therefore in great number: a crash rolls a
//! transaction back in the middle, and a restart opens the database anew.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use standards::fspiop::{TransfersPostRequest, TransfersPutResponse};
use standards::money::{Currency, Money};

use super::*;
use crate::kit::clock::D0;
use crate::kit::fspiop::Refusal;
use crate::kit::store::{COMMON_SCHEMA, Store};
use crate::payment_switch::model::{
    AccountKind, Fulfil, Outcome, Prepare, State, Transfer, expired, fulfil, reject,
};
use crate::payment_switch::store::{self, Kept};

const TRANSFERS: u8 = 5;
const AT: (&str, &str) = ("2026-10-01T08:00:00.000Z", "1");

#[derive(Debug, Clone)]
enum Step {
    Prepare { number: u8, is_large: bool },
    Fulfil { number: u8, is_right: bool },
    Reject { number: u8 },
    Wait,
    Restart,
}

/// A step, and whether the machine stops before it is committed.
fn steps() -> impl Strategy<Value = Vec<(Step, bool)>> {
    let number = 0..TRANSFERS;
    let step = prop_oneof![
        5 => (number.clone(), any::<bool>())
            .prop_map(|(number, is_large)| Step::Prepare { number, is_large }),
        4 => (number.clone(), prop::bool::weighted(0.8))
            .prop_map(|(number, is_right)| Step::Fulfil { number, is_right }),
        1 => number.prop_map(|number| Step::Reject { number }),
        1 => Just(Step::Wait),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec((step, prop::bool::weighted(0.15)), 1..32)
}

struct Books {
    path: std::path::PathBuf,
    store: Store,
    now: Timestamp,
}

fn schema() -> String {
    format!("{COMMON_SCHEMA}{}", super::super::SYSTEM.schema)
}

impl Books {
    fn new(case: u32) -> Self {
        let dir = std::env::temp_dir().join(format!("arenoa-books-{}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let path = dir.join(format!("{case}.db"));
        let store = Store::open(&path, &schema()).unwrap();
        let xts: Currency = "XTS".parse().unwrap();
        store
            .write(|tx| {
                for name in ["payer_bank", "payee_bank"] {
                    store::add_participant(tx, name, AT.0)?;
                    for kind in [AccountKind::Position, AccountKind::Settlement] {
                        store::add_account(tx, name, xts, kind)?;
                    }
                    store::set_cap(tx, name, xts, (100_000, 10))?;
                }
                Ok::<_, Refusal>(store::fund(
                    tx,
                    "payer_bank",
                    Money::new(100_000, xts),
                    ("F", AT.0),
                )?)
            })
            .unwrap();
        Self { path, store, now: D0 }
    }

    /// Does `work` in a transaction; a crash leaves nothing of it.
    fn step(
        &self,
        crashes: bool,
        work: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<()>,
    ) {
        let done: Result<(), Refusal> = self.store.write(|tx| {
            work(tx)?;
            if crashes { Err(rusqlite::Error::InvalidQuery.into()) } else { Ok(()) }
        });
        assert_eq!(done.is_err(), crashes, "{done:?}");
    }

    fn prepare(&self, number: u8, is_large: bool, crashes: bool) {
        let amount = if is_large { "700" } else { "200" };
        let body = transfer(number, amount, 45);
        let wish: TransfersPostRequest = serde_json::from_value(body.clone()).unwrap();
        self.step(crashes, |tx| {
            let Ok(prepare) = Prepare::check(&wish, wish.expiration.instant() <= self.now) else {
                return Ok(());
            };
            if store::transfer(tx, &prepare.id)?.is_some() {
                return Ok(());
            }
            let liquidity = store::liquidity(tx, "payer_bank", prepare.amount.currency)?.unwrap();
            let error = liquidity.allows(prepare.amount.minor).err();
            let state = if error.is_some() { State::Invalid } else { State::Reserved };
            let kept = Kept {
                transfer: Transfer {
                    prepare,
                    state,
                    answer_hash: None,
                    fulfilment: None,
                    tell_payee: false,
                    completed: None,
                    error,
                },
                hash: body.to_string(),
                headers: String::new(),
                body: body.to_string(),
                cause: AT.1.into(),
                answer: None,
                bulk: None,
            };
            if state == State::Reserved {
                store::reserve(tx, &kept, AT.0)
            } else {
                store::keep_invalid(tx, &kept)
            }
        });
    }

    fn answer(
        &self,
        number: u8,
        said: &str,
        crashes: bool,
        decide: impl FnOnce(&Transfer, Fulfil<'_>) -> Outcome,
    ) {
        self.step(crashes, |tx| {
            let Some(kept) = store::transfer(tx, &id(number))? else { return Ok(()) };
            let from = Fulfil { source: "payee_bank", destination: None, hash: said, at: self.now };
            let answer = store::Answer { hash: said, headers: "[]", body: said };
            let prepare = &kept.transfer.prepare;
            match decide(&kept.transfer, from) {
                Outcome::Commit { fulfilment, tell_payee } => {
                    store::commit(tx, prepare, (&fulfilment, tell_payee), Some(answer), AT)
                }
                Outcome::Abort(state, why) => {
                    store::abort(tx, prepare, (state, &why), Some(answer), AT)
                }
                Outcome::Again | Outcome::Refuse(_) => Ok(()),
            }
        });
    }

    fn take(&mut self, step: &Step, crashes: bool) {
        match step {
            Step::Prepare { number, is_large } => self.prepare(*number, *is_large, crashes),
            Step::Fulfil { number, is_right } => {
                let proof = if *is_right { proof(*number).0 } else { proof(99).0 };
                let said = json!({"transferState": "COMMITTED", "fulfilment": proof});
                let read: TransfersPutResponse = serde_json::from_value(said.clone()).unwrap();
                self.answer(*number, &said.to_string(), crashes, |t, from| fulfil(t, from, &read));
            }
            Step::Reject { number } => {
                let why = Refusal::new(standards::fspiop::ErrorCode::PAYEE_REJECTION, "no");
                self.answer(*number, "no", crashes, |t, from| reject(t, from, why));
            }
            Step::Wait => {
                self.now += SignedDuration::from_secs(20);
                self.step(crashes, |tx| {
                    for kept in store::unfinished(tx)? {
                        let prepare = &kept.transfer.prepare;
                        let is_open = kept.transfer.state == State::Reserved;
                        if is_open && prepare.expiration <= self.now {
                            let why = (State::ExpiredReserved, &expired());
                            store::abort(tx, prepare, why, None, AT)?;
                        }
                    }
                    Ok(())
                });
            }
            Step::Restart => self.store = Store::open(&self.path, &schema()).unwrap(),
        }
    }

    fn holds(&self, step: &Step) {
        let check = |db: &rusqlite::Connection| {
            ledger::check(db)?.unwrap();
            let (mut reserved, mut committed) = (0, 0);
            for number in 0..TRANSFERS {
                let Some(kept) = store::transfer(db, &id(number))? else { continue };
                let minor = kept.transfer.prepare.amount.minor;
                match kept.transfer.state {
                    State::Reserved => reserved += minor,
                    State::Committed => committed += minor,
                    _ => {}
                }
            }
            let balance =
                |code: &str| Ok::<_, rusqlite::Error>(ledger::balance(db, code)?.unwrap_or(0));
            assert_eq!(balance("payer_bank/XTS/POSITION")?, reserved + committed, "{step:?}");
            assert_eq!(balance("payee_bank/XTS/POSITION")?, -committed, "{step:?}");
            assert_eq!(balance("hub/XTS/RESERVED")?, -reserved, "{step:?}");
            assert!(reserved + committed <= 100_000, "over the cap after {step:?}");
            Ok(())
        };
        self.store.read(check).unwrap();
    }
}

#[test]
fn no_order_of_steps_crashes_and_restarts_makes_or_loses_money() {
    let config = Config { cases: 96, failure_persistence: None, ..Config::default() };
    let case = std::cell::Cell::new(0);
    let played = TestRunner::new(config).run(&steps(), |steps| {
        case.set(case.get() + 1);
        let mut books = Books::new(case.get());
        for (step, crashes) in &steps {
            books.take(step, *crashes);
            books.holds(step);
        }
        Ok(())
    });
    let dir = std::env::temp_dir().join(format!("arenoa-books-{}", std::process::id()));
    drop(std::fs::remove_dir_all(dir));
    played.unwrap();
}
