//! From the 2026 shape to the one of the v1.0.0 examples, registry by registry: their examples do not agree with each other.

use super::labels::name_codes;
use super::rewrite::{Members, first, list, object, objects, rename};
use serde_json::{Value, json};

/// Which registry's v1.0.0 example is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordKind {
    /// Person of the civil registry.
    Civil,
    /// Group or member of the social registry.
    Social,
    /// Beneficiary of the beneficiary registry.
    Beneficiary,
    /// Person of the disability registry.
    Disabled,
    /// Farmer of the farmer registry.
    Farmer,
}

/// Spells a record, written from its 2026 type, as v1.0.0 does. What v1.0.0 has no other spelling for stays as it is.
pub fn respell(kind: RecordKind, record: &mut Value) {
    if kind != RecordKind::Civil {
        name_codes(record);
    }
    let Value::Object(members) = record else { return };
    match kind {
        RecordKind::Civil => civil(members),
        RecordKind::Social => social(members),
        RecordKind::Beneficiary => beneficiary(members),
        RecordKind::Disabled => disabled(members),
        RecordKind::Farmer => farmer(members),
    }
}

/// One identifier and one address instead of lists, and a date instead of dates.
fn civil(members: &mut Members) {
    for name in ["identifier", "address", "marriage_date", "divorce_date"] {
        first(members, name);
    }
    numbered_lines(members);
}

fn numbered_lines(members: &mut Members) {
    for address in objects(members, "address") {
        rename(address, "address_line_1", "address_line1");
        rename(address, "address_line_2", "address_line2");
    }
}

/// `place` for the location, and addresses of street, city and country.
fn social(members: &mut Members) {
    rename(members, "geographical_location", "place");
    street_address(members);
    for name in ["group_head_info", "member_list"] {
        objects(members, name).into_iter().for_each(social);
    }
    if let Some(person) = object(members, "demographic_info") {
        street_address(person);
    }
}

fn street_address(members: &mut Members) {
    first(members, "address");
    for address in objects(members, "address") {
        rename(address, "address_line_1", "street_address");
        rename(address, "locality", "city");
        rename(address, "country_code", "country");
    }
}

/// The person is wrapped once more, the member's number is plain text, and the enrolment stands beside the programme.
fn beneficiary(members: &mut Members) {
    first_names(members, false);
    for member in objects(members, "member") {
        plain_identifier(member, "member_identifier");
        if let Some(mut person) = member.remove("demographic_info") {
            if let Value::Object(person) = &mut person {
                first_names(person, false);
            }
            member.insert("demographic_info".to_owned(), json!({"person": person}));
        }
        rename(member, "last_updated", "last_update");
    }
    let mut enrolment = Members::new();
    for (from, to) in [
        ("programme_identifier", "programme"),
        ("enrollment_date", "enrolment_date"),
        ("enrollment_status", "enrolment_status"),
        ("status_change_date", "status_change_date"),
        ("benefits", "benefits"),
    ] {
        first(members, from);
        if let Some(value) = members.remove(from) {
            enrolment.insert(to.to_owned(), value);
        }
    }
    if !enrolment.is_empty() {
        members.insert("programme_identifier".to_owned(), Value::Object(enrolment));
    }
}

/// Who the person is stands flat in `personal_details`, and two names lose or gain a letter.
fn disabled(members: &mut Members) {
    if let Some(Value::Object(mut details)) = members.remove("personal_details") {
        let mut person = match details.remove("demographic_info") {
            Some(Value::Object(person)) => person,
            _ => Members::new(),
        };
        rename(&mut details, "member_identifier", "identifier");
        for name in ["identifier", "marital_status"] {
            rename_into(&mut details, &mut person, name);
        }
        plain_identifier(&mut person, "identifier");
        first_names(&mut person, true);
        born_and_gender(&mut person);
        members.insert("personal_details".to_owned(), Value::Object(person));
    }
    rename(members, "disability_status_level", "disability_level");
    rename(members, "programs_enrolments", "programs_enrollments");
    for support in objects(members, "disability_support") {
        first(support, "human_assistance");
        for assistance in objects(support, "human_assistance") {
            rename(assistance, "intensity", "frequency");
            rename(assistance, "support", "support_status");
        }
    }
}

fn rename_into(from: &mut Members, to: &mut Members, name: &str) {
    if let Some(value) = from.remove(name) {
        to.entry(name).or_insert(value);
    }
}

/// `famer`, as the text of January 2025 has it, and what belongs to the farm stands inside it.
fn farmer(members: &mut Members) {
    for details in objects(members, "farmer_personal_details") {
        first(details, "member_identifier");
        described_person(details);
    }
    rename(members, "farmer_personal_details", "famer_personal_details");
    let farm_type = members.remove("farm_type");
    for farm in objects(members, "farm_details") {
        rename(farm, "location", "place");
        if let Some(farm_type) = &farm_type {
            farm.entry("farm_type").or_insert_with(|| farm_type.clone());
        }
        for activities in objects(farm, "farming_activities") {
            for crop in objects(activities, "crop_production") {
                rename(crop, "crop_type_name", "crop_type");
                list(crop, "end_use");
            }
            rename(activities, "aquaculture", "aqua_culture");
        }
        list(farm, "farming_activities");
    }
    for family in objects(members, "family_details") {
        rename(family, "geographical_location", "place");
        objects(family, "group_head_info").into_iter().for_each(described_person);
    }
}

/// One identifier, and first and last name, of the person whom a member describes.
fn described_person(member: &mut Members) {
    for person in objects(member, "demographic_info") {
        first(person, "identifier");
        first_names(person, true);
        born_and_gender(person);
    }
}

fn first_names(members: &mut Members, family_too: bool) {
    if let Some(name) = object(members, "name") {
        rename(name, "given_name", "first_name");
        if family_too {
            rename(name, "surname", "last_name");
        }
    }
}

fn born_and_gender(person: &mut Members) {
    rename(person, "birth_date", "date_of_birth");
    rename(person, "sex", "gender");
}

/// The first identifier's value alone.
fn plain_identifier(members: &mut Members, name: &str) {
    first(members, name);
    if let Some(value) =
        object(members, name).and_then(|identifier| identifier.remove("identifier_value"))
    {
        members.insert(name.to_owned(), value);
    }
}
