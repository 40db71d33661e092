//! Packets for Arenoa ID, over MOSIP's own routes: authmanager, partner certificate and `WebSub` subscription once, then
//! `createPacket` and `workflowinstance` for each. What nobody took is kept and tried again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::web;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use http::Method;
use rusqlite::Connection;
use serde_json::{Value, json};

use super::credential;
use super::messages::{Process, envelope, packet, workflow};
use crate::civil_registry::store::events::{self, Kept};
use crate::civil_registry::store::packets::{self, Waiting};
use crate::kit::cause::Cause;
use crate::kit::courier::{Errand, Letter, Reply, Undelivered};
use crate::kit::retry::{MOST_ATTEMPTS, wait_for_another_try};
use crate::kit::room::Office;
use crate::kit::store::{StoreError, next_number, set_setting, setting};
use crate::kit::trust::tokens::sandbox_secret;

/// Who issues identities.
pub(in crate::civil_registry) const IDENTITY: &str = "identity";
/// What the hub tells of.
pub(in crate::civil_registry) const TOPIC: &str = "CREDENTIAL_ISSUED";
/// The setting that holds the hub's secret, and the one that says with whom the link is set up.
pub(in crate::civil_registry) const HUB_SECRET: &str = "hub_secret";
const LINKED_TO: &str = "linked_to";
/// Where the hub delivers.
pub(in crate::civil_registry) const CALLBACK: &str = "/websub/callback";
const CLIENT: &str = "civil-registry";
/// MOSIP's code for a token that is not, or no longer, good.
const NOT_LET_IN: &str = "KER-ATH-401";

/// Files a packet for an event, where somebody plays the part of Arenoa ID. Gives its registration id.
pub(in crate::civil_registry) fn file(
    tx: &Connection,
    errand: &Errand,
    kept: &Kept,
    process: Process,
) -> rusqlite::Result<Option<String>> {
    if errand.office.room.base_of(IDENTITY).is_none() {
        return Ok(None);
    }
    let id = format!("10001{:010}", next_number(tx, "packet")?);
    let (traceparent, tracestate) = errand.cause.headers(errand.office.system.name);
    packets::add(tx, &id, kept.number, process, (&traceparent, &tracestate))?;
    Ok(Some(id))
}

/// Sends none of what still waits about an event that never was.
pub(in crate::civil_registry) fn withdraw(tx: &Connection, kept: &Kept) -> rusqlite::Result<()> {
    packets::withdraw(tx, kept.number)
}

/// Takes up every packet that was not sent when the program ended.
pub(in crate::civil_registry) fn take_up(office: &Arc<Office>) {
    let waiting = match office.store.read(packets::all_waiting) {
        Ok(waiting) => waiting,
        Err(error) => {
            tracing::error!(%error, "packets that were not sent could not be read");
            return;
        }
    };
    for packet in waiting {
        let told = Cause::from_headers(&packet.traceparent, &packet.tracestate);
        let cause = told.map_or_else(|| office.room.stranger(), |(_, cause)| cause);
        let errand = Errand { office: Arc::clone(office), cause };
        errand.spawn(follow(errand.clone(), packet.id));
    }
}

/// Why a packet was not taken.
enum Trouble {
    /// Nobody was there, or the other side is out of order: worth trying again.
    Nobody(String),
    Refused(String),
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the civil registry's archive failed");
        Self::Nobody(String::from("the archive failed"))
    }
}

impl From<Undelivered> for Trouble {
    fn from(error: Undelivered) -> Self {
        match error {
            Undelivered::NoAnswer { .. } => Self::Nobody(error.to_string()),
            _ => Self::Refused(error.to_string()),
        }
    }
}

/// Sends a packet until it is taken, refused, or given up. After the first failure it waits by itself, so that what
/// comes behind it does not, unless it is about the same event: a death is told before its annulment.
pub(in crate::civil_registry) async fn follow(errand: Errand, id: String) {
    if let Some(attempt) = once(&errand, &id).await {
        let again = errand.clone();
        errand.spawn(async move {
            let mut attempt = attempt;
            loop {
                wait_for_another_try(&again, &base_of(&again), attempt).await;
                match once(&again, &id).await {
                    Some(failed) => attempt = failed,
                    None => return,
                }
            }
        });
    }
}

