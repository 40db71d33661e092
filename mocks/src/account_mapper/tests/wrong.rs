//! What is not right, at every face: its own code, a sentence that says what would have been right, nothing changed.

use super::*;

/// How many people are linked, and where Tomas is paid.
fn state(trial: &Trial) -> (i64, String) {
    let id = id_of(trial, "tomas");
    let look = |db: &rusqlite::Connection| -> rusqlite::Result<(i64, String)> {
        let count =
            db.query_row("select count(*) from holder where fa is not null", [], |r| r.get(0))?;
        let fa = db.query_row("select fa from holder where id = $1", [&id], |r| r.get(0))?;
        Ok((count, fa))
    };
    trial.office("account_mapper").store.read(look).unwrap()
}

fn hub(path: &str) -> Letter {
    Letter::post("account_mapper", path).header("X-Registering-Institution-ID", "SocialWelf")
}

#[actix_web::test]
async fn bodies_that_are_none_are_refused_in_the_words_of_each_face() {
    let trial = Trial::start(SYSTEMS, 100);
    let before = state(&trial);
    let told = format!("{}/told", trial.hall().room.base_of("messenger").unwrap());
    let bodies: [&[u8]; 6] = [
        b"",
        b"{}",
        b"{\"requestID\": \"R-1\", \"beneficiaries\": [",
        b"[]",
        b"\"text\"",
        b"\xff\xfe",
    ];
    for body in bodies {
        for path in ["/register-beneficiary", "/update-beneficiary-details"] {
            let letter =
                Letter::post("account_mapper", path).bytes("application/json", body.to_vec());
            let (status, answer) = trial.ask(letter).await;
            assert_eq!((status, &answer["ResponseCode"]), (400, &json!("01")), "{path} {body:?}");
            let said = answer["ResponseDescription"].as_str().unwrap();
            assert!((1..=200).contains(&said.chars().count()), "{said}");
        }
        for path in ["/beneficiary", "/paymentModality", "/accountLookup"] {
            let letter = hub(path).header("X-Callback-URL", &told);
            let (status, answer) = trial.ask(letter.bytes("application/json", body.to_vec())).await;
            assert_eq!(status, 400, "{path} {body:?}");
            assert_eq!(answer["errorCode"], "error.msg.schema.validation.errors");
            assert_eq!(answer["responseCode"], "01");
        }
        let letter = Letter::post("account_mapper", "/sync/link");
        let (status, answer) = trial.ask(letter.bytes("application/json", body.to_vec())).await;
        assert_eq!(
            (status, &answer["message"]["error"]["code"]),
            (400, &json!("err.request.bad")),
            "{body:?}"
        );
    }
    assert_eq!(state(&trial), before);
}

#[actix_web::test]
async fn spar_answers_200_and_says_error_in_its_header() {
    let trial = Trial::start(SYSTEMS, 100);
    let before = state(&trial);
    let header = json!({"request_id": "R", "sender_app_mnemonic": "x", "request_timestamp": "2026-10-01T08:00:00Z"});
    let cases = [
        (json!({"request_header": {}, "request_body": {}}), "request_header.request_id is missing"),
        (json!({"request_header": header}), "link_request: write a list"),
        (
            json!({"request_header": header, "request_body": {"request_payload": {"transaction_id": "T", "link_request": []}}}),
            "link_request: write a list",
        ),
        (
            json!({"request_header": header, "request_body": {"request_payload": {"transaction_id": "T", "link_request": [5]}}}),
            "link_request[0] is no object",
        ),
    ];
    for (body, right) in cases {
        let (status, answer) =
            trial.ask(Letter::post("account_mapper", "/mapper/link").json(&body)).await;
        let header = &answer["response_header"];
        assert_eq!((status, &header["response_status"]), (200, &json!("ERROR")), "{body}");
        assert_eq!(header["response_error_code"], "rjct.request.validation");
        let said = header["response_error_message"].as_str().unwrap();
        assert!(said.contains(right), "{said}");
    }
    let id = id_of(&trial, "tomas");
    let whole = |fa: Value| {
        json!({"request_header": header, "request_body": {"request_payload": {"transaction_id": "T",
        "update_request": [entry(json!({"id": id, "fa": fa})), entry(json!({"reference_id": "R-2", "fa": fa}))]}}})
    };
    for fa in [
        json!(null),
        json!({"strategy_id": 7}),
        json!({"strategy_id": 1, "fa_type": "BANK", "bank_code": "b"}),
    ] {
        let letter = Letter::post("account_mapper", "/mapper/update").json(&whole(fa));
        let (_, answer) = trial.ask(letter).await;
        let results = &answer["response_body"]["response_payload"]["update_response"];
        for result in results.as_array().unwrap() {
            assert_eq!(result["status"], "rjct", "{answer}");
            assert!(
                result["status_reason_message"].as_str().unwrap().starts_with("fa"),
                "{result}"
            );
        }
    }
    assert_eq!(state(&trial), before);
}

