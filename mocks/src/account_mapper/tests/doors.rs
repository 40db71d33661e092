//! One store behind every face: who is linked through one door is seen through all others.

use super::*;
use crate::kit::faults::{Fault, Misbehaviour};

/// People who are linked to no account yet.
fn strangers(trial: &Trial) -> Vec<String> {
    let people = trial.country.people.living().filter(|p| p.account.is_none());
    people.map(|p| p.uin.to_string()).collect()
}

fn told_at(trial: &Trial) -> String {
    format!("{}/told", trial.hall().room.base_of("messenger").unwrap())
}

/// A request of Payment Hub, with its headers.
fn hub(trial: &Trial, method: &str, path: &str) -> Letter {
    Letter::to("account_mapper", method.parse().unwrap(), path)
        .header("X-CallbackURL", &told_at(trial))
        .header("X-Registering-Institution-ID", "SocialWelf")
}

fn payees(uin: &str, phone: &str) -> Value {
    json!({"requestID": "915251236706", "beneficiaries": [{"payeeIdentity": uin, "paymentModality": "01",
        "financialAddress": phone, "bankingInstitutionCode": "greenbank"}]})
}

/// The bodies that were told to the callback so far.
async fn told(trial: &Trial) -> Vec<Value> {
    trial.hall().room.clock.idle().await;
    let journal = trial.journal().await;
    let callbacks = journal
        .iter()
        .filter(|e| e.kind == Kind::Request && e.to == "messenger" && e.action == "PUT /told");
    callbacks.map(|e| serde_json::from_str(&e.body).unwrap()).collect()
}

pub(super) async fn spar(trial: &Trial, verb: &str, entry: Value) -> Value {
    let body = json!({"request_header": {"request_id": "R-9", "sender_app_mnemonic": "bridge",
        "request_timestamp": "2026-10-01T08:00:00Z"}, "request_body": {"request_payload":
        {"transaction_id": "T-9", (format!("{verb}_request")): [entry]}}});
    let path = format!("/mapper/{verb}");
    let (status, answer) = trial.ask(Letter::post("account_mapper", path).json(&body)).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["response_header"]["response_status"], "SUCCESS", "{answer}");
    assert_eq!(answer["response_header"]["request_id"], "R-9");
    answer["response_body"]["response_payload"][format!("{verb}_response")][0].clone()
}

/// As the published client of SPAR 1.x asks: without a token.
pub(super) async fn spar_1(trial: &Trial, verb: &str, entry: Value) -> Value {
    let header = Header::request(Action::from(verb), "spar", "M-1", "2026-10-01T08:00:00Z", 1);
    let message = json!({"transaction_id": "T-1", (format!("{verb}_request")): [entry]});
    let body = json!({"header": header, "message": message});
    let letter = Letter::post("account_mapper", format!("/sync/{verb}")).json(&body);
    let (status, answer) = trial.ask(letter).await;
    assert_eq!((status, &answer["header"]["status"]), (200, &json!("succ")), "{answer}");
    answer["message"][format!("{verb}_response")][0].clone()
}

pub(super) fn wallet(phone: &str) -> Value {
    json!({"strategy_id": 2, "fa_type": "MOBILE_WALLET", "wallet_provider_name": "Greenbank",
        "wallet_provider_code": "greenbank", "mobile_number": phone})
}

async fn link(trial: &Trial, door: usize, uin: &str, phone: &str) {
    let (id, fa) = (format!("uin:{uin}@arenoa"), format!("msisdn:{phone}@greenbank"));
    let own = entry(json!({"id": id, "fa": fa}));
    match door {
        0 => assert_eq!(one(trial, "link", own).await["status"], "succ"),
        1 => {
            let message = json!({"transaction_id": "T-2", "link_request": [own]});
            let (errand, path) = (errand(trial), "/mapper/link");
            submit(&errand, "account_mapper", path, Action::Link, &message).await.unwrap();
        }
        2 => assert_eq!(spar_1(trial, "link", own).await["status"], "succ"),
        3 => {
            let own = entry(json!({"id": id, "fa": wallet(phone)}));
            assert_eq!(spar(trial, "link", own).await["fa"], wallet(phone));
        }
        4 => {
            let payee = json!([{"PayeeFunctionalID": uin, "PaymentModality": "01", "FinancialAddress": fa}]);
            assert_eq!(govstack(trial, "/register-beneficiary", payee).await.0, 200);
        }
        5 => {
            let letter = hub(trial, "POST", "/identityAccountMapper/beneficiary");
            let (status, answer) = trial.ask(letter.json(&payees(uin, phone))).await;
            assert_eq!((status, &answer["responseCode"]), (200, &json!("00")), "{answer}");
        }
        _ => {
            let letter = hub(trial, "POST", "/beneficiary").json(&payees(uin, phone));
            assert_eq!(trial.ask(letter).await.0, 202);
        }
    }
    trial.hall().room.clock.idle().await;
}

