//! The fields of a form, read one by one (OpenCRVS 2, the flat `declaration`).

use jiff::civil::Date;
use serde_json::{Value, json};

use super::event::Fields;
use super::refusal::Refusal;

/// The longest text of a form, and the longest part of a name, in characters.
const LONGEST: usize = 200;
const LONGEST_NAME: usize = 100;

/// A person's name in a form: `{firstname, middlename, surname}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::civil_registry) struct FormName {
    pub(in crate::civil_registry) first: String,
    pub(in crate::civil_registry) middle: Option<String>,
    pub(in crate::civil_registry) surname: String,
}

/// A parent in a form: somebody with a number, or nobody known. Saying nothing is neither.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::civil_registry) enum Parent {
    Number(String),
    NotKnown,
}

impl Parent {
    /// The number, where there is one.
    pub(in crate::civil_registry) fn number(&self) -> Option<&str> {
        match self {
            Self::Number(uin) => Some(uin),
            Self::NotKnown => None,
        }
    }
}

impl FormName {
    /// As a form holds it.
    pub(in crate::civil_registry) fn value(first: &str, surname: &str) -> Value {
        json!({"firstname": first, "surname": surname})
    }
}

/// A text that must be there.
pub(in crate::civil_registry) fn text(
    fields: &Fields,
    name: &str,
    right: &'static str,
) -> Result<String, Refusal> {
    may(fields, name)?.ok_or_else(|| Refusal::Field(name.into(), right))
}

/// A text that may be missing; anything but a text is refused.
pub(in crate::civil_registry) fn may(
    fields: &Fields,
    name: &str,
) -> Result<Option<String>, Refusal> {
    match fields.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) if text.trim().is_empty() => Ok(None),
        Some(Value::String(text)) if text.chars().count() <= LONGEST => {
            Ok(Some(text.trim().to_owned()))
        }
        Some(Value::String(_)) => Err(Refusal::TooLong(name.into(), LONGEST)),
        Some(_) => Err(Refusal::Field(name.into(), "write a text of at most 200 characters")),
    }
}

/// A date that must be there.
pub(in crate::civil_registry) fn date(fields: &Fields, name: &str) -> Result<Date, Refusal> {
    const RIGHT: &str = "write a date such as 2026-10-04";
    let text = text(fields, name, RIGHT)?;
    text.parse().map_err(|_| Refusal::Field(name.into(), RIGHT))
}

/// A name that must be there.
pub(in crate::civil_registry) fn name(fields: &Fields, field: &str) -> Result<FormName, Refusal> {
    const RIGHT: &str = r#"write {"firstname":"Ada","surname":"Ortal"}"#;
    let value = fields.get(field).and_then(Value::as_object);
    let value = value.ok_or_else(|| Refusal::Field(field.into(), RIGHT))?;
    let part = |key: &str| name_part(value.get(key), &format!("{field}.{key}"));
    let needed = |key: &str| {
        let missing = || Refusal::Field(format!("{field}.{key}"), "write a name such as Ada");
        part(key)?.ok_or_else(missing)
    };
    Ok(FormName {
        first: needed("firstname")?,
        middle: part("middlename")?,
        surname: needed("surname")?,
    })
}

/// A part of a name, where it is given.
fn name_part(value: Option<&Value>, field: &str) -> Result<Option<String>, Refusal> {
    const RIGHT: &str = "write a text of at most 100 characters";
    let text = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) => text.trim(),
        Some(_) => return Err(Refusal::Field(field.into(), RIGHT)),
    };
    match text.chars().count() {
        0 => Ok(None),
        1..=LONGEST_NAME => Ok(Some(text.to_owned())),
        _ => Err(Refusal::TooLong(field.into(), LONGEST_NAME)),
    }
}

/// A parent: a number, or the word that the details are not available.
pub(in crate::civil_registry) fn parent(fields: &Fields, who: &str) -> Result<Parent, Refusal> {
    const RIGHT: &str =
        "write the parent's UIN, or say that it is not known with `detailsNotAvailable`: true";
    let number = may(fields, &format!("{who}.nid"))?;
    let unknown = fields.get(&format!("{who}.detailsNotAvailable")).and_then(Value::as_bool);
    match (number, unknown) {
        (Some(number), _) => Ok(Parent::Number(number)),
        (None, Some(true)) => Ok(Parent::NotKnown),
        (None, _) => Err(Refusal::Field(format!("{who}.nid"), RIGHT)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_of_whom_nothing_is_said_is_not_unknown() {
        let fields = |value: Value| serde_json::from_value::<Fields>(value).unwrap();
        assert!(parent(&fields(json!({})), "father").is_err());
        let unknown = fields(json!({"father.detailsNotAvailable": true}));
        assert_eq!(parent(&unknown, "father"), Ok(Parent::NotKnown));
        let number = fields(json!({"father.nid": " 123 "}));
        assert_eq!(parent(&number, "father"), Ok(Parent::Number("123".into())));
    }
}
