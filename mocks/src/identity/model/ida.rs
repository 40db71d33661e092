//! MOSIP IDA: what a partner asks about a person (auth, otp, kyc), what is checked, and the error codes
//! (`IdAuthenticationErrorConstants`).

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use standards::age::full_years;

use super::claims::gender;
use super::client::GenderForm;
use super::factor::Factor;
use super::id_type::IdType;
use super::person::{Barred, Person, is_number, joined};
use super::vid::Bearer;
use crate::identity::der::lenient_base64;

/// How far `requestTime` may lie from now, in the calls of eSignet too.
pub(in crate::identity) const WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// An error of IDA.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::identity) struct IdaError {
    pub(in crate::identity) code: &'static str,
    pub(in crate::identity) message: String,
    /// What the person can do about it, where it is theirs to do.
    pub(in crate::identity) action: Option<String>,
}

impl IdaError {
    /// An error with its message.
    pub(in crate::identity) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), action: None }
    }

    /// The same, with what the person can do.
    #[must_use]
    pub(in crate::identity) fn with_action(mut self, action: impl Into<String>) -> Self {
        self.action = Some(action.into());
        self
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
    /// Digest of the certificate that the request is sealed to.
    pub(in crate::identity) thumbprint: Option<String>,
    /// Sealed text, or (readable mode) the request itself.
    pub(in crate::identity) request: Option<Value>,
    pub(in crate::identity) otp_channel: Option<Vec<String>>,
}

/// What every request names once it is checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::identity) struct Asked {
    pub(in crate::identity) number: String,
    /// What the number is said to be.
    pub(in crate::identity) kind: IdType,
    pub(in crate::identity) transaction: String,
}

impl Sent {
    /// Checks what all three kinds have in common; `kind` is the `id` that belongs to the route.
    pub(in crate::identity) fn asked(
        &self,
        kind: &str,
        now: [Timestamp; 2],
        strict: bool,
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
        let number = present(&self.individual_id, "individualId")?;
        let named = IdType::read(self.individual_id_type.as_deref());
        let named = named.ok_or_else(|| IdaError::invalid("individualIdType"))?;
        if named != IdType::Handle && !is_number(&number) {
            return Err(named.unknown());
        }
        if strict {
            named.strictly(&number)?;
        }
        Ok(Asked { number, kind: named, transaction })
    }

