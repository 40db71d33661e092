//! Headers, lookups and quotes.

use super::*;

#[actix_web::test]
async fn a_message_is_taken_with_202_and_nothing_in_it() {
    let trial = trial().await;
    let what = ("GET", "/parties/MSISDN/99900000000", "payer_bank");
    let reply = trial.send(message(what, None, &[])).await;
    assert_eq!((reply.status, reply.body.len()), (202, 0));
    assert_eq!(reply.header("content-length"), Some("0"));
}

#[actix_web::test]
async fn each_wrong_header_has_its_own_code() {
    let trial = trial().await;
    let media = |text: &str| format!("application/vnd.interoperability.{text}");
    for (name, value, expected) in [
        // The client here sends `*/*` where it is given nothing.
        ("Accept", String::new(), (400, "3101")),
        ("Accept", String::from("application/json"), (400, "3101")),
        ("Accept", media("parties+json;version=9"), (406, "3001")),
        ("Date", String::new(), (400, "3102")),
        ("Date", String::from("today"), (400, "3101")),
        ("Content-Type", String::new(), (400, "3102")),
        ("Content-Type", media("quotes+json;version=1.1"), (400, "3101")),
        ("FSPIOP-Source", String::new(), (400, "3102")),
        ("FSPIOP-Source", String::from("nobody"), (400, "3100")),
        ("FSPIOP-Signature", String::from("mock"), (400, "3105")),
    ] {
        let what = ("GET", "/parties/MSISDN/99900000000", "payer_bank");
        let reply = trial.send(message(what, None, &[(name, &value)])).await;
        let (status, code) = refused(&reply);
        assert_eq!((status, code.as_str()), expected, "{name}: {value}");
    }
}

#[actix_web::test]
async fn what_the_switch_does_not_do_is_said_in_its_own_words() {
    let trial = trial().await;
    let reply =
        trial.send(message(("POST", "/transactionRequests", "payer_bank"), None, &[])).await;
    assert_eq!(refused(&reply), (501, "2002".into()));
    let reply = trial.send(message(("GET", "/weather", "payer_bank"), None, &[])).await;
    assert_eq!(refused(&reply), (404, "3002".into()));
}

#[actix_web::test]
async fn an_identifier_is_registered_looked_up_and_removed_by_its_own_bank_only() {
    let trial = trial().await;
    let uri = "/participants/MSISDN/99955500001";
    let held = json!({"fspId": "payee_bank", "currency": "XTS"});
    send(&trial, ("POST", uri, "payer_bank"), "", Some(&held)).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3003", "of another bank");
    send(&trial, ("POST", uri, "payee_bank"), "", Some(&held)).await;
    send(&trial, ("GET", uri, "payer_bank"), "", None).await;
    let told = received(&trial, "payer_bank").await;
    assert_eq!(told.last().unwrap(), &(format!("PUT {uri}"), json!({"fspId": "payee_bank"})));

    send(&trial, ("GET", "/parties/MSISDN/99955500001", "payer_bank"), "", None).await;
    let asked = received(&trial, "payee_bank").await;
    assert_eq!(asked.last().unwrap().0, "GET /parties/MSISDN/99955500001");

    let party = json!({"party": {"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": "99955500001", "fspId": "payee_bank"}}});
    let (found, asker) = ("/parties/MSISDN/99955500001", "payer_bank");
    let forged = send(&trial, ("PUT", found, "payer_bank"), asker, Some(&party)).await;
    assert_eq!(refused(&forged), (400, "3100".into()), "of a bank that does not hold it");
    assert_eq!(send(&trial, ("PUT", found, "payee_bank"), asker, Some(&party)).await.status, 200);
    assert_eq!(received(&trial, asker).await.last().unwrap().0, format!("PUT {found}"));

    send(&trial, ("DELETE", uri, "payee_bank"), "", None).await;
    send(&trial, ("GET", "/parties/MSISDN/99955500001", "payer_bank"), "", None).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3204");
}

#[actix_web::test]
async fn an_identifier_that_a_bank_holds_is_no_other_banks_until_the_first_lets_it_go() {
    let trial = trial().await;
    let uri = "/participants/MSISDN/99955500001";
    let held = |fsp: &str| json!({"fspId": fsp});
    send(&trial, ("POST", uri, "payee_bank"), "", Some(&held("payee_bank"))).await;
    send(&trial, ("POST", uri, "payer_bank"), "", Some(&held("payer_bank"))).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3003");
    let party =
        |id: &str| json!({"partyIdType": "MSISDN", "partyIdentifier": id, "fspId": "payer_bank"});
    let list =
        json!({"requestId": id(9), "partyList": [party("99955500001"), party("99955500002")]});
    send(&trial, ("POST", "/participants", "payer_bank"), "", Some(&list)).await;
    let (what, told) = received(&trial, "payer_bank").await.pop().unwrap();
    assert_eq!(what, format!("PUT /participants/{}", id(9)));
    assert_eq!(told["partyList"][0]["errorInformation"]["errorCode"], "3003", "{told}");
    assert_eq!(told["partyList"][1]["errorInformation"], Value::Null, "{told}");
    send(&trial, ("GET", uri, "payer_bank"), "", None).await;
    let told = received(&trial, "payer_bank").await.pop().unwrap();
    assert_eq!(told.1, held("payee_bank"), "it is where it was");

    send(&trial, ("POST", uri, "payee_bank"), "", Some(&held("payee_bank"))).await;
    let told = received(&trial, "payee_bank").await.pop().unwrap();
    assert_eq!(told.1, held("payee_bank"), "who holds it may say so again");
    send(&trial, ("DELETE", uri, "payee_bank"), "", None).await;
    send(&trial, ("POST", uri, "payer_bank"), "", Some(&held("payer_bank"))).await;
    let told = received(&trial, "payer_bank").await.pop().unwrap();
    assert_eq!(told, (format!("PUT {uri}"), held("payer_bank")));
}

