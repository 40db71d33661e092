//! Clients that write every field of their models write `null` where there is nothing: it is read as if it were absent.

use serde::{Deserialize, Deserializer, de};
use serde_json::Number;

/// The default where there is `null`.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// A whole number, which may be written as `10.0`.
pub(super) fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    read(&Number::deserialize(deserializer)?).map_err(de::Error::custom)
}

/// A whole number; 1 where there is `null`.
pub(super) fn whole_or_one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let number = Option::<Number>::deserialize(deserializer)?;
    number.map_or(Ok(1), |number| read(&number)).map_err(de::Error::custom)
}

/// A count, which may be written as `10.0`, or nothing.
pub(super) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let Some(number) = Option::<Number>::deserialize(deserializer)? else { return Ok(None) };
    if let Some(count) = number.as_u64() {
        return Ok(Some(count));
    }
    let whole = read(&number).map_err(de::Error::custom)?;
    let negative = |_| de::Error::custom(format!("{number} is no count; write one such as 10"));
    u64::try_from(whole).map(Some).map_err(negative)
}

/// A word, which OpenCRVS also writes as `{"namespace": "...", "value": "birth"}`; or nothing.
pub(super) fn word<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "write a text such as `birth`")]
    enum Word {
        Plain(String),
        Wrapped { value: String },
    }
    let said = Option::deserialize(deserializer)?;
    Ok(said.map(|word| match word {
        Word::Plain(word) | Word::Wrapped { value: word } => word,
    }))
}

#[expect(clippy::cast_possible_truncation, reason = "the range is checked before")]
fn read(number: &Number) -> Result<i64, String> {
    let rounded = || number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 1e15);
    let whole = number.as_i64().or_else(|| rounded().map(|n| n as i64));
    whole.ok_or_else(|| format!("{number} is no whole number of that kind; write one such as 10"))
}
