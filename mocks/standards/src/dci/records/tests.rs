//! Records as they stand on the wire.

use super::*;
use serde_json::{Value, json};

#[test]
fn context_and_type_stand_first_and_nothing_absent_is_written() {
    let text = serde_json::to_string(&Group { group_size: Some(3), ..Group::default() }).unwrap();
    assert_eq!(
        text,
        r#"{"@context":"https://schema.spdci.org/core/v1/data/Group.jsonld","@type":"Group","group_size":3}"#
    );
    let named = Place { ld_id: Some("place:7".into()), ..Place::named("Sirba") };
    let text = serde_json::to_string(&named).unwrap();
    assert!(text.contains(r#".jsonld","@id":"place:7","@type":"Place","name":"Sirba"}"#), "{text}");
}

#[test]
fn attributes_of_a_country_are_kept() {
    let body = json!({"@context": {"@vocab": "x"}, "@type": "Member", "clan": "Aré", "marital_status": "W"});
    let member: Member = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(member.marital_status, Some(MaritalStatus::Widow));
    assert_eq!(member.more["clan"], "Aré");
    assert_eq!(serde_json::to_value(&member).unwrap(), body);
}

#[test]
fn a_single_value_is_read_where_the_schema_has_a_list() {
    let body = json!({"identifier": {"identifier_type": "UIN", "identifier_value": "1"}, "address": null, "marriage_date": ""});
    let person: CrvsPerson = serde_json::from_value(body).unwrap();
    assert_eq!(person.identifier, [Identifier::new(IdentifierType::Uin, "1")]);
    assert!(person.identifier[0].is_a("uin"));
    assert!(person.marriage_date.is_empty() && person.address.is_empty());
}

#[test]
fn a_whole_beneficiary_round_trips() {
    let beneficiary = Beneficiary {
        assistance_unit: Some(AssistanceUnit::Member),
        member: Some(
            Member {
                demographic_info: Some(Person::default().called(kind::IBR_PERSON)),
                ..Member::default()
            }
            .called(kind::IBR_MEMBER),
        ),
        programme_identifier: vec![Programme {
            programme_name: Some("Old age pension".into()),
            social_protection_functions: vec![SocialProtectionFunction::OldAge],
            ..Programme::default()
        }],
        enrollment_status: Some(EnrollmentStatus::Suspended),
        benefits: vec![Benefit { benefit_type: Some(BenefitType::Cash), ..Benefit::default() }],
        ..Beneficiary::default()
    };
    let json = serde_json::to_value(&beneficiary).unwrap();
    assert_eq!(json["enrollment_status"], "4");
    assert_eq!(json["member"]["demographic_info"]["@type"], "SR_Person");
    assert_eq!(serde_json::from_value::<Beneficiary>(json).unwrap(), beneficiary);
}

#[test]
fn type_is_the_wire_name_of_kind() {
    let device = AssistiveTechnology {
        kind: Some(AssistiveTechnologyType::from("1")),
        status: Some(SupportStatus::Needed),
        ..AssistiveTechnology::default()
    };
    let json = serde_json::to_value(device).unwrap();
    assert_eq!((&json["type"], &json["status"]), (&json!("1"), &json!("0")));
    assert_eq!(json["@type"], "AssistiveTechnology");
}

#[test]
fn labels_of_older_messages_are_read_as_codes() {
    let read = |body: Value| serde_json::from_value::<PwdPerson>(body).unwrap();
    assert_eq!(
        read(json!({"disability_status": "Approved"})).disability_status,
        Some(DisabilityStatus::Approved)
    );
    assert_eq!(
        read(json!({"disability_status": 0})).disability_status,
        Some(DisabilityStatus::Approved)
    );
}

#[test]
fn an_error_deep_inside_a_record_keeps_its_path() {
    let body = json!({"member_list": [{"demographic_info": {"name": {"surname": 5}}}]});
    let error = crate::dci::read_value::<Group>(&body).unwrap_err();
    assert_eq!(error.path, "member_list[0].demographic_info.name.surname");
}

#[test]
fn a_farm_round_trips_with_codes_that_begin_with_zero() {
    let body = json!({"@context": "c", "@type": "Farmer_Person", "farm_details": [{"@context": "c", "@type": "FarmInfo",
        "land_size": 1.5, "measurment": "0", "farming_activities": {"@context": "c", "@type": "Farming_Activities",
        "aquaculture": ["0322"]}}], "machineries_details": [{"@context": "c", "@type": "Machineries", "type": "10", "source": "1"}]});
    let farmer: FarmerPerson = serde_json::from_value(body.clone()).unwrap();
    assert_eq!(farmer.machineries_details[0].source, Some(EquipmentSource::Owned));
    assert_eq!(serde_json::to_value(&farmer).unwrap(), body);
}
