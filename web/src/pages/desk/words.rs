//! Labels and values of an answer in the words of the page: no names of fields, no dates of machines.

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::pages::frame::{Lanes, spoken};
use crate::texts::Texts;

/// The words at hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words<'a> {
    pub(super) texts: &'a Texts,
    pub(super) lanes: &'a Lanes,
}

impl Words<'_> {
    /// What a field is called.
    pub(super) fn label(self, key: &str) -> String {
        let plain = key.trim_end_matches("_cents").trim_end_matches("_minor");
        let found = |lead: &str| self.texts.find(&format!("{lead}-{plain}"));
        found("label").or_else(|| found("desk-field")).unwrap_or_else(|| spoken(&apart(plain)))
    }

    /// A value that is neither object nor list.
    pub(super) fn value(self, key: &str, value: &Value, around: &Map<String, Value>) -> String {
        let currency = around.get("currency").and_then(Value::as_str).unwrap_or("XTS");
        match value {
            Value::Null => String::new(),
            Value::Bool(true) => self.texts.get("desk-yes"),
            Value::Bool(false) => self.texts.get("desk-no"),
            Value::Number(number) => match number.as_i64() {
                Some(cents) if key.ends_with("_cents") || key.ends_with("_minor") => {
                    format!("{} {currency}", decimal(cents))
                }
                _ => number.to_string(),
            },
            Value::String(text) if is_money(text) && around.contains_key("currency") => {
                format!("{text} {currency}")
            }
            Value::String(text) => self.text(key, text),
            other => other.to_string(),
        }
    }

    fn text(self, key: &str, text: &str) -> String {
        if let Some(date) = self.moment(text) {
            return date;
        }
        let id = text.replace('-', "_");
        if let Some(lane) = self.lanes.all().find(|lane| lane.id == id) {
            return lane.name.clone();
        }
        let code = text.replace(['.', '_'], "-");
        if let Some(words) = self.texts.find(&format!("payroll-why-{code}")) {
            return words;
        }
        if let Some(words) = self.texts.find(&format!("code-{key}-{code}")) {
            return words;
        }
        match key {
            "state" | "status" | "standing" | "flags" => text.replace('_', " ").to_lowercase(),
            _ => text.to_owned(),
        }
    }

    /// A day, or a day and a time, in words.
    fn moment(self, text: &str) -> Option<String> {
        let date: Date = text.get(..10)?.parse().ok()?;
        // A language chooses its words by names, not by texts that hold a number.
        let (day, month) = (date.day().to_string(), format!("m{}", date.month()));
        let year = date.year().to_string();
        let parts = [("day", day.as_str()), ("month", month.as_str()), ("year", year.as_str())];
        let date = self.texts.with("desk-day", &parts);
        match text.get(10..) {
            Some("") => Some(date),
            Some(rest) if rest.starts_with('T') => {
                Some(format!("{date}, {}", rest.get(1..6).unwrap_or_default()))
            }
            _ => None,
        }
    }
}

/// `100.00` of 10000.
fn decimal(cents: i64) -> String {
    let sign = if cents < 0 { "−" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}{}.{:02}", cents / 100, cents % 100)
}

fn is_money(text: &str) -> bool {
    text.split_once('.').is_some_and(|(whole, part)| {
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        digits(whole.trim_start_matches('-')) && digits(part) && part.len() == 2
    })
}

/// `ledgerAccountType` with its words apart.
fn apart(name: &str) -> String {
    let mut text = String::new();
    let mut was_small = false;
    for letter in name.chars() {
        if letter.is_uppercase() && was_small {
            text.push('_');
            text.extend(letter.to_lowercase());
        } else {
            text.push(letter);
        }
        was_small = letter.is_lowercase();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::in_language;
    use serde_json::json;

    #[test]
    fn a_value_is_said_as_people_say_it() {
        let lanes = Lanes::default();
        let words = Words { texts: in_language("en"), lanes: &lanes };
        let around = json!({"currency": "XTS"});
        let said = |key: &str, value: Value| words.value(key, &value, around.as_object().unwrap());
        assert_eq!(said("at", json!("2026-10-01T08:00:00.000Z")), "1 October 2026, 08:00");
        assert_eq!(said("amount", json!("100.00")), "100.00 XTS");
        assert_eq!(said("balance_minor", json!(-4200)), "−42.00 XTS");
        assert_eq!(said("marital_status", json!("M")), "married");
        assert_eq!(said("drn", json!("DRN-2026-0055")), "DRN-2026-0055", "an id is kept");
        assert_eq!(words.label("ledgerAccountType"), "Ledger account type");
    }
}
