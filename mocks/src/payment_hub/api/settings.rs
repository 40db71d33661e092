//! `GET` and `PUT /settings`, our own: which of two readings of `GovStack` Payments v1 is spoken, and which account of the
//! government pays where a face cannot name one.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::kit::openapi::{Routes, says};
use crate::kit::room::Office;
use crate::kit::server::Call;
use crate::kit::store::{StoreError, set_setting, setting};
use crate::payment_hub::model::PAYER_BANK;
use crate::payment_hub::pipeline::{Asked, is_account};

const NAME: &str = "settings";

/// What can be set. What a `PUT` leaves out becomes what it is at the start.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Settings {
    pub(super) govstack_v1: Reading,
    pub(super) payer_account: String,
}

/// The two readings of `GovStack` Payments v1; no one of them serves both its clients.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reading {
    /// As the sandbox's emulator, which the USCT application speaks with: ids of up to 36 characters, a validation fails
    /// as a whole where a payee is unknown, and only what was validated is paid.
    #[default]
    Lenient,
    /// As the compliance suite: ids of exactly 12, 16 and 20 characters, failed accounts are told when asked for, and
    /// lists are paid without a validation.
    Strict,
}

impl Default for Settings {
    fn default() -> Self {
        Self { govstack_v1: Reading::default(), payer_account: String::from("GOV-SP-001") }
    }
}

impl Settings {
    /// The account that pays, as an address.
    pub(super) fn payer(&self) -> String {
        format!("account:{}@{PAYER_BANK}", self.payer_account)
    }
}

pub(super) fn routes(routes: &mut Routes) {
    let ours = |summary| says(summary).tag("our own").gives::<Settings>(200, "As they are now");
    routes.get("/settings", show, ours("How the hub works")).put(
        "/settings",
        change,
        ours("Sets how the hub works").takes::<Settings>(json!(Settings::default())),
    );
}

/// The settings of an office.
pub(super) fn of(office: &Office) -> Result<Settings, StoreError> {
    let kept = office.store.read(|db| setting(db, NAME))?;
    Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// The settings of this room.
pub(super) fn read(call: &Call) -> Result<Settings, StoreError> {
    of(&call.errand.office)
}

async fn show(call: Call) -> HttpResponse {
    answer(&call, read(&call))
}

async fn change(call: Call) -> HttpResponse {
    let wanted: Settings = match standards::dci::read(&call.body) {
        Ok(settings) => settings,
        Err(error) => {
            let right =
                r#"write {"govstack_v1":"lenient","payer_account":"GOV-SP-001"}, or "strict""#;
            return refuse(&call, StatusCode::BAD_REQUEST, &format!("{error}; {right}"));
        }
    };
    if let Err((status, sentence)) = can_pay(&call, &wanted.payer_account).await {
        return refuse(&call, status, &sentence);
    }
    let text = serde_json::to_string(&wanted).unwrap_or_default();
    let kept = call.for_good(|store| store.alter(|tx| set_setting(tx, NAME, &text)));
    answer(&call, kept.map(|()| wanted))
}

/// Whether the treasury has the account that is to pay. The one that pays already is not asked about again.
async fn can_pay(call: &Call, account: &str) -> Result<(), (StatusCode, String)> {
    if read(call).is_ok_and(|now| now.payer_account == account) {
        return Ok(());
    }
    match is_account(&call.errand, account).await {
        Asked::Yes => Ok(()),
        Asked::No(why) => {
            let right = format!("payer_account: {why}; write an account of the {PAYER_BANK}");
            Err((StatusCode::BAD_REQUEST, right))
        }
        Asked::Unknown(why) => {
            let sentence = format!("payer_account: the {PAYER_BANK} could not be asked: {why}");
            Err((StatusCode::SERVICE_UNAVAILABLE, sentence))
        }
    }
}

fn refuse(call: &Call, status: StatusCode, sentence: &str) -> HttpResponse {
    call.remark(sentence);
    HttpResponse::build(status).json(super::refusal(status.as_u16(), sentence))
}

fn answer(call: &Call, settings: Result<Settings, StoreError>) -> HttpResponse {
    match settings {
        Ok(settings) => HttpResponse::Ok().json(settings),
        Err(error) => {
            tracing::error!(%error, "the hub's settings failed");
            call.remark("the archive failed");
            HttpResponse::InternalServerError().json(super::refusal(500, "try again"))
        }
    }
}
