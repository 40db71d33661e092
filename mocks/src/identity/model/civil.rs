//! What a notice of the civil registry says: a `CRVS_Person` (DCI v1.0.0) with the day of death.

use serde_json::Value;

/// A death, as far as it concerns an identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::identity) struct Told {
    pub(in crate::identity) uin: String,
    /// `YYYY-MM-DD`.
    pub(in crate::identity) date: String,
    /// The number of the registry's entry, where it is told.
    pub(in crate::identity) number: Option<String>,
}

/// Reads one record, or the first of a list; nothing where number or day are missing.
pub(in crate::identity) fn told(records: &Value) -> Option<Told> {
    let record = records.as_array().map_or(Some(records), |list| list.first())?;
    let day = record["death_date"].as_str()?;
    let date: jiff::civil::Date = day.get(..10)?.parse().ok()?;
    let uin = identifier(record, "UIN")?;
    Some(Told { uin, date: date.to_string(), number: identifier(record, "DRN") })
}

/// The number of somebody whose record has no death, because its entry was annulled.
pub(in crate::identity) fn alive(records: &Value) -> Option<String> {
    let record = records.as_array().map_or(Some(records), |list| list.first())?;
    if record["death_date"].is_null() { identifier(record, "UIN") } else { None }
}

fn identifier(record: &Value, kind: &str) -> Option<String> {
    let all = record["identifier"].as_array().or_else(|| record["identifiers"].as_array())?;
    let named = |entry: &&Value| {
        let name = entry["identifier_type"].as_str().unwrap_or_default();
        name.rsplit(':').next().is_some_and(|n| n.eq_ignore_ascii_case(kind))
    };
    let value = &all.iter().find(named)?["identifier_value"];
    value.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_notice_without_number_or_day_says_nothing() {
        let identifier = json!([{"identifier_type": "UIN", "identifier_value": "2238778167"}]);
        assert_eq!(told(&json!({"identifier": identifier})), None);
        assert_eq!(told(&json!({"death_date": "2026-10-09"})), None);
        let whole = json!({"identifier": identifier, "death_date": "2026-10-09T00:00:00Z"});
        assert_eq!(told(&whole).unwrap().date, "2026-10-09");
    }
}
