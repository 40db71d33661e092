//! How the switch passes messages on: the bytes and the signature as they came, to where the participant takes them; and
//! what the switch says in its own name.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use serde_json::Value;
use standards::fspiop::{ErrorCode, ErrorInformationObject, Version};

use super::directory::{self, Listed};
use super::model::{Place, first_base, place_for};
use crate::kit::courier::{Errand, Letter};
use crate::kit::fspiop::{
    Head, Message, Refusal, To, hub_name, in_full, part_of, payee_part_of, version_of,
};

/// A message as it came, ready to be passed on.
#[derive(Debug, Clone)]
pub(super) struct Passed {
    pub(super) method: Method,
    /// The path from the name of the resource on.
    pub(super) uri: String,
    pub(super) route: &'static str,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Bytes,
}

impl Passed {
    /// The message with this head.
    pub(super) fn new(head: &Head, route: &'static str, body: &Bytes) -> Self {
        let headers = head.passed_on().iter().map(|(n, v)| ((*n).to_owned(), v.clone()));
        Self {
            method: head.method.parse().unwrap_or_default(),
            uri: head.uri.clone(),
            route,
            headers: headers.collect(),
            body: body.clone(),
        }
    }

    /// A message that was kept: its headers as [`Passed::kept_headers`] wrote them.
    pub(super) fn kept(
        (method, uri, route): (Method, String, &'static str),
        headers: &str,
        body: String,
    ) -> Self {
        let headers = serde_json::from_str(headers).unwrap_or_default();
        Self { method, uri, route, headers, body: body.into() }
    }

    /// The headers as text to keep.
    pub(super) fn kept_headers(&self) -> String {
        serde_json::to_string(&self.headers).unwrap_or_default()
    }

    /// The body as text to keep.
    pub(super) fn kept_body(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The version in which the sender of a kept message wants to be spoken to.
pub(super) fn version_in(kept_headers: &str, resource: &str) -> Version {
    let headers: Vec<(String, String)> = serde_json::from_str(kept_headers).unwrap_or_default();
    version_of(&headers, resource)
}

/// On which side of a payment a participant is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Payer,
    Payee,
}

impl Side {
    /// Answers go to who pays; questions, and notices of the end, to who is paid.
    fn that_takes(method: &Method) -> Self {
        if *method == Method::PUT { Self::Payer } else { Self::Payee }
    }

    /// The side of `fsp` in a payment to `payee`.
    pub(super) fn of(fsp: &str, (payer, payee): (&str, &str)) -> Self {
        if fsp == payee && fsp != payer { Self::Payee } else { Self::Payer }
    }
}

/// Where a participant's keys are asked for: the base of what it registered, or its part in the cast.
pub(super) fn base_of(errand: &Errand, fsp: &str) -> Option<To> {
    match first_base(endpoints(listed(errand, fsp).as_deref())) {
        Some(base) => Some(To::Address(base)),
        None => part_of(&errand.office.room, fsp),
    }
}

/// As [`base_of`]; the switch itself where the keys were handed over to it.
pub(super) fn keys_of(errand: &Errand, fsp: &str) -> Option<To> {
    let is_kept = listed(errand, fsp).is_some_and(|listed| listed.keys.is_some());
    let own = errand.office.room.base_of(errand.office.system.name).filter(|_| is_kept);
    own.map(|base| To::Address(format!("{base}/keys/{fsp}"))).or_else(|| base_of(errand, fsp))
}

fn listed(errand: &Errand, fsp: &str) -> Option<Arc<Listed>> {
    directory::look_up(&errand.office, fsp)
        .inspect_err(|error| {
            tracing::error!(error = in_full(error), fsp, "the addresses could not be read");
        })
        .ok()
}

fn endpoints(listed: Option<&Listed>) -> &[(String, String)] {
    listed.map_or(&[], |listed| &listed.endpoints)
}

/// Where a participant takes a message: the address registered for its kind, or its part in the cast.
pub(super) fn place_of(
    errand: &Errand,
    (fsp, side): (&str, Side),
    (method, uri): (&Method, &str),
) -> Option<To> {
    let listed = listed(errand, fsp);
    match place_for(endpoints(listed.as_deref()), (method.as_str(), uri)) {
        Some(Place::Base(base)) => Some(To::Address(base)),
        Some(Place::Whole(address)) => Some(To::Exactly(address)),
        None if side == Side::Payee => payee_part_of(&errand.office.room, fsp),
        None => part_of(&errand.office.room, fsp),
    }
}

/// Passes a message on to `fsp`. A refusal says that the participant did not take it, and why.
pub(super) async fn pass_on(errand: &Errand, message: Passed, fsp: &str) -> Result<(), Refusal> {
    let side = Side::that_takes(&message.method);
    let place = place_of(errand, (fsp, side), (&message.method, &message.uri))
        .ok_or_else(|| unreached(fsp, "it has no address"))?;
    let mut letter = place.letter(message.method, &message.uri, message.route);
    let mut is_addressed = false;
    for (name, value) in &message.headers {
        is_addressed |= name.eq_ignore_ascii_case("FSPIOP-Destination");
        letter = letter.header(name, value);
    }
    if !is_addressed {
        letter = letter.header("FSPIOP-Destination", fsp);
    }
    hand_over(errand, letter.body(message.body), fsp).await
}

fn unreached(fsp: &str, why: &str) -> Refusal {
    Refusal::new(ErrorCode::DESTINATION_COMMUNICATION, format!("{fsp} was not reached: {why}"))
}

async fn hand_over(errand: &Errand, letter: Letter, fsp: &str) -> Result<(), Refusal> {
    match errand.send(letter).await {
        Ok(reply) if reply.is_success() => Ok(()),
        Ok(reply) => Err(match reply.json::<ErrorInformationObject>() {
            Ok(ErrorInformationObject { error_information: said }) => Refusal::from(said),
            Err(_) if is_definite(reply.status) => {
                let sentence = format!("{fsp} refused it with {} and gave no reason", reply.status);
                Refusal::new(ErrorCode::DESTINATION_FSP, sentence)
            }
            Err(_) => unreached(fsp, &format!("it answered {}", reply.status)),
        }),
        Err(error) => Err(unreached(fsp, &error.to_string())),
    }
}

/// Whether a status says that the message is not taken, now or later: not that it took too long, or came too often.
fn is_definite(status: u16) -> bool {
    (400..500).contains(&status) && !matches!(status, 408 | 425 | 429)
}

/// The address of a participant's part in deliveries that are tried again, for how long to wait between them.
pub(super) fn address_of(errand: &Errand, fsp: &str) -> String {
    let place = place_of(errand, (fsp, Side::Payee), (&Method::POST, "/transfers"));
    match place {
        Some(To::Address(address) | To::Exactly(address)) => address,
        Some(To::Part(part, _)) => errand.office.room.base_of(&part).unwrap_or_default(),
        None => String::new(),
    }
}

/// What the switch says in its own name.
#[derive(Debug, Clone, Copy)]
pub(super) struct Own<'a> {
    pub(super) method: &'a Method,
    pub(super) uri: &'a str,
    pub(super) route: &'static str,
    pub(super) version: Version,
    pub(super) to: Side,
}

/// Sends a message of the switch itself to `fsp`. One that nobody takes is lost: the participant asks (GET) for it.
pub(super) async fn say(errand: &Errand, own: Own<'_>, fsp: &str, body: &Value) {
    if let Err(why) = ask(errand, own, fsp, body).await {
        tracing::info!(%why, fsp, uri = own.uri, "a participant was not told");
    }
}

/// As [`say`], where it matters whether the participant took it.
pub(super) async fn ask(
    errand: &Errand,
    own: Own<'_>,
    fsp: &str,
    body: &Value,
) -> Result<(), Refusal> {
    let place = place_of(errand, (fsp, own.to), (own.method, own.uri))
        .ok_or_else(|| unreached(fsp, "it has no address"))?;
    let message = Message {
        method: own.method.clone(),
        uri: own.uri,
        route: own.route,
        version: own.version,
        source: hub_name(&errand.office),
        destination: Some(fsp),
        body: Some(body),
    };
    hand_over(errand, message.letter(errand, &place), fsp).await
}

/// Tells `fsp` that what it asked for as the payer failed: `PUT {uri}/error`.
pub(super) async fn say_error(
    errand: &Errand,
    what: (&str, &'static str, Version),
    fsp: &str,
    why: &Refusal,
) {
    say_error_to(errand, what, (fsp, Side::Payer), why).await;
}

/// As [`say_error`], to who pays or who is paid.
pub(super) async fn say_error_to(
    errand: &Errand,
    (uri, route, version): (&str, &'static str, Version),
    (fsp, to): (&str, Side),
    why: &Refusal,
) {
    let uri = format!("{uri}/error");
    let own = Own { method: &Method::PUT, uri: &uri, route, version, to };
    say(errand, own, fsp, &why.body()).await;
}
