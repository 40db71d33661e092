//! The other counters of the hub: one engine behind all of them, and what one is told is told at the others.

mod bridge;
mod bridge_today;
mod govstack;
mod interoperability;
mod loose;
mod operations_app;
mod published;
mod search;
mod settings;
mod transactions;
mod wrong;

use super::*;

/// Somebody with a UIN whose wallet at Greenbank the mapper knows.
pub(super) async fn linked(trial: &Trial) -> String {
    let mut people = trial.country.people.living().filter(|person| person.account.is_none());
    let uin = people.next().unwrap().uin.to_string();
    let body = json!({"RequestID": "R-1", "SourceBBID": "TESTS", "Beneficiaries": [{"PayeeFunctionalID": uin,
        "PaymentModality": "01", "FinancialAddress": format!("msisdn:{WALLET}@greenbank")}]});
    let letter = Letter::post("account_mapper", "/register-beneficiary").json(&body);
    assert_eq!(trial.ask(letter).await.0, 200);
    uin
}

pub(super) async fn post(trial: &Trial, path: &str, body: Value) -> (u16, Value) {
    trial.ask(Letter::post("payment_hub", path).json(&body)).await
}

pub(super) async fn get(trial: &Trial, path: &str) -> (u16, Value) {
    trial.ask(Letter::get("payment_hub", path)).await
}

pub(super) async fn set(trial: &Trial, settings: Value) {
    let letter = Letter::to("payment_hub", http::Method::PUT, "/settings").json(&settings);
    assert_eq!(trial.ask(letter).await.0, 200, "{settings}");
}

pub(super) async fn quiet(trial: &Trial) {
    trial.hall().room.clock.idle().await;
}

/// How many lists and payments the hub keeps.
pub(super) fn kept(trial: &Trial) -> (i64, i64) {
    let count = |db: &rusqlite::Connection| -> rusqlite::Result<(i64, i64)> {
        let of = |table: &str| {
            db.query_row(&format!("select count(*) from {table}"), [], |row| row.get(0))
        };
        Ok((of("batch")?, of("instruction")? + of("filed")? + of("envelope")?))
    };
    trial.office("payment_hub").store.read(count).unwrap()
}