#[actix_web::test]
async fn payment_hub_is_told_which_header_or_field_is_wrong() {
    let trial = Trial::start(SYSTEMS, 100);
    let before = state(&trial);
    let told = format!("{}/told", trial.hall().room.base_of("messenger").unwrap());
    let body = |people: usize| json!({"requestID": "R-1", "beneficiaries": vec![json!({"payeeIdentity": "A"}); people]});
    let (status, answer) = trial.ask(hub("/beneficiary").json(&body(1))).await;
    assert_eq!((status, &answer["errorCode"]), (400, &json!("error.msg.header.validation.errors")));
    let bare = Letter::post("account_mapper", "/beneficiary").header("X-Callback-URL", &told);
    let (_, answer) = trial.ask(bare.json(&body(1))).await;
    assert!(answer["errorDescription"].as_str().unwrap().contains("X-Registering-Institution-ID"));
    for address in
        ["http://192.0.2.1/told", "ftp://127.0.0.1/", "told", "http://metadata.internal/"]
    {
        let letter = hub("/identityAccountMapper/beneficiary").header("X-Callback-URL", address);
        let (status, answer) = trial.ask(letter.json(&body(1))).await;
        assert_eq!(status, 400, "{address}");
        let said = answer["responseDescription"].as_str().unwrap();
        assert!(said.contains("nothing is delivered to"), "{said}");
    }
    for wrong in
        [body(0), json!({"requestID": "x".repeat(37), "beneficiaries": [{"payeeIdentity": "A"}]})]
    {
        let letter = hub("/beneficiary").header("X-Callback-URL", &told).json(&wrong);
        assert_eq!(trial.ask(letter).await.0, 400, "{wrong}");
    }
    for (path, status) in [
        ("/beneficiaries?pageSize=0", 400),
        ("/beneficiaries?page=x", 400),
        ("/beneficiaries?pageSize=100000", 400),
        ("/beneficiaries/nobody", 404),
        ("/beneficiary", 400),
    ] {
        let letter =
            Letter::get("account_mapper", path).header("X-Registering-Institution-ID", "S");
        let (said, answer) = trial.ask(letter).await;
        assert_eq!((said, &answer["responseCode"]), (status, &json!("01")), "{path}");
    }
    assert_eq!(state(&trial), before);
}

#[actix_web::test]
async fn who_wants_no_json_gets_none() {
    let trial = Trial::start(SYSTEMS, 100);
    let body =
        json!({"RequestID": "R", "SourceBBID": "S", "Beneficiaries": [{"PayeeFunctionalID": "A"}]});
    for (accept, right) in [("text/xml", 501), ("application/json", 200), ("*/*", 200)] {
        let letter =
            Letter::post("account_mapper", "/register-beneficiary").header("accept", accept);
        let (status, answer) = trial.ask(letter.json(&body)).await;
        assert_eq!(status, right, "{accept}: {answer}");
    }
}

#[actix_web::test]
async fn a_strict_room_wants_a_token_at_every_door() {
    let trial = Trial::start(SYSTEMS, 100);
    trial.hall().room.set_policy(crate::kit::room::Policy::Strict).unwrap();
    let tomas = trial.country.people.named("tomas").unwrap().uin.to_string();
    let get = |path: &str| {
        Letter::get("account_mapper", path).header("X-Registering-Institution-ID", "S")
    };
    assert_eq!(trial.ask(get(&format!("/beneficiaries/{tomas}"))).await.0, 401);
    assert_eq!(trial.ask(get("/beneficiaries")).await.0, 401);
    assert_eq!(trial.ask(hub("/beneficiary").json(&json!({}))).await.0, 401);
    let (status, _) =
        govstack(&trial, "/register-beneficiary", json!([{"PayeeFunctionalID": "A"}])).await;
    assert_eq!(status, 401);
    let body = json!({"request_header": {"request_id": "R"}, "request_body": {}});
    let (_, answer) = trial.ask(Letter::post("account_mapper", "/mapper/link").json(&body)).await;
    assert_eq!(answer["response_header"]["response_error_code"], "rjct.jwt.invalid");
}