/// One attempt; the number of failures so far where it is to be tried again.
async fn once(errand: &Errand, id: &str) -> Option<u32> {
    let waiting = errand.office.store.read(|db| {
        let Some(waiting) = packets::waiting(db, id)? else { return Ok(None) };
        let is_behind = packets::is_behind(db, &waiting)?;
        let kept = events::by_number(db, waiting.event)?;
        Ok(kept.map(|kept| (waiting, is_behind, kept)))
    });
    let (waiting, is_behind, kept) = waiting.ok().flatten()?;
    if is_behind {
        return Some(waiting.attempt);
    }
    let (state, problem, again) = match send(errand, &waiting, &kept).await {
        Ok(()) => ("sent", String::new(), false),
        Err(Trouble::Nobody(problem)) if waiting.attempt + 1 < MOST_ATTEMPTS => {
            ("waiting", problem, true)
        }
        Err(Trouble::Nobody(problem) | Trouble::Refused(problem)) => ("failed", problem, false),
    };
    if state == "failed" {
        let facts = json!({"registration_id": id, "process": waiting.process.word()});
        errand.event("packet not taken", &problem, &facts);
    }
    let noted = errand.office.store.alter(|tx| packets::note(tx, id, state, &problem));
    (noted.is_ok() && again).then_some(waiting.attempt + 1)
}

async fn send(errand: &Errand, waiting: &Waiting, kept: &Kept) -> Result<(), Trouble> {
    let at = errand.stamp();
    let (id, process, event) = (&waiting.id, waiting.process, &kept.event);
    let packet = envelope("string", &at, &packet(id, process, event, &at));
    let started = "mosip.registration.processor.workflow.instance";
    let workflow = envelope(started, &at, &workflow(id, process, event));
    set_up(errand).await?;
    asked(errand, (Method::PUT, "/commons/v1/packetmanager/createPacket"), &packet).await?;
    let path = "/registrationprocessor/v1/workflowmanager/workflowinstance";
    asked(errand, (Method::POST, path), &workflow).await?;
    Ok(())
}

/// Held while the link is set up: of two first packets at once only one gives the hub a secret.
#[derive(Default)]
struct SettingUp(tokio::sync::Mutex<()>);

/// Before the first packet: tells Arenoa ID our certificate, and asks its hub to tell us of credentials.
async fn set_up(errand: &Errand) -> Result<(), Trouble> {
    let (office, base) = (&errand.office, base_of(errand));
    if is_set_up(office, &base)? {
        return Ok(());
    }
    let setting_up = office.memory.of::<SettingUp>();
    let _one_at_a_time = setting_up.0.lock().await;
    if is_set_up(office, &base)? {
        return Ok(());
    }
    let keys = Arc::clone(&office.keys);
    let made = web::block(move || credential::certificate(&keys)).await.ok().flatten();
    let certificate = made.ok_or_else(|| Trouble::Nobody("our key cannot sign".into()))?;
    let upload =
        json!({"partnerId": CLIENT, "partnerDomain": "CREDENTIAL", "certificateData": certificate});
    let path = "/v1/partnermanager/partners/certificate/upload";
    let upload = envelope("string", &errand.stamp(), &upload);
    asked(errand, (Method::POST, path), &upload).await?;
    let secret = secret()?;
    office.store.alter(|tx| set_setting(tx, HUB_SECRET, &secret))?;
    let callback = format!("{}{CALLBACK}", errand.own_base());
    let form = [
        ("hub.mode", "subscribe"),
        ("hub.topic", TOPIC),
        ("hub.callback", callback.as_str()),
        ("hub.secret", secret.as_str()),
    ];
    let token = token(errand).await?;
    let letter = Letter::post(IDENTITY, "/hub").form(&form);
    taken(&errand.send(with_token(letter, &token)).await?)?;
    office.store.alter(|tx| set_setting(tx, LINKED_TO, &base))?;
    Ok(())
}