#[actix_web::test]
async fn who_is_linked_through_one_door_is_seen_through_all_others() {
    let trial = Trial::start(SYSTEMS, 100);
    let strangers = strangers(&trial);
    for (door, uin) in strangers.iter().enumerate().take(7) {
        let phone = format!("9991000000{door}");
        link(&trial, door, uin, &phone).await;
        let (id, fa) = (format!("uin:{uin}@arenoa"), format!("msisdn:{phone}@greenbank"));
        let question = entry(json!({"id": id, "scope": "details"}));
        assert_eq!(one(&trial, "resolve", question.clone()).await["fa"], fa, "door {door}");
        assert_eq!(spar_1(&trial, "resolve", question.clone()).await["fa"], fa, "door {door}");
        let object = spar(&trial, "resolve", question).await;
        assert_eq!(object["fa"], wallet(&phone), "door {door}: {object}");
        let (status, file) = trial.ask(hub(&trial, "GET", &format!("/beneficiaries/{uin}"))).await;
        assert_eq!(status, 200, "door {door}");
        assert_eq!(
            (&file["paymentModality"], &file["financialAddress"]),
            (&json!("01"), &json!(phone))
        );
        assert_eq!(file["bankingInstitutionCode"], "greenbank");
    }
}

#[actix_web::test]
async fn spar_unlinks_and_updates_what_others_linked() {
    let trial = Trial::start(SYSTEMS, 100);
    let id = id_of(&trial, "tomas");
    let bank = json!({"strategy_id": 1, "fa_type": "BANK", "bank_name": "Pinkbank", "bank_code": "pinkbank",
        "branch_name": "Altena", "branch_code": "A1", "account_number": "0012345"});
    let moved = spar(&trial, "update", entry(json!({"id": id, "fa": bank}))).await;
    assert_eq!(moved["status"], "succ");
    let found = one(&trial, "resolve", entry(json!({"id": id, "scope": "details"}))).await;
    assert_eq!(found["fa"], "account:0012345@pinkbank");
    let object = spar(&trial, "resolve", entry(json!({"id": id, "scope": "details"}))).await;
    assert_eq!(object["fa"], bank, "branch and all");
    let yes = spar(&trial, "resolve", entry(json!({"id": id}))).await;
    assert_eq!((&yes["status_reason_code"], &yes["fa"]), (&json!("succ.id.active"), &Value::Null));
    assert_eq!(spar(&trial, "unlink", entry(json!({"id": id}))).await["status"], "succ");
    let gone = one(&trial, "resolve", entry(json!({"id": id}))).await;
    assert_eq!(gone["status_reason_code"], "succ.id.inactive");
}

#[actix_web::test]
async fn what_went_wrong_with_whom_is_told_to_the_callback_after_the_answer() {
    let trial = Trial::start(SYSTEMS, 100);
    let tomas = trial.country.people.named("tomas").unwrap().uin.to_string();
    let new = strangers(&trial)[0].clone();
    let both = json!({"requestID": "915251236706", "beneficiaries": [
        {"payeeIdentity": new, "paymentModality": "00", "financialAddress": "0077", "bankingInstitutionCode": "pinkbank"},
        {"payeeIdentity": tomas, "paymentModality": "01", "financialAddress": "99912345678"},
        {"payeeIdentity": new, "paymentModality": "09"}]});
    let letter = hub(&trial, "POST", "/identityAccountMapper/beneficiary");
    let (status, answer) = trial.ask(letter.json(&both)).await;
    assert_eq!((status, &answer["requestID"]), (200, &json!("915251236706")));
    let told = told(&trial).await;
    assert_eq!(told.len(), 1);
    assert_eq!(
        (&told[0]["registerRequestID"], &told[0]["numberFailedCases"]),
        (&json!("915251236706"), &json!(2))
    );
    let failed = &told[0]["failedCases"];
    assert_eq!(
        (&failed[0]["payeeIdentity"], &failed[0]["failureReason"]),
        (&json!(tomas), &json!("Beneficiary already registered"))
    );
    assert_eq!(failed[1]["paymentModality"], "09");
}

