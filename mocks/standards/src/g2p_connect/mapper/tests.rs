//! The mapper's messages in the words of the standard.

use super::*;
use crate::dci::{ReasonCode, Status};
use serde_json::json;

#[test]
fn a_link_reads_and_writes_in_the_words_of_the_standard() {
    let body = json!({"transaction_id": "T", "link_request": [{"reference_id": "R", "timestamp": "t", "id": "vid:54321@nid",
        "fa": "account:0005@BANK1", "name": "Amina", "additional_info": [{"name": "k", "value": "v"}]}]});
    let request: LinkRequest = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(serde_json::to_value(&request).unwrap(), body);
}

#[test]
fn what_was_not_found_is_a_success_with_its_code() {
    let item: ResolveItem = serde_json::from_value(
        json!({"reference_id": "R", "timestamp": "t", "id": "vid:1@nid", "scope": "details"}),
    )
    .unwrap();
    assert!(item.wants_details());
    let result = ItemResult { id: item.id, ..ItemResult::of("R", Status::Succ, "t2") }
        .because(ReasonCode::IdNotFound, "nobody has this id");
    assert_eq!(
        serde_json::to_value(result).unwrap(),
        json!({"reference_id": "R", "timestamp": "t2", "id": "vid:1@nid", "status": "succ", "status_reason_code": "succ.id.not_found",
            "status_reason_message": "nobody has this id", "locale": "eng"})
    );
}

#[test]
fn an_unlink_need_not_name_the_account() {
    let item: UnlinkItem =
        serde_json::from_value(json!({"reference_id": "R", "timestamp": "t", "id": "vid:1@nid"}))
            .unwrap();
    assert_eq!(item.fa, None);
}

#[test]
fn null_and_an_empty_text_say_nothing() {
    let bare = json!({"reference_id": "R", "timestamp": "t", "id": "vid:1@nid"});
    let full = json!({"reference_id": "R", "timestamp": "t", "id": "vid:1@nid", "fa": "", "name": null,
        "phone_number": null, "scope": null, "additional_info": null, "locale": null});
    let unlink = |item: &serde_json::Value| serde_json::from_value::<UnlinkItem>(item.clone());
    assert_eq!(unlink(&full).unwrap(), unlink(&bare).unwrap());
    let resolve = |item: &serde_json::Value| serde_json::from_value::<ResolveItem>(item.clone());
    assert_eq!(resolve(&full).unwrap(), resolve(&bare).unwrap());
    let link: LinkItem = serde_json::from_value(full).unwrap();
    assert_eq!((link.fa.as_str(), link.additional_info.len()), ("", 0));
    let result: ItemResult = serde_json::from_value(json!({"reference_id": "R", "timestamp": "t",
        "status": "succ", "additional_info": null, "account_provider_info":
        {"name": "B", "code": "b", "subcode": null, "additional_info": null}}))
    .unwrap();
    let told = serde_json::to_value(result).unwrap();
    assert_eq!(told["account_provider_info"], json!({"name": "B", "code": "b", "subcode": ""}));
}
