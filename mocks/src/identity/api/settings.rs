//! `GET` and `PUT /settings`: whether one-time codes are fixed (a workshop can be read aloud) or random, whether IDA
//! insists on check digits, and whose biometrics never match. Our own.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::answers::{Failure, fresh_json, refuse_client};
use crate::identity::chance;
use crate::identity::model::otp;
use crate::identity::model::refusal::Refusal;
use crate::kit::openapi::{Routes, says};
use crate::kit::server::Call;
use crate::kit::store::{StoreError, set_setting, setting};

const CODES: &str = "one_time_codes";
const STRICT: &str = "strict_numbers";
const MISMATCH: &str = "biometric_mismatch";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Codes {
    Fixed,
    Random,
}

/// What is left out of a change stays.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "SettingsChange")]
#[serde(deny_unknown_fields)]
struct Change {
    one_time_codes: Option<Codes>,
    /// Whether IDA insists on length and check digit of numbers.
    strict_numbers: Option<bool>,
    /// Numbers of people whose biometrics never match.
    biometric_mismatch: Option<Vec<String>>,
}

#[derive(Debug, Serialize, JsonSchema)]
struct Settings {
    one_time_codes: Codes,
    strict_numbers: bool,
    biometric_mismatch: Vec<String>,
}

pub(super) fn routes(routes: &mut Routes) {
    let ours = |summary| says(summary).tag("desk").gives::<Settings>(200, "As they are now");
    routes.get("/settings", show, ours("How Arenoa ID works")).put(
        "/settings",
        change,
        ours("Sets how Arenoa ID works").takes::<Change>(json!({"one_time_codes": "fixed"})),
    );
}

async fn show(call: Call) -> HttpResponse {
    answer(&call, told(&call))
}

async fn change(call: Call) -> HttpResponse {
    let change: Change = match serde_json::from_slice(&call.body) {
        Ok(settings) => settings,
        Err(error) => {
            let sentence = format!(r#"{error}; write {{"one_time_codes":"fixed"}} or "random""#);
            return refuse_client(&call, Refusal::request(sentence).into());
        }
    };
    let codes = change.one_time_codes.map(|codes| match codes {
        Codes::Fixed => String::from("fixed"),
        Codes::Random => String::from("random"),
    });
    let strict = change.strict_numbers.map(|strict| strict.to_string());
    let mismatch = change.biometric_mismatch.map(|numbers| numbers.join(" "));
    let changes = [(CODES, codes), (STRICT, strict), (MISMATCH, mismatch)];
    let done = call.for_good(|store| {
        store.alter(|tx| {
            for (name, value) in &changes {
                if let Some(value) = value {
                    set_setting(tx, name, value)?;
                }
            }
            Ok(())
        })
    });
    answer(&call, done.map_err(Failure::from).and_then(|()| told(&call)))
}

fn answer(call: &Call, done: Result<Settings, Failure>) -> HttpResponse {
    match done {
        Ok(settings) => fresh_json(&json!(settings)),
        Err(failure) => refuse_client(call, failure),
    }
}

fn told(call: &Call) -> Result<Settings, Failure> {
    let numbers = call.store().read(|db| setting(db, MISMATCH))?.unwrap_or_default();
    Ok(Settings {
        one_time_codes: if is_random(call)? { Codes::Random } else { Codes::Fixed },
        strict_numbers: strict_numbers(call)?,
        biometric_mismatch: numbers.split_whitespace().map(str::to_owned).collect(),
    })
}

/// Whether IDA insists on length and check digit of numbers.
pub(super) fn strict_numbers(call: &Call) -> Result<bool, StoreError> {
    Ok(call.store().read(|db| setting(db, STRICT))?.as_deref() == Some("true"))
}

/// Whether the biometrics of the person `uin` match: everybody's do but of those who are listed.
pub(super) fn biometrics_match(call: &Call, uin: &str) -> Result<bool, StoreError> {
    let numbers = call.store().read(|db| setting(db, MISMATCH))?.unwrap_or_default();
    Ok(!numbers.split_whitespace().any(|number| number == uin))
}

/// Whether codes are random.
pub(super) fn is_random(call: &Call) -> Result<bool, Failure> {
    Ok(call.store().read(|db| setting(db, CODES))?.as_deref() == Some("random"))
}

/// A one-time code to be sent now.
pub(super) fn one_time_code(call: &Call) -> Result<String, Failure> {
    if is_random(call)? { Ok(chance::six_digits()?) } else { Ok(otp::FIXED.into()) }
}