fn quote(note: &str) -> Value {
    let party = |kind: &str, id: &str, fsp: &str| json!({"partyIdInfo": {"partyIdType": kind, "partyIdentifier": id, "fspId": fsp}});
    json!({"quoteId": id(1), "transactionId": id(2), "note": note,
        "payer": party("ACCOUNT_ID", "1", "payer_bank"), "payee": party("MSISDN", "2", "payee_bank"),
        "amountType": "SEND", "amount": {"currency": "XTS", "amount": "1"},
        "transactionType": {"scenario": "TRANSFER", "initiator": "PAYER", "initiatorType": "BUSINESS"}})
}

#[actix_web::test]
async fn a_quote_and_its_answer_go_on_byte_for_byte() {
    let trial = trial().await;
    let ask = ("POST", "/quotes", "payer_bank");
    send(&trial, ask, "payee_bank", Some(&quote("é"))).await;
    let sent = trial.journal().await;
    let bodies: Vec<_> = sent
        .iter()
        .filter(|e| e.kind == Kind::Request && e.path.ends_with("/quotes"))
        .map(|e| e.body.as_str())
        .collect();
    assert_eq!((bodies.len(), bodies[0] == bodies[1]), (2, true));

    // Asked again while it is under way: nothing. With another body: 3106.
    send(&trial, ask, "payee_bank", Some(&quote("é"))).await;
    assert_eq!(received(&trial, "payee_bank").await.len(), 1);
    send(&trial, ask, "payee_bank", Some(&quote("e"))).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3106");

    // Once it is answered, it is answered again to who asks again.
    let uri = format!("/quotes/{}", id(1));
    let terms = json!({"transferAmount": {"currency": "XTS", "amount": "1"}, "condition": proof(1).1,
        "ilpPacket": "AYIC", "expiration": "2026-10-02T08:00:00.000Z"});
    answer(&trial, &uri, &terms).await;
    send(&trial, ask, "payee_bank", Some(&quote("é"))).await;
    send(&trial, ("GET", &uri, "payer_bank"), "", None).await;
    let told = received(&trial, "payer_bank").await;
    let answers = told.iter().filter(|told| **told == (format!("PUT {uri}"), terms.clone()));
    assert_eq!(answers.count(), 3);
    assert_eq!(received(&trial, "payee_bank").await.len(), 1);
}

#[actix_web::test]
async fn a_payees_passing_trouble_is_told_and_the_quote_can_be_asked_for_again() {
    let trial = trial().await;
    let ask = ("POST", "/quotes", "payer_bank");
    let uri = format!("/quotes/{}", id(1));
    send(&trial, ask, "payee_bank", Some(&quote("rent"))).await;
    let trouble = json!({"errorInformation": {"errorCode": "2001", "errorDescription": "later"}});
    answer(&trial, &format!("{uri}/error"), &trouble).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "2001");
    send(&trial, ("GET", &uri, "payer_bank"), "", None).await;
    let told = received(&trial, "payer_bank").await;
    assert_eq!(told.len(), 2, "told once more");
    assert_eq!(received(&trial, "payee_bank").await.len(), 1);

    send(&trial, ask, "payee_bank", Some(&quote("rent"))).await;
    assert_eq!(received(&trial, "payee_bank").await.len(), 2, "the payee is asked again");
    send(&trial, ask, "payee_bank", Some(&quote("rent"))).await;
    assert_eq!(received(&trial, "payee_bank").await.len(), 2, "and once");
    send(&trial, ask, "payee_bank", Some(&quote("gift"))).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3106");
    let no = json!({"errorInformation": {"errorCode": "5103", "errorDescription": "no"}});
    answer(&trial, &format!("{uri}/error"), &no).await;
    answer(&trial, &format!("{uri}/error"), &trouble).await;
    send(&trial, ask, "payee_bank", Some(&quote("rent"))).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "5103", "that is final");
    assert_eq!(received(&trial, "payee_bank").await.len(), 2);
}

#[actix_web::test]
async fn a_quote_in_another_payers_name_is_refused_and_its_id_stays_free() {
    let trial = trial().await;
    let mut stolen = quote("rent");
    stolen["payer"]["partyIdInfo"]["fspId"] = json!("payee_bank");
    send(&trial, ("POST", "/quotes", "payer_bank"), "payee_bank", Some(&stolen)).await;
    assert_eq!(last_error(&trial, "payer_bank").await, "3100");
    assert_eq!(received(&trial, "payee_bank").await.len(), 0);
    send(&trial, ("POST", "/quotes", "payer_bank"), "payee_bank", Some(&quote("rent"))).await;
    assert_eq!(received(&trial, "payee_bank").await.len(), 1);
}
