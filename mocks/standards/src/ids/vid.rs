//! VID of MOSIP: sixteen digits, the first neither 0 nor 1, the last a Verhoeff check digit. A stand-in for a UIN that
//! its holder can revoke.

use super::issuing::may_be_issued;
use super::verhoeff;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A virtual number.
///
/// ```
/// use standards::ids::Vid;
/// assert!(Vid::checked("9830872690593682").is_ok());
/// assert!(Vid::checked("9830872690593683").is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Vid(String);

/// Why a text is not a VID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidVid {
    /// Not sixteen digits.
    #[error("\"{0}\" is not a VID: write sixteen digits")]
    Shape(String),
    /// The last digit does not fit.
    #[error("\"{0}\" is not a VID: its last digit does not fit the others, so one was mistyped")]
    Checksum(String),
    /// An issuer may not give it out.
    #[error("\"{0}\" cannot be issued: it begins with 0 or 1, counts, or repeats itself")]
    NotIssuable(String),
}

impl Vid {
    /// How many digits it has.
    pub const LENGTH: usize = 16;

    /// Sixteen digits of which the last fits.
    pub fn checked(text: &str) -> Result<Self, InvalidVid> {
        let digits = text.len() == Self::LENGTH && text.bytes().all(|b| b.is_ascii_digit());
        if !digits {
            return Err(InvalidVid::Shape(text.to_owned()));
        }
        if !verhoeff::is_valid(text) {
            return Err(InvalidVid::Checksum(text.to_owned()));
        }
        Ok(Self(text.to_owned()))
    }

    /// The number with these first fifteen digits, where it may be given out. An issuer that gets a refusal draws again.
    pub fn issued(first_fifteen: &str) -> Result<Self, InvalidVid> {
        let last = verhoeff::check_digit(first_fifteen)
            .ok_or_else(|| InvalidVid::Shape(first_fifteen.to_owned()))?;
        let vid = Self::checked(&format!("{first_fifteen}{last}"))?;
        if may_be_issued(&vid.0) { Ok(vid) } else { Err(InvalidVid::NotIssuable(vid.0)) }
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Vid {
    type Error = InvalidVid;

    fn try_from(text: String) -> Result<Self, InvalidVid> {
        Self::checked(&text)
    }
}

impl From<Vid> for String {
    fn from(vid: Vid) -> Self {
        vid.0
    }
}

impl fmt::Display for Vid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_issued_checks_out_and_one_wrong_digit_does_not(body in "[2-9][0-9]{14}", at in 0_usize..16, step in 1_u8..10) {
            if let Ok(vid) = Vid::issued(&body) {
                prop_assert_eq!(Vid::checked(vid.as_str()), Ok(vid.clone()));
                let mut slipped = vid.as_str().as_bytes().to_vec();
                slipped[at] = b'0' + (slipped[at] - b'0' + step) % 10;
                let slipped = String::from_utf8(slipped).unwrap();
                prop_assert!(matches!(Vid::checked(&slipped), Err(InvalidVid::Checksum(_))));
            }
        }
    }
}
