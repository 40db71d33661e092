//! What the published client of OpenG2P sends and reads: nulls, empty texts, times without a zone, ids and accounts in its
//! own words.

use super::doors::{spar, spar_1, wallet};
use super::*;

const BANK: &str = "account_number:4400112233.branch_code:001.bank_code:pinkbank.mobile_number:.email_address:.fa_type:BANK_ACCOUNT";

/// An entry as the client writes it: every field.
fn whole(mut fields: Value) -> Value {
    let mut whole = json!({"reference_id": "R-1", "timestamp": "2026-11-28 07:30:27.043867", "fa": "", "name": null,
        "phone_number": null, "scope": "details", "additional_info": null, "locale": null});
    whole.as_object_mut().unwrap().append(fields.as_object_mut().unwrap());
    whole
}

#[actix_web::test]
async fn nulls_empty_texts_and_times_without_a_zone_are_forgiven() {
    let trial = Trial::start(SYSTEMS, 100);
    let id = id_of(&trial, "tomas");
    for found in [
        spar_1(&trial, "resolve", whole(json!({"id": id}))).await,
        one(&trial, "resolve", whole(json!({"id": id}))).await,
    ] {
        assert_eq!(found["status_reason_code"], "succ.fa.active", "{found}");
        assert_eq!(found["account_provider_info"]["subcode"], "", "{found}");
    }
    let linked =
        spar_1(&trial, "link", whole(json!({"id": NEW, "fa": "account:1@pinkbank"}))).await;
    assert_eq!(linked["status"], "succ", "{linked}");
    assert_eq!(spar_1(&trial, "unlink", whole(json!({"id": NEW}))).await["status"], "succ");
    let header = json!({"message_id": "M", "message_ts": "2026-11-28T07:30:27.043867",
        "action": "resolve", "sender_id": "", "sender_uri": "", "total_count": 1});
    let body = json!({"header": header, "message": {"transaction_id": "T",
        "resolve_request": [whole(json!({"id": id}))]}});
    let letter = || Letter::post("account_mapper", "/sync/resolve").json(&body);
    assert_eq!(trial.ask(letter()).await.1["header"]["status"], "succ");
}

#[actix_web::test]
async fn an_id_without_an_issuer_is_taken_and_comes_back_as_it_was_asked() {
    let trial = Trial::start(SYSTEMS, 100);
    let account = json!({"id": "MIS-0007", "fa": "account:7@pinkbank"});
    let question = json!({"id": "MIS-0007", "scope": "details"});
    assert_eq!(spar_1(&trial, "link", entry(account.clone())).await["status"], "succ");
    let found = spar_1(&trial, "resolve", entry(question.clone())).await;
    assert_eq!((&found["id"], &found["fa"]), (&json!("MIS-0007"), &json!("account:7@pinkbank")));
    let object = json!({"id": "MIS-0007", "fa": wallet("99912345678")});
    assert_eq!(spar(&trial, "link", entry(object.clone())).await["fa"], wallet("99912345678"));
    let moved = spar(&trial, "update", entry(object)).await;
    assert_eq!((&moved["id"], &moved["fa"]), (&json!("MIS-0007"), &wallet("99912345678")));
    let found = spar(&trial, "resolve", entry(question.clone())).await;
    assert_eq!((&found["id"], &found["fa"]), (&json!("MIS-0007"), &wallet("99912345678")));
    let freed = spar(&trial, "unlink", entry(json!({"id": "MIS-0007"}))).await;
    assert_eq!((&freed["id"], &freed["status"]), (&json!("MIS-0007"), &json!("succ")));
    // The strict door wants the words of the standard.
    let strict = one(&trial, "resolve", entry(question)).await;
    assert_eq!(strict["status_reason_code"], "rjct.id.invalid");
}

#[actix_web::test]
async fn an_account_as_the_bridge_constructs_it_is_linked_and_told_as_it_was_named() {
    let trial = Trial::start(SYSTEMS, 100);
    let linked = spar_1(&trial, "link", entry(json!({"id": NEW, "fa": BANK}))).await;
    assert_eq!((&linked["status"], &linked["fa"]), (&json!("succ"), &json!(BANK)), "{linked}");
    let question = entry(json!({"id": NEW, "scope": "details"}));
    let found = spar_1(&trial, "resolve", question.clone()).await;
    assert_eq!(found["fa"], BANK, "{found}");
    let info = &found["account_provider_info"];
    assert_eq!((&info["code"], &info["subcode"]), (&json!("pinkbank"), &json!("001")));
    let paid = one(&trial, "resolve", question.clone()).await;
    assert_eq!(paid["fa"], "account:4400112233@pinkbank", "{paid}");
    let object = spar(&trial, "resolve", question).await;
    assert_eq!(object["fa"]["account_number"], "4400112233", "{object}");
    let by_account = entry(json!({"fa": BANK, "scope": "details"}));
    let found = spar_1(&trial, "resolve", by_account).await;
    assert_eq!((&found["id"], &found["fa"]), (&json!(NEW), &json!(BANK)));
}

