//! `GET` and `POST /websub/callback`: the hub of Arenoa ID asks whether we subscribed, and delivers credentials
//! (W3C `WebSub`; MOSIP `CREDENTIAL_ISSUED`). The number in a credential is written back to the child's record.

use actix_web::http::StatusCode;
use actix_web::web::{self, Query};
use actix_web::{HttpRequest, HttpResponse};
use rusqlite::Connection;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::dci::records::{Identifier, IdentifierType};
use standards::ids::Uin;
use std::sync::Arc;

use super::office::{Clerk, Failed};
use crate::civil_registry::link::credential::{Unopened, is_from_hub, open};
use crate::civil_registry::link::packets::{CALLBACK, HUB_SECRET, IDENTITY, TOPIC};
use crate::civil_registry::model::event::ActionKind;
use crate::civil_registry::model::refusal::Refusal;
use crate::civil_registry::store::events::{self, Kept};
use crate::civil_registry::store::{packets, people};
use crate::kit::openapi::{Routes, says};
use crate::kit::registry;
use crate::kit::server::Call;
use crate::kit::store::{StoreError, setting};

pub(super) fn routes(routes: &mut Routes) {
    routes
        .get(
            CALLBACK,
            confirm,
            says("Says yes to a subscription that is ours")
                .tag(HUB)
                .more("W3C WebSub, section 5.3: the hub of Arenoa ID asks.")
                .asks("hub.mode", "subscribe")
                .asks("hub.topic", TOPIC)
                .asks("hub.challenge", "abc")
                .gives_as::<String>(200, "text/plain", "The challenge")
                .after("this registry has subscribed at the hub of Arenoa ID"),
        )
        .post(
            CALLBACK,
            deliver,
            says("Takes a credential")
                .tag(HUB)
                .more(
                    "MOSIP, CREDENTIAL_ISSUED: signed by the hub, and encrypted to this registry.",
                )
                .header("x-hub-signature", "sha256=...")
                .takes::<Delivery>(json!({"topic": TOPIC, "event": {"data": {
                    "registrationId": "10001100010000120261001080000", "credential": "...",
                }}}))
                .gives_nothing(200, "The number stands in the child's record")
                .after("Arenoa ID has issued a number for a birth of this registry"),
        );
}

/// The chapter of what the hub calls.
const HUB: &str = "Arenoa ID's hub";

#[derive(Debug, Deserialize)]
struct Intent {
    #[serde(rename = "hub.topic", default)]
    topic: String,
    #[serde(rename = "hub.challenge", default)]
    challenge: String,
}

