//! Whatever comes in whatever order: the books balance, money moves once, and nobody owes more than its cap.

use jiff::SignedDuration;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::*;
use crate::payment_switch::model::State;
use crate::payment_switch::store;

const TRANSFERS: u8 = 4;

#[derive(Debug, Clone)]
enum Step {
    /// Twice the same is a duplicate; with the other amount it is a modified duplicate.
    Prepare {
        number: u8,
        is_large: bool,
    },
    Fulfil {
        number: u8,
        is_right: bool,
        is_reserved: bool,
    },
    Reject {
        number: u8,
    },
    Ask {
        number: u8,
    },
    Wait,
    /// What is in memory is lost, and the switch starts again.
    Restart,
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let number = 0..TRANSFERS;
    let step = prop_oneof![
        4 => (number.clone(), any::<bool>())
            .prop_map(|(number, is_large)| Step::Prepare { number, is_large }),
        4 => (number.clone(), prop::bool::weighted(0.8), any::<bool>())
            .prop_map(|(number, is_right, is_reserved)| Step::Fulfil { number, is_right, is_reserved }),
        1 => number.clone().prop_map(|number| Step::Reject { number }),
        1 => number.prop_map(|number| Step::Ask { number }),
        1 => Just(Step::Wait),
        1 => Just(Step::Restart),
    ];
    prop::collection::vec(step, 1..24)
}

async fn take(trial: &Trial, step: &Step) {
    match step {
        Step::Prepare { number, is_large } => {
            let amount = if *is_large { "700" } else { "200" };
            prepare(trial, &transfer(*number, amount, 45)).await;
        }
        Step::Fulfil { number, is_right, is_reserved } => {
            let proof = if *is_right { proof(*number).0 } else { proof(99).0 };
            let state = if *is_reserved { "RESERVED" } else { "COMMITTED" };
            let body = json!({"transferState": state, "fulfilment": proof});
            answer(trial, &format!("/transfers/{}", id(*number)), &body).await;
        }
        Step::Reject { number } => {
            let why = json!({"errorInformation": {"errorCode": "5105", "errorDescription": "no"}});
            answer(trial, &format!("/transfers/{}/error", id(*number)), &why).await;
        }
        Step::Ask { number } => {
            let uri = format!("/transfers/{}", id(*number));
            send(trial, ("GET", &uri, "payer_bank"), "", None).await;
        }
        Step::Wait => {
            trial.hall().room.clock.advance(SignedDuration::from_secs(20));
            crate::kit::clock::pause(std::time::Duration::from_millis(5)).await;
            trial.hall().room.clock.idle().await;
        }
        Step::Restart => trial.restart("payment_switch").await,
    }
}

/// State and minor units of every transfer that is kept, by number.
type Seen = BTreeMap<u8, (State, i64)>;

fn look(trial: &Trial) -> Seen {
    let read = |db: &rusqlite::Connection| {
        let mut seen = Seen::new();
        for number in 0..TRANSFERS {
            if let Some(kept) = store::transfer(db, &id(number))? {
                let amount = kept.transfer.prepare.amount.minor;
                seen.insert(number, (kept.transfer.state, amount));
            }
        }
        Ok(seen)
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
        let proven = matches!(step, Step::Fulfil { number: n, is_right: true, .. } if n == number);
        let is_new = *was == State::Reserved && is == State::Committed;
        assert!(!is_new || proven, "committed without proof after {step:?}");
    }
}

#[test]
fn no_order_of_messages_restarts_and_time_makes_or_loses_money() {
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let system = actix_web::rt::System::new();
    let played = TestRunner::new(config).run(&steps(), |steps| {
        system.block_on(async {
            let trial = trial().await;
            let mut before = Seen::new();
            for step in &steps {
                take(&trial, step).await;
                let after = look(&trial);
                holds(&trial, &before, step, &after);
                before = after;
            }
        });
        Ok(())
    });
    played.unwrap();
}
