//! Who pays, as the payees' banks learn of it.

use super::*;

/// The payment's account of the government is written without what kind it is, as the standard's pattern has it.
fn bare(reference: &str) -> Disbursement {
    Disbursement { payer_fa: "GOV-SP-001@treasury".into(), ..to_wallet(reference) }
}

/// The payer of every question of this kind.
async fn payers(trial: &Trial, action: &str) -> Vec<Value> {
    let journal = trial.journal().await;
    let asked = journal.iter().filter(|e| is(e, "payment_switch", action));
    let bodies = asked.map(|e| serde_json::from_str::<Value>(&e.body).unwrap());
    bodies.map(|body| body["payer"]["partyIdInfo"]["partyIdentifier"].clone()).collect()
}

#[actix_web::test]
async fn a_payer_that_is_written_without_its_kind_can_be_paid_back() {
    let trial = trial().await;
    pay(&trial, vec![bare("PAY-1")]).await;
    is_paid_once(&trial).await;
    assert_eq!(payers(&trial, "POST /quotes").await, [json!("GOV-SP-001")]);

    let (_, list) = trial.ask(Letter::get("payment_hub", "/lists/BATCH-000001")).await;
    let wrong =
        json!({"transfer": list["payments"][0]["transfer_id"], "reason": "paid by mistake"});
    let (status, begun) = trial.ask(Letter::post("greenbank", "/reversals").json(&wrong)).await;
    assert_eq!(status, 202, "{begun}");
    trial.hall().room.clock.idle().await;
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "0.00");
    assert_eq!(balance(&trial, "treasury", "GOV-SP-001").await, "1000000.00");
    books_balance(&trial).await;
}

#[actix_web::test]
async fn the_payer_of_a_bulk_is_the_account_that_pays() {
    let trial = trial().await;
    pay(&trial, vec![bare("PAY-1"), bare("PAY-2")]).await;
    assert_eq!(payers(&trial, "POST /bulkQuotes").await, [json!("GOV-SP-001")]);
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "200.00");
}