/// Says yes to a subscription that is ours.
async fn confirm(call: Call, intent: Query<Intent>) -> HttpResponse {
    let wanted = call.store().read(|db| setting(db, HUB_SECRET)).ok().flatten().is_some();
    if !wanted || intent.topic != TOPIC || intent.challenge.is_empty() {
        call.remark("we did not ask for this subscription");
        return HttpResponse::NotFound().finish();
    }
    HttpResponse::Ok().content_type("text/plain").body(intent.challenge.clone())
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Delivery {
    topic: String,
    event: Told,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Told {
    data: Issued,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Issued {
    registration_id: String,
    credential: String,
}

/// Why a delivery is not taken.
#[derive(Debug, thiserror::Error)]
enum Untaken {
    #[error("the delivery is not signed by the hub with the secret that we gave it")]
    Signature,
    #[error("this is no CREDENTIAL_ISSUED: {0}")]
    Malformed(String),
    #[error(transparent)]
    Unopened(#[from] Unopened),
    #[error("no packet of ours has the registration id {0}")]
    Stranger(String),
    #[error("the credential is about the entry {0}, and the packet was about {1}")]
    OtherEntry(String, String),
    #[error("the credential holds no UIN with a right check digit")]
    NoNumber,
    #[error("{0} has another number already: {1}")]
    OtherNumber(String, String),
    #[error(transparent)]
    Failed(#[from] Failed),
}

impl From<StoreError> for Untaken {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<rusqlite::Error> for Untaken {
    fn from(error: rusqlite::Error) -> Self {
        Self::Failed(error.into())
    }
}

async fn deliver(call: Call, request: HttpRequest) -> HttpResponse {
    let signature = request.headers().get("x-hub-signature").and_then(|v| v.to_str().ok());
    match taken(&call, signature.unwrap_or_default()).await {
        Ok(()) => HttpResponse::Ok().json(json!({"status": "RECEIVED"})),
        Err(untaken) => {
            let sentence = untaken.to_string();
            call.remark(&sentence);
            let status = match untaken {
                Untaken::Signature => 401,
                Untaken::Failed(failed) => failed.told().0,
                Untaken::OtherNumber(..) => 409,
                _ => 400,
            };
            let code = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
            HttpResponse::build(code).json(registry::refusal(status, &sentence))
        }
    }
}

async fn taken(call: &Call, signature: &str) -> Result<(), Untaken> {
    let secret = call.store().read(|db| setting(db, HUB_SECRET))?;
    if !secret.is_some_and(|secret| is_from_hub(&secret, &call.body, signature)) {
        return Err(Untaken::Signature);
    }
    let delivery: Delivery =
        serde_json::from_slice(&call.body).map_err(|e| Untaken::Malformed(e.to_string()))?;
    if delivery.topic != TOPIC {
        return Err(Untaken::Malformed(format!("the topic is {}", delivery.topic)));
    }
    let issued = delivery.event.data;
    call.correlation(&issued.registration_id);
    let (keys, sealed) = (Arc::clone(&call.errand.office.keys), issued.credential);
    let opened = web::block(move || open(&keys, &sealed)).await;
    let credential = opened.map_err(|_| Unopened::Key)??;
    let subject = &credential["credentialSubject"];
    let clerk = Clerk::of(call, IDENTITY);
    let written = call.store().write(|tx| write_back(tx, &clerk, &issued.registration_id, subject));
    let (kept, uin) = written?;
    let number = kept.event.registration_number().unwrap_or_default();
    let sentence = format!("Arenoa ID issued {uin} for {number}; it stands in the record.");
    call.errand.event("number written back", &sentence, &super::log::line(&kept));
    Ok(())
}

/// Writes the number into the child's record and the event; a second time nothing changes.
fn write_back(
    tx: &Connection,
    clerk: &Clerk,
    id: &str,
    subject: &Value,
) -> Result<(Kept, String), Untaken> {
    let uin = subject["UIN"].as_str().and_then(|uin| Uin::checked(uin).ok());
    let uin = uin.ok_or(Untaken::NoNumber)?.to_string();
    let event = packets::event_of(tx, id)?.ok_or_else(|| Untaken::Stranger(id.into()))?;
    let kept = events::by_number(tx, event)?;
    let mut kept = kept.ok_or_else(|| Untaken::Stranger(id.into()))?;
    let brn = kept.event.registration_number().unwrap_or_default().to_owned();
    if let Some(other) = subject["birthCertificateNumber"].as_str().filter(|told| *told != brn) {
        return Err(Untaken::OtherEntry(other.into(), brn));
    }
    name_child(tx, clerk, &brn, &uin)?;
    if !kept.event.declaration().contains_key("child.nid") {
        let mut action = clerk.action(ActionKind::Custom);
        action.custom_action_type = Some("IDENTITY_ISSUED".into());
        action.declaration.insert("child.nid".into(), json!(uin));
        kept.event.push(action);
        events::save(tx, &kept)?;
    }
    packets::note(tx, id, "done", "")?;
    Ok((kept, uin))
}

/// Puts the number into the record of the child whose birth is `brn`.
fn name_child(tx: &Connection, clerk: &Clerk, brn: &str, uin: &str) -> Result<(), Untaken> {
    let unknown = || Failed::from(Refusal::UnknownEntry(brn.into()));
    let child = people::by_brn(tx, brn)?.ok_or_else(unknown)?;
    match child.id(&IdentifierType::Uin) {
        Some(own) if own == uin => return Ok(()),
        Some(own) => return Err(Untaken::OtherNumber(brn.into(), own.into())),
        None => {}
    }
    if let Some(other) = people::by_uin(tx, uin)? {
        let brn = other.id(&IdentifierType::Brn).unwrap_or_default();
        return Err(Untaken::OtherNumber(brn.into(), uin.into()));
    }
    let mut record = child.record;
    record.identifier.insert(0, Identifier::new(IdentifierType::Uin, uin).inner());
    record.last_updated = Some(clerk.today.to_string());
    Ok(people::save(tx, child.number, &record)?)
}
