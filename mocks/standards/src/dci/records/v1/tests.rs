//! Older spellings, out and in.

use super::super::*;
use super::*;
use crate::dci::read_value;
use proptest::prelude::*;
use serde_json::{Value, json};

fn respelled(kind: RecordKind, record: &impl serde::Serialize) -> Value {
    let mut value = serde_json::to_value(record).unwrap();
    respell(kind, &mut value);
    value
}

fn amina() -> Person {
    Person {
        identifier: vec![Identifier::new(IdentifierType::Uin, "2154189532")],
        name: Some(Name::of("Amina", "Diallo")),
        sex: Some(Sex::Female),
        birth_date: Some("1958-03-02".into()),
        ..Person::default()
    }
}

#[test]
fn a_civil_record_has_one_identifier_and_one_address_and_reads_back() {
    let person = CrvsPerson {
        identifier: vec![Identifier::new(IdentifierType::Brn, "BRN-1958-0042")],
        address: vec![Address { address_line_1: Some("Market road".into()), ..Address::default() }],
        marriage_date: vec!["1980-05-01".into()],
        marital_status: Some(MaritalStatus::Widow),
        ..CrvsPerson::default()
    };
    let mut old = respelled(RecordKind::Civil, &person);
    assert_eq!(old["identifier"]["identifier_value"], "BRN-1958-0042");
    assert_eq!(old["address"]["address_line1"], "Market road");
    assert_eq!(old["marriage_date"], "1980-05-01");
    assert_eq!(old["marital_status"], "W", "the civil example keeps its codes");
    modernise(&mut old);
    assert_eq!(read_value::<CrvsPerson>(&old).unwrap(), person);
}

#[test]
fn a_group_has_a_place_and_labels_and_reads_back() {
    let group = Group {
        group_type: Some(AssistanceUnit::Household),
        group_identifier: vec![Identifier::new("NationalID", "G1")],
        geographical_location: Some(Place::named("Sirba")),
        member_list: vec![Member {
            marital_status: Some(MaritalStatus::Married),
            demographic_info: Some(amina()),
            ..Member::default()
        }],
        ..Group::default()
    };
    let mut old = respelled(RecordKind::Social, &group);
    assert_eq!(old["place"]["name"], "Sirba");
    assert_eq!(old["group_type"], "household");
    assert_eq!(old["member_list"][0]["marital_status"], "married");
    modernise(&mut old);
    assert_eq!(read_value::<Group>(&old).unwrap(), group);
}

#[test]
fn a_beneficiary_wraps_the_person_and_the_enrolment_and_reads_back() {
    let beneficiary = Beneficiary {
        assistance_unit: Some(AssistanceUnit::Member),
        member: Some(Member { demographic_info: Some(amina()), ..Member::default() }),
        programme_identifier: vec![Programme {
            programme_name: Some("Pension".into()),
            ..Programme::default()
        }],
        enrollment_status: Some(EnrollmentStatus::Active),
        enrollment_date: Some("2026-01-05".into()),
        benefits: vec![Benefit { benefit_type: Some(BenefitType::Cash), ..Benefit::default() }],
        ..Beneficiary::default()
    };
    let mut old = respelled(RecordKind::Beneficiary, &beneficiary);
    assert_eq!(old["assistance_unit"], "1");
    assert_eq!(old["member"]["demographic_info"]["person"]["name"]["first_name"], "Amina");
    assert_eq!(old["programme_identifier"]["programme"]["programme_name"], "Pension");
    assert_eq!(old["programme_identifier"]["enrolment_status"], "Active");
    assert_eq!(old["programme_identifier"]["benefits"]["benefit_type"], "Cash");
    modernise(&mut old);
    assert_eq!(read_value::<Beneficiary>(&old).unwrap(), beneficiary);
}

#[test]
fn a_disabled_person_stands_flat_and_with_labels() {
    let person = PwdPerson {
        personal_details: Some(Member { demographic_info: Some(amina()), ..Member::default() }),
        disability_status: Some(DisabilityStatus::Approved),
        disability_status_level: Some(DisabilityLevel::Severe),
        disability_details: vec![DisabilityDetails {
            age_on_set: Some(DisabilityOnset::WorkingAge),
            ..DisabilityDetails::default()
        }],
        ..PwdPerson::default()
    };
    let mut old = respelled(RecordKind::Disabled, &person);
    assert_eq!(old["personal_details"]["identifier"], "2154189532");
    assert_eq!(old["personal_details"]["name"]["last_name"], "Diallo");
    assert_eq!(old["personal_details"]["gender"], "Female");
    assert_eq!(old["personal_details"]["date_of_birth"], "1958-03-02");
    assert_eq!(old["disability_level"], "Severe");
    assert_eq!(old["disability_details"][0]["age_on_set"], "Working age");
    modernise(&mut old);
    let read = read_value::<PwdPerson>(&old).unwrap();
    assert_eq!(read.disability_status_level, person.disability_status_level);
    let who = read.personal_details.unwrap().demographic_info.unwrap();
    assert_eq!(
        (who.name, who.sex, who.birth_date),
        (amina().name, amina().sex, amina().birth_date)
    );
    assert_eq!(
        who.identifier[0].identifier_type, None,
        "the type is lost in the old spelling and not guessed"
    );
}

