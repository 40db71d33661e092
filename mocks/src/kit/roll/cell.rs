//! What a cell of a roll may say, and what would be right.

use jiff::civil::Date;

use crate::kit::registry::codes::Codes;
use crate::kit::seed::places::{District, Province};

/// The longest text of a cell, in characters.
const LONGEST: usize = 200;

/// What a column holds, and how its values are checked.
#[derive(Debug, Clone, Copy)]
pub enum Cell {
    Text,
    /// A number that the country gives: ten digits.
    Uin,
    /// The number of an entry: `BRN-1958-0042`.
    Entry(&'static str),
    Date,
    /// Dates with `;` between them.
    Dates,
    /// A code, which may also be given by its published name.
    Code(Codes),
    YesNo,
    Number,
    Province,
    District,
    /// A telephone number; several with `;` between them.
    Phones,
    /// A JSON object.
    Json,
}

impl Cell {
    /// The value as it is kept. The error says what would be right.
    pub(super) fn read(self, text: &str) -> Result<String, String> {
        if matches!(self, Self::Json) {
            let read: Result<serde_json::Map<_, _>, _> = serde_json::from_str(text);
            let read = read.map(|_| text.to_owned());
            return read.map_err(|_| r#"a JSON object such as {"name":"value"}"#.into());
        }
        if text.chars().count() > LONGEST {
            return Err(format!("at most {LONGEST} characters"));
        }
        if text.chars().any(char::is_control) {
            return Err("a text without line breaks and control characters".into());
        }
        match self {
            Self::Text | Self::Json => Ok(text.to_owned()),
            Self::Uin => {
                let right = text.len() == 10 && text.bytes().all(|b| b.is_ascii_digit());
                right.then(|| text.to_owned()).ok_or_else(|| "ten digits".into())
            }
            Self::Entry(prefix) => entry(prefix, text)
                .ok_or_else(|| format!("the number of an entry such as {prefix}-1958-0042")),
            Self::Date => date(text),
            Self::Dates => each(text, date),
            Self::Code(codes) => code(codes, text),
            Self::YesNo => match text.to_ascii_lowercase().as_str() {
                "yes" | "true" | "1" => Ok("yes".into()),
                "no" | "false" | "0" => Ok("no".into()),
                _ => Err("yes or no".into()),
            },
            Self::Number => match text.parse::<f64>() {
                Ok(number) if number.is_finite() => Ok(number.to_string()),
                _ => Err("a number such as 12.5".into()),
            },
            Self::Province => place(text, Province::all().map(|p| (p.code(), p.name()))),
            Self::District => place(text, District::all().map(|d| (d.code(), d.name()))),
            Self::Phones => each(text, phone),
        }
    }
}

fn entry(prefix: &str, text: &str) -> Option<String> {
    let (year, serial) = text.strip_prefix(prefix)?.strip_prefix('-')?.split_once('-')?;
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let fits = year.len() == 4 && (4..=9).contains(&serial.len()) && digits(year) && digits(serial);
    fits.then(|| text.to_owned())
}

fn date(text: &str) -> Result<String, String> {
    let date: Result<Date, _> = text.parse();
    date.map(|date| date.to_string()).map_err(|_| String::from("a date such as 1958-03-02"))
}

fn phone(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    let fits = (6..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    fits.then(|| text.to_owned()).ok_or_else(|| "a number such as +99912345678".into())
}

fn each(text: &str, read: fn(&str) -> Result<String, String>) -> Result<String, String> {
    let parts = text.split(';').map(str::trim).filter(|part| !part.is_empty());
    Ok(parts.map(read).collect::<Result<Vec<_>, _>>()?.join(";"))
}

fn code(codes: Codes, text: &str) -> Result<String, String> {
    let named = |(code, label): &&(&str, &str)| {
        [*code, *label].iter().any(|name| name.eq_ignore_ascii_case(text))
    };
    let found = codes.iter().find(named).map(|(code, _)| (*code).to_owned());
    found.ok_or_else(|| {
        let known = codes.iter().map(|(code, label)| format!("{code} ({label})"));
        format!("one of {}", known.collect::<Vec<_>>().join(", "))
    })
}

/// The code of a place that is given by its code or by its name.
fn place(
    text: &str,
    places: impl Iterator<Item = (String, &'static str)>,
) -> Result<String, String> {
    let places: Vec<_> = places.collect();
    let named = |(code, name): &&(String, &str)| {
        code.eq_ignore_ascii_case(text) || name.eq_ignore_ascii_case(text)
    };
    let found = places.iter().find(named).map(|(code, _)| code.clone());
    found.ok_or_else(|| {
        let known = places.iter().map(|(code, name)| format!("{code} ({name})"));
        format!("one of {}", known.collect::<Vec<_>>().join(", "))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kit::registry::codes::SEX;

    #[test]
    fn a_cell_says_what_would_be_right() {
        assert_eq!(Cell::Date.read("1958-03-02"), Ok("1958-03-02".into()));
        assert!(Cell::Date.read("02.03.1958").unwrap_err().contains("1958-03-02"));
        assert_eq!(Cell::Code(SEX).read("Female"), Ok("female".into()));
        assert!(Cell::Code(SEX).read("F").unwrap_err().contains("female (Female)"));
        assert_eq!(Cell::Province.read("Norra"), Ok("QN01".into()));
        assert!(Cell::Uin.read("123").unwrap_err().contains("ten digits"));
        assert_eq!(Cell::Entry("BRN").read("BRN-1958-0042"), Ok("BRN-1958-0042".into()));
        assert!(Cell::Entry("BRN").read("1958/42").is_err());
        assert_eq!(Cell::Dates.read("1980-05-01; 1990-01-02"), Ok("1980-05-01;1990-01-02".into()));
        assert!(Cell::Text.read("a\nb").is_err());
        assert!(Cell::Text.read(&"x".repeat(201)).is_err());
    }
}
