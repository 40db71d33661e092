//! MSISDN (ITU E.164): a telephone number with its country code, 7 to 15 digits, as a payment identifier without `+`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A telephone number, kept as its digits.
///
/// ```
/// use standards::ids::Msisdn;
/// let phone: Msisdn = "+27 713 803 912".parse().unwrap();
/// assert_eq!(phone.as_str(), "27713803912");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Msisdn(String);

/// Something that is not a telephone number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "\"{0}\" is not a telephone number: write country code and number, 7 to 15 digits, such as 27713803912"
)]
pub struct InvalidMsisdn(String);

impl Msisdn {
    /// The digits: how FSPIOP names the party.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Msisdn {
    type Err = InvalidMsisdn;

    /// Spaces and hyphens between digits are left out, one `+` before them is allowed.
    fn from_str(text: &str) -> Result<Self, InvalidMsisdn> {
        let digits: String = text
            .strip_prefix('+')
            .unwrap_or(text)
            .chars()
            .filter(|c| !matches!(c, ' ' | '-'))
            .collect();
        let right = (7..=15).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if right { Ok(Self(digits)) } else { Err(InvalidMsisdn(text.to_owned())) }
    }
}

impl TryFrom<String> for Msisdn {
    type Error = InvalidMsisdn;

    fn try_from(text: String) -> Result<Self, InvalidMsisdn> {
        text.parse()
    }
}

impl From<Msisdn> for String {
    fn from(msisdn: Msisdn) -> Self {
        msisdn.0
    }
}

impl fmt::Display for Msisdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_without_its_country_code_or_with_letters_is_refused() {
        for bad in ["", "0713803912", "123456", "1234567890123456", "27-CALL-ME", "++27713803912"] {
            assert!(bad.parse::<Msisdn>().is_err(), "{bad}");
        }
    }
}
