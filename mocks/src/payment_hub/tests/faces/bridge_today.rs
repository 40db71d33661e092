//! The bridge as OpenG2P publishes it today: `request_header` and `request_body`, quantities, and the programme's own ids.

use super::*;

async fn ask(trial: &Trial, path: &str, payload: Value) -> Value {
    let body = json!({"request_header": {"sender_app_mnemonic": "pbms", "sender_app_url": "",
        "request_id": "R-1", "request_timestamp": "2026-10-01T08:00:00+00:00", "instance_id": "string"},
        "request_body": {"pagination_request": null, "disbursement_batch_control_id": "BC-1",
        "request_payload": payload}});
    let letter = Letter::post("payment_hub", path).header("Signature", "x.y.z").json(&body);
    let (status, answer) = trial.ask(letter).await;
    assert_eq!(
        (status, &answer["response_header"]["request_id"]),
        (200, &json!("R-1")),
        "{answer}"
    );
    answer
}

/// The payload of an answer that went well.
async fn done(trial: &Trial, path: &str, payload: Value) -> Value {
    let answer = ask(trial, path, payload).await;
    assert_eq!(answer["response_header"]["response_status"], "SUCCESS", "{path}: {answer}");
    answer["response_body"]["response_payload"].clone()
}

/// The code of an answer that did not.
async fn refused(trial: &Trial, path: &str, payload: Value) -> String {
    let answer = ask(trial, path, payload).await;
    assert_eq!(answer["response_header"]["response_status"], "ERROR", "{path}: {answer}");
    answer["response_header"]["response_error_code"].as_str().unwrap().to_owned()
}

fn envelope(trial: &Trial) -> Value {
    json!({"id": null, "benefit_program_id": 7, "benefit_program_mnemonic": "OAP", "target_registry": "farmer",
        "benefit_code_id": 3, "benefit_type": "CASH_DIGITAL", "disbursement_cycle_id": 12,
        "disbursement_frequency": "Monthly", "cycle_code_mnemonic": "2026-10", "number_of_beneficiaries": 2,
        "number_of_disbursements": 2, "total_disbursement_quantity": 30.0, "measurement_unit": "XTS",
        "disbursement_schedule_date": trial.hall().room.stamp()[..10], "cancellation_status": null})
}

#[actix_web::test]
async fn an_envelope_of_today_is_filled_paid_and_told() {
    let trial = trial().await;
    let uin = linked(&trial).await;
    let told = done(&trial, "/create_disbursement_envelopes", json!([envelope(&trial)])).await;
    let id = told[0]["id"].as_str().unwrap();
    assert_eq!(
        (&told[0]["benefit_type"], &told[0]["benefit_code_id"]),
        (&json!("CASH_DIGITAL"), &json!(3))
    );
    let one = |name: &str| {
        json!({"disbursement_id": name, "disbursement_envelope_id": id, "beneficiary_id": uin,
            "disbursement_quantity": 15.0, "narrative": "October", "disbursement_cycle_id": 12})
    };
    let create = "/create_disbursements";
    let code = refused(&trial, create, json!([one("D-1"), one("D-1")])).await;
    assert_eq!(code, "INVALID_DISBURSEMENT_PAYLOAD");
    let filed = done(&trial, create, json!([one("D-1"), one("D-2")])).await;
    assert_eq!(
        (&filed[1]["disbursement_id"], &filed[1]["cancellation_status"]),
        (&json!("D-2"), &json!("NOT_CANCELLED")),
        "{filed}"
    );
    quiet(&trial).await;
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "30.00");

    let status = done(&trial, "/get_disbursement_envelope_status", json!(id)).await;
    for (name, value) in [
        ("number_of_disbursements_received", json!(2)),
        ("total_disbursement_quantity_received", json!(30)),
        ("total_disbursement_quantity_declared", json!(30)),
        ("funds_blocked_with_bank", json!("FUNDS_BLOCK_SUCCESS")),
        ("number_of_disbursements_reconciled", json!(2)),
    ] {
        assert_eq!(status[name], value, "{name}: {status}");
    }
    let records = done(&trial, "/get_disbursement_status", json!(["D-1", "none"])).await;
    assert_eq!(records[0]["reconciliation_id"], "D-1", "{records}");
    let recon = &records[0]["disbursement_recon_records"]["disbursement_recon_payloads"];
    assert_eq!(
        (&recon[0]["disbursement_id"], &recon[0]["reversal_found"]),
        (&json!("D-1"), &json!(false))
    );
    let none = &records[1]["disbursement_recon_records"]["disbursement_recon_payloads"];
    assert_eq!(none, &json!([]), "who is unknown has no records");
    books_balance(&trial).await;
}

#[actix_web::test]
async fn what_is_wrong_with_an_envelope_of_today_has_the_codes_of_today() {
    let trial = trial().await;
    for (field, value, code) in [
        ("benefit_program_id", json!(null), "INVALID_PROGRAM_ID"),
        ("benefit_code_id", json!(null), "INVALID_BENEFIT_CODE_ID"),
        ("target_registry", json!(""), "INVALID_TARGET_REGISTRY"),
        ("benefit_type", json!("COMMODITY"), "INVALID_BENEFIT_TYPE"),
        ("total_disbursement_quantity", json!(-1), "INVALID_DISBURSEMENT_QUANTITY"),
        ("measurement_unit", json!("KG"), "INVALID_DISBURSEMENT_CURRENCY_CODE"),
        ("disbursement_schedule_date", json!("2020-01-01"), "INVALID_DISBURSEMENT_SCHEDULE_DATE"),
    ] {
        let mut wrong = envelope(&trial);
        wrong[field] = value;
        let list = json!([envelope(&trial), wrong]);
        assert_eq!(refused(&trial, "/create_disbursement_envelopes", list).await, code, "{field}");
    }
    assert_eq!(kept(&trial), (0, 0), "all or nothing");
    let mut today = envelope(&trial);
    today["disbursement_schedule_date"] = json!(crate::kit::clock::wall().to_string()[..10]);
    let told = done(&trial, "/create_disbursement_envelopes", json!([today])).await;
    assert_eq!(
        told[0]["disbursement_schedule_date"],
        envelope(&trial)["disbursement_schedule_date"]
    );
    let id = told[0]["id"].clone();
    let one = |quantity: i32| {
        json!([{"disbursement_id": "D-1", "disbursement_envelope_id": id, "beneficiary_id": "A-1",
            "disbursement_quantity": quantity, "narrative": "x"}])
    };
    let code = refused(&trial, "/create_disbursements", one(31)).await;
    assert_eq!(code, "TOTAL_DISBURSEMENT_QUANTITY_EXCEEDS_DECLARED");
    done(&trial, "/create_disbursements", one(5)).await;
    assert_eq!(
        refused(&trial, "/create_disbursements", one(5)).await,
        "INVALID_DISBURSEMENT_PAYLOAD"
    );
    done(&trial, "/cancel_disbursements", json!([{"disbursement_id": "D-1"}])).await;
    let mut amended = json!({"id": id, "benefit_program_id": 7, "total_disbursement_quantity": 40});
    let told = done(&trial, "/amend_disbursement_envelope", json!([amended])).await;
    assert_eq!(told[0]["total_disbursement_quantity"], 40, "{told}");
    amended = json!({"id": id});
    done(&trial, "/cancel_disbursement_envelope", json!([amended])).await;
    let code = refused(&trial, "/cancel_disbursement_envelope", json!([amended])).await;
    assert_eq!(code, "DISBURSEMENT_ENVELOPE_ALREADY_CANCELED");
}
