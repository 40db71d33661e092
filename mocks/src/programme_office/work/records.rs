//! What registry records say, as facts: DCI `CRVS_Person`, `Group`, `PWD_Person`, `Farmer_Person`, ESS `Member` (schemas of 2026, older spellings read too).

use jiff::civil::Date;
use serde_json::{Value, json};
use standards::dci::records::{DisabilityStatus, MeasurementUnit};

use crate::programme_office::model::application::Candidate;
use crate::programme_office::model::eligibility::age_years;
use crate::programme_office::model::facts::{Fact, Told};
use crate::programme_office::model::sources::{DISABILITY, FARMERS};

/// Country codes of Arenoa.
const COUNTRY: [&str; 2] = ["QN", "QNA"];

/// The facts of a civil registry's person. A date of death that is absent or empty means that none is recorded.
pub(in crate::programme_office) fn of_person(record: &Value, told: &Told) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut learn = |name: &str, value: Option<Value>| {
        facts.extend(value.map(|v| told.fact(name, v)));
    };
    let death = death_date(record);
    learn("alive", Some(json!(death.is_none())));
    learn("death_date", death.map(Value::from));
    learn("civil_uin", identifier(record, "UIN").map(Value::from));
    learn("civil_name", name_of(record).map(Value::from));
    let born = text(record, &["/birth_date", "/birthdate", "/date_of_birth"]);
    learn("birth_date", born.map(Value::from));
    learn("sex", text(record, &["/sex", "/gender"]).map(|s| s.to_lowercase().into()));
    learn("marital_status", text(record, &["/marital_status"]).map(Value::from));
    let home = first(record.get("address")).and_then(|a| text(a, &["/locality", "/city"]));
    learn("civil_locality", home.map(Value::from));
    learn("birth_registered", Some(json!(identifier(record, "BRN").is_some())));
    facts
}

/// The facts of a social registry's household, seen from its member `uin`. What the record does not say is not learnt.
pub(in crate::programme_office) fn of_household(
    record: &Value,
    uin: &str,
    today: Date,
    told: &Told,
) -> Vec<Fact> {
    let mut facts = Vec::new();
    let mut learn = |name: &str, value: Option<Value>| {
        facts.extend(value.map(|v| told.fact(name, v)));
    };
    learn("household", identifier_in(record, "group_identifier", None).map(Value::from));
    let address = first(record.get("address"));
    let country = address.and_then(|a| text(a, &["/country_code", "/country"]));
    learn("resident", country.map(|c| json!(COUNTRY.contains(&c.as_str()))));
    for (name, field) in [("region", "/region_code"), ("district", "/sub_region_code")] {
        learn(name, address.and_then(|a| text(a, &[field])).map(Value::from));
    }
    learn("poverty_score", number(record.get("poverty_score")));
    learn("household_size", number(record.get("group_size")));
    let members = members(record);
    let dates: Option<Vec<Date>> = members.iter().map(birth_date).collect();
    let minors = dates.map(|dates| dates.iter().filter(|d| age_years(**d, today) < 18).count());
    learn("children_under_18", minors.map(|n| json!(n)));
    let own = members
        .iter()
        .find(|m| identifier_in(m, "member_identifier", Some("UIN")).as_deref() == Some(uin));
    if let Some(own) = own {
        learn("language", text(own, &["/language_code"]).map(Value::from));
        learn("income_level", text(own, &["/income_level"]).map(Value::from));
        let death = text(own, &["/demographic_info/death_date"]);
        learn("social_alive", Some(json!(death.is_none())));
    }
    facts
}

/// The facts of a registry of disability, farms or employment. Who is registered nowhere has no certificate, which is a
/// fact; about land and work nothing is known then.
pub(in crate::programme_office) fn of_special(
    source: &str,
    record: Option<&Value>,
    told: &Told,
) -> Vec<Fact> {
    let Some(record) = record else {
        let missing = || told.fact("disability_status", json!("missing"));
        return (source == DISABILITY).then(missing).into_iter().collect();
    };
    let code = |field: &str| {
        text(record, &[&format!("/{field}")])
            .or_else(|| number(record.get(field)).map(|n| n.to_string()))
    };
    let whole = |field: &str| code(field).and_then(|c| c.parse::<u8>().ok()).map(|n| json!(n));
    let mut facts = Vec::new();
    let mut learn = |name: &str, value: Option<Value>| {
        facts.extend(value.map(|v| told.fact(name, v)));
    };
    match source {
        DISABILITY => {
            let status =
                code("disability_status").map(|c| DisabilityStatus::from(c).label().to_owned());
            learn("disability_status", status.map(Value::from));
            learn("disability_level", whole("disability_status_level"));
        }
        FARMERS => {
            learn("land_size_ha", hectares(record).map(|h| json!(h)));
            let grown = "/farm_details/0/farming_activities/crop_production/0/variety";
            learn("crop", text(record, &[grown]).map(|c| c.to_lowercase().into()));
        }
        _ => learn("unemployment_reason", whole("unemployment_reason")),
    }
    facts
}

/// All land of a farmer in hectares; none where a size or its unit is not told.
fn hectares(record: &Value) -> Option<f64> {
    let plots = record.get("farm_details")?.as_array().filter(|plots| !plots.is_empty())?;
    let sizes = plots.iter().map(|plot| {
        let unit = text(plot, &["/measurment"])?;
        Some(plot.get("land_size")?.as_f64()? * MeasurementUnit::from(unit).hectares()?)
    });
    let total: f64 = sizes.sum::<Option<f64>>()?;
    Some((total * 10_000.0).round() / 10_000.0)
}