fn is_set_up(office: &Office, base: &str) -> Result<bool, StoreError> {
    let linked_to = office.store.read(|db| setting(db, LINKED_TO))?;
    Ok(linked_to.as_deref() == Some(base))
}

/// What only the hub and we know. It never reaches a transcript.
fn secret() -> Result<String, Trouble> {
    let mut bytes = [0_u8; 24];
    let made = getrandom::fill(&mut bytes);
    made.map_err(|_| Trouble::Nobody("this machine gives no random bytes".into()))?;
    Ok(B64.encode(bytes))
}

/// The tokens that Arenoa ID gave us, by its address.
#[derive(Default)]
struct Tokens(Mutex<BTreeMap<String, String>>);

/// Asks with the token, and with a new one where it is no longer good.
async fn asked(
    errand: &Errand,
    (method, path): (Method, &str),
    body: &Value,
) -> Result<Value, Trouble> {
    let letter = Letter::to(IDENTITY, method, path).json(body);
    let first = token(errand).await?;
    match taken(&errand.send(with_token(letter.clone(), &first)).await?) {
        Err(Trouble::Refused(why)) if why.contains(NOT_LET_IN) => {
            forget_token(errand);
            let second = token(errand).await?;
            taken(&errand.send(with_token(letter, &second)).await?)
        }
        done => done,
    }
}

fn with_token(letter: Letter, token: &str) -> Letter {
    letter.header("cookie", &format!("Authorization={token}"))
}

fn base_of(errand: &Errand) -> String {
    errand.office.room.base_of(IDENTITY).unwrap_or_default()
}

fn forget_token(errand: &Errand) {
    let tokens = errand.office.memory.of::<Tokens>();
    tokens.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&base_of(errand));
}

/// The token of this system at Arenoa ID; asked for once. It comes as a cookie.
async fn token(errand: &Errand) -> Result<String, Trouble> {
    let tokens = errand.office.memory.of::<Tokens>();
    let base = base_of(errand);
    let kept = tokens.0.lock().unwrap_or_else(PoisonError::into_inner).get(&base).cloned();
    if let Some(token) = kept {
        return Ok(token);
    }
    let secret = sandbox_secret(errand.office.system.name);
    let request = json!({"clientId": CLIENT, "secretKey": secret, "appId": "regproc"});
    let path = "/v1/authmanager/authenticate/clientidsecretkey";
    let letter = Letter::post(IDENTITY, path).json(&envelope("string", &errand.stamp(), &request));
    let reply = errand.send(letter).await?;
    let cookie = reply.header("set-cookie").and_then(|text| {
        let (name, value) = text.split(';').next()?.split_once('=')?;
        (name.trim() == "Authorization" && !value.is_empty()).then(|| value.to_owned())
    });
    let problem = taken(&reply).err();
    let Some(token) = cookie else {
        let none = || Trouble::Refused("Arenoa ID gave no token".into());
        return Err(problem.unwrap_or_else(none));
    };
    tokens.0.lock().unwrap_or_else(PoisonError::into_inner).insert(base, token.clone());
    Ok(token)
}

/// What an answer of MOSIP says; it says no with HTTP 200 and a list of errors.
fn taken(reply: &Reply) -> Result<Value, Trouble> {
    if !reply.is_success() {
        let problem = format!("Arenoa ID answered {}", reply.status);
        let nobody = matches!(reply.status, 408 | 429 | 500..);
        return Err(if nobody { Trouble::Nobody(problem) } else { Trouble::Refused(problem) });
    }
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    match body["errors"].as_array().and_then(|errors| errors.first()) {
        None => Ok(body),
        Some(error) => {
            let part = |name: &str| error[name].as_str().unwrap_or_default();
            Err(Trouble::Refused(format!(
                "Arenoa ID refused: {} {}",
                part("errorCode"),
                part("message")
            )))
        }
    }
}
