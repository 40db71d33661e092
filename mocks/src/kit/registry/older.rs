//! Records in the spelling of the v1.0.0 examples, for readers who ask for it: by `Accept: application/json;
//! profile="https://schema.spdci.org/v1.0.0"` (any profile that ends with `v1.0.0`, RFC 6906), or by a setting of the peer.

use actix_web::http::header::HeaderValue;
use rusqlite::types::Type;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use standards::dci::records::v1::{RecordKind, respell};

use super::book::Registry;
use super::search::Record;
use super::words::word;

/// Which of the published examples a registry's older records follow; none where v1.0.0 has no example.
pub(super) fn example(registry: &Registry) -> Option<RecordKind> {
    Some(match word(registry.reg_type).as_str() {
        "civil" => RecordKind::Civil,
        "social" => RecordKind::Social,
        "ibr" => RecordKind::Beneficiary,
        "dr" => RecordKind::Disabled,
        "fr" => RecordKind::Farmer,
        _ => return None,
    })
}

/// Whether the header `Accept` asks for records of v1.0.0.
pub(super) fn is_wanted(accept: Option<&HeaderValue>) -> bool {
    let Some(accept) = accept.and_then(|value| value.to_str().ok()) else { return false };
    accept.split([';', ',']).filter_map(|part| part.split_once('=')).any(|(name, value)| {
        let value = value.trim().trim_matches('"').trim_end_matches('/');
        name.trim().eq_ignore_ascii_case("profile") && value.ends_with("v1.0.0")
    })
}

/// A record as it stands in the archive, spelled as the reader wants it.
pub(super) fn spelled(older: Option<RecordKind>, text: String) -> rusqlite::Result<Record> {
    let unreadable = |e: serde_json::Error| {
        rusqlite::Error::FromSqlConversionFailure(0, Type::Text, Box::new(e))
    };
    let Some(kind) = older else { return RawValue::from_string(text).map_err(unreadable) };
    let mut record: Value = serde_json::from_str(&text).map_err(unreadable)?;
    respell(kind, &mut record);
    to_raw_value(&record).map_err(unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_older_reader_says_so_in_accept() {
        let asks = |text: &str| is_wanted(Some(&HeaderValue::from_str(text).unwrap()));
        assert!(asks("application/json; profile=\"https://schema.spdci.org/v1.0.0\""));
        assert!(asks("text/html, application/json;Profile=v1.0.0;q=0.9"));
        assert!(!asks("application/json"));
        assert!(!asks("application/json; version=v1.0.0"));
        assert!(!is_wanted(None));
    }
}