#[actix_web::test]
async fn a_callback_that_nobody_takes_is_tried_again_also_after_a_stop() {
    let trial = Trial::start(SYSTEMS, 100);
    let what = Misbehaviour::Refusing { status: 503 };
    let on = Some(String::from("PUT /told"));
    trial.office("messenger").faults.set(Fault { what, on, times: Some(2) });
    let uin = strangers(&trial)[0].clone();
    trial.ask(hub(&trial, "POST", "/beneficiary").json(&payees(&uin, "99910000000"))).await;
    assert_eq!(told(&trial).await.len(), 1);
    trial.restart("account_mapper").await;
    assert_eq!(told(&trial).await.len(), 2);
    trial.hall().room.clock.advance(jiff::SignedDuration::from_mins(10));
    crate::kit::clock::pause(std::time::Duration::from_millis(30)).await;
    assert_eq!(told(&trial).await.len(), 3);
    let left = |db: &rusqlite::Connection| -> rusqlite::Result<i64> {
        db.query_row("select count(*) from outbox", [], |row| row.get(0))
    };
    assert_eq!(trial.office("account_mapper").store.read(left).unwrap(), 0);
}

#[actix_web::test]
async fn payment_hub_looks_people_up_one_by_one_many_at_once_and_in_pages() {
    let trial = Trial::start(SYSTEMS, 100);
    let tomas = trial.country.people.named("tomas").unwrap();
    let (uin, fa) = (tomas.uin.to_string(), tomas.account.unwrap().to_string());
    let bare =
        Letter::get("account_mapper", format!("/beneficiary?payeeIdentity={uin}&requestId=Q-1"))
            .header("X-Registering-Institution-ID", "SocialWelf");
    let (status, found) = trial.ask(bare).await;
    assert_eq!((status, &found["isValidated"]), (200, &json!(true)), "{found}");
    let account = found["paymentModalityList"][0].clone();
    assert!(fa.ends_with(account["bankingInstitutionCode"].as_str().unwrap()));

    let path = format!("/beneficiary?payeeIdentity={uin}&paymentModality=02&requestId=Q-2");
    let (status, answer) = trial.ask(hub(&trial, "GET", &path)).await;
    assert_eq!((status, &answer["requestID"]), (202, &json!("Q-2")));
    let many = json!({"requestID": "Q-3", "beneficiaries": [{"payeeIdentity": uin}, {"payeeIdentity": "nobody"}]});
    assert_eq!(trial.ask(hub(&trial, "POST", "/accountLookup").json(&many)).await.0, 202);
    // The two answers are told on lines of their own, in either order.
    let told = told(&trial).await;
    let (many, one): (Vec<_>, Vec<_>) =
        told.iter().partition(|answer| answer.get("beneficiaryDTOList").is_some());
    assert_eq!(
        (&one[0]["isValidated"], &one[0]["paymentModalityList"]),
        (&json!(false), &json!([]))
    );
    assert_eq!(many[0]["beneficiaryDTOList"].as_array().unwrap().len(), 1);
    assert_eq!(many[0]["beneficiaryDTOList"][0]["payeeIdentity"], uin);

    let new = strangers(&trial)[0].clone();
    trial.ask(hub(&trial, "POST", "/beneficiary").json(&payees(&new, "99910000000"))).await;
    let (_, page) = trial.ask(hub(&trial, "GET", "/beneficiaries?page=0&pageSize=5")).await;
    assert_eq!(
        (&page["totalElements"], &page["content"][0]["payeeIdentity"]),
        (&json!(1), &json!(new))
    );
    let all = Letter::get("account_mapper", "/beneficiaries?pageSize=5&page=1");
    let (_, page) = trial.ask(all).await;
    assert!(page["totalElements"].as_i64().unwrap() > 5 && page["last"] == false, "{page}");
}

