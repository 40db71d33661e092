//! Error codes of FSPIOP 1.1, section "Error codes": four digits, the first two say the category.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;

/// An error code. Codes of a scheme (`xx40` and above) are kept; their description is the category's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "FspiopErrorCode")]
#[serde(try_from = "String", into = "String")]
pub struct ErrorCode(u16);

/// Something that is not an error code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not an error code: write four digits that do not begin with 0, such as 3204")]
pub struct InvalidErrorCode(String);

macro_rules! error_codes {
    ($($constant:ident = $code:literal, $description:literal;)+) => {
        impl ErrorCode {
            $(#[doc = $description] pub const $constant: Self = Self($code);)+

            /// Every code of the standard with its description.
            pub const TABLE: &'static [(Self, &'static str)] = &[$((Self($code), $description)),+];
        }
    };
}

error_codes! {
    COMMUNICATION = 1000, "Communication error";
    DESTINATION_COMMUNICATION = 1001, "Destination communication error";
    SERVER = 2000, "Generic server error";
    INTERNAL_SERVER = 2001, "Internal server error";
    NOT_IMPLEMENTED = 2002, "Not implemented";
    SERVICE_UNAVAILABLE = 2003, "Service currently unavailable";
    SERVER_TIMED_OUT = 2004, "Server timed out";
    SERVER_BUSY = 2005, "Server busy";
    CLIENT = 3000, "Generic client error";
    UNACCEPTABLE_VERSION = 3001, "Unacceptable version requested";
    UNKNOWN_URI = 3002, "Unknown URI";
    ADD_PARTY = 3003, "Add Party information error";
    VALIDATION = 3100, "Generic validation error";
    MALFORMED_SYNTAX = 3101, "Malformed syntax";
    MISSING_ELEMENT = 3102, "Missing mandatory element";
    TOO_MANY_ELEMENTS = 3103, "Too many elements";
    TOO_LARGE_PAYLOAD = 3104, "Too large payload";
    INVALID_SIGNATURE = 3105, "Invalid signature";
    MODIFIED_REQUEST = 3106, "Modified request";
    MISSING_EXTENSION = 3107, "Missing mandatory extension parameter";
    ID_NOT_FOUND = 3200, "Generic ID not found";
    DESTINATION_FSP = 3201, "Destination FSP error";
    PAYER_FSP_ID_NOT_FOUND = 3202, "Payer FSP ID not found";
    PAYEE_FSP_ID_NOT_FOUND = 3203, "Payee FSP ID not found";
    PARTY_NOT_FOUND = 3204, "Party not found";
    QUOTE_ID_NOT_FOUND = 3205, "Quote ID not found";
    TRANSACTION_REQUEST_ID_NOT_FOUND = 3206, "Transaction request ID not found";
    TRANSACTION_ID_NOT_FOUND = 3207, "Transaction ID not found";
    TRANSFER_ID_NOT_FOUND = 3208, "Transfer ID not found";
    BULK_QUOTE_ID_NOT_FOUND = 3209, "Bulk quote ID not found";
    BULK_TRANSFER_ID_NOT_FOUND = 3210, "Bulk transfer ID not found";
    EXPIRED = 3300, "Generic expired error";
    TRANSACTION_REQUEST_EXPIRED = 3301, "Transaction request expired";
    QUOTE_EXPIRED = 3302, "Quote expired";
    TRANSFER_EXPIRED = 3303, "Transfer expired";
    PAYER = 4000, "Generic payer error";
    PAYER_FSP_INSUFFICIENT_LIQUIDITY = 4001, "Payer FSP insufficient liquidity";
    PAYER_REJECTION = 4100, "Generic payer rejection";
    PAYER_REJECTED_TRANSACTION_REQUEST = 4101, "Payer rejected transaction request";
    PAYER_UNSUPPORTED_TRANSACTION_TYPE = 4102, "Payer FSP unsupported transaction type";
    PAYER_UNSUPPORTED_CURRENCY = 4103, "Payer unsupported currency";
    PAYER_LIMIT = 4200, "Payer limit error";
    PAYER_PERMISSION = 4300, "Payer permission error";
    PAYER_BLOCKED = 4400, "Generic payer blocked error";
    PAYEE = 5000, "Generic payee error";
    PAYEE_FSP_INSUFFICIENT_LIQUIDITY = 5001, "Payee FSP insufficient liquidity";
    PAYEE_REJECTION = 5100, "Generic payee rejection";
    PAYEE_REJECTED_QUOTE = 5101, "Payee rejected quote";
    PAYEE_UNSUPPORTED_TRANSACTION_TYPE = 5102, "Payee FSP unsupported transaction type";
    PAYEE_FSP_REJECTED_QUOTE = 5103, "Payee FSP rejected quote";
    PAYEE_REJECTED_TRANSACTION = 5104, "Payee rejected transaction";
    PAYEE_FSP_REJECTED_TRANSACTION = 5105, "Payee FSP rejected transaction";
    PAYEE_UNSUPPORTED_CURRENCY = 5106, "Payee unsupported currency";
    PAYEE_IDENTIFIER_NOT_VALID = 5107, "Payee identifier is no longer valid";
    PAYEE_LIMIT = 5200, "Payee limit error";
    PAYEE_PERMISSION = 5300, "Payee permission error";
    PAYEE_BLOCKED = 5400, "Generic payee blocked error";
}

