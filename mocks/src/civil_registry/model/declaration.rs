//! The fields of a form, read one by one (OpenCRVS 2, the flat `declaration`).

use jiff::civil::Date;
use serde_json::{Value, json};

use super::event::Fields;
use super::refusal::Refusal;

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
        Some(Value::String(text)) if text.len() <= 200 => Ok(Some(text.trim().to_owned())),
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
    let wrong = || Refusal::Field(field.into(), RIGHT);
    let value = fields.get(field).ok_or_else(wrong)?;
    let part = |key: &str| {
        let text = value.get(key).and_then(Value::as_str).map(str::trim);
        text.filter(|text| !text.is_empty() && text.len() <= 100).map(str::to_owned)
    };
    Ok(FormName {
        first: part("firstname").ok_or_else(wrong)?,
        middle: part("middlename"),
        surname: part("surname").ok_or_else(wrong)?,
    })
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
