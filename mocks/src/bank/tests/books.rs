//! Books that balance and yet do not tell what was done: the check finds them.

use super::payments::{pay, payer_and_payee};
use super::*;

/// What the check says of a system's books after somebody forged its archive. Before that, Greenbank paid 1.00 to Pinkbank,
/// and 1.00 to nobody, which came back.
async fn found(system: &str, forge: &str) -> String {
    let trial = Trial::start(SYSTEMS, 50);
    let (payer, payee) = payer_and_payee(&trial);
    for to in ["NOBODY", &payee] {
        let ask = json!({"account": payer, "kind": "ACCOUNT_ID", "to": to, "amount": "1.00"});
        assert_eq!(pay(&trial, ask).await.0, 202);
    }
    let store = &trial.office(system).store;
    assert!(store.read(ledger::check).unwrap().is_ok(), "{system} before it was forged");
    store.alter(|tx| tx.execute_batch(forge)).unwrap();
    store.read(ledger::check).unwrap().unwrap_err().to_string()
}

/// Takes an entry out of the books as if it had never been posted.
fn unpost(step: &str) -> String {
    let of = format!(
        "(select l.entry from ledger_leg l join ledger_entry e on e.number = l.entry
          where e.reference like '% {step}')"
    );
    format!(
        "update ledger_account set balance = balance - (select sum(minor) from ledger_leg
           where account = code and entry in {of})
         where code in (select account from ledger_leg where entry in {of});
         create temp table gone as select distinct entry from {of};
         delete from ledger_leg where entry in (select entry from gone);
         delete from ledger_entry where number in (select entry from gone);
         drop table gone;"
    )
}

#[actix_web::test]
async fn books_that_balance_and_do_not_tell_what_was_done_are_found() {
    let set = |what: &str| format!("update {what}");
    let gone = |records: &str| format!("delete from {records}");
    for (system, forge, right) in [
        ("payment_switch", set("transfer set state = 'ABORTED_ERROR'"), "calls for 0"),
        ("payment_switch", unpost("commit"), "calls for -100"),
        ("payment_switch", unpost("reserve"), "calls for 100"),
        ("pinkbank", set("incoming set state = 'cancelled'"), "calls for 0"),
        ("greenbank", unpost("sent"), "calls for -100"),
        ("greenbank", unpost("returned"), "calls for 100"),
        ("greenbank", unpost("paid"), "is under way"),
        ("payment_switch", gone("transfer"), "no record tells of it"),
        ("pinkbank", gone("incoming"), "no record tells of it"),
        ("greenbank", gone("outgoing"), "no record tells of it"),
    ] {
        let broken = found(system, &forge).await;
        assert!(broken.contains(right), "{system}: {broken}");
    }
}