#[test]
fn a_farmer_keeps_the_old_slip_of_the_pen_and_reads_back() {
    let farmer = FarmerPerson {
        farm_type: Some(FarmType::Subsistence),
        farmer_personal_details: Some(Member {
            demographic_info: Some(amina()),
            ..Member::default()
        }),
        farm_details: vec![FarmInfo {
            location: Some(Place::named("Koh")),
            farming_activities: Some(FarmingActivities {
                crop_production: vec![CropDetails {
                    crop_type_name: Some(CropType::Cereals),
                    ..CropDetails::default()
                }],
                ..FarmingActivities::default()
            }),
            ..FarmInfo::default()
        }],
        ..FarmerPerson::default()
    };
    let mut old = respelled(RecordKind::Farmer, &farmer);
    assert_eq!(old["famer_personal_details"]["demographic_info"]["gender"], "Female");
    assert_eq!(old["farm_details"][0]["place"]["name"], "Koh");
    assert_eq!(old["farm_details"][0]["farm_type"], "Small subsistence-oriented farms");
    assert_eq!(
        old["farm_details"][0]["farming_activities"][0]["crop_production"][0]["crop_type"],
        "Cereals"
    );
    modernise(&mut old);
    assert_eq!(read_value::<FarmerPerson>(&old).unwrap(), farmer);
}

#[test]
fn what_older_messages_do_not_know_is_absent_and_not_empty() {
    let mut record = json!({"death_date": "", "sex": "F", "is_disabled": "0", "member_identifier": "HS-1", "birthdate": "x",
        "birth_date": "2004-05-02"});
    modernise(&mut record);
    assert_eq!(
        record,
        json!({"sex": "female", "is_disabled": false, "member_identifier": [{"identifier_value": "HS-1"}], "birth_date": "2004-05-02"})
    );
}

#[test]
fn numbers_written_as_text_and_lists_of_one_are_read() {
    let mut record = json!({"spdci:group_identifier": "G1", "member_list": [{"language_code": ["en", "es"]}],
        "place": {"geo": {"latitude": "40.712776", "longitude": "-74.005974"}}});
    modernise(&mut record);
    let group = read_value::<Group>(&record).unwrap();
    assert_eq!(group.group_identifier[0].identifier_value.as_deref(), Some("G1"));
    assert_eq!(group.member_list[0].language_code.as_deref(), Some("en"));
    let geo = group.geographical_location.unwrap().geo.unwrap();
    assert_eq!(geo.latitude.unwrap().to_string(), "40.712776");
}

#[test]
fn an_identifier_beside_the_name_becomes_one_of_the_person() {
    let mut record =
        json!({"identifier_type": "NID", "identifier_value": "7", "name": {"first_name": "Test"}});
    modernise(&mut record);
    let person = read_value::<Person>(&record).unwrap();
    assert_eq!(person.identifier, [Identifier::new("NID", "7")]);
}

fn any_record() -> impl Strategy<Value = Value> {
    let key = prop::sample::select(vec![
        "identifier",
        "member_identifier",
        "name",
        "given_name",
        "first_name",
        "sex",
        "gender",
        "member",
        "demographic_info",
        "person",
        "programme_identifier",
        "programme",
        "benefits",
        "personal_details",
        "place",
        "member_list",
        "address",
        "farm_details",
        "farming_activities",
        "disability_support",
        "human_assistance",
        "frequency",
        "type",
        "is_disabled",
    ]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[a-zA-Z0-9]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 5, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(key.clone().prop_map(str::to_owned), inner, 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_record_is_too_strange_to_be_respelled(record in any_record()) {
        for kind in [RecordKind::Civil, RecordKind::Social, RecordKind::Beneficiary, RecordKind::Disabled, RecordKind::Farmer] {
            let mut value = record.clone();
            respell(kind, &mut value);
            modernise(&mut value);
            prop_assert_eq!(value.is_object(), record.is_object());
        }
    }
}
