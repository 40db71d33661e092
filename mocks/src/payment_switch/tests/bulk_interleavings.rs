//! Whatever comes in whatever order, bulks and single transfers mixed, with stops in between: the books balance, each
//! transfer moves money once, and what ended does not change any more.

use std::path::Path;

use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::payment_switch::model::State;
use crate::payment_switch::store;

/// Transfers 0 to 2 are of bulk 0, 3 to 5 of bulk 1; transfer 2 is asked for in both, and 5 also alone.
const BULKS: [[u8; 3]; 2] = [[0, 1, 2], [2, 3, 5]];
const TRANSFERS: u8 = 6;

#[derive(Debug, Clone)]
enum Step {
    /// Twice the same is a duplicate; with the other amount it is a modified duplicate.
    Ask {
        bulk: usize,
        is_large: bool,
    },
    /// The payee's answer: each transfer is proven, forged, refused or left out.
    Tell {
        bulk: usize,
        words: [Word; 3],
    },
    /// The payee refuses the whole bulk.
    Refuse {
        bulk: usize,
    },
    /// Payer or payee asks how it stands.
    Look {
        bulk: usize,
        is_payee: bool,
    },
    /// One transfer by itself, which may be part of a bulk already.
    Alone {
        number: u8,
    },
    FulfilAlone {
        number: u8,
    },
    Wait,
    /// The process is killed and starts again on the files that it left: everything in memory is lost, and the data are
    /// read anew.
    Stop,
}

#[derive(Debug, Clone, Copy)]
enum Word {
    Proven,
    Forged,
    Refused,
    Silent,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (bulk, number) = (0..BULKS.len(), 0..TRANSFERS);
    let word = prop_oneof![
        4 => Just(Word::Proven),
        1 => Just(Word::Forged),
        1 => Just(Word::Refused),
        1 => Just(Word::Silent),
    ];
    let words = [word.clone(), word.clone(), word];
    let step = prop_oneof![
        4 => (bulk.clone(), any::<bool>()).prop_map(|(bulk, is_large)| Step::Ask { bulk, is_large }),
        4 => (bulk.clone(), words).prop_map(|(bulk, words)| Step::Tell { bulk, words }),
        1 => bulk.clone().prop_map(|bulk| Step::Refuse { bulk }),
        1 => (bulk, any::<bool>()).prop_map(|(bulk, is_payee)| Step::Look { bulk, is_payee }),
        1 => number.clone().prop_map(|number| Step::Alone { number }),
        1 => number.prop_map(|number| Step::FulfilAlone { number }),
        1 => Just(Step::Wait),
        1 => Just(Step::Stop),
    ];
    prop::collection::vec(step, 1..16)
}

fn bulk_id(bulk: usize) -> String {
    format!("c51ec534-ee48-4575-b6a9-ead2955b80{bulk:02}")
}

fn asked(bulk: usize, is_large: bool) -> Value {
    let amount = if is_large { "350" } else { "120" };
    let one = |number: &u8| {
        json!({"transferId": id(*number), "transferAmount": {"currency": "XTS", "amount": amount},
            "ilpPacket": "AYIC", "condition": proof(*number).1})
    };
    let listed: Vec<Value> = BULKS[bulk].iter().map(one).collect();
    json!({"bulkTransferId": bulk_id(bulk), "bulkQuoteId": id(99), "payerFsp": "payer_bank",
        "payeeFsp": "payee_bank", "expiration": "2026-10-01T08:00:45.000Z",
        "individualTransfers": listed})
}

fn said(bulk: usize, words: [Word; 3]) -> Value {
    let why = json!({"errorCode": "5105", "errorDescription": "no"});
    let results = BULKS[bulk].iter().zip(words).filter_map(|(number, word)| match word {
        Word::Proven => Some(json!({"transferId": id(*number), "fulfilment": proof(*number).0})),
        Word::Forged => Some(json!({"transferId": id(*number), "fulfilment": proof(98).0})),
        Word::Refused => Some(json!({"transferId": id(*number), "errorInformation": why})),
        Word::Silent => None,
    });
    json!({"bulkTransferState": "COMPLETED", "completedTimestamp": "2026-10-01T08:00:00.000Z",
        "individualTransferResults": results.collect::<Vec<_>>()})
}

