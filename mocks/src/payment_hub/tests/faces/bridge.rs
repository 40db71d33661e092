//! The bridge of OpenG2P: envelopes, disbursements, and what becomes of them.

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

pub(super) async fn ask(trial: &Trial, action: &str, message: Value) -> Value {
    let body = json!({"header": {"message_id": "M-1", "message_ts": "2026-10-01T08:00:00Z", "action": action,
        "sender_id": "pbms", "total_count": 1}, "message": message});
    let (status, answer) = post(trial, &format!("/{action}"), body).await;
    assert_eq!(status, 200, "the bridge answers 200 always: {answer}");
    answer
}

/// The message of an answer that went well.
async fn done(trial: &Trial, action: &str, message: Value) -> Value {
    let answer = ask(trial, action, message).await;
    assert_eq!(answer["header"]["status"], "succ", "{answer}");
    answer["message"].clone()
}

/// The code of an answer that did not.
async fn refused(trial: &Trial, action: &str, message: Value) -> String {
    let answer = ask(trial, action, message).await;
    assert_eq!(answer["header"]["status"], "rjct", "{answer}");
    answer["header"]["status_reason_message"].as_str().unwrap().to_owned()
}

fn envelope(count: i64, total: impl Into<Value>, day: &str) -> Value {
    let total = total.into();
    json!({"benefit_program_mnemonic": "OAP", "disbursement_frequency": "Monthly", "cycle_code_mnemonic": "2026-10",
        "number_of_beneficiaries": count, "number_of_disbursements": count, "total_disbursement_amount": total,
        "disbursement_currency_code": "XTS", "disbursement_schedule_date": day})
}

fn disbursement(envelope: &Value, uin: &str, amount: impl Into<Value>) -> Value {
    static NUMBERS: AtomicU32 = AtomicU32::new(1);
    let amount = amount.into();
    let mis = format!("MIS-{}", NUMBERS.fetch_add(1, Ordering::Relaxed));
    json!({"disbursement_envelope_id": envelope["disbursement_envelope_id"], "mis_reference_number": mis,
        "beneficiary_id": uin, "beneficiary_name": "Tala Reyn", "disbursement_amount": amount, "narrative": "October"})
}

fn today(trial: &Trial) -> String {
    trial.hall().room.stamp()[..10].to_owned()
}

#[actix_web::test]
async fn a_full_envelope_is_paid_and_its_disbursements_are_reconciled() {
    let trial = trial().await;
    let uin = linked(&trial).await;
    let envelope =
        done(&trial, "create_disbursement_envelope", envelope(2, json!(100.5), &today(&trial)))
            .await;
    let id = envelope["disbursement_envelope_id"].clone();
    let first =
        done(&trial, "create_disbursements", json!([disbursement(&envelope, &uin, json!(100))]))
            .await;
    quiet(&trial).await;
    let status = done(&trial, "get_disbursement_envelope_status", id.clone()).await;
    assert_eq!(
        (&status["number_of_disbursements_received"], &status["number_of_disbursements_shipped"]),
        (&json!(1), &json!(0))
    );
    let unknown = disbursement(&envelope, "stranger-1", json!(0.5));
    let second = done(&trial, "create_disbursements", json!([unknown])).await;
    quiet(&trial).await;
    let status = done(&trial, "get_disbursement_envelope_status", id).await;
    assert_eq!(
        (&status["funds_available_with_bank"], &status["funds_blocked_with_bank"]),
        (&json!("FUNDS_AVAILABLE"), &json!("FUNDS_BLOCK_SUCCESS"))
    );
    assert_eq!(
        (&status["number_of_disbursements_shipped"], &status["number_of_disbursements_reconciled"]),
        (&json!(1), &json!(1)),
        "{status}"
    );
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "100.00");
    let ids = json!([first[0]["disbursement_id"], second[0]["disbursement_id"]]);
    let records = done(&trial, "get_disbursement_status", ids).await;
    let of = |n: usize| &records[n]["disbursement_recon_records"]["disbursement_recon_payloads"];
    assert_eq!((&of(0)[0]["reversal_found"], of(1)), (&json!(false), &json!([])), "{records}");
    assert!(of(0)[0]["remittance_reference_number"].is_string());
    books_balance(&trial).await;
}

