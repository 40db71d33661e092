//! MOSIP IDA: what a partner asks about a person (auth, otp, kyc), what is checked, and the error codes
//! (`IdAuthenticationErrorConstants`).

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::person::{Person, Status, is_number};

/// How far `requestTime` may lie from now.
const WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// An error of IDA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::identity) struct IdaError {
    pub(in crate::identity) code: &'static str,
    pub(in crate::identity) message: String,
}

impl IdaError {
    /// An error with its message.
    pub(in crate::identity) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    fn missing(name: &str) -> Self {
        Self::new("IDA-MLC-006", format!("Missing Input Parameter - {name}"))
    }

    fn invalid(name: &str) -> Self {
        Self::new("IDA-MLC-009", format!("Invalid Input Parameter - {name}"))
    }
}

/// A request as it arrives; what is missing is told by name.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(in crate::identity) struct Sent {
    pub(in crate::identity) id: Option<String>,
    pub(in crate::identity) individual_id: Option<String>,
    pub(in crate::identity) individual_id_type: Option<String>,
    #[serde(rename = "transactionID")]
    pub(in crate::identity) transaction_id: Option<String>,
    pub(in crate::identity) request_time: Option<String>,
    pub(in crate::identity) consent_obtained: Option<bool>,
    #[serde(rename = "requestHMAC")]
    pub(in crate::identity) request_hmac: Option<String>,
    pub(in crate::identity) request_session_key: Option<String>,
    /// Sealed text, or (readable mode) the request itself.
    pub(in crate::identity) request: Option<Value>,
    pub(in crate::identity) otp_channel: Option<Vec<String>>,
}

/// What every request names once it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::identity) struct Asked {
    pub(in crate::identity) uin: String,
    pub(in crate::identity) transaction: String,
}

impl Sent {
    /// Checks what all three kinds have in common; `kind` is the `id` that belongs to the route.
    pub(in crate::identity) fn asked(
        &self,
        kind: &str,
        now: [Timestamp; 2],
    ) -> Result<Asked, IdaError> {
        let present = |value: &Option<String>, name: &str| {
            value.clone().filter(|v| !v.is_empty()).ok_or_else(|| IdaError::missing(name))
        };
        if present(&self.id, "id")? != kind {
            return Err(IdaError::invalid("id"));
        }
        let transaction = present(&self.transaction_id, "transactionID")?;
        if transaction.len() != 10 || !transaction.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(IdaError::invalid("transactionID"));
        }
        let time: Timestamp = present(&self.request_time, "requestTime")?
            .parse()
            .map_err(|_| IdaError::invalid("requestTime"))?;
        // Stories live on the sandbox clock, real clients on their own: either may be near.
        if now.iter().all(|now| now.duration_since(time).abs() > WINDOW) {
            let message =
                format!("Request to be received at MOSIP within {} seconds", WINDOW.as_secs());
            return Err(IdaError::new("IDA-MLC-001", message));
        }
        let uin = present(&self.individual_id, "individualId")?;
        match self.individual_id_type.as_deref() {
            None | Some("UIN" | "") if is_number(&uin) => Ok(Asked { uin, transaction }),
            None | Some("UIN" | "") => Err(IdaError::new("IDA-MLC-002", "Invalid UIN")),
            Some("VID") => Err(IdaError::new("IDA-MLC-004", "Invalid VID")),
            Some(_) => Err(IdaError::invalid("individualIdType")),
        }
    }

    /// Nothing is answered about a person without their consent.
    pub(in crate::identity) fn consented(&self) -> Result<(), IdaError> {
        match self.consent_obtained {
            Some(true) => Ok(()),
            _ => Err(IdaError::new("IDA-MLC-012", "Individual's Consent is not available")),
        }
    }
}

/// Why a person cannot be asked about, where so. A registered death counts as deactivation.
pub(in crate::identity) fn standing(person: Option<Person>) -> Result<Person, IdaError> {
    let person = person.ok_or_else(|| IdaError::new("IDA-MLC-002", "Invalid UIN"))?;
    match person.status {
        Status::Blocked => Err(IdaError::new("IDA-MLC-022", "UIN is deactivated/blocked")),
        Status::Active if person.deceased_on.is_none() => Ok(person),
        Status::Active | Status::Deactivated => {
            Err(IdaError::new("IDA-MLC-003", "UIN has been deactivated"))
        }
    }
}

/// The inner request: what the person showed.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::identity) struct Shown {
    pub(in crate::identity) otp: Option<String>,
    pub(in crate::identity) demographics: Option<Map<String, Value>>,
    pub(in crate::identity) biometrics: Option<Vec<Value>>,
}

