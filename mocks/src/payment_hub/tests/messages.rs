//! What the header of a list must say, and how its sender hears of the end.

use super::*;
use crate::kit::registry::listener::Listener;

#[actix_web::test]
async fn a_list_whose_header_is_wrong_is_refused_and_nothing_is_paid() {
    let trial = trial().await;
    for (change, code) in [
        (json!({"version": "2.0.0"}), "rjct.version.invalid"),
        (json!({"message_ts": "nope"}), "rjct.message_ts.invalid"),
        (json!({"action": "search"}), "rjct.action.invalid"),
        (json!({"total_count": 2}), "rjct.total_count.invalid"),
    ] {
        let (status, ack) = submit_with(&trial, "/disburse", change.clone()).await;
        assert_eq!((status, &ack["message"]["ack_status"]), (400, &json!("ERR")), "{change}");
        let said = ack["message"]["error"]["message"].as_str().unwrap();
        assert!(said.starts_with(code), "{said}");
        let (status, answer) = submit_with(&trial, "/disburse/sync/disburse", change).await;
        let header = &answer["header"];
        assert_eq!((status, &header["status_reason_code"]), (200, &json!(code)), "{answer}");
        assert_eq!((&header["status"], &header["action"]), (&json!("rjct"), &json!("on-disburse")));
        assert_eq!(header["completed_count"], 0);
        assert_eq!(answer["message"]["disbursements_status"], json!([]));
    }
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "0.00");
    assert_eq!(count(&trial, "treasury", "POST /block_funds").await, 0);
}

#[actix_web::test]
async fn an_entry_for_a_later_moment_or_for_none_is_refused_and_the_others_are_paid() {
    let trial = trial().await;
    let scheduled = |reference: &str, at: &str| {
        let mut entry = to_wallet(reference);
        entry.scheduled_timestamp = Some(at.into());
        entry
    };
    let list = vec![
        scheduled("PAY-1", "2026-10-01T08:00:00Z"),
        scheduled("PAY-2", "2026-10-01T08:00:01Z"),
        scheduled("PAY-3", "tomorrow"),
    ];
    pay(&trial, list).await;
    let told = told(&trial).await;
    let reasons: Vec<_> = told.iter().map(|s| s["status_reason_code"].as_str()).collect();
    let late = Some("rjct.schedule_ts.invalid");
    assert_eq!(reasons, [None, late, late], "{told:?}");
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "100.00");
}

#[actix_web::test]
async fn any_answer_of_2xx_is_a_delivery_and_is_not_sent_again_after_a_stop() {
    let trial = trial().await;
    let base = trial.hall().room.base_of("programme").unwrap();
    submit_with(&trial, "/disburse", json!({"sender_uri": format!("{base}/bare")})).await;
    trial.restart("payment_hub").await;
    advance(&trial, 600).await;
    let heard = trial
        .journal()
        .await
        .iter()
        .filter(|e| e.kind == Kind::Request && e.path.ends_with("/bare/on-disburse"))
        .count();
    assert_eq!(heard, 1);
}

#[actix_web::test]
async fn somebody_outside_is_told_when_it_is_back_though_the_sandbox_clock_stands_still() {
    let trial = trial().await;
    let outside = Listener::start();
    outside.takes(0);
    submit_with(&trial, "/disburse", json!({"sender_uri": outside.base})).await;
    outside.takes(1);
    let (path, told) = outside.hears(1).await.remove(0);
    assert_eq!(path, "/on-disburse");
    assert_eq!(told["message"]["disbursements_status"][0]["status"], "succ");
    let journal = trial.journal().await;
    let tries =
        journal.iter().filter(|e| e.kind == Kind::Request && e.action == "POST /on-disburse");
    let ids: Vec<Value> = tries
        .map(|e| serde_json::from_str::<Value>(&e.body).unwrap()["header"]["message_id"].clone())
        .collect();
    assert!(ids.len() >= 2 && ids.iter().all(|id| *id == ids[0]), "{ids:?}");
}