impl ErrorCode {
    /// What the code means; a scheme's own code reads as its category.
    pub fn description(self) -> &'static str {
        let find = |code: Self| {
            Self::TABLE.iter().find(|(known, _)| *known == code).map(|(_, text)| *text)
        };
        find(self)
            .or_else(|| find(Self(self.0 / 100 * 100)))
            .or_else(|| find(Self(self.0 / 1000 * 1000)))
            .unwrap_or("Unknown error")
    }

    /// The HTTP status of a refusal with this code, where a request is refused before it is taken.
    pub fn http_status(self) -> u16 {
        match self {
            Self::UNACCEPTABLE_VERSION => 406,
            Self::UNKNOWN_URI => 404,
            Self::NOT_IMPLEMENTED => 501,
            code if code.0 < 3000 => 503,
            _ => 400,
        }
    }

    /// The number.
    pub fn number(self) -> u16 {
        self.0
    }
}

impl TryFrom<String> for ErrorCode {
    type Error = InvalidErrorCode;

    fn try_from(text: String) -> Result<Self, InvalidErrorCode> {
        let four_digits = text.len() == 4
            && text.bytes().all(|byte| byte.is_ascii_digit())
            && !text.starts_with('0');
        match text.parse() {
            Ok(number) if four_digits => Ok(Self(number)),
            _ => Err(InvalidErrorCode(text)),
        }
    }
}

impl From<ErrorCode> for String {
    fn from(code: ErrorCode) -> Self {
        code.to_string()
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl fmt::Debug for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.0, self.description())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_of_a_scheme_reads_as_its_category() {
        let read = |text: &str| ErrorCode::try_from(text.to_owned());
        assert_eq!(read("3204").unwrap(), ErrorCode::PARTY_NOT_FOUND);
        assert_eq!(read("5140").unwrap().description(), "Generic payee rejection");
        assert_eq!(read("3999").unwrap().description(), "Generic client error");
        for bad in ["0100", "320", "32040", "abcd", "+320"] {
            assert!(read(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_code_stands_once_and_in_order() {
        assert!(ErrorCode::TABLE.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }

    #[test]
    fn a_refused_version_is_406_and_a_missing_element_400() {
        assert_eq!(ErrorCode::UNACCEPTABLE_VERSION.http_status(), 406);
        assert_eq!(ErrorCode::MISSING_ELEMENT.http_status(), 400);
        assert_eq!(ErrorCode::NOT_IMPLEMENTED.http_status(), 501);
    }
}
