//! UIN of MOSIP: ten digits, the first neither 0 nor 1, the last a Verhoeff check digit.

use super::issuing::may_be_issued;
use super::verhoeff;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A person's number. Mock people of other systems have numbers whose check digit is wrong, so reading does not insist
/// on it; [`Uin::checked`] does, and is what an issuer uses.
///
/// ```
/// use standards::ids::Uin;
/// assert!(Uin::checked("2154189532").is_ok());
/// assert!(Uin::checked("8267411571").is_err());
/// assert!(Uin::accepted("8267411571").is_ok());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Uin(String);

/// Why a text is not a UIN.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUin {
    /// Not ten digits.
    #[error("\"{0}\" is not a UIN: write ten digits")]
    Shape(String),
    /// The last digit does not fit.
    #[error("\"{0}\" is not a UIN: its last digit does not fit the others, so one was mistyped")]
    Checksum(String),
    /// An issuer may not give it out.
    #[error("\"{0}\" cannot be issued: it begins with 0 or 1, counts, or repeats itself")]
    NotIssuable(String),
}

impl Uin {
    /// How many digits it has.
    pub const LENGTH: usize = 10;

    /// Ten digits, whatever the last one is.
    pub fn accepted(text: &str) -> Result<Self, InvalidUin> {
        let ten_digits =
            text.len() == Self::LENGTH && text.bytes().all(|byte| byte.is_ascii_digit());
        if ten_digits { Ok(Self(text.to_owned())) } else { Err(InvalidUin::Shape(text.to_owned())) }
    }

    /// Ten digits of which the last fits.
    pub fn checked(text: &str) -> Result<Self, InvalidUin> {
        let uin = Self::accepted(text)?;
        if uin.has_valid_checksum() { Ok(uin) } else { Err(InvalidUin::Checksum(text.to_owned())) }
    }

    /// The number with these first nine digits, where it may be given out: it begins with neither 0 nor 1, and does not
    /// count or repeat itself. An issuer that gets a refusal goes on to the next nine digits.
    pub fn issued(first_nine: &str) -> Result<Self, InvalidUin> {
        let last = verhoeff::check_digit(first_nine)
            .ok_or_else(|| InvalidUin::Shape(first_nine.to_owned()))?;
        let uin = Self::accepted(&format!("{first_nine}{last}"))?;
        if !may_be_issued(&uin.0) {
            return Err(InvalidUin::NotIssuable(uin.0));
        }
        Ok(uin)
    }

    /// Whether the last digit fits the others.
    pub fn has_valid_checksum(&self) -> bool {
        verhoeff::is_valid(&self.0)
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Uin {
    type Error = InvalidUin;

    fn try_from(text: String) -> Result<Self, InvalidUin> {
        Self::accepted(&text)
    }
}

impl From<Uin> for String {
    fn from(uin: Uin) -> Self {
        uin.0
    }
}

impl fmt::Display for Uin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shape_is_always_asked_for_and_the_checksum_only_when_wanted() {
        for bad in ["", "123", "12345678901", "12345 7890", "١٢٣٤٥"] {
            assert!(matches!(Uin::accepted(bad), Err(InvalidUin::Shape(_))), "{bad}");
        }
        assert!(matches!(Uin::checked("1234567891"), Err(InvalidUin::Checksum(_))));
        assert!(serde_json::from_str::<Uin>("\"1234567891\"").is_ok());
    }

    #[test]
    fn what_is_issued_checks_out_and_what_looks_made_up_is_not_issued() {
        assert_eq!(Uin::issued("215418953").unwrap().as_str(), "2154189532");
        for refused in ["015418953", "115418953", "212348953", "298748953"] {
            assert!(matches!(Uin::issued(refused), Err(InvalidUin::NotIssuable(_))), "{refused}");
        }
        assert!(matches!(Uin::issued("21541895x"), Err(InvalidUin::Shape(_))));
    }
}
