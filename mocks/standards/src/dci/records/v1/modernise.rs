//! From whatever spelling a registry in the field uses to the names of 2026, so that the record types can read it.

use super::rewrite::{Members, first, list, objects, rename};
use serde_json::{Number, Value, json};

/// Older names and the ones of 2026, wherever they stand in a record.
const NAMES: [(&str, &str); 22] = [
    ("birthdate", "birth_date"),
    ("date_of_birth", "birth_date"),
    ("birthDate", "birth_date"),
    ("deathDate", "death_date"),
    ("gender", "sex"),
    ("sur_name", "surname"),
    ("last_name", "surname"),
    ("familyName", "surname"),
    ("first_name", "given_name"),
    ("givenName", "given_name"),
    ("birthPlace", "birth_place"),
    ("address_line1", "address_line_1"),
    ("address_line2", "address_line_2"),
    ("street_address", "address_line_1"),
    ("city", "locality"),
    ("last_update", "last_updated"),
    ("disability_level", "disability_status_level"),
    ("programs_enrollments", "programs_enrolments"),
    ("famer_personal_details", "farmer_personal_details"),
    ("land_details", "farm_details"),
    ("crop_type", "crop_type_name"),
    ("aqua_culture", "aquaculture"),
];

/// How deep a record may go; what stands deeper stays as it came.
const MAX_DEPTH: usize = 32;

/// Spells a record in the words of 2026. Names that are modern already stay, and an empty text, which older messages write
/// for what they do not know, is taken out.
pub fn modernise(record: &mut Value) {
    at(record, MAX_DEPTH);
}

fn at(value: &mut Value, depth_left: usize) {
    let Some(depth_left) = depth_left.checked_sub(1) else { return };
    match value {
        Value::Object(members) => {
            members.retain(|_, member| *member != "");
            unprefixed(members);
            for (old, new) in NAMES {
                rename(members, old, new);
            }
            places(members);
            wrappings(members);
            identifiers(members);
            singles(members);
            values(members);
            members.values_mut().for_each(|member| at(member, depth_left));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| at(item, depth_left)),
        _ => {}
    }
}

/// `place` is the location of a group, or of a farm.
fn places(members: &mut Members) {
    if members.contains_key("group_identifier") || members.contains_key("member_list") {
        rename(members, "place", "geographical_location");
    } else if members.contains_key("farming_activities") {
        rename(members, "place", "location");
    }
    if members.contains_key("locality") || members.contains_key("address_line_1") {
        rename(members, "country", "country_code");
    }
    if members.contains_key("support_status")
        || members.contains_key("frequency") && members.contains_key("type")
    {
        rename(members, "frequency", "intensity");
        rename(members, "support_status", "support");
    }
}

/// What v1.0.0 wraps once more, or once less.
fn wrappings(members: &mut Members) {
    if let Some(Value::Object(info)) = members.get_mut("demographic_info")
        && let Some(person) = info.remove("person")
    {
        members.insert("demographic_info".to_owned(), person);
    }
    // The example of the beneficiary registry puts the enrolment inside the member.
    if let Some(Value::Object(member)) = members.get_mut("member")
        && let Some(enrolment) = member.remove("programme_identifier")
    {
        members.entry("programme_identifier").or_insert(enrolment);
    }
    if let Some(Value::Object(enrolment)) = members.get_mut("programme_identifier")
        && enrolment.contains_key("programme")
    {
        let mut enrolment = std::mem::take(enrolment);
        members.remove("programme_identifier");
        rename(&mut enrolment, "programme", "programme_identifier");
        rename(&mut enrolment, "enrolment_date", "enrollment_date");
        rename(&mut enrolment, "enrolment_status", "enrollment_status");
        for name in ["programme_identifier", "status_change_date", "benefits"] {
            list(&mut enrolment, name);
        }
        enrolment.retain(|_, value| *value != json!([""]));
        for (name, value) in enrolment {
            members.entry(name).or_insert(value);
        }
    }
    if let Some(Value::Object(details)) = members.get_mut("personal_details")
        && !details.contains_key("demographic_info")
    {
        let mut person = std::mem::take(details);
        let mut member = Members::new();
        if let Some(identifier) = person.get("identifier") {
            member.insert("member_identifier".to_owned(), identifier.clone());
        }
        if let Some(marital_status) = person.remove("marital_status") {
            member.insert("marital_status".to_owned(), marital_status);
        }
        member.insert("demographic_info".to_owned(), Value::Object(person));
        members.insert("personal_details".to_owned(), Value::Object(member));
    }
}

/// Names that carry the vocabulary before them.
fn unprefixed(members: &mut Members) {
    let prefixed: Vec<String> =
        members.keys().filter(|name| name.starts_with("spdci:")).cloned().collect();
    for name in prefixed {
        rename(members, &name, &name["spdci:".len()..]);
    }
}

/// Identifiers that are plain text, a single object, or flat beside the name.
fn identifiers(members: &mut Members) {
    if ["name", "identifier_type", "identifier_value"]
        .iter()
        .all(|name| members.contains_key(*name))
    {
        let mut flat = Members::new();
        for name in ["identifier_type", "identifier_value"] {
            flat.extend(members.remove(name).map(|value| (name.to_owned(), value)));
        }
        members.entry("identifier").or_insert(Value::Object(flat));
    }
    for name in ["identifier", "member_identifier", "group_identifier"] {
        let Some(value) = members.get_mut(name) else { continue };
        // An identifier without its type stays without: a guess could name somebody else.
        if value.is_string() || value.is_number() {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            *value = json!({"identifier_value": text});
        }
        list(members, name);
    }
}

/// Lists where 2026 has one value: the first one counts. The kind of farm moves from the farm to the farmer.
fn singles(members: &mut Members) {
    for name in ["language_code", "farming_activities", "end_use"] {
        first(members, name);
    }
    if members.contains_key("farm_details") {
        let types = objects(members, "farm_details")
            .into_iter()
            .filter_map(|farm| farm.remove("farm_type"));
        if let Some(farm_type) = types.collect::<Vec<_>>().into_iter().next() {
            members.entry("farm_type").or_insert(farm_type);
        }
    }
}

/// Initials, and texts for numbers and truths.
fn values(members: &mut Members) {
    if let Some(Value::String(sex)) = members.get_mut("sex") {
        match sex.as_str() {
            "F" | "f" | "Female" | "FEMALE" => "female".clone_into(sex),
            "M" | "m" | "Male" | "MALE" => "male".clone_into(sex),
            _ => {}
        }
    }
    for name in ["is_disabled", "place_address"] {
        let truth = match members.get(name) {
            Some(value) if *value == "0" || *value == 0 => false,
            Some(value) if *value == "1" || *value == 1 => true,
            _ => continue,
        };
        members.insert(name.to_owned(), truth.into());
    }
    for name in ["latitude", "longitude", "poverty_score", "land_size", "group_size", "count"] {
        if let Some(Value::String(text)) = members.get(name)
            && let Ok(number) = text.trim().parse::<Number>()
        {
            members.insert(name.to_owned(), Value::Number(number));
        }
    }
}