/// The UINs of a household's members.
pub(in crate::programme_office) fn members_of(household: &Value) -> Vec<String> {
    let uin = |member| identifier_in(member, "member_identifier", Some("UIN"));
    members(household).iter().filter_map(uin).collect()
}

/// A record as an officer sees it among others.
pub(in crate::programme_office) fn candidate(record: &Value) -> Option<Candidate> {
    Some(Candidate {
        uin: identifier(record, "UIN")?,
        name: name_of(record)?,
        birth_date: text(record, &["/birth_date", "/birthdate", "/date_of_birth"])?,
        birth_place: text(record, &["/birth_place/name", "/birth_place"]),
    })
}

/// The date of death that a person's record tells; one that is absent or empty means that none is recorded.
pub(in crate::programme_office) fn death_date(record: &Value) -> Option<String> {
    text(record, &["/death_date"])
}

/// The UIN of a person's record.
pub(in crate::programme_office) fn uin_of(record: &Value) -> Option<String> {
    identifier(record, "UIN")
}

fn identifier(record: &Value, kind: &str) -> Option<String> {
    identifier_in(record, "identifier", Some(kind))
}

/// The value of the identifier of this kind (of the first one where no kind is asked for); one object is read as a list.
fn identifier_in(record: &Value, field: &str, kind: Option<&str>) -> Option<String> {
    let held = record.get(field)?;
    let one = std::slice::from_ref(held);
    let list = held.as_array().map_or(one, Vec::as_slice);
    let fits = |i: &&Value| {
        kind.is_none_or(|k| i["identifier_type"].as_str().is_some_and(|t| t.ends_with(k)))
    };
    text(list.iter().find(fits)?, &["/identifier_value"])
}

fn name_of(record: &Value) -> Option<String> {
    let name = record.get("name")?;
    if let Some(whole) = name.as_str() {
        return Some(whole.to_owned());
    }
    let given = text(name, &["/given_name", "/first_name"]);
    let family = text(name, &["/surname", "/sur_name", "/last_name"]);
    let parts: Vec<String> = [given, family].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn members(record: &Value) -> &[Value] {
    record.get("member_list").and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn birth_date(member: &Value) -> Option<Date> {
    text(member, &["/demographic_info/birth_date", "/demographic_info/person/birth_date"])?
        .parse()
        .ok()
}

/// The first element of a list, or the thing itself.
fn first(value: Option<&Value>) -> Option<&Value> {
    match value? {
        Value::Array(items) => items.first(),
        other => Some(other),
    }
}

/// A number, also where it was written as text.
fn number(value: Option<&Value>) -> Option<Value> {
    match value? {
        Value::Number(n) => Some(Value::Number(n.clone())),
        Value::String(text) => text.parse::<serde_json::Number>().ok().map(Value::Number),
        _ => None,
    }
}

/// The first of these fields that holds text; empty text is none.
fn text(record: &Value, pointers: &[&str]) -> Option<String> {
    let found = pointers.iter().find_map(|p| record.pointer(p)?.as_str());
    found.filter(|t| !t.trim().is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told() -> Told {
        Told { source: "civil_registry", message_id: "M".into(), at: "t".into() }
    }

    fn value<'a>(facts: &'a [Fact], name: &str) -> Option<&'a Value> {
        facts.iter().find(|f| f.name == name).map(|f| &f.value)
    }

    #[test]
    fn an_empty_date_of_death_means_alive_and_a_date_means_dead() {
        let alive = of_person(&json!({"death_date": ""}), &told());
        assert_eq!(value(&alive, "alive"), Some(&json!(true)));
        let dead = of_person(&json!({"death_date": "2025-12-02"}), &told());
        assert_eq!(value(&dead, "alive"), Some(&json!(false)));
    }

    #[test]
    fn a_household_without_an_address_says_nothing_about_residence() {
        let today = jiff::civil::date(2026, 10, 1);
        let facts = of_household(&json!({"group_size": 2}), "1", today, &told());
        assert_eq!(value(&facts, "resident"), None);
        let facts =
            of_household(&json!({"address": [{"country_code": "QN"}]}), "1", today, &told());
        assert_eq!(value(&facts, "resident"), Some(&json!(true)));
    }

    #[test]
    fn land_without_its_unit_is_no_size() {
        let land = |plots: Value| hectares(&json!({"farm_details": plots}));
        let acres = json!([{"land_size": 3.46, "measurment": "1"}]);
        assert_eq!(land(acres), Some(1.4002));
        let two = json!([{"land_size": 1.0, "measurment": "0"}, {"land_size": 5000, "measurment": "SQM"}]);
        assert_eq!(land(two), Some(1.5));
        assert_eq!(land(json!([{"land_size": 1.0}])), None);
        assert_eq!(land(json!([])), None);
    }

    #[test]
    fn no_certificate_is_a_fact_and_no_farm_is_none() {
        let none = of_special(DISABILITY, None, &told());
        assert_eq!(value(&none, "disability_status"), Some(&json!("missing")));
        assert_eq!(of_special(FARMERS, None, &told()), []);
        let record = json!({"disability_status": "0", "disability_status_level": 2});
        let facts = of_special(DISABILITY, Some(&record), &told());
        assert_eq!(value(&facts, "disability_status"), Some(&json!("Approved")));
        assert_eq!(value(&facts, "disability_level"), Some(&json!(2)));
    }

    #[test]
    fn a_candidate_needs_uin_name_and_birth_date() {
        let record = json!({"identifier": [{"identifier_type": "UIN", "identifier_value": "1"}],
            "name": {"given_name": "Marta", "surname": "Silvan"}, "birth_date": "1975-12-01"});
        assert_eq!(candidate(&record).unwrap().name, "Marta Silvan");
        assert_eq!(candidate(&json!({"name": {"given_name": "Marta"}})), None);
    }
}