#[actix_web::test]
async fn a_modality_is_added_once_and_changed_by_put() {
    let trial = Trial::start(SYSTEMS, 100);
    let uin = strangers(&trial)[0].clone();
    let bare = json!({"requestID": "R-1", "beneficiaries": [{"payeeIdentity": uin}]});
    trial.ask(hub(&trial, "POST", "/beneficiary").json(&bare)).await;
    for (method, phone, right) in [
        ("POST", "99910000000", "99910000000"),
        ("POST", "99910000001", "99910000000"),
        ("PUT", "99910000002", "99910000002"),
    ] {
        let letter = hub(&trial, method, "/paymentModality").json(&payees(&uin, phone));
        assert_eq!(trial.ask(letter).await.0, 202);
        let (_, file) = trial.ask(hub(&trial, "GET", &format!("/beneficiaries/{uin}"))).await;
        assert_eq!(file["financialAddress"], right, "{method} {phone}");
    }
    let mut failed: Vec<_> =
        told(&trial).await.iter().map(|t| t["numberFailedCases"].as_i64().unwrap()).collect();
    failed.sort_unstable();
    assert_eq!(failed, [0, 0, 0, 1]);
}

#[actix_web::test]
async fn the_switch_of_the_room_decides_how_long_ids_of_govstack_are() {
    let trial = Trial::start(SYSTEMS, 100);
    let uuid = "1b0a5d34-58f4-4b55-9c2e-0d9c7a9f1c11";
    let uscts = json!({"RequestID": uuid, "SourceBBID": "USCT-BB",
        "Beneficiaries": [{"PayeeFunctionalID": "83901066283", "PaymentModality": "00", "FinancialAddress": "1"}]});
    let suites = json!({"RequestID": "d5267933-c71", "SourceBBID": "e680db9f-223",
        "Beneficiaries": [{"PayeeFunctionalID": "a98bc16e-f724-410e-b", "PaymentModality": "00", "FinancialAddress": "2"}]});
    let send = |body: &Value| {
        trial.ask(Letter::post("account_mapper", "/register-beneficiary").json(body))
    };
    let settings = |word: &str| {
        let letter = Letter::to("account_mapper", http::Method::PUT, "/settings");
        trial.ask(letter.json(&json!({"govstack_v1": word})))
    };
    assert_eq!((send(&uscts).await.0, send(&suites).await.0), (200, 200));
    assert_eq!(settings("strict").await.0, 200);
    let (status, answer) = send(&uscts).await;
    assert_eq!(
        (status, &answer["ResponseCode"], &answer["RequestID"]),
        (400, &json!("01"), &json!(uuid))
    );
    assert_eq!(answer["ResponseDescription"], "RequestID has 36 characters: write exactly 12");
    assert_eq!(send(&suites).await.0, 200);
    let (status, answer) = settings("loose").await;
    assert_eq!(status, 400);
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("lenient"), "{answer}");
}

#[actix_web::test]
async fn who_is_registered_again_is_a_failed_case_and_who_has_no_account_is_found_without_one() {
    let trial = Trial::start(SYSTEMS, 100);
    let new = strangers(&trial)[..2].to_vec();
    let bare = json!({"requestID": "915251236706", "beneficiaries": [{"payeeIdentity": new[0]}]});
    for body in [bare.clone(), payees(&new[1], "99910000001")] {
        for failed in [0, 1] {
            let letter = hub(&trial, "POST", "/beneficiary").json(&body);
            assert_eq!(trial.ask(letter).await.0, 202);
            let told = told(&trial).await;
            assert_eq!(told.last().unwrap()["numberFailedCases"], failed, "{told:?}");
        }
    }
    let asked = json!({"requestID": "Q-1", "beneficiaries": [{"payeeIdentity": new[0]},
        {"payeeIdentity": new[1]}, {"payeeIdentity": "stranger"}]});
    let letter = hub(&trial, "POST", "/accountLookup").json(&asked);
    assert_eq!(trial.ask(letter).await.0, 202);
    let told = told(&trial).await;
    let told = told.last().unwrap();
    assert_eq!((&told["requestID"], &told["requestId"]), (&json!("Q-1"), &json!("Q-1")));
    let found = told["beneficiaryDTOList"].as_array().unwrap();
    assert_eq!(found.len(), 2, "{told}");
    assert_eq!(
        (&found[0]["payeeIdentity"], &found[0]["financialAddress"]),
        (&json!(new[0]), &Value::Null)
    );
    let health = trial.ask(Letter::get("account_mapper", "/actuator/health")).await;
    assert_eq!(health, (200, json!({"status": "UP"})));
    let payee =
        json!([{"PayeeFunctionalID": "A-1", "PaymentModality": "00", "FinancialAddress": "0077"}]);
    assert_eq!(govstack(&trial, "/registerBeneficiaries", payee).await.0, 200);
}