#[actix_web::test]
async fn a_strict_room_wants_a_zone() {
    let trial = Trial::start(SYSTEMS, 100);
    trial.hall().room.set_policy(crate::kit::room::Policy::Strict).unwrap();
    let fields = json!({"id": id_of(&trial, "tomas"), "timestamp": "2026-10-01 08:00:00"});
    let refused = one(&trial, "resolve", entry(fields)).await;
    assert_eq!(refused["status_reason_code"], "rjct.timestamp.invalid", "{refused}");
}

#[actix_web::test]
async fn a_wrong_entry_of_every_verb_is_refused_alone() {
    let trial = Trial::start(SYSTEMS, 100);
    let id = id_of(&trial, "tomas");
    for (verb, wrong, code, right) in [
        ("resolve", json!({"id": 5}), "rjct.id.invalid", json!({"id": id})),
        (
            "update",
            json!({"id": id}),
            "rjct.reference_id.invalid",
            json!({"id": id, "fa": "account:3@pinkbank"}),
        ),
        ("unlink", json!({"id": null}), "rjct.reference_id.invalid", json!({"id": id})),
    ] {
        let mut last = entry(right);
        last["reference_id"] = json!("R-2");
        let list =
            json!({"transaction_id": "T-1", (format!("{verb}_request")): [entry(wrong), last]});
        let (path, asks) = (format!("/mapper/sync/{verb}"), errand(&trial));
        let answer = ask::<Value>(&asks, "account_mapper", &path, Action::from(verb), &list).await;
        let results = answer.unwrap().message[format!("{verb}_response")].clone();
        assert_eq!(results[0]["status_reason_code"], code, "{verb}: {results}");
        assert_eq!(results[1]["status"], "succ", "{verb}: {results}");
    }
}

#[actix_web::test]
async fn who_asks_after_something_unknown_is_told_so_with_a_correlation_and_nothing_completed() {
    let trial = Trial::start(SYSTEMS, 100);
    let query = json!({"transaction_id": "T-8", "txnstatus_request": {"reference_id": "Q", "txn_type": "link",
        "attribute_type": "transaction_id", "attribute_value": "nope"}});
    let asks = errand(&trial);
    let path = "/mapper/sync/txn/status";
    let now = ask::<Value>(&asks, "account_mapper", path, Action::TxnStatus, &query).await.unwrap();
    assert_eq!(now.header.completed_count, Some(0));
    assert!(now.message["correlation_id"].is_string(), "{}", now.message);
    let path = "/mapper/txn/status";
    submit(&asks, "account_mapper", path, Action::TxnStatus, &query).await.unwrap();
    trial.hall().room.clock.idle().await;
    let journal = trial.journal().await;
    let sent = journal.iter().find(|e| e.kind == Kind::Request && e.path.ends_with("/on-status"));
    let later: Value = serde_json::from_str(&sent.unwrap().body).unwrap();
    assert_eq!(
        (&later["header"]["status"], &later["header"]["completed_count"]),
        (&json!("rjct"), &json!(0))
    );
    assert!(later["message"]["correlation_id"].is_string(), "{later}");
}

/// As the published scripts of SPAR ask: a draft's version, and no token.
fn script(verb: &str, item: &Value) -> Letter {
    let header = json!({"version": "0.1.0", "message_id": "M", "message_ts": "2026-11-28T07:30:27.043867",
        "action": verb, "sender_id": "registry.example.org", "total_count": 1, "is_encrypted": false});
    let body = json!({"header": header, "message": {"transaction_id": "T",
        (format!("{verb}_request")): [item]}, "signature": ""});
    Letter::post("account_mapper", format!("/mapper/sync/{verb}")).json(&body)
}

#[actix_web::test]
async fn scripts_that_name_a_draft_and_bring_no_token_are_read_in_an_open_room() {
    let trial = Trial::start(SYSTEMS, 100);
    let item =
        whole(json!({"id": "token:zIcRoc-3d_Q_0@nationalId", "fa": "account:12345@pinkbank"}));
    let (status, answer) = trial.ask(script("link", &item)).await;
    assert_eq!((status, &answer["header"]["status"]), (200, &json!("succ")), "{answer}");
    assert_eq!(answer["message"]["link_response"][0]["status"], "succ", "{answer}");
    let entries = trial.journal().await;
    let asked = entries.iter().rev().find(|e| e.action == "POST /mapper/sync/link").unwrap();
    assert_eq!(asked.remark, "version 0.1.0 is read as 1.0.0");
    let wrong = script("link", &item).bearer("nonsense");
    assert_eq!(trial.ask(wrong).await.0, 401, "a token must be right");
    trial.hall().room.set_policy(crate::kit::room::Policy::Strict).unwrap();
    assert_eq!(trial.ask(script("link", &item)).await.0, 401);
}
