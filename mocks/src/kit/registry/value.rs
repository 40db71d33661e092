//! A query's value, read for the column it is compared with. A value of the wrong type is refused with what would be right.

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use rusqlite::types::Value as Sql;
use serde_json::Value;

use super::book::Holds;
use super::codes::OLDER;

/// What a value turns into.
pub(super) enum Operand {
    /// One value in place of the one given.
    One(Sql),
    /// A whole span of days, first and last: a year.
    Days(Sql, Sql),
    /// Somebody of an age was born after the first day and until the second.
    Born { after: Sql, until: Sql },
}

/// Reads `value` for a column that holds `holds`. The error is a sentence.
pub(super) fn operand(holds: Holds, value: &Value, today: Date) -> Result<Operand, String> {
    let one = |sql: Option<Sql>, right: &str| {
        sql.map(Operand::One)
            .ok_or_else(|| format!("{value} cannot be compared here; write {right}"))
    };
    match holds {
        Holds::Text => one(text(value).map(Sql::Text), "a string"),
        Holds::Name => one(text(value).map(|t| Sql::Text(folded(&t))), "a name as a string"),
        Holds::Integer => one(number(value).and_then(whole).map(Sql::Integer), "a whole number"),
        Holds::Decimal => one(number(value).map(Sql::Real), "a number"),
        Holds::Date => one(
            value.as_str().and_then(date).map(|d| Sql::Text(d.to_string())),
            "a date such as \"2020-01-31\"",
        ),
        Holds::YesNo => one(yes_no(value).map(|yes| Sql::Integer(yes.into())), "true or false"),
        Holds::Code(codes) => {
            let known = || codes.iter().map(|(code, _)| *code).collect::<Vec<_>>().join(", ");
            let found = text(value).and_then(|t| code(codes, &t));
            one(found.map(|c| Sql::Text(c.into())), &format!("one of {}", known()))
        }
        Holds::Year => {
            let year = number(value).and_then(whole).and_then(|y| i16::try_from(y).ok());
            let first = year.and_then(|y| Date::new(y, 1, 1).ok());
            let last = year.and_then(|y| Date::new(y, 12, 31).ok());
            match (first, last) {
                (Some(first), Some(last)) => Ok(Operand::Days(day(first), day(last))),
                _ => Err(format!("{value} is no year; write a number such as 1980")),
            }
        }
        Holds::Age => {
            let age = number(value).and_then(whole).filter(|age| (0..=200).contains(age));
            let Some(age) = age else {
                return Err(format!("{value} is no age; write whole years from 0 to 200"));
            };
            let back = |years: i64| today.saturating_sub(Span::new().years(years));
            Ok(Operand::Born { after: day(back(age + 1)), until: day(back(age)) })
        }
    }
}

/// A name as it is kept for comparison.
pub fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

fn day(date: Date) -> Sql {
    Sql::Text(date.to_string())
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Numbers also come as strings: the standard's own example for a year is `"1980"`.
fn number(value: &Value) -> Option<f64> {
    let number = value.as_f64().or_else(|| value.as_str()?.trim().parse().ok());
    number.filter(|n| n.is_finite())
}

#[expect(clippy::cast_possible_truncation, reason = "the range is checked before")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
}

fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    text.parse::<Timestamp>().ok().map(|t| t.to_zoned(jiff::tz::TimeZone::UTC).date())
}

fn yes_no(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| match value.as_str()?.trim().to_ascii_lowercase().as_str() {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    })
}

fn code<'a>(codes: &[(&'a str, &'a str)], text: &str) -> Option<&'a str> {
    let named = |(code, label): &&(&str, &str)| {
        [*code, *label].iter().any(|n| n.eq_ignore_ascii_case(text))
    };
    let found = codes.iter().find(named).map(|(code, _)| *code);
    found.or_else(|| {
        let (meant, _) = OLDER.iter().find(|(_, word)| word.eq_ignore_ascii_case(text))?;
        codes.iter().map(|(code, _)| *code).find(|code| code == meant)
    })
}
