//! Body of every `.../error` callback and of every refusal: `ErrorInformation`, with `ExtensionList`.

use super::error_codes::ErrorCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `{"errorInformation": {...}}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ErrorInformationObject {
    /// What went wrong.
    #[serde(rename = "errorInformation")]
    pub error_information: ErrorInformation,
}

/// A code with a description of at most 128 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ErrorInformation {
    /// Four digits.
    pub error_code: ErrorCode,
    /// For a person.
    pub error_description: String,
    /// More, as keys and values.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension_list: Option<ExtensionList>,
}

impl ErrorInformation {
    const MAX_CHARS: usize = 128;

    /// The code with its own description.
    pub fn new(code: ErrorCode) -> Self {
        Self {
            error_code: code,
            error_description: code.description().to_owned(),
            extension_list: None,
        }
    }

    /// The code with its description and what exactly was wrong, cut to what the standard allows.
    pub fn with_detail(code: ErrorCode, detail: &str) -> Self {
        let description = code.description();
        // What came out of another message's description begins with the code's own already.
        let whole = if detail.starts_with(description) {
            detail.to_owned()
        } else {
            format!("{description} - {detail}")
        };
        Self { error_description: whole.chars().take(Self::MAX_CHARS).collect(), ..Self::new(code) }
    }
}

/// Keys and values both sides agreed on, 1 to 16 of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExtensionList {
    /// The pairs.
    pub extension: Vec<Extension>,
}

/// One pair: a key of at most 32 characters, a value of at most 128.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Extension {
    /// Its name.
    pub key: String,
    /// What it says.
    pub value: String,
}

impl ExtensionList {
    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.extension.iter().find(|pair| pair.key == key).map(|pair| pair.value.as_str())
    }
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for ExtensionList {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        let extension = pairs
            .into_iter()
            .map(|(key, value)| Extension { key: key.into(), value: value.into() })
            .collect();
        Self { extension }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_error_body_reads_as_the_standard_writes_it() {
        let error_information = ErrorInformation::new(ErrorCode::PAYER_FSP_INSUFFICIENT_LIQUIDITY);
        let body = ErrorInformationObject { error_information };
        let expected = json!({"errorInformation": {"errorCode": "4001", "errorDescription": "Payer FSP insufficient liquidity"}});
        assert_eq!(serde_json::to_value(body).unwrap(), expected);
    }

    #[test]
    fn a_long_detail_is_cut_at_128_characters() {
        let error = ErrorInformation::with_detail(ErrorCode::VALIDATION, &"é".repeat(300));
        assert_eq!(error.error_description.chars().count(), 128);
    }
}
