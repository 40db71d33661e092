//! `GET` and `PUT /settings`: how Arenoa ID hears of births and deaths. Our own.

use actix_web::HttpResponse;
use rusqlite::Connection;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::COUNTER;
use super::forms;
use super::office::Failed;
use crate::kit::openapi::{Routes, says};
use crate::kit::registry::entered;
use crate::kit::server::Call;
use crate::kit::store::{set_setting, setting};

const NAME: &str = "identity_link";
const EXAMPLE: &str = r#"{"identity_link":"packets"}, "trigger" or "off""#;

/// How Arenoa ID hears of births and deaths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Manner {
    /// Entries stand at once, and packets follow over MOSIP's routes.
    #[default]
    Packets,
    /// Arenoa ID is asked before an entry stands (OpenCRVS 2, action trigger).
    Trigger,
    Off,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Settings {
    identity_link: Manner,
}

pub(super) fn routes(routes: &mut Routes) {
    let ours = |summary| says(summary).tag(COUNTER).gives::<Settings>(200, "As it is now");
    routes.get("/settings", show, ours("How Arenoa ID hears of births and deaths")).put(
        "/settings",
        change,
        ours("Sets how Arenoa ID hears of births and deaths")
            .takes::<Settings>(json!({"identity_link": "packets"})),
    );
}

async fn show(call: Call) -> HttpResponse {
    let found = call.store().read(manner).map_err(Failed::from);
    entered(&call, found.map(|identity_link| (200, json!(Settings { identity_link }))))
}

async fn change(call: Call) -> HttpResponse {
    let wanted = forms::read::<Settings>(&call.body, EXAMPLE).map_err(Failed::from);
    let done = wanted.and_then(|settings| {
        let text = json!(settings.identity_link).to_string();
        call.for_good(|store| store.alter(|tx| set_setting(tx, NAME, &text)))?;
        Ok((200, json!(settings)))
    });
    entered(&call, done)
}

/// How it is now.
pub(super) fn manner(db: &Connection) -> rusqlite::Result<Manner> {
    let kept = setting(db, NAME)?;
    Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}
