use super::*;
use serde_json::{Value, json};

fn quote(change: impl FnOnce(&mut Value)) -> Result<QuotesPostRequest, Malformed> {
    let party = |id: &str| json!({"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": id}});
    let mut body = json!({"quoteId": "b51ec534-ee48-4575-b6a9-ead2955b8069",
        "transactionId": "01JABCDEFGHJKMNPQRSTVWXYZ0", "payer": party("1"), "payee": party("2"),
        "amountType": "SEND", "amount": {"currency": "XTS", "amount": "1"},
        "transactionType": {"scenario": "TRANSFER", "initiator": "PAYER", "initiatorType": "BUSINESS"}});
    change(&mut body);
    read_strictly(body.to_string().as_bytes())
}

#[test]
fn what_the_text_does_not_allow_is_named_with_its_path() {
    assert!(quote(|_| {}).is_ok());
    let changes: [(&str, &str, Value); 10] = [
        ("/quoteId", "quoteId", json!("../../x")),
        ("/transactionId", "transactionId", json!("")),
        ("/amount", "amount", json!(["XTS", "1"])),
        ("/amountType", "amountType", json!("FOO")),
        ("/transactionType/scenario", "transactionType.scenario", json!("FOO")),
        ("/transactionType/initiator", "transactionType.initiator", json!("FOO")),
        ("/transactionType/initiatorType", "transactionType.initiatorType", json!("FOO")),
        ("/payee/partyIdInfo/partyIdType", "payee.partyIdInfo.partyIdType", json!("FOO")),
        (
            "/payer/partyIdInfo/partyIdentifier",
            "payer.partyIdInfo.partyIdentifier",
            json!("9".repeat(129)),
        ),
        ("/payer/partyIdInfo", "payer.partyIdInfo", json!(["MSISDN", "1"])),
    ];
    for (pointer, path, value) in changes {
        let refused = quote(|body| *body.pointer_mut(pointer).unwrap() = value).unwrap_err();
        assert_eq!(refused.path, path, "{refused}");
    }
    for (place, member, path, value) in [
        ("/amount", "currency", "amount.currency", json!("ZZZ")),
        ("/transactionType", "subScenario", "transactionType.subScenario", json!("old age")),
        ("/payer", "name", "payer.name", json!("<b>")),
        (
            "/payer",
            "personalInfo",
            "payer.personalInfo.dateOfBirth",
            json!({"dateOfBirth": "1951-02-30"}),
        ),
        (
            "/payee",
            "personalInfo",
            "payee.personalInfo.complexName.firstName",
            json!({"complexName": {"firstName": " "}}),
        ),
    ] {
        let refused = quote(|body| body.pointer_mut(place).unwrap()[member] = value);
        assert_eq!(refused.unwrap_err().path, path);
    }
    let nested = quote(|body| body["personalTouch"] = json!({"list": [["deep"]]})).unwrap_err();
    assert_eq!(nested.path, "personalTouch.list[0]");
    assert!(quote(|body| body["supportedCurrencies"] = json!(["XTS"])).is_ok());
    let long = quote(|body| body["note"] = json!("é".repeat(129))).unwrap_err();
    assert_eq!(long.path, "note");
    let empty = quote(|body| body["extensionList"] = json!({"extension": []})).unwrap_err();
    assert_eq!(empty.path, "extensionList.extension");
}

#[test]
fn an_end_says_one_of_the_states_and_proves_it_with_32_bytes() {
    let path = |body: Value| {
        let read = read_strictly::<TransfersPutResponse>(body.to_string().as_bytes());
        read.err().map(|refused| refused.path)
    };
    let proof = "mGFsMLIX5fGmcrrfiulLzpyfVn7D7_8gN0GlklNMyKA";
    assert_eq!(path(json!({"transferState": "COMMITTED", "fulfilment": proof})), None);
    let wrong = json!({"transferState": "DONE", "fulfilment": proof});
    assert_eq!(path(wrong).as_deref(), Some("transferState"));
    let short = json!({"transferState": "COMMITTED", "fulfilment": &proof[1..]});
    assert_eq!(path(short).as_deref(), Some("fulfilment"));
}

