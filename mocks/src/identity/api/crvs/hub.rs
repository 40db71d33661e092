//! The `WebSub` hub (W3C `WebSub`, as MOSIP runs it): `POST /hub` subscribes, and `CREDENTIAL_ISSUED` goes to every
//! subscriber, sealed to its certificate and signed with its secret. What nobody took is kept and tried again.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::web::{self, Query};
use actix_web::{HttpRequest, HttpResponse};
use hmac::{Hmac, Mac as _};
use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::Sha256;
use url::Url;

use super::kernel::client_of;
use crate::identity::api::answers::Failure;
use crate::identity::chance::unguessable;
use crate::identity::credential;
use crate::identity::model::refusal::Refusal;
use crate::identity::store::crvs::{self, Delivery, Subscription};
use crate::kit::cause::Cause;
use crate::kit::courier::{Errand, Letter, delivers_to};
use crate::kit::openapi::{Routes, says};
use crate::kit::retry::{MOST_ATTEMPTS, wait_for_another_try};
use crate::kit::room::Office;
use crate::kit::server::Call;
use crate::kit::store::{StoreError, Transaction};

const TOPIC: &str = "CREDENTIAL_ISSUED";
/// Whose own subscription is of this house, unless a guest plays the part.
const REGISTRY: &str = "civil_registry";
const LEASE_S: &str = "864000";

#[derive(Debug, Deserialize, JsonSchema)]
struct Wish {
    #[serde(rename = "hub.mode")]
    mode: String,
    #[serde(rename = "hub.topic")]
    topic: String,
    #[serde(rename = "hub.callback")]
    callback: String,
    #[serde(rename = "hub.secret", default)]
    secret: String,
}

pub(super) fn routes(routes: &mut Routes) {
    let wish = json!({
        "hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": "http://127.0.0.1:9/websub", "hub.secret": "s",
    });
    routes.post(
        "/hub",
        subscribe,
        says("Subscribes to credentials")
            .tag("MOSIP 1.2, for civil registries")
            .more("W3C WebSub, section 5.1; with the token of authmanager as `Authorization`.")
            .header("authorization", "...")
            .takes_as::<Wish>("application/x-www-form-urlencoded", wish)
            .gives_nothing(202, "Taken; the callback is asked whether it wants this")
            .after("a token was got"),
    );
    routes.aside(
        (actix_web::http::Method::POST, "/hub/"),
        subscribe,
        "as /hub, for clients that write it so",
    );
}

async fn subscribe(call: Call, http: HttpRequest) -> HttpResponse {
    // The border has taken the body off the request.
    let text = String::from_utf8_lossy(&call.body);
    let wish = match Query::<Wish>::from_query(&text) {
        Ok(wish) => wish,
        Err(error) => return refused(&call, 400, &format!("this is no form: {error}")),
    };
    match wished(&call, &http, &wish).await {
        Ok(()) => HttpResponse::Accepted().content_type("text/plain").body("hub.mode=accepted"),
        Err((status, sentence)) => refused(&call, status, &sentence),
    }
}

type Denied = (u16, String);

async fn wished(call: &Call, http: &HttpRequest, wish: &Wish) -> Result<(), Denied> {
    let client = client_of(call, http).map_err(|error| (401, error.message))?;
    let denied = |sentence: String| Err((400, sentence));
    if wish.topic != TOPIC {
        return denied(format!("hub.topic is {TOPIC} here"));
    }
    if !delivers_to(call.room(), &wish.callback) {
        return denied("hub.callback is an address that this room does not deliver to".into());
    }
    match wish.mode.as_str() {
        "unsubscribe" => kept(call, |tx| crvs::end_subscription(tx, &client, &wish.callback)),
        "subscribe" if wish.secret.is_empty() => {
            denied("hub.secret is missing: deliveries are signed with it".into())
        }
        "subscribe" => {
            let (callback, secret) = (wish.callback.clone(), wish.secret.clone());
            let subscription = Subscription { client, callback, secret, verified: false };
            kept(call, |tx| crvs::keep_subscription(tx, &subscription))?;
            // A subscriber that is not there yet is asked again before its first delivery.
            is_verified(&call.errand, &subscription).await;
            Ok(())
        }
        other => denied(format!("hub.mode `{other}` is not known here")),
    }
}