#[actix_web::test]
async fn what_the_published_whole_numbers_leave_out_of_an_envelope_is_remarked() {
    let trial = trial().await;
    let uin = linked(&trial).await;
    let envelope =
        done(&trial, "create_disbursement_envelope", envelope(2, json!(20.75), &today(&trial)))
            .await;
    let all = json!([
        disbursement(&envelope, &uin, json!(10.25)),
        disbursement(&envelope, &uin, json!(10.5))
    ]);
    done(&trial, "create_disbursements", all).await;
    quiet(&trial).await;
    let id = envelope["disbursement_envelope_id"].clone();
    let status = done(&trial, "get_disbursement_envelope_status", id).await;
    assert_eq!(status["total_disbursement_quantity_received"], 20);
    let journal = trial.journal().await;
    let remark = "received: 20.75 XTS, of which the published whole numbers tell 20";
    assert!(journal.iter().any(|entry| entry.remark == remark), "{status}");
}

#[actix_web::test]
async fn an_envelope_waits_for_its_day_also_over_a_stop() {
    let trial = trial().await;
    let uin = linked(&trial).await;
    let envelope =
        done(&trial, "create_disbursement_envelope", envelope(1, json!(100), "2026-12-01")).await;
    done(&trial, "create_disbursements", json!([disbursement(&envelope, &uin, json!(100))])).await;
    quiet(&trial).await;
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "0.00");
    trial.restart("payment_hub").await;
    let day: jiff::Timestamp = "2026-12-01T00:00:01Z".parse().unwrap();
    let wait = day.duration_since(trial.hall().room.clock.now());
    advance(&trial, wait.as_secs()).await;
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "100.00");
    trial.restart("payment_hub").await;
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "100.00", "paid once");
}

#[actix_web::test]
async fn what_is_wrong_with_an_envelope_has_a_code_of_its_own() {
    let trial = trial().await;
    let day = today(&trial);
    for (field, value, code) in [
        ("benefit_program_mnemonic", json!(" "), "INVALID_PROGRAM_MNEMONIC"),
        ("disbursement_frequency", json!("Hourly"), "INVALID_DISBURSEMENT_FREQUENCY"),
        ("cycle_code_mnemonic", json!(null), "INVALID_CYCLE_CODE_MNEMONIC"),
        ("number_of_beneficiaries", json!(0), "INVALID_NO_OF_BENEFICIARIES"),
        ("number_of_disbursements", json!(-1), "INVALID_NO_OF_DISBURSEMENTS"),
        ("number_of_disbursements", json!(10_001), "INVALID_NO_OF_DISBURSEMENTS"),
        ("total_disbursement_amount", json!(0.001), "INVALID_TOTAL_DISBURSEMENT_AMOUNT"),
        ("disbursement_currency_code", json!("money"), "INVALID_DISBURSEMENT_CURRENCY_CODE"),
        ("disbursement_currency_code", json!("USD"), "INVALID_DISBURSEMENT_CURRENCY_CODE"),
        ("disbursement_schedule_date", json!("2020-01-01"), "INVALID_DISBURSEMENT_SCHEDULE_DATE"),
        ("number_of_disbursements", json!("two"), "REQUEST_VALIDATION_ERROR"),
    ] {
        let mut wrong = envelope(1, json!(1), &day);
        wrong[field] = value;
        assert_eq!(refused(&trial, "create_disbursement_envelope", wrong).await, code, "{field}");
    }
    assert_eq!(kept(&trial), (0, 0));
}

