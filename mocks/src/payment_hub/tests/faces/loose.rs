//! G2P Connect as the payment managers of OpenG2P and OpenSPP write it: no token, no payer, telephones without a provider,
//! and now by the clock on the wall.

use super::*;
use crate::kit::clock::wall;

async fn ask_for(trial: &Trial, entries: Value) -> (u16, Value) {
    let count = entries.as_array().unwrap().len();
    let body = json!({"header": {"message_id": "M-1", "message_ts": wall().to_string(), "action": "disburse",
        "sender_id": "payments.openg2p.org", "total_count": count},
        "message": {"transaction_id": "BATCH/1", "disbursements": entries}});
    post(trial, "/disburse/sync/disburse", body).await
}

fn entry(reference: &str, payee: &str, at: &str) -> Value {
    json!({"reference_id": reference, "payer_fa": "", "payee_fa": payee, "amount": "10.0",
        "currency_code": "XTS", "scheduled_timestamp": at})
}

#[actix_web::test]
async fn payees_and_times_of_clients_outside_are_read_in_an_open_room() {
    let trial = trial().await;
    let now = wall().to_string();
    let later = (wall() + SignedDuration::from_hours(2)).to_string();
    let (status, answer) = ask_for(
        &trial,
        json!([
            entry("P-1", &format!("phone:+{WALLET}"), &now),
            entry("P-2", &format!("phone:{WALLET}@greenbank"), &now),
            entry("P-3", &format!("phone:+{WALLET}"), &later),
        ]),
    )
    .await;
    assert_eq!(status, 200, "{answer}");
    let told = &answer["message"]["disbursements_status"];
    let of = |n: usize| (&told[n]["status"], &told[n]["status_reason_code"]);
    assert_eq!((of(0).0, of(1).0), (&json!("succ"), &json!("succ")), "{told:#}");
    assert_eq!(of(2), (&json!("rjct"), &json!("rjct.schedule_ts.invalid")), "{told:#}");
    assert_eq!(told[0]["payee_fa"], format!("phone:+{WALLET}"), "told as it was named");
    assert_eq!(told[0]["payer_fa"], "account:GOV-SP-001@treasury");
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "20.00");
    let wrong = Letter::post("payment_hub", "/disburse/sync/disburse").json(&json!({}));
    assert_eq!(trial.ask(wrong.bearer("nonsense")).await.0, 401, "a token must be right");
}

#[actix_web::test]
async fn a_strict_room_reads_payers_and_payees_in_the_words_of_the_standard_only() {
    let trial = trial().await;
    trial.hall().room.set_policy(crate::kit::room::Policy::Strict).unwrap();
    let office = trial.office("account_mapper");
    let errand = crate::kit::courier::Errand { cause: trial.hall().room.stranger(), office };
    let payer = "account:GOV-SP-001@treasury";
    let mut entries = json!([
        entry("P-1", &format!("msisdn:{WALLET}@greenbank"), ""),
        entry("P-2", &format!("phone:{WALLET}@greenbank"), ""),
        entry("P-3", "account:1", "")
    ]);
    for (place, entry) in entries.as_array_mut().unwrap().iter_mut().enumerate() {
        entry.as_object_mut().unwrap().remove("scheduled_timestamp");
        entry["amount"] = json!("10.00");
        entry["payer_fa"] = json!(if place == 0 { "" } else { payer });
    }
    let message = json!({"transaction_id": "TXN-9", "disbursements": entries});
    let path = "/disburse/sync/disburse";
    let asked =
        crate::kit::dci::ask::<Value>(&errand, "payment_hub", path, Action::Disburse, &message);
    let told = asked.await.unwrap().message["disbursements_status"].clone();
    let code = |n: usize| told[n]["status_reason_code"].clone();
    assert_eq!(
        [code(0), code(1), code(2)],
        ["rjct.payer_fa.invalid", "rjct.payee_fa.invalid", "rjct.payee_fa.invalid"]
            .map(Value::from),
        "{told:#}"
    );
}