fn kept(
    call: &Call,
    work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<()>,
) -> Result<(), Denied> {
    let done = call.store().alter(|tx| work(tx));
    done.map_err(|error| {
        tracing::error!(%error, "a subscription could not be kept");
        (500, String::from("the subscription could not be kept; try again"))
    })
}

fn refused(call: &Call, status: u16, sentence: &str) -> HttpResponse {
    call.remark(sentence);
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    HttpResponse::build(code)
        .content_type("text/plain")
        .body(format!("hub.mode=denied&hub.reason={sentence}"))
}

/// Asks the subscriber whether it subscribed (W3C `WebSub` 5.3), unless it said so before.
async fn is_verified(errand: &Errand, subscription: &Subscription) -> bool {
    if subscription.verified {
        return true;
    }
    let Ok(challenge) = unguessable() else { return false };
    let asked = [
        ("hub.mode", "subscribe"),
        ("hub.topic", TOPIC),
        ("hub.challenge", challenge.as_str()),
        ("hub.lease_seconds", LEASE_S),
    ];
    let Ok(url) = Url::parse_with_params(&subscription.callback, asked) else { return false };
    let letter = Letter::to_address(Method::GET, url.as_str()).route("/websub/callback");
    let said = errand.send(letter).await;
    let right = said.is_ok_and(|reply| {
        let echoed = String::from_utf8_lossy(&reply.body);
        reply.is_success() && echoed.trim().trim_matches('"') == challenge
    });
    if right {
        let noted = errand.office.store.alter(|tx| {
            crvs::verify_subscription(tx, &subscription.client, &subscription.callback)
        });
        return noted.is_ok();
    }
    false
}

/// Tells every subscriber that a credential was issued for the packet `id`.
pub(super) async fn publish(errand: &Errand, id: &str, subject: &Value) -> Result<(), Failure> {
    let filed = filed(errand, id, subject, |_| true)?;
    if filed.is_empty() {
        let sentence = "Nobody subscribed to credentials, so the number is told to nobody.";
        errand.event("credential kept", sentence, &json!({"registration_id": id}));
    }
    for number in filed {
        follow(errand.clone(), number).await;
    }
    Ok(())
}

/// Tells every subscriber but the civil registry of this house, which takes the answer to its packet for the word.
pub(super) async fn publish_abroad(
    errand: &Errand,
    id: &str,
    subject: &Value,
) -> Result<(), Failure> {
    let room = &errand.office.room;
    let own = room.base_of(REGISTRY).filter(|_| !room.is_guest(REGISTRY));
    let abroad = |callback: &str| own.as_ref().is_none_or(|own| !callback.starts_with(own));
    for number in filed(errand, id, subject, abroad)? {
        follow(errand.clone(), number).await;
    }
    Ok(())
}