#[actix_web::test]
async fn disbursements_stay_within_what_their_envelope_declares() {
    let trial = trial().await;
    let uin = linked(&trial).await;
    let envelope_of = |count| envelope(count, json!(10), "2026-12-01");
    let declared = done(&trial, "create_disbursement_envelope", envelope_of(1)).await;
    let one = |amount: Value| disbursement(&declared, &uin, amount);
    let create = "create_disbursements";
    assert_eq!(
        refused(&trial, create, json!([one(json!(5)), one(json!(5))])).await,
        "NO_OF_DISBURSEMENTS_EXCEEDS_DECLARED"
    );
    assert_eq!(
        refused(&trial, create, json!([one(json!(11))])).await,
        "TOTAL_DISBURSEMENT_AMOUNT_EXCEEDS_DECLARED"
    );
    let mut wrong = one(json!(0.001));
    wrong["beneficiary_name"] = json!("");
    let answer = ask(&trial, create, json!([wrong])).await;
    assert_eq!(answer["header"]["status_reason_message"], "INVALID_DISBURSEMENT_PAYLOAD");
    assert_eq!(
        answer["message"][0]["response_error_codes"],
        json!(["INVALID_BENEFICIARY_NAME", "INVALID_DISBURSEMENT_AMOUNT"])
    );
    assert_eq!(refused(&trial, create, json!([])).await, "INVALID_DISBURSEMENT_PAYLOAD");
    assert_eq!(
        refused(&trial, create, json!([{"disbursement_envelope_id": "ENV-999999"}])).await,
        "DISBURSEMENT_ENVELOPE_NOT_FOUND"
    );

    let filed = done(&trial, create, json!([one(json!(10))])).await;
    let cancel = json!([{"disbursement_id": filed[0]["disbursement_id"]}]);
    done(&trial, "cancel_disbursements", cancel.clone()).await;
    assert_eq!(
        refused(&trial, "cancel_disbursements", cancel).await,
        "DISBURSEMENT_ALREADY_CANCELED"
    );
    let id = json!({"disbursement_envelope_id": declared["disbursement_envelope_id"]});
    let mut amended = id.clone();
    amended["total_disbursement_amount"] = json!(20);
    let told = done(&trial, "amend_disbursement_envelope", amended).await;
    assert_eq!(
        (&told["total_disbursement_amount"], &told["number_of_disbursements"]),
        (&json!(20), &json!(1))
    );
    done(&trial, "cancel_disbursement_envelope", id.clone()).await;
    assert_eq!(
        refused(&trial, "cancel_disbursement_envelope", id).await,
        "DISBURSEMENT_ENVELOPE_ALREADY_CANCELED"
    );
    assert_eq!(refused(&trial, create, json!([one(json!(5))])).await, "ENVELOPE_ALREADY_CANCELLED");
}

#[actix_web::test]
async fn a_number_of_the_programme_is_paid_once_in_an_envelope() {
    let trial = trial().await;
    let uin = linked(&trial).await;
    let envelope =
        done(&trial, "create_disbursement_envelope", envelope(2, json!(200), "2026-12-01")).await;
    let one = disbursement(&envelope, &uin, json!(100));
    let create = "create_disbursements";
    let code = |answer: &Value| answer["message"][0]["response_error_codes"].clone();
    let together = ask(&trial, create, json!([one, one])).await;
    assert_eq!(together["header"]["status_reason_message"], "INVALID_DISBURSEMENT_PAYLOAD");
    let filed = done(&trial, create, json!([one])).await;
    let again = ask(&trial, create, json!([one])).await;
    assert_eq!(code(&again), json!(["DUPLICATE_DISBURSEMENT"]), "{again}");
    let cancel = json!([{"disbursement_id": filed[0]["disbursement_id"]}]);
    done(&trial, "cancel_disbursements", cancel).await;
    done(&trial, create, json!([one])).await;
}

/// A statement of the paying account with these entries.
fn statement(entries: &str) -> String {
    format!(
        ":20:STMT261002\r\n:25:GOV-SP-001\r\n:28C:7/2\r\n:60F:C261001XTS500,00\r\n{entries}:62F:C261002XTS400,00\r\n-\r\n"
    )
}

/// Hands a statement in, and gives status, code and message of the answer.
async fn hand_in(trial: &Trial, kind: &str, body: String) -> (String, String, Value) {
    let letter =
        Letter::post("payment_hub", "/upload_mt940").header("Content-Type", kind).body(body);
    let (status, answer) = trial.ask(letter).await;
    assert_eq!(status, 200, "the bridge answers 200 always: {answer}");
    let text = |name: &str| answer["header"][name].as_str().unwrap().to_owned();
    (text("status"), text("status_reason_message"), answer["message"].clone())
}

