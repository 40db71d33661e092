//! Payment Hub's lists, as JSON and as files, and how lists of every counter are told there.

use super::*;

fn letter(trial: &Trial) -> Letter {
    let base = format!("{}/api/v1/batch", trial.hall().room.base_of("programme").unwrap());
    Letter::post("payment_hub", "/batchtransactions")
        .header("X-CorrelationID", "C-1")
        .header("Platform-TenantId", "arenoa")
        .header("X-CallbackURL", &base)
}

fn raw(uin: &str) -> Value {
    json!([
        {"requestId": "R-1", "creditParty": [{"key": "uin", "value": uin}], "paymentMode": "MOJALOOP",
         "debitParty": [{"key": "accountNumber", "value": "GOV-SP-001"}],
         "amount": 100.5, "currency": "XTS", "descriptionText": "October"},
        {"requestId": "R-2", "creditParty": [{"key": "msisdn", "value": WALLET}], "amount": 1, "currency": "XTS"},
        {"requestId": "R-3", "creditParty": [{"key": "msisdn", "value": WALLET}], "amount": -1, "currency": "XTS"}])
}

/// What was pushed to the callback.
async fn pushed(trial: &Trial) -> Vec<Value> {
    quiet(trial).await;
    let journal = trial.journal().await;
    let pushes = journal.iter().filter(|e| is(e, "programme", "POST /api/v1/batch"));
    pushes.map(|e| serde_json::from_str(&e.body).unwrap()).collect()
}

/// The file at an address that an answer names.
async fn result(trial: &Trial, address: &Value) -> (u16, String) {
    let letter = Letter::to_address(http::Method::GET, address.as_str().unwrap());
    let reply = trial.send(letter).await;
    (reply.status, String::from_utf8(reply.body.to_vec()).unwrap())
}

#[actix_web::test]
async fn a_list_that_comes_again_is_the_same_and_another_of_its_name_is_refused() {
    let trial = trial().await;
    let uin = linked(&trial).await;
    let (_, first) = trial.ask(letter(&trial).json(&raw(&uin))).await;
    quiet(&trial).await;
    let (status, again) = trial.ask(letter(&trial).json(&raw(&uin))).await;
    assert_eq!((status, &again["batchId"]), (202, &first["batchId"]), "{again}");
    let mut other = raw(&uin);
    other[0]["amount"] = json!(7);
    let (status, refused) = trial.ask(letter(&trial).json(&other)).await;
    let said = refused["errorDescription"].as_str().unwrap_or_default();
    assert!(status == 400 && said.contains("names another list"), "{refused}");
    quiet(&trial).await;
    assert_eq!(kept(&trial), (1, 3));
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "101.50");
}

#[actix_web::test]
async fn a_list_is_accepted_paid_told_and_pushed() {
    let trial = trial().await;
    let uin = linked(&trial).await;
    let (status, accepted) = trial.ask(letter(&trial).header("type", "raw").json(&raw(&uin))).await;
    assert_eq!(status, 202, "{accepted}");
    let id = accepted["batchId"].as_str().unwrap().to_owned();
    assert_eq!(accepted["PollingPath"], format!("/batch/Summary/{id}"));
    let pushed = pushed(&trial).await;
    assert_eq!(pushed.len(), 1, "{pushed:?}");
    assert_eq!((&pushed[0]["batchId"], &pushed[0]["requestId"]), (&json!(id), &json!("C-1")));
    assert_eq!((&pushed[0]["completed"], &pushed[0]["failed"]), (&json!(2), &json!(1)));
    assert_eq!(pushed[0]["completed_amount"], 101.5);
    assert_eq!(result(&trial, &pushed[0]["result_file"]).await.0, 200);
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "101.50");

    let (_, summary) = get(&trial, accepted["PollingPath"].as_str().unwrap()).await;
    assert_eq!(
        (&summary["total"], &summary["successful"], &summary["failed"]),
        (&json!(3), &json!(2), &json!(1))
    );
    assert_eq!(
        (&summary["status"], &summary["successPercentage"]),
        (&json!("Failed"), &json!("66.66"))
    );
    let (_, page) = get(&trial, &format!("/batches/{id}/detail?pageNo=1&pageSize=2")).await;
    assert_eq!(
        (&page["totalElements"], &page["content"][0]["requestId"]),
        (&json!(3), &json!("R-3"))
    );
    let (_, failed) = get(&trial, &format!("/batch/detail?batchId={id}&status=FAILED")).await;
    assert_eq!((failed.as_array().unwrap().len(), &failed[0]["amount"]), (1, &json!("-1")));
    assert!(failed[0]["errorInformation"].as_str().unwrap().contains("cannot be paid"), "{failed}");
    books_balance(&trial).await;
}