/// Files a delivery to each subscriber whose address `wanted` takes, and gives their numbers.
fn filed(
    errand: &Errand,
    id: &str,
    subject: &Value,
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<i64>, StoreError> {
    let (parent, state) = errand.cause.headers(errand.office.system.name);
    let letter = (id, subject.to_string());
    errand.office.store.write(|tx| {
        let letter = (letter.0, letter.1.as_str());
        Ok(crvs::file_deliveries(tx, letter, (&parent, &state), &wanted)?)
    })
}

/// Takes up deliveries that were not made when the program ended.
pub(super) fn take_up(office: &Arc<Office>) {
    let open = office.store.read(crvs::open_deliveries).unwrap_or_else(|error| {
        tracing::error!(%error, "deliveries under way could not be read");
        Vec::new()
    });
    for delivery in open {
        let told = Cause::from_headers(&delivery.traceparent, &delivery.tracestate);
        let cause = told.map_or_else(|| office.room.stranger(), |(_, cause)| cause);
        let errand = Errand { office: Arc::clone(office), cause };
        errand.spawn(follow(errand.clone(), delivery.number));
    }
}

/// Delivers until it is taken or given up; after the first failure it waits by itself.
async fn follow(errand: Errand, number: i64) {
    let Some(first) = once(&errand, number).await else { return };
    let again = errand.clone();
    errand.spawn(async move {
        let mut failed = first;
        loop {
            wait_for_another_try(&again, &failed.address, failed.attempt).await;
            match once(&again, number).await {
                Some(more) => failed = more,
                None => return,
            }
        }
    });
}

/// A delivery that is to be tried again: where, and how often it has failed.
struct Failed {
    address: String,
    attempt: u32,
}

/// One attempt; what has failed where it is to be tried again.
async fn once(errand: &Errand, number: i64) -> Option<Failed> {
    let found = errand.office.store.read(|db| crvs::delivery(db, number));
    let delivery = found.ok().flatten()?;
    let problem = deliver(errand, &delivery).await.err();
    let attempt = delivery.attempt + 1;
    let again = problem.is_some() && attempt < MOST_ATTEMPTS;
    if let Some(problem) = problem.as_deref().filter(|_| !again) {
        let facts = json!({"registration_id": delivery.registration_id});
        errand.event("delivery given up", problem, &facts);
    }
    let noted = errand.office.store.alter(|tx| {
        let problem = problem.as_deref().unwrap_or_default();
        crvs::note_delivery(tx, number, again, problem)
    });
    let address = delivery.subscription.callback;
    (noted.is_ok() && again).then_some(Failed { address, attempt })
}

async fn deliver(errand: &Errand, delivery: &Delivery) -> Result<(), String> {
    let subscription = &delivery.subscription;
    if !is_verified(errand, subscription).await {
        return Err(format!("{} did not confirm its subscription", subscription.client));
    }
    let body = body(errand, delivery).await.map_err(|failure| failure.told().sentence)?;
    let letter = Letter::to_address(Method::POST, &subscription.callback)
        .route("/websub/callback")
        .correlation(&delivery.registration_id)
        .header("x-hub-signature", &signature(&subscription.secret, &body))
        .bytes("application/json", body);
    match errand.send(letter).await {
        Ok(reply) if reply.is_success() => Ok(()),
        Ok(reply) => Err(format!("{} answered {}", subscription.client, reply.status)),
        Err(error) => Err(error.to_string()),
    }
}

async fn body(errand: &Errand, delivery: &Delivery) -> Result<Vec<u8>, Failure> {
    let subject: Value = serde_json::from_str(&delivery.subject).unwrap_or_default();
    let certificate = delivery.certificate.clone().ok_or_else(|| {
        let who = &delivery.subscription.client;
        Refusal::request(format!("{who} uploaded no certificate to seal credentials to"))
    })?;
    let (base, at) = (errand.own_base(), errand.stamp());
    let id = errand.office.next_uuid();
    let keys = Arc::clone(&errand.office.keys);
    let stamped = at.clone();
    let sealed = web::block(move || {
        let issued = credential::issue(&keys, &base, &id.to_string(), &stamped, &subject)?;
        credential::seal(&certificate, issued.to_string().as_bytes())
    });
    let sealed = sealed.await.ok().flatten();
    let sealed = sealed.ok_or_else(|| Refusal::request("the credential could not be sealed"))?;
    let uuid = || errand.office.next_uuid().to_string();
    let event = json!({
        "id": uuid(),
        "transactionId": uuid(),
        "type": {"namespace": "mosip", "name": "mosip"},
        "timestamp": at,
        "data": {"registrationId": delivery.registration_id, "credential": sealed,
            "credentialType": "vercred", "protectionKey": ""},
    });
    let whole = json!({"publisher": "CREDENTIAL_SERVICE", "topic": TOPIC, "publishedOn": at, "event": event});
    Ok(whole.to_string().into_bytes())
}

/// `X-Hub-Signature` (W3C `WebSub` 7.1).
fn signature(secret: &str, body: &[u8]) -> String {
    // HMAC takes a key of any length.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else {
        return String::new();
    };
    mac.update(body);
    let digest = mac.finalize().into_bytes();
    digest.iter().fold(String::from("sha256="), |text, byte| format!("{text}{byte:02x}"))
}
