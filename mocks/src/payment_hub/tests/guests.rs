//! Payees' banks from elsewhere, which live by the clock on the wall.

use standards::fspiop::DateTime;

use super::*;
use crate::kit::clock::wall;

/// A room that is ahead of the wall by months, and a switch that takes nothing: what it says, the test says.
async fn ahead() -> Trial {
    let trial = trial().await;
    let clock = &trial.hall().room.clock;
    let ahead = wall().duration_since(clock.now()) + SignedDuration::from_hours(24 * 90);
    clock.advance(ahead);
    fault(&trial, "payment_switch", json!({"kind": "refusing", "status": 503})).await;
    trial
}

/// What the switch passes on from the bank elsewhere.
async fn says(trial: &Trial, path: &str, body: Value) {
    let about = path.split('/').nth(1).unwrap();
    let media = format!("application/vnd.interoperability.{about}+json;version=1.1");
    let letter = Letter::to("payment_hub", http::Method::PUT, format!("/fspiop{path}"))
        .header("Date", "Thu, 01 Oct 2026 08:00:00 GMT")
        .header("FSPIOP-Source", "switch")
        .header("FSPIOP-Destination", "treasury");
    let (status, answer) = trial.ask(letter.bytes(&media, body.to_string().into_bytes())).await;
    assert_eq!(status, 200, "{answer}");
    trial.hall().room.clock.idle().await;
}

/// What the hub asked the switch last.
async fn asked(trial: &Trial, action: &str) -> Value {
    let journal = trial.journal().await;
    let asked = journal.iter().rev().find(|e| is(e, "payment_switch", action)).unwrap();
    serde_json::from_str(&asked.body).unwrap()
}

async fn states(trial: &Trial) -> Vec<Value> {
    let (_, list) = trial.ask(Letter::get("payment_hub", "/lists/BATCH-000001")).await;
    list["payments"].as_array().unwrap().iter().map(|payment| payment["state"].clone()).collect()
}

fn in_a_minute() -> DateTime {
    DateTime::from(wall() + SignedDuration::from_mins(1))
}

fn terms() -> Value {
    json!({"transferAmount": {"currency": "XTS", "amount": "100"}, "ilpPacket": "AYIC",
        "condition": "f5sqb7tBTWPd5Y8BDFdMm9BJR_MNI4isf8p8n4D5pHA"})
}

#[actix_web::test]
async fn terms_that_hold_on_the_clock_on_the_wall_are_taken() {
    let trial = ahead().await;
    pay(&trial, vec![payment("PAY-1", "msisdn:1@farbank", "100.00")]).await;
    let party = json!({"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": "1", "fspId": "farbank"}});
    says(&trial, "/parties/MSISDN/1", json!({"party": party})).await;
    let quote = asked(&trial, "POST /quotes").await["quoteId"].as_str().unwrap().to_owned();
    let mut said = terms();
    said["expiration"] = json!(in_a_minute());
    says(&trial, &format!("/quotes/{quote}"), said).await;
    assert_eq!(states(&trial).await, ["in_doubt"], "the transfer was sent");
}

#[actix_web::test]
async fn terms_of_many_that_hold_on_the_clock_on_the_wall_are_taken() {
    let trial = ahead().await;
    let list = ["PAY-1", "PAY-2"].map(|name| payment(name, "msisdn:1@farbank", "100.00"));
    pay(&trial, list.to_vec()).await;
    let bulk = asked(&trial, "POST /bulkQuotes").await;
    let given = |quote: &Value| {
        let mut said = terms();
        said["quoteId"] = quote["quoteId"].clone();
        said
    };
    let results: Vec<Value> =
        bulk["individualQuotes"].as_array().unwrap().iter().map(given).collect();
    let said = json!({"individualQuoteResults": results, "expiration": in_a_minute()});
    says(&trial, &format!("/bulkQuotes/{}", bulk["bulkQuoteId"].as_str().unwrap()), said).await;
    assert_eq!(states(&trial).await, ["in_doubt"; 2], "the transfers were sent");
}
