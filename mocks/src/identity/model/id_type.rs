//! By what a partner of MOSIP IDA names a person (`individualIdType`): a UIN, a virtual number, or a handle, which is
//! what the record has in one of its fields with the name of the field behind it: `+99920945537@phone`.

use standards::ids::{Uin, Vid, verhoeff};

use super::ida::IdaError;

/// The kinds of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) enum IdType {
    Uin,
    Vid,
    Handle,
}

impl IdType {
    /// Reads the word; who says nothing means a UIN.
    pub(super) fn read(word: Option<&str>) -> Option<Self> {
        Some(match word {
            None | Some("UIN" | "") => Self::Uin,
            Some("VID") => Self::Vid,
            Some("HANDLE") => Self::Handle,
            Some(_) => return None,
        })
    }

    /// Nobody is named so.
    pub(super) fn unknown(self) -> IdaError {
        match self {
            Self::Uin => IdaError::new("IDA-MLC-002", "Invalid UIN"),
            Self::Vid => IdaError::new("IDA-MLC-004", "Invalid VID"),
            Self::Handle => IdaError::new("IDA-MLC-018", "HANDLE not available in database"),
        }
    }

    /// Length and check digit of a number, where the country insists on them.
    pub(super) fn strictly(self, number: &str) -> Result<(), IdaError> {
        let (word, digits, codes) = match self {
            Self::Uin => ("UIN", Uin::LENGTH, ["IDA-MLC-026", "IDA-MLC-027"]),
            Self::Vid => ("VID", Vid::LENGTH, ["IDA-MLC-028", "IDA-MLC-029"]),
            Self::Handle => return Ok(()),
        };
        if number.len() != digits {
            return Err(IdaError::new(codes[0], format!("{word} length is not correct")));
        }
        if !verhoeff::is_valid(number) {
            return Err(IdaError::new(codes[1], format!("{word} checksum does not match")));
        }
        Ok(())
    }
}

/// Field and value of a handle.
pub(in crate::identity) fn handle(text: &str) -> Option<(&str, &str)> {
    let (value, field) = text.rsplit_once('@')?;
    Some((field, value))
}