async fn take(trial: Trial, step: &Step, dir: &Path) -> Trial {
    match step {
        Step::Ask { bulk, is_large } => {
            let what = ("POST", "/bulkTransfers", "payer_bank");
            send(&trial, what, "payee_bank", Some(&asked(*bulk, *is_large))).await;
        }
        Step::Tell { bulk, words } => {
            let uri = format!("/bulkTransfers/{}", bulk_id(*bulk));
            answer(&trial, &uri, &said(*bulk, *words)).await;
        }
        Step::Refuse { bulk } => {
            let why = json!({"errorInformation": {"errorCode": "5001", "errorDescription": "no"}});
            answer(&trial, &format!("/bulkTransfers/{}/error", bulk_id(*bulk)), &why).await;
        }
        Step::Look { bulk, is_payee } => {
            let uri = format!("/bulkTransfers/{}", bulk_id(*bulk));
            let who = if *is_payee { "payee_bank" } else { "payer_bank" };
            send(&trial, ("GET", &uri, who), "", None).await;
        }
        Step::Alone { number } => drop(prepare(&trial, &transfer(*number, "90", 45)).await),
        Step::FulfilAlone { number } => drop(fulfil(&trial, *number, "RESERVED").await),
        Step::Wait => {
            trial.hall().room.clock.advance(SignedDuration::from_secs(20));
            crate::kit::clock::pause(std::time::Duration::from_millis(5)).await;
            trial.hall().room.clock.idle().await;
        }
        Step::Stop => return started_again(trial, dir).await,
    }
    trial
}

/// Whatever was under way is lost with the first life; the second reads what it left in the folder.
async fn started_again(mut trial: Trial, dir: &Path) -> Trial {
    trial.running.halt().await;
    drop(trial);
    let trial = Trial::start_in(dir.to_owned(), SYSTEMS, 50);
    for name in ["payer_bank", "payee_bank"] {
        say_where(&trial, name).await;
    }
    trial.hall().room.clock.idle().await;
    trial
}

/// State and minor units of every transfer that is kept, by number.
type Seen = BTreeMap<u8, (State, i64)>;

fn look(trial: &Trial) -> Seen {
    let read = |db: &rusqlite::Connection| {
        let kept = (0..TRANSFERS).map(|number| {
            let kept = store::transfer(db, &id(number))?.map(|kept| kept.transfer);
            Ok(kept.map(|transfer| (number, (transfer.state, transfer.prepare.amount.minor))))
        });
        Ok(kept.collect::<rusqlite::Result<Vec<_>>>()?.into_iter().flatten().collect())
    };
    trial.office("payment_switch").store.read(read).unwrap()
}

/// What must hold after every step.
fn holds(trial: &Trial, before: &Seen, step: &Step, after: &Seen) {
    books_balance(trial);
    let sum = |state: State| -> i64 {
        after.values().filter(|(s, _)| *s == state).map(|(_, minor)| minor).sum()
    };
    let balance = |code: &'static str| {
        let read = move |db: &rusqlite::Connection| ledger::balance(db, code);
        trial.office("payment_switch").store.read(read).unwrap().unwrap_or(0)
    };
    let (reserved, committed) = (sum(State::Reserved), sum(State::Committed));
    assert_eq!(balance("hub/XTS/RESERVED"), -reserved, "after {step:?}");
    assert_eq!(balance("payer_bank/XTS/POSITION"), reserved + committed, "after {step:?}");
    assert_eq!(balance("payee_bank/XTS/POSITION"), -committed, "after {step:?}");
    assert!(reserved + committed <= 100_000, "over the cap after {step:?}");
    for (number, (was, amount)) in before {
        let (is, same_amount) = after[number];
        assert_eq!(*amount, same_amount, "a transfer's amount stays, after {step:?}");
        assert!(*was == is || *was == State::Reserved, "{was:?} became {is:?} after {step:?}");
        let proven = match step {
            Step::Tell { bulk, words } => {
                let mut said = BULKS[*bulk].iter().zip(words);
                said.any(|(n, word)| n == number && matches!(word, Word::Proven))
            }
            Step::FulfilAlone { number: n } => n == number,
            _ => false,
        };
        let is_new = *was == State::Reserved && is == State::Committed;
        assert!(!is_new || proven, "committed without proof after {step:?}");
    }
}

#[test]
fn bulks_and_single_transfers_in_any_order_with_stops_neither_make_nor_lose_money() {
    let config = Config { cases: 16, failure_persistence: None, ..Config::default() };
    let system = actix_web::rt::System::new();
    let played = TestRunner::new(config).run(&steps(), |steps| {
        system.block_on(async {
            let dir = std::env::temp_dir().join(format!("arenoa-bulks-{}", std::process::id()));
            drop(std::fs::remove_dir_all(&dir));
            let mut trial = Trial::start_in(dir.clone(), SYSTEMS, 50);
            onboard(&trial).await;
            let mut before = Seen::new();
            for step in &steps {
                trial = take(trial, step, &dir).await;
                let after = look(&trial);
                holds(&trial, &before, step, &after);
                before = after;
            }
            drop(trial);
            std::fs::remove_dir_all(&dir).unwrap();
        });
        Ok(())
    });
    played.unwrap();
}
