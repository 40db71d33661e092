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
    let result = ResolveResult::of(&item, Status::Succ, "t2")
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
    let result = UnlinkResult::of(&item, Status::Rjct, "t2")
        .because(ReasonCode::ReferenceIdInvalid, "no account is linked");
    assert_eq!(result.status, Status::Rjct);
}