#[actix_web::test]
async fn a_statement_of_the_bank_says_what_was_remitted_and_what_came_back() {
    let trial = trial().await;
    let uin = linked(&trial).await;
    let envelope =
        done(&trial, "create_disbursement_envelope", envelope(2, json!(200), &today(&trial))).await;
    let of = |amount| disbursement(&envelope, &uin, json!(amount));
    let filed = done(&trial, "create_disbursements", json!([of(120), of(80)])).await;
    quiet(&trial).await;
    let ids = json!([filed[0]["disbursement_id"], filed[1]["disbursement_id"]]);
    let before = balance(&trial, "greenbank", WALLET).await;

    let entries = ":61:2610021002D120,00NTRFDISB-000001//B-77\r\n:86:October\r\n\
        :61:261002D80,00NTRFNONREF\r\n:86:pension DISB000002\r\n\
        :61:261002RD80,00NRTIDISB-000002\r\n:86:ACCOUNT_CLOSED\r\n\
        :61:261002D120,00NTRFDISB-000001\r\n:61:261002D1,00NTRFDISB-000002\r\n\
        :61:261002RD120,00NRTIDISB-000099\r\n:61:261002C500,00NTRFfunds\r\n";
    let form = format!(
        "--x\r\nContent-Disposition: form-data; name=\"statement_file\"; filename=\"a.sta\"\r\n\r\n{}\r\n--x--\r\n",
        statement(entries)
    );
    let (status, _, id) = hand_in(&trial, "multipart/form-data; boundary=x", form).await;
    assert_eq!((status.as_str(), &id), ("succ", &json!("STMT-000001")));

    let told = done(&trial, "get_disbursement_status", ids).await;
    let records = |n: usize| &told[n]["disbursement_recon_records"];
    let first = &records(0)["disbursement_recon_payloads"][0];
    for (name, value) in [
        ("remittance_reference_number", json!("B-77")),
        ("remittance_statement_id", json!("STMT-000001")),
        ("remittance_statement_number", json!("7")),
        ("remittance_statement_sequence", json!("2")),
        ("remittance_entry_sequence", json!("1")),
        ("remittance_value_date", json!("2026-10-02")),
        ("reversal_found", json!(false)),
    ] {
        assert_eq!(first[name], value, "{name}: {first:#}");
    }
    let second = &records(1)["disbursement_recon_payloads"][0];
    assert_eq!(
        (&second["reversal_found"], &second["reversal_reason"], &second["reversal_entry_sequence"]),
        (&json!(true), &json!("ACCOUNT_CLOSED"), &json!("3"))
    );
    let code = |n: usize| &records(n)["disbursement_error_recon_payloads"][0]["error_reason"];
    assert_eq!(code(0), "DUPLICATE_DISBURSEMENT");
    assert_eq!(code(1), "INVALID_DISBURSEMENT_AMOUNT");
    assert_eq!(balance(&trial, "greenbank", WALLET).await, before, "a statement moves no money");
    let remark =
        trial.journal().await.into_iter().rev().find(|e| e.action.contains("upload_mt940"));
    assert_eq!(remark.unwrap().remark, "2 remitted, 1 reversed, 3 that fit nothing");
}

#[actix_web::test]
async fn a_statement_that_cannot_be_used_says_why_and_leaves_no_trace() {
    let trial = trial().await;
    let said = |body: &str| hand_in(&trial, "text/plain", body.to_owned());
    for (body, code) in [
        ("", "STATEMENT_UPLOAD_ERROR"),
        ("hello", "STATEMENT_UPLOAD_ERROR"),
        (&statement(":61:26\r\n"), "STATEMENT_UPLOAD_ERROR"),
        (&statement("").replace("GOV-SP-001", "SOMEBODY"), "INVALID_ACCOUNT_NUMBER"),
    ] {
        let (status, told, message) = said(body).await;
        assert_eq!(
            (status.as_str(), told.as_str(), message),
            ("rjct", code, Value::Null),
            "{body}"
        );
    }
    let form = hand_in(&trial, "multipart/form-data; boundary=x", String::from("--x")).await;
    assert_eq!(form.1, "REQUEST_VALIDATION_ERROR");
    let (status, _, id) = said(&statement("")).await;
    assert_eq!((status.as_str(), id), ("succ", json!("STMT-000001")), "the first that was kept");
}