const ID: &str = "b51ec534-ee48-4575-b6a9-ead2955b8069";

/// The path of what is refused in a message, once `member` stands at `place` in it.
fn refused<T: DeserializeOwned + Strict>(
    message: &Value,
    (place, member, value): (&str, &str, Value),
) -> Option<String> {
    let mut message = message.clone();
    message.pointer_mut(place).unwrap()[member] = value;
    read_strictly::<T>(message.to_string().as_bytes()).err().map(|refused| refused.path)
}

#[test]
fn the_results_of_a_bulk_are_held_to_the_text_one_by_one() {
    let (foreign, list) = (json!({"currency": "ZZZ", "amount": "1"}), json!({"extension": []}));
    let quotes = json!({"expiration": "2026-10-01T08:00:00.000Z", "individualQuoteResults": [{"quoteId": ID}]});
    let transfers = json!({"bulkTransferState": "COMPLETED", "individualTransferResults": [{"transferId": ID}]});
    let (quote, transfer) = ("/individualQuoteResults/0", "/individualTransferResults/0");
    for (member, value, end) in [
        ("quoteId", json!("../x"), ""),
        (
            "payee",
            json!({"partyIdInfo": {"partyIdType": "FOO", "partyIdentifier": "1"}}),
            ".partyIdInfo.partyIdType",
        ),
        ("transferAmount", foreign.clone(), ".currency"),
        ("payeeReceiveAmount", foreign.clone(), ".currency"),
        ("payeeFspFee", foreign.clone(), ".currency"),
        ("payeeFspCommission", foreign, ".currency"),
        ("extensionList", list.clone(), ".extension"),
    ] {
        let path = refused::<BulkQuotesPutResponse>(&quotes, (quote, member, value));
        assert_eq!(path, Some(format!("individualQuoteResults[0].{member}{end}")));
    }
    for (member, value, end) in
        [("transferId", json!("7"), ""), ("extensionList", list, ".extension")]
    {
        let path = refused::<BulkTransfersPutResponse>(&transfers, (transfer, member, value));
        assert_eq!(path, Some(format!("individualTransferResults[0].{member}{end}")));
    }
}

#[test]
fn what_a_quote_names_besides_is_held_to_the_text() {
    let far = json!({"latitude": "91", "longitude": "0"});
    let path = quote(|body| body["geoCode"] = far.clone()).unwrap_err().path;
    assert_eq!(path, "geoCode.latitude");
    let path = quote(|body| body["transactionRequestId"] = json!("7")).unwrap_err().path;
    assert_eq!(path, "transactionRequestId");
    assert!(
        quote(|body| body["geoCode"] = json!({"latitude": "-3.5", "longitude": "180"})).is_ok()
    );
    let terms = json!({"transferAmount": {"currency": "XTS", "amount": "1"}, "ilpPacket": "AYIC",
        "expiration": "2026-10-01T08:00:00.000Z", "condition": "PJCajHCSCLfdRBqHa2xdDL3Zl7nmv7SJxTtX3rpyhnw"});
    let path = refused::<QuotesPutResponse>(&terms, ("", "geoCode", far.clone()));
    assert_eq!(path.as_deref(), Some("geoCode.latitude"));
    let bulk = json!({"bulkQuoteId": ID, "payer": {"partyIdInfo": {"partyIdType": "MSISDN", "partyIdentifier": "1"}}, "individualQuotes": []});
    let path = refused::<BulkQuotesPostRequest>(&bulk, ("", "geoCode", far));
    assert_eq!(path.as_deref(), Some("geoCode.latitude"));
    let held = json!({"fspId": "greenbank"});
    let list = ("", "extensionList", json!({"extension": []}));
    let path = refused::<ParticipantsTypeIdPostRequest>(&held, list);
    assert_eq!(path.as_deref(), Some("extensionList.extension"));
}
