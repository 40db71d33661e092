//! `GET` and `POST /authorize`: a relying party asks for a login (`OpenID Connect` Core 3.1.2).

use actix_web::http::Method;
use actix_web::http::header::{CACHE_CONTROL, LOCATION};
use actix_web::{HttpRequest, HttpResponse};
use jiff::SignedDuration;
use url::Url;

use super::answers::{Failure, client_of};
use crate::identity::chance;
use crate::identity::model::claims::{is_list, no_json};
use crate::identity::model::client::Client;
use crate::identity::model::fields::Fields;
use crate::identity::model::otp::later;
use crate::identity::model::refusal::Refusal;
use crate::identity::model::request::{Asked, Back};
use crate::identity::pages::{Frame, NoticePage, language_of, show};
use crate::identity::signer;
use crate::identity::store::logins::{self, Login};
use crate::kit::clock::wall;
use crate::kit::room::Policy;
use crate::kit::server::Call;

/// What eSignet's call answers about a ticket, as a digest.
type Details<'a> = &'a dyn Fn(&str) -> String;

/// How long a person may take, on the sandbox clock.
const LIFE: SignedDuration = SignedDuration::from_mins(30);

pub(super) async fn authorize(call: Call, request: HttpRequest) -> HttpResponse {
    let fields = if request.method() == Method::POST {
        Fields::read(&String::from_utf8_lossy(&call.body))
    } else {
        Fields::read(request.query_string())
    };
    let accepted = request.headers().get("accept-language").and_then(|v| v.to_str().ok());
    let language = language_of(&fields.words("ui_locales"), accepted.unwrap_or_default());
    match begin(&call, &fields, language).await {
        Ok(answer) => answer,
        Err(failure) => misasked(&call, &failure.told(), language),
    }
}

async fn begin(
    call: &Call,
    fields: &Fields,
    language: &'static str,
) -> Result<HttpResponse, Failure> {
    let id = fields.get("client_id").ok_or_else(|| Refusal::request("`client_id` is missing"))?;
    let Some(client) = client_of(call, id)? else {
        return Err(
            Refusal::new("unauthorized_client", format!("`{id}` is not registered here")).into()
        );
    };
    let back = Back::read(fields, &client)?;
    let asked = match asked(call, fields, &client, &back).await {
        Ok(asked) => asked,
        Err(refusal) => return Ok(send_refusal(call, &back, &refusal)),
    };
    let ticket = open(call, asked, (language, None))?;
    Ok(see_other(&format!("{}/login/{ticket}", call.errand.own_base())))
}

/// What is asked for, with the person whom `id_token_hint` names.
pub(super) async fn asked(
    call: &Call,
    fields: &Fields,
    client: &Client,
    back: &Back,
) -> Result<Asked, Refusal> {
    if fields.get("claims").is_some_and(is_list) {
        if call.room().policy() == Policy::Strict {
            return Err(no_json("it is a list of names"));
        }
        call.remark(
            "`claims` is a list of names and no JSON: each is asked for, and none is essential",
        );
    }
    let asked = Asked::read(fields, client, back)?;
    let Some(hint) = fields.get("id_token_hint") else { return Ok(asked) };
    let issuer = call.errand.own_base();
    let parties = (issuer.as_str(), client.id.as_str());
    let hinted = signer::hinted_subject(&call.errand.office, hint, parties).await;
    let foreign = || {
        Refusal::request(format!(
            "`id_token_hint` is no id_token that Arenoa ID gave to {}: send one as it came, or leave it out",
            client.id
        ))
    };
    Ok(Asked { hinted: Some(hinted.ok_or_else(foreign)?), ..asked })
}

/// Opens a login in `language` and gives its ticket; `details` is the digest of what eSignet's call answered.
pub(super) fn open(
    call: &Call,
    asked: Asked,
    (language, details): (&str, Option<Details<'_>>),
) -> Result<String, Failure> {
    let ticket = chance::unguessable()?;
    let login = Login {
        ticket: chance::digest(&ticket),
        details: details.map(|told| told(&ticket)),
        asked,
        language: language.into(),
        uin: None,
        vid: None,
        otp: None,
        auth_time: None,
        factor: None,
        until: later(call.errand.now(), LIFE),
        finished: false,
    };
    logins::open(call.store(), &login, (call.errand.now(), wall().as_second()))?;
    Ok(ticket)
}

/// Tells the person, since the relying party has no address that may be trusted.
fn misasked(call: &Call, refusal: &Refusal, language: &str) -> HttpResponse {
    call.remark(&refusal.sentence);
    let frame = Frame::new(language, false);
    let page = NoticePage {
        title: frame.texts.error_title.clone(),
        text: frame.texts.error_text.clone(),
        detail: format!("{}: {}", refusal.error, refusal.sentence),
        back: None,
        frame,
    };
    show(refusal.status(), &page, None)
}

/// Sends an error to the relying party (RFC 6749, 4.1.2.1).
pub(super) fn send_refusal(call: &Call, back: &Back, refusal: &Refusal) -> HttpResponse {
    call.remark(&refusal.sentence);
    send_back(call, back, &refusal.parameters())
}

/// Sends the person back to the relying party with `answer`, `state` and `iss` (RFC 9207).
pub(super) fn send_back(call: &Call, back: &Back, answer: &[(&str, &str)]) -> HttpResponse {
    let Some(address) = back_address(call, back, answer) else {
        let sentence = format!("`{}` is registered, but it is no address", back.redirect_uri);
        return misasked(call, &Refusal::request(sentence), "en");
    };
    see_other(&address)
}

/// The relying party's address with `answer`, `state` and `iss`; nothing where what is registered is no address.
pub(super) fn back_address(call: &Call, back: &Back, answer: &[(&str, &str)]) -> Option<String> {
    let mut url = Url::parse(&back.redirect_uri).ok()?;
    let state = back.state.as_deref().map(|state| ("state", state));
    let issuer = call.errand.own_base();
    let pairs = answer.iter().copied().chain(state).chain([("iss", issuer.as_str())]);
    url.query_pairs_mut().extend_pairs(pairs);
    Some(url.into())
}

/// Leads a browser on with GET.
pub(super) fn see_other(address: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((LOCATION, address))
        .insert_header((CACHE_CONTROL, "no-store"))
        .finish()
}