impl Shown {
    /// Whether anything was shown at all.
    pub(in crate::identity) fn something(&self) -> Result<(), IdaError> {
        let otp = self.otp.as_deref().is_some_and(|o| !o.is_empty());
        let facts = self.demographics.as_ref().is_some_and(|d| d.values().any(|v| !v.is_null()));
        let bio = self.biometrics.as_ref().is_some_and(|b| !b.is_empty());
        if otp || facts || bio {
            return Ok(());
        }
        Err(IdaError::new("IDA-MLC-008", "No authentication type selected"))
    }

    /// Compares what was shown with the record; every difference is an error of its own.
    pub(in crate::identity) fn differences(&self, person: &Person, today: Date) -> Vec<IdaError> {
        let shown = self.demographics.iter().flatten().filter(|(_, value)| !value.is_null());
        shown.filter_map(|(name, value)| difference(name, value, person, today)).collect()
    }
}

fn difference(name: &str, value: &Value, person: &Person, today: Date) -> Option<IdaError> {
    let street = person.street.as_deref().unwrap_or_default();
    let known = match name {
        "name" => person.name(),
        "dob" => person.birth_date.replace('-', "/"),
        "age" => age(&person.birth_date, today).map(|age| age.to_string()).unwrap_or_default(),
        "gender" => person.sex.clone(),
        "phoneNumber" => person.phone.clone().unwrap_or_default(),
        "emailId" => person.email.clone().unwrap_or_default(),
        "addressLine1" => street.into(),
        "location1" => person.locality.clone().unwrap_or_default(),
        "location2" => person.region.clone().unwrap_or_default(),
        "postalCode" => person.postal_code.clone().unwrap_or_default(),
        "fullAddress" => full_address(person),
        _ => return Some(IdaError::invalid(&format!("demographics/{name}"))),
    };
    if known.is_empty() {
        return Some(IdaError::new("IDA-MLC-018", format!("{name} not available in database")));
    }
    let same = texts(value).iter().any(|text| folded(text) == folded(&known));
    (!same).then(|| IdaError::new("IDA-DEA-001", format!("Demographic data {name} did not match")))
}

/// Street, place and region on one line.
pub(in crate::identity) fn full_address(person: &Person) -> String {
    let parts = [&person.street, &person.locality, &person.region, &person.postal_code];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// A text, a number, or a list of `{language, value}`.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Number(number) => vec![number.to_string()],
        Value::Array(list) => {
            list.iter().filter_map(|v| v["value"].as_str()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn age(birth_date: &str, today: Date) -> Option<i16> {
    let birth: Date = birth_date.parse().ok()?;
    let had_birthday = (today.month(), today.day()) >= (birth.month(), birth.day());
    Some(today.year() - birth.year() - i16::from(!had_birthday))
}

/// What a partner may do: everybody may ask, but for those that are listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) struct Policy {
    pub(in crate::identity) kyc: bool,
    /// Attributes that e-KYC may release.
    pub(in crate::identity) attributes: &'static [&'static str],
}

const ALL: &[&str] = &["fullName", "dob", "gender", "phoneNumber", "emailId", "fullAddress"];

/// The policy of a partner; an error where it is barred.
pub(in crate::identity) fn policy(licence: &str, partner: &str) -> Result<Policy, IdaError> {
    if licence == "expired-licence" {
        return Err(IdaError::new("IDA-MPA-007", "License key of MISP is expired"));
    }
    match partner {
        "unknown-partner" => Err(IdaError::new("IDA-MPA-009", "Partner is not registered")),
        "deactivated-partner" => Err(IdaError::new("IDA-MPA-012", "Partner is deactivated")),
        "yes-no-partner" => Ok(Policy { kyc: false, attributes: &[] }),
        // Banks learn what they need to open an account, and no address.
        "pinkbank" | "greenbank" => {
            Ok(Policy { kyc: true, attributes: &["fullName", "dob", "phoneNumber"] })
        }
        _ => Ok(Policy { kyc: true, attributes: ALL }),
    }
}

/// What e-KYC releases about a person under a policy, in MOSIP's names.
pub(in crate::identity) fn released(person: &Person, policy: Policy) -> Map<String, Value> {
    let value = |attribute: &str| -> Option<(&str, String)> {
        Some(match attribute {
            "fullName" => ("name_eng", person.name()),
            "dob" => ("dob", person.birth_date.replace('-', "/")),
            "gender" => ("gender_eng", person.sex.clone()),
            "phoneNumber" => ("phoneNumber", person.phone.clone()?),
            "emailId" => ("emailId", person.email.clone()?),
            "fullAddress" => {
                ("fullAddress_eng", Some(full_address(person)).filter(|a| !a.is_empty())?)
            }
            _ => return None,
        })
    };
    let pairs = policy.attributes.iter().filter_map(|attribute| value(attribute));
    pairs.map(|(name, value)| (name.to_owned(), value.into())).collect()
}