#[actix_web::test]
async fn a_file_is_taken_like_a_list() {
    let trial = trial().await;
    let uin = linked(&trial).await;
    let rows = format!(
        "id,request_id,payment_mode,payer_identifier_type,payer_identifier,payee_identifier_type,payee_identifier,amount,currency,note\r\n\
        0,R-1,mojaloop,accountNumber,GOV-SP-001,uin,{uin},10.00,XTS,\"October, all\"\r\n\
        1,R-2,mojaloop,accountNumber,GOV-SP-001,MSISDN,{WALLET},0.001,XTS,x\r\n"
    );
    let form = format!(
        "--b\r\nContent-Disposition: form-data; name=\"data\"; filename=\"pay.csv\"\r\n\r\n{rows}\r\n--b--\r\n"
    );
    let csv = letter(&trial).header("type", "csv").header("filename", "pay.csv");
    let (status, accepted) = trial.ask(csv.bytes("multipart/form-data; boundary=b", form)).await;
    assert_eq!(status, 202, "{accepted}");
    quiet(&trial).await;
    let (_, summary) = get(&trial, accepted["PollingPath"].as_str().unwrap()).await;
    assert_eq!((&summary["successful"], &summary["failed"]), (&json!(1), &json!(1)));
    let (status, content) = result(&trial, &summary["file"]).await;
    let lines: Vec<&str> = content.lines().collect();
    assert_eq!((status, lines.len()), (200, 3), "{content}");
    assert!(lines[0].ends_with("status,error_code,error_description"), "{content}");
    let paid =
        format!("MSISDN,{WALLET},10,XTS,\"October, all\",greenbank,BATCH-000001,,COMPLETED,,");
    assert!(lines[1].ends_with(&paid), "{content}");
    assert!(
        lines[2].contains("R-2") && lines[2].contains("FAILED,rjct.amount.invalid,"),
        "{content}"
    );
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "10.00");
}

#[actix_web::test]
async fn a_payment_in_a_mode_that_is_none_fails_alone_with_the_modes_there_are() {
    let trial = trial().await;
    let one = |amount: u8, mode: &str| {
        json!({"requestId": format!("R-{amount}"), "creditParty": [{"key": "msisdn", "value": WALLET}],
            "amount": amount, "currency": "XTS", "paymentMode": mode})
    };
    let list = json!([one(1, "FOO"), one(2, "gsma"), one(3, "")]);
    let (status, accepted) = trial.ask(letter(&trial).json(&list)).await;
    assert_eq!(status, 202, "{accepted}");
    quiet(&trial).await;
    let id = accepted["batchId"].as_str().unwrap();
    let (_, rows) = get(&trial, &format!("/batch/detail?batchId={id}&status=FAILED")).await;
    let said = rows[0]["errorInformation"].as_str().unwrap();
    assert_eq!((rows.as_array().unwrap().len(), &rows[0]["requestId"]), (1, &json!("R-1")));
    assert!(
        said.contains("paymentMode: write GSMA, MOJALOOP, SLCB or CLOSEDLOOP, not FOO"),
        "{rows}"
    );
    assert_eq!(balance(&trial, "greenbank", WALLET).await, "5.00");
}

