//! `DateTime` of FSPIOP (ISO 8601 with exactly three millisecond digits and a zone) and the `Date` header (RFC 7231).

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A moment. It keeps the text it came as, so that an echo is exact.
///
/// ```
/// use standards::fspiop::DateTime;
/// let expiration: DateTime = serde_json::from_str("\"2026-11-23T12:00:00.000+02:00\"").unwrap();
/// assert_eq!(DateTime::from(expiration.instant()).to_string(), "2026-11-23T10:00:00.000Z");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FspiopDateTime")]
#[serde(try_from = "String", into = "String")]
pub struct DateTime {
    text: String,
    instant: Timestamp,
}

/// Something that is not a `DateTime`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a DateTime: write three millisecond digits and a zone, such as 2026-11-23T10:00:00.000Z"
)]
pub struct InvalidDateTime(String);

impl DateTime {
    /// The moment it names.
    pub fn instant(&self) -> Timestamp {
        self.instant
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl TryFrom<String> for DateTime {
    type Error = InvalidDateTime;

    fn try_from(text: String) -> Result<Self, InvalidDateTime> {
        let instant = text.parse::<Timestamp>().ok().filter(|_| is_spelled_right(&text));
        match instant {
            Some(instant) => Ok(Self { text, instant }),
            None => Err(InvalidDateTime(text)),
        }
    }
}

/// `YYYY-MM-DDThh:mm:ss.mmm` and `Z` or `+hh:mm`; the moment itself has been read by then.
fn is_spelled_right(text: &str) -> bool {
    let Some((clock, zone)) = text.split_at_checked(23) else { return false };
    let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':'), (19, b'.')];
    let clock = clock.as_bytes();
    let clock_ok = clock.iter().enumerate().all(|(at, byte)| {
        separators
            .iter()
            .find(|(place, _)| *place == at)
            .map_or(byte.is_ascii_digit(), |(_, expected)| byte == expected)
    });
    let zone = zone.as_bytes();
    let zone_ok = zone == b"Z"
        || matches!(zone, [b'+' | b'-', h1, h2, b':', m1, m2] if [h1, h2, m1, m2].iter().all(|d| d.is_ascii_digit()));
    clock_ok && zone_ok
}

impl From<Timestamp> for DateTime {
    /// Finer parts than a millisecond have no place on the wire; they are cut off, never rounded up past an expiry.
    fn from(instant: Timestamp) -> Self {
        let text = instant.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string();
        let instant = text.parse().unwrap_or(instant);
        Self { text, instant }
    }
}

impl From<DateTime> for String {
    fn from(date_time: DateTime) -> Self {
        date_time.text
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The `Date` header of that moment: `Mon, 23 Nov 2026 10:00:00 GMT`.
pub fn http_date(instant: Timestamp) -> String {
    instant.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Reads a `Date` header.
pub fn parse_http_date(text: &str) -> Option<Timestamp> {
    rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_millisecond_digits_are_written_whatever_the_moment() {
        for (instant, text) in [
            ("2026-11-23T10:00:00Z", "2026-11-23T10:00:00.000Z"),
            ("2026-11-23T10:00:00.12Z", "2026-11-23T10:00:00.120Z"),
            ("2026-11-23T10:00:00.123999Z", "2026-11-23T10:00:00.123Z"),
        ] {
            let written = DateTime::from(instant.parse::<Timestamp>().unwrap());
            assert_eq!(written.as_str(), text);
            assert_eq!(serde_json::from_value::<DateTime>(text.into()).unwrap(), written);
        }
    }

    #[test]
    fn other_spellings_are_refused_with_an_example() {
        for bad in [
            "2026-11-23T10:00:00Z",
            "2026-11-23T10:00:00.1Z",
            "2026-11-23T10:00:00.123",
            "2026-11-23 10:00:00.123Z",
            "2026-11-23T10:00:00.1234Z",
            "2026-13-23T10:00:00.123Z",
            "2026-11-23T10:00:00.123+0200",
            "",
            "é",
        ] {
            let error = DateTime::try_from(bad.to_owned()).unwrap_err().to_string();
            assert!(error.contains("2026-11-23T10:00:00.000Z"), "{bad}");
        }
    }

    #[test]
    fn the_date_header_round_trips() {
        let instant: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        assert_eq!(http_date(instant), "Mon, 23 Nov 2026 10:00:00 GMT");
        assert_eq!(parse_http_date(&http_date(instant)), Some(instant));
        assert_eq!(parse_http_date("soon"), None);
    }
}
