//! Timestamps of DCI messages: ISO 8601 date-times that must carry a time zone (`MsgHeader_V1.0.0` `message_ts`).

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A timestamp that is not one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{text}\" is not a timestamp: write a date, a time and a zone, such as 2026-01-05T09:00:00Z"
)]
pub struct InvalidTimestamp {
    /// What was written instead.
    pub text: String,
}

/// Reads a date-time with its zone. A missing zone is refused, because the receiver cannot guess the sender's.
///
/// ```
/// use standards::dci::parse_timestamp;
/// assert_eq!(parse_timestamp("2026-01-05T11:00:00+02:00").unwrap().to_string(), "2026-01-05T09:00:00Z");
/// assert!(parse_timestamp("2026-01-05T11:00:00").is_err());
/// ```
pub fn parse_timestamp(text: &str) -> Result<Timestamp, InvalidTimestamp> {
    text.parse().map_err(|_| InvalidTimestamp { text: text.to_owned() })
}

/// A date-time as somebody wrote it. It is kept as text so that a wrong one can be answered with the standard's own
/// reason code, and so that an echo is exact; [`DateTime::instant`] says what it means.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct DateTime(String);

impl DateTime {
    /// The moment it names.
    pub fn instant(&self) -> Result<Timestamp, InvalidTimestamp> {
        parse_timestamp(&self.0)
    }

    /// The same, with `Z` behind it where it is a date and a time without a zone: for readers that forgive the lack and take
    /// such a time as UTC. Anything else stays as it was written.
    #[must_use]
    pub fn or_utc(self) -> Self {
        let has_time = self.0.contains(':') && self.instant().is_err();
        match self.0.parse::<jiff::civil::DateTime>() {
            Ok(_) if has_time => {
                let zoned = Self(format!("{}Z", self.0));
                if zoned.instant().is_ok() { zoned } else { self }
            }
            _ => self,
        }
    }

    /// As it was written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Timestamp> for DateTime {
    fn from(instant: Timestamp) -> Self {
        Self(instant.to_string())
    }
}

impl From<&str> for DateTime {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl From<String> for DateTime {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl std::fmt::Display for DateTime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timestamp_needs_date_time_and_zone() {
        for good in
            ["2026-01-05T09:00:00Z", "2026-01-05T09:00:00.123+05:30", "2026-01-05T09:00:00-00:00"]
        {
            assert!(parse_timestamp(good).is_ok(), "{good} should be read");
        }
        for bad in ["", "2026-01-05", "2026-01-05T09:00:00", "09:00:00Z", "yesterday", "1767603600"]
        {
            let error = parse_timestamp(bad).unwrap_err();
            assert!(
                error.to_string().contains("2026-01-05T09:00:00Z"),
                "{bad} should be refused with an example"
            );
        }
    }

    #[test]
    fn who_forgives_reads_a_time_without_a_zone_as_utc_and_nothing_else_changes() {
        let read = |text: &str| DateTime::from(text).or_utc();
        for text in ["2026-11-28 07:30:27.043867", "2026-11-28T07:30:27.043867"] {
            let instant = read(text).instant().unwrap();
            assert_eq!(instant.to_string(), "2026-11-28T07:30:27.043867Z", "{text}");
        }
        for text in ["2026-01-05T11:00:00+02:00", "2026-01-05", "yesterday", "", "09:00:00"] {
            assert_eq!(read(text).as_str(), text);
        }
    }

    #[test]
    fn a_wire_date_time_echoes_what_came_in() {
        let written = DateTime::from("2026-01-05T11:00:00.000+02:00");
        assert_eq!(serde_json::to_string(&written).unwrap(), "\"2026-01-05T11:00:00.000+02:00\"");
        assert_eq!(DateTime::from(written.instant().unwrap()).as_str(), "2026-01-05T09:00:00Z");
    }
}