#[actix_web::test]
async fn lists_of_other_counters_are_told_here_too() {
    let trial = trial().await;
    pay(&trial, vec![to_wallet("PAY-1"), payment("PAY-2", "nonsense", "1.00")]).await;
    let (status, summary) = get(&trial, "/batches/BATCH-000001/summary").await;
    assert_eq!((status, &summary["modes"]), (200, &json!("g2p_connect")));
    assert_eq!((&summary["successful"], &summary["failed"]), (&json!(1), &json!(1)));
    let (_, rows) = get(&trial, "/batch/detail?batchId=TXN-1&status=COMPLETED").await;
    assert_eq!(rows[0]["requestId"], "PAY-1");
    let (_, lists) = get(&trial, "/lists").await;
    assert_eq!(lists["lists"][0]["list"], "BATCH-000001");
}

#[actix_web::test]
async fn headers_that_are_missing_or_disagree_are_named() {
    let trial = trial().await;
    let body = raw("6580954839");
    let bare = || Letter::post("payment_hub", "/batchtransactions");
    let tenant = |letter: Letter| letter.header("Platform-TenantId", "arenoa");
    let cases = [
        (tenant(bare()).json(&body), "X-CorrelationID"),
        (bare().header("X-CorrelationID", "C").json(&body), "Platform-TenantId"),
        (letter(&trial).header("type", "csv").json(&body), "type and Content-Type disagree"),
        (
            letter(&trial).header("type", "raw").bytes("text/csv", "a,b"),
            "type and Content-Type disagree",
        ),
        (letter(&trial).header("type", "xml").json(&body), "type is raw or csv"),
        (letter(&trial).bytes("text/csv", "a,b\n1,2\n"), "request_id is missing"),
        (letter(&trial).json(&json!({})), "sequence"),
        (letter(&trial).json(&json!([])), "name 1 to"),
        (
            tenant(bare())
                .header("X-CorrelationID", "C")
                .header("X-Callback-URL", "http://192.0.2.1/")
                .json(&body),
            "nothing is delivered to",
        ),
    ];
    for (letter, right) in cases {
        let (status, answer) = trial.ask(letter).await;
        let said = answer["errorDescription"].as_str().unwrap_or_default().to_owned();
        assert!(status == 400 && said.contains(right), "{right}: {status} {answer}");
        assert_eq!(answer["errorCode"], "400");
    }
    assert_eq!(kept(&trial), (0, 0));
    for (path, right) in [
        ("/batches/none/summary", 404),
        ("/batch/Summary/none", 404),
        ("/batches/none/detail?pageSize=0", 400),
        ("/batch/detail?batchId=none&status=GONE", 400),
    ] {
        assert_eq!(get(&trial, path).await.0, right, "{path}");
    }
}

#[actix_web::test]
async fn a_list_of_too_many_is_refused_before_anybody_is_asked_about_its_payees() {
    let trial = trial().await;
    let one = |n: usize| {
        json!({"requestId": format!("R-{n}"), "amount": "1", "currency": "XTS",
            "creditParty": [{"key": "msisdn", "value": format!("{n}")}]})
    };
    let list: Vec<Value> = (0..10_001).map(one).collect();
    let rows: Vec<String> = (0..10_001).map(|n| format!("R-{n},mojaloop,{n},1,XTS")).collect();
    let file =
        format!("request_id,payment_mode,payee_identifier,amount,currency\n{}", rows.join("\n"));
    let before = count_all(&trial, "account_mapper").await;
    for letter in [letter(&trial).json(&list), letter(&trial).bytes("text/csv", file)] {
        let letter = letter.header("X-Registering-Institution-ID", "SocialWelfare");
        let (status, refused) = trial.ask(letter).await;
        let said = refused["errorDescription"].as_str().unwrap_or_default();
        assert!(status == 400 && said.contains("name 1 to 10000 payments"), "{status} {said}");
    }
    assert_eq!(count_all(&trial, "account_mapper").await, before);
}

async fn count_all(trial: &Trial, to: &str) -> usize {
    trial.journal().await.iter().filter(|e| e.kind == Kind::Request && e.to == to).count()
}
