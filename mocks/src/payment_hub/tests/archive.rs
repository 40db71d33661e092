//! The treasury's archive fails: that is no answer, and the treasury is asked again.

use super::*;

/// Hides a table of the treasury's, or shows it again: what needs it fails in between.
fn rename(trial: &Trial, from: &str, to: &str) {
    let office = trial.office("treasury");
    let renamed = office.store.write(|tx| {
        tx.execute_batch(&format!("alter table {from} rename to {to}"))?;
        Ok::<_, crate::kit::store::StoreError>(())
    });
    renamed.unwrap();
}

#[actix_web::test]
async fn a_list_waits_while_the_archive_of_the_treasury_fails() {
    for table in ["account", "block"] {
        let trial = trial().await;
        rename(&trial, table, "hidden");
        pay(&trial, vec![to_wallet("PAY-1")]).await;
        assert_eq!(told(&trial).await, Vec::<Value>::new(), "{table}: nothing has ended");
        rename(&trial, "hidden", table);
        advance(&trial, 30).await;
        is_paid_once(&trial).await;
    }
}

#[actix_web::test]
async fn an_end_is_booked_when_the_archive_of_the_treasury_is_back() {
    for (count, minor, on) in [(1, 10_000, "POST /quotes"), (2, 20_000, "POST /bulkQuotes")] {
        let trial = trial().await;
        // The payments wait for the switch, and the treasury fails before they end.
        let down = json!({"kind": "refusing", "status": 503, "on": on, "times": 1});
        fault(&trial, "payment_switch", down).await;
        pay(&trial, (0..count).map(|i| to_wallet(&format!("PAY-{i}"))).collect()).await;
        rename(&trial, "block", "hidden");
        advance(&trial, 30).await;
        let aside = |db: &rusqlite::Connection| crate::kit::ledger::balance(db, "block/BLK-000001");
        let aside = || trial.office("treasury").store.read(aside).unwrap();
        assert_eq!((told(&trial).await.len(), aside()), (count, Some(minor)));
        rename(&trial, "hidden", "block");
        advance(&trial, 30).await;
        assert_eq!(aside(), Some(0), "{on}");
        books_balance(&trial).await;
    }
}