    /// Where a one-time code is to go.
    pub(in crate::identity) fn channels(&self) -> Result<&[String], IdaError> {
        let channels = self.otp_channel.as_deref().unwrap_or_default();
        let known = |c: &String| matches!(c.to_lowercase().as_str(), "phone" | "email");
        match channels {
            [] => Err(IdaError::missing("otpChannel")),
            _ if !channels.iter().all(known) => Err(IdaError::invalid("otpChannel")),
            _ => Ok(channels),
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

/// The person that a number stands for and may be asked about, with the virtual number where it was one. A registered
/// death counts as deactivation.
pub(in crate::identity) fn standing(
    bearer: Bearer,
    asked: &Asked,
) -> Result<(Person, Option<String>), IdaError> {
    let (person, vid) = match bearer {
        Bearer::Is(person, vid) if vid.is_some() == (asked.kind == IdType::Vid) => (*person, vid),
        Bearer::Ended(..) if asked.kind != IdType::Vid => return Err(asked.kind.unknown()),
        Bearer::Nobody | Bearer::Is(..) => return Err(asked.kind.unknown()),
        Bearer::Ended(state, _) => {
            let message = format!("VID is {}", state.word().to_lowercase());
            return Err(IdaError::new("IDA-MLC-005", message));
        }
    };
    match person.barred() {
        None => Ok((person, vid)),
        Some(Barred::Blocked) => Err(IdaError::new("IDA-MLC-022", "UIN is deactivated/blocked")),
        Some(Barred::Deactivated | Barred::Deceased) if vid.is_some() => {
            Err(IdaError::new("IDA-MLC-010", "VID corresponding to a deactivated UIN"))
        }
        Some(Barred::Deactivated | Barred::Deceased) => {
            Err(IdaError::new("IDA-MLC-003", "UIN has been deactivated"))
        }
    }
}

/// Whether `sent` is the SHA-256 of `certificate`, in base64 of either alphabet or in hexadecimal digits.
pub(in crate::identity) fn is_thumbprint(sent: &str, certificate: &[u8]) -> bool {
    let digest = Sha256::digest(certificate);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    sent.eq_ignore_ascii_case(&hex) || lenient_base64(sent).is_some_and(|bytes| bytes == digest[..])
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
        let says = |v: &Value| !v.is_null() && texts(v).is_none_or(|said| !said.is_empty());
        let facts = self.demographics.as_ref().is_some_and(|d| d.values().any(says));
        let bio = self.biometrics.as_ref().is_some_and(|b| !b.is_empty());
        if otp || facts || bio {
            return Ok(());
        }
        Err(IdaError::new("IDA-MLC-008", "No authentication type selected"))
    }

    /// The ways of proving that were used.
    pub(in crate::identity) fn factors(&self) -> Vec<Factor> {
        let otp = self.otp.as_deref().is_some_and(|o| !o.is_empty()).then_some(Factor::Otp);
        let bio = self.biometrics.as_ref().is_some_and(|b| !b.is_empty()).then_some(Factor::Bio);
        [otp, bio].into_iter().flatten().collect()
    }

    /// Nothing is checked that the holder has locked.
    pub(in crate::identity) fn unlocked(&self, person: &Person) -> Result<(), IdaError> {
        let locked = self.factors().into_iter().find(|factor| person.locked.contains(factor));
        locked.map_or(Ok(()), |factor| Err(locked_type(factor)))
    }

    /// Compares what was shown with the record; every difference is an error of its own.
    pub(in crate::identity) fn differences(&self, person: &Person, today: Date) -> Vec<IdaError> {
        let shown = self.demographics.iter().flatten().filter(|(_, value)| !value.is_null());
        shown.filter_map(|(name, value)| difference(name, value, person, today)).collect()
    }
}

/// The holder locked this way of proving.
pub(in crate::identity) fn locked_type(factor: Factor) -> IdaError {
    let name = if factor == Factor::Bio { "BIOMETRICS" } else { factor.word() };
    IdaError::new("IDA-MLC-019", format!("{name} Auth Type is Locked for the UIN"))
}

/// What the record says under the name of an attribute of IDA; nothing where IDA has no such attribute.
fn known(name: &str, language: &str, person: &Person, today: Date) -> Option<String> {
    let (given, family) = person.names_in(language);
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    Some(match name {
        "name" => joined(given, family),
        "dob" => person.birth_date.replace('-', "/"),
        "age" => age(&person.birth_date, today).map(|age| age.to_string()).unwrap_or_default(),
        "gender" => person.sex.clone(),
        "phoneNumber" => text(&person.phone),
        "emailId" => text(&person.email),
        "addressLine1" => text(&person.street),
        // The record has one line of address and two levels of place.
        "addressLine2" | "addressLine3" | "location3" => String::new(),
        "location1" => text(&person.locality),
        "location2" => text(&person.region),
        "postalCode" => text(&person.postal_code),
        "fullAddress" => full_address(person),
        _ => return None,
    })
}

fn difference(name: &str, value: &Value, person: &Person, today: Date) -> Option<IdaError> {
    if matches!(name, "metadata" | "dobType") {
        return None;
    }
    let Some(said) = texts(value) else {
        return Some(IdaError::invalid(&format!("demographics/{name}")));
    };
    for (language, text) in said {
        let Some(known) = known(name, language.unwrap_or("eng"), person, today) else {
            return Some(IdaError::invalid(&format!("demographics/{name}")));
        };
        if known.is_empty() {
            return Some(IdaError::new("IDA-MLC-018", format!("{name} not available in database")));
        }
        if folded(&text) != folded(&known) {
            let of = language.map(|l| format!(" in {l}")).unwrap_or_default();
            let message = format!("Demographic data {name}{of} did not match");
            return Some(
                IdaError::new("IDA-DEA-001", message)
                    .with_action(format!("Please re-enter your {name}")),
            );
        }
    }
    None
}

/// Street, place and region on one line.
pub(in crate::identity) fn full_address(person: &Person) -> String {
    let parts = [&person.street, &person.locality, &person.region, &person.postal_code];
    parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// A text, a number, or a list of `{language, value}`, each with its language; None where it is none of these: what
/// cannot be read is not taken for unsaid.
fn texts(value: &Value) -> Option<Vec<(Option<&str>, String)>> {
    match value {
        Value::String(text) if text.is_empty() => Some(Vec::new()),
        Value::String(text) => Some(vec![(None, text.clone())]),
        Value::Number(number) => Some(vec![(None, number.to_string())]),
        Value::Array(list) => {
            let said = |v: &Value| v["value"].as_str().map(str::to_owned);
            list.iter().map(|v| Some((v["language"].as_str(), said(v)?))).collect()
        }
        _ => None,
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

fn age(birth_date: &str, today: Date) -> Option<i16> {
    Some(full_years(birth_date.parse().ok()?, today))
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
            "gender" => ("gender_eng", gender(&person.sex, GenderForm::Capital)?.into()),
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
