//! `GET` and `PUT /settings`: whether one-time codes are fixed (a workshop can be read aloud) or random. Our own.

use actix_web::HttpResponse;
use serde::{Deserialize, Serialize};

use super::answers::{Failure, fresh_json, refuse_client};
use crate::identity::chance;
use crate::identity::model::otp;
use crate::identity::model::refusal::Refusal;
use crate::kit::server::Call;
use crate::kit::store::{StoreError, set_setting, setting};

const NAME: &str = "one_time_codes";

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum Codes {
    Fixed,
    Random,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    one_time_codes: Codes,
}

pub(super) async fn show(call: Call) -> HttpResponse {
    match is_random(&call) {
        Ok(random) => told(random),
        Err(failure) => refuse_client(&call, failure),
    }
}

pub(super) async fn change(call: Call) -> HttpResponse {
    let wanted: Settings = match serde_json::from_slice(&call.body) {
        Ok(settings) => settings,
        Err(error) => {
            let sentence = format!(r#"{error}; write {{"one_time_codes":"fixed"}} or "random""#);
            return refuse_client(&call, Refusal::request(sentence).into());
        }
    };
    let random = wanted.one_time_codes == Codes::Random;
    let word = if random { "random" } else { "fixed" };
    match call.store().write(|tx| Ok::<_, StoreError>(set_setting(tx, NAME, word)?)) {
        Ok(()) => told(random),
        Err(error) => refuse_client(&call, error.into()),
    }
}

fn told(random: bool) -> HttpResponse {
    let one_time_codes = if random { Codes::Random } else { Codes::Fixed };
    fresh_json(&serde_json::json!({"one_time_codes": one_time_codes}))
}

/// Whether codes are random.
pub(super) fn is_random(call: &Call) -> Result<bool, Failure> {
    Ok(call.store().read(|db| setting(db, NAME))?.as_deref() == Some("random"))
}

/// A one-time code to be sent now.
pub(super) fn one_time_code(call: &Call) -> Result<String, Failure> {
    if is_random(call)? { Ok(chance::six_digits()?) } else { Ok(otp::FIXED.into()) }
}
