//! What the suite and the operations app of Payment Hub EE send and ask.

use super::*;

const HEAD: &str = "id,request_id,payment_mode,payer_identifier_type,payer_identifier,payee_identifier_type,payee_identifier,amount,currency,note";

/// As the suite sends a file: `type: CSV`, and who registered the payees.
fn file(head: &str, rows: &[&str]) -> Letter {
    let file = std::iter::once(head).chain(rows.iter().copied()).collect::<Vec<_>>().join("\n");
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"a.csv\"\r\n\r\n{file}\r\n--b--\r\n"
    );
    bare().bytes("multipart/form-data; boundary=b", form)
}

fn bare() -> Letter {
    Letter::post("payment_hub", "/batchtransactions")
        .header("X-CorrelationID", "C-1")
        .header("Platform-TenantId", "paymentBB2")
        .header("X-Registering-Institution-ID", "SocialWelfare")
        .header("type", "CSV")
}

/// Somebody who is registered by a number of the institution's own.
async fn registered(trial: &Trial, payee: &str) {
    let body = json!({"requestID": "915251236706", "beneficiaries": [{"payeeIdentity": payee,
        "paymentModality": "01", "financialAddress": WALLET, "bankingInstitutionCode": "greenbank"}]});
    let told = format!("{}/told", trial.hall().room.base_of("messenger").unwrap());
    let letter = Letter::post("account_mapper", "/beneficiary")
        .header("X-CallbackURL", &told)
        .header("X-Registering-Institution-ID", "SocialWelfare");
    assert_eq!(trial.ask(letter.json(&body)).await.0, 202);
}

#[actix_web::test]
async fn a_file_of_the_suite_is_paid_and_told_as_the_operations_app_tells_it() {
    let trial = trial().await;
    registered(&trial, "400173110196").await;
    let (phone, again) = (
        format!("1,R-2,mojaloop,MSISDN,27713803912,PHONE,+{WALLET},11,XTS,b"),
        format!("3,R-4,mojaloop,msisdn,N/A,msisdn,{WALLET},10,XTS,d"),
    );
    let rows = [
        &format!("0,R-1,closedloop,msisdn,N/A,msisdn,{WALLET},10,XTS,a"),
        phone.as_str(),
        "2,R-3,mojaloop,,,msisdn,400173110196,12,XTS,c",
        again.as_str(),
    ];
    let (status, taken) = trial.ask(file(HEAD, &rows)).await;
    assert_eq!(status, 202, "{taken}");
    quiet(&trial).await;
    let id = taken["batchId"].as_str().unwrap();
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "33.00");

    for path in [format!("/api/v1/batch/{id}"), format!("/api/v1/batch?batchId={id}")] {
        let (status, told) = get(&trial, &path).await;
        let counts = (&told["total"], &told["successful"], &told["failed"]);
        assert_eq!((status, counts), (200, (&json!(4), &json!(3), &json!(1))), "{path} {told}");
        assert_eq!(told["status"], "Failed");
    }
    let (_, whole) = get(&trial, &format!("/api/v1/batches/{id}")).await;
    assert_eq!((&whole["total"], &whole["subBatchSummaryList"]), (&json!(4), &json!([])));
    let (_, detail) = get(&trial, &format!("/api/v1/batches/{id}?associations=all")).await;
    assert_eq!(
        (&detail["totalInstruction"], &detail["clientCorrelationId"]),
        (&json!(4), &json!("C-1"))
    );
    assert_eq!(detail["instructionList"][2]["payeeFunctionalId"], "400173110196", "{detail}");
    assert!(detail["subBatchList"].is_array());
    let (_, page) = get(&trial, &format!("/api/v1/batch/detail?batchId={id}&status=ALL")).await;
    assert_eq!(page["totalElements"], 4, "{page}");
    let said = page["content"][3]["errorInformation"].as_str().unwrap();
    assert!(said.starts_with("Duplicate transaction"), "{said}");
    let (_, lists) = get(&trial, "/api/v1/batches?offset=0&limit=1").await;
    assert_eq!(
        (&lists["totalBatches"], &lists["data"][0]["batchId"], &lists["totalApprovedCount"]),
        (&json!(1), &json!(id), &json!(3))
    );
    assert_eq!(get(&trial, "/api/v1/batch/none").await.0, 404);
    books_balance(&trial).await;
}

#[actix_web::test]
async fn a_list_of_which_all_is_paid_is_completed() {
    let trial = trial().await;
    let row = format!("0,R-1,mojaloop,,,msisdn,{WALLET},10,XTS,a");
    let (_, taken) = trial.ask(file(HEAD, &[&row])).await;
    quiet(&trial).await;
    let (_, told) = get(&trial, taken["PollingPath"].as_str().unwrap()).await;
    assert_eq!(told["status"], "COMPLETED", "{told}");
}

#[actix_web::test]
async fn lists_that_come_to_more_than_can_be_counted_are_told_without_their_sum() {
    let trial = trial().await;
    for correlation in ["C-1", "C-2"] {
        let row = format!("0,R-{correlation},mojaloop,,,msisdn,{WALLET},10,XTS,a");
        let rows = [HEAD, &row].join("\n");
        let letter = Letter::post("payment_hub", "/batchtransactions")
            .header("X-CorrelationID", correlation)
            .header("Platform-TenantId", "paymentBB2");
        assert_eq!(trial.ask(letter.bytes("text/csv", rows)).await.0, 202);
        quiet(&trial).await;
    }
    // As of thousands of payments of the most that can be written.
    let huge = trial.office("payment_hub").store.write(|tx| {
        tx.execute("update instruction set minor = 9000000000000000000", [])?;
        Ok::<_, crate::kit::store::StoreError>(())
    });
    huge.unwrap();
    let (status, lists) = get(&trial, "/api/v1/batches").await;
    assert_eq!((status, &lists["totalTransactions"]), (200, &json!(2)), "{lists}");
    assert_eq!(lists["totalAmount"], Value::Null, "{lists}");
}

#[actix_web::test]
async fn a_file_that_is_missing_or_lacks_a_column_is_told_in_the_words_of_the_suite() {
    let trial = trial().await;
    let (status, none) = trial.ask(bare()).await;
    assert_eq!((status, &none["errorInformation"]), (400, &json!("File not uploaded")), "{none}");
    let letter =
        file(&HEAD.replace("payment_mode", "paymentmode"), &["0,R-1,x,,,msisdn,1,1,XTS,a"]);
    let (status, wrong) = trial.ask(letter).await;
    assert_eq!((status, &wrong["errorInformation"]), (400, &json!("Invalid file structure")));
    assert!(wrong["Error Information"].as_str().unwrap().contains("payment_mode"), "{wrong}");
    assert_eq!(kept(&trial), (0, 0));
}

#[actix_web::test]
async fn the_app_logs_in_where_nobody_is_asked_who_he_is() {
    let trial = trial().await;
    assert_eq!(get(&trial, "/actuator/health").await, (200, json!({"status": "UP"})));
    let path = "/oauth/token?grant_type=password&username=mifos&password=password";
    let (status, token) = trial.ask(Letter::post("payment_hub", path)).await;
    assert_eq!((status, &token["token_type"]), (200, &json!("bearer")), "{token}");
}
