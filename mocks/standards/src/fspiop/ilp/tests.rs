//! The published way from a transaction to its condition, against a vector computed with the adapters' own library.

use super::*;
use crate::fspiop::{Party, PartyIdInfo, PartyIdType, TransactionType};
use proptest::prelude::*;
use serde_json::json;

fn transaction() -> Transaction {
    Transaction {
        transaction_id: "a8323bc6-c228-4df2-ae82-e5a997baf899".into(),
        quote_id: "b51ec534-ee48-4575-b6a9-ead2955b8069".into(),
        payee: Party::new(PartyIdInfo::new(PartyIdType::Msisdn, "27713803912").at("payeefsp")),
        payer: Party::new(PartyIdInfo::new(PartyIdType::AccountId, "GOV001").at("payerfsp")),
        amount: serde_json::from_value(json!({"currency": "USD", "amount": "100.5"})).unwrap(),
        transaction_type: TransactionType::benefit(),
        expiration: Some(serde_json::from_value(json!("2026-11-23T10:00:00.000Z")).unwrap()),
        note: None,
    }
}

#[test]
fn the_vector_of_the_adapters_is_met() {
    let agreement = agree(&transaction(), b"s3cret").unwrap();
    let head = URL_SAFE_NO_PAD.decode(&agreement.ilp_packet).unwrap()[..15].to_vec();
    assert_eq!(head, [0x01, 0x82, 0x02, 0xa8, 0, 0, 0, 0, 0, 0, 0x27, 0x42, 0x1d, 0x67, 0x2e]);
    assert_eq!(agreement.fulfilment, "mGFsMLIX5fGmcrrfiulLzpyfVn7D7_8gN0GlklNMyKA");
    assert_eq!(agreement.condition, "PJCajHCSCLfdRBqHa2xdDL3Zl7nmv7SJxTtX3rpyhnw");
    assert!(is_fulfilled_by(&agreement.condition, &agreement.fulfilment));
}

#[test]
fn a_packet_reads_back_as_what_was_agreed() {
    let packet = parse_packet(&build_packet(&transaction()).unwrap()).unwrap();
    assert_eq!(packet.amount, 10_050);
    assert_eq!(packet.account, "g.payeefsp.msisdn.27713803912");
    assert_eq!(packet.transaction, transaction());
}

#[test]
fn a_prepare_packet_reads_back_with_its_condition_and_expiry() {
    let agreement = build_prepare(&transaction(), b"s3cret").unwrap();
    let prepare = parse_prepare(&agreement.ilp_packet).unwrap();
    assert_eq!(prepare.amount, 10_050);
    assert_eq!(prepare.expires_at, "20261123100000000");
    assert_eq!(prepare.condition, agreement.condition);
    assert_eq!(prepare.destination, "g.mojaloop");
    assert_eq!(prepare.transaction, transaction());
    assert!(is_fulfilled_by(&prepare.condition, &agreement.fulfilment));
}

#[test]
fn a_payee_without_fsp_has_no_packet() {
    let mut transaction = transaction();
    transaction.payee.party_id_info.fsp_id = None;
    assert_eq!(
        build_packet(&transaction).unwrap_err().to_string(),
        "the packet cannot be built: the payee has no fspId"
    );
}

#[test]
fn a_fulfilment_that_is_not_32_bytes_fulfils_nothing() {
    let condition = condition("mGFsMLIX5fGmcrrfiulLzpyfVn7D7_8gN0GlklNMyKA").unwrap();
    for bad in ["", "AAAA", "mGFsMLIX5fGmcrrfiulLzpyfVn7D7_8gN0GlklNMyKA=", "not base64url!"] {
        assert!(!is_fulfilled_by(&condition, bad), "{bad}");
        assert!(super::condition(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_secret_longer_than_a_block_still_gives_a_fulfilment() {
    let (short, long) = (fulfilment(&[7; 16], "AYIC"), fulfilment(&[7; 400], "AYIC"));
    assert_eq!((short.len(), long.len()), (43, 43));
    assert_ne!(short, long);
}

proptest! {
    #[test]
    fn reading_a_packet_never_panics(bytes in prop::collection::vec(any::<u8>(), 0..80), kind in prop::sample::select(vec![1_u8, 12, 0])) {
        let text = URL_SAFE_NO_PAD.encode([vec![kind], bytes].concat());
        prop_assert!(parse_packet(&text).is_err() && parse_prepare(&text).is_err());
    }
}
