//! `/consent/{ticket}`: the page where a person sees what is asked, and decides. `decision=allow` tells what is ticked
//! (`claims`, once each; `*` stands for all that was asked) and what the relying party cannot do without.

use std::collections::BTreeSet;

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use super::answers::Failure;
use super::authorize::{see_other, send_back, send_refusal};
use super::deciding::{self, Proven, Stand};
use super::login::{back_of, barred, broken, gone};
use crate::identity::model::claims::{self, Wanted};
use crate::identity::model::fields::Fields;
use crate::identity::model::person::Person;
use crate::identity::model::refusal::Refusal;
use crate::identity::pages::{self, ClaimLine, ConsentPage, Frame, LANGUAGES, Texts};
use crate::kit::server::Call;

pub(super) async fn show(call: Call, ticket: Path<String>, request: HttpRequest) -> HttpResponse {
    let lang = Fields::read(request.query_string()).owned("lang");
    let answer = proven(&call, &ticket, lang.as_deref()).map(|proven| {
        proven.map_or_else(|instead| instead, |proven| page(&call, &ticket, &proven))
    });
    answer.unwrap_or_else(|failure| broken(&call, failure))
}

pub(super) async fn decide(call: Call, ticket: Path<String>) -> HttpResponse {
    let fields = Fields::read(&String::from_utf8_lossy(&call.body));
    let answer =
        proven(&call, &ticket, None).and_then(|proven| match (proven, fields.get("decision")) {
            (Err(instead), _) => Ok(instead),
            (Ok(proven), Some("allow")) => allow(&call, &proven, &fields.all("claims")),
            (Ok(proven), Some("deny")) => deny(&call, &proven),
            (Ok(proven), _) => Ok(page(&call, &ticket, &proven)),
        });
    answer.unwrap_or_else(|failure| broken(&call, failure))
}

/// The login that may be decided about, or the answer that tells why there is none.
fn proven(
    call: &Call,
    ticket: &str,
    lang: Option<&str>,
) -> Result<Result<Box<Proven>, HttpResponse>, Failure> {
    Ok(Err(match deciding::stand(call, ticket, lang)? {
        Stand::Ready(proven) => return Ok(Ok(proven)),
        Stand::Gone(language) => gone(call, &language),
        Stand::NotProven => see_other(&format!("{}/login/{ticket}", call.errand.own_base())),
        Stand::Barred(login, person, why) => barred(call, &login, &person, why),
        Stand::Other(login, person) => match deciding::turn_away(call, &login, &person)? {
            Some(refusal) => send_refusal(call, &back_of(&login), &refusal),
            None => gone(call, &login.language),
        },
    }))
}

fn page(call: &Call, ticket: &str, it: &Proven) -> HttpResponse {
    let frame = Frame::new(&it.login.language, true);
    let texts = frame.texts;
    // Whether a number was checked goes with the number.
    let numbered = it.wanted.iter().any(|w| w.claim == "phone_number");
    let shown = it.wanted.iter().filter(|w| !(numbered && w.claim == "phone_number_verified"));
    let line = |w: &Wanted| ClaimLine {
        claim: w.claim,
        label: texts.claim(w.claim),
        value: claims::value(w.claim, &it.person, &it.client)
            .map(|value| in_words(texts, w.claim, &it.person).unwrap_or_else(|| readable(&value)))
            .unwrap_or_default(),
        essential: w.essential,
    };
    let page = ConsentPage {
        frame,
        title: texts.consent_title.replace("{client}", &it.client.name),
        action: format!("{}/consent/{ticket}", call.errand.own_base()),
        greeting: texts.consent_lead.replace("{name}", &it.person.name()),
        claims: shown.map(line).collect(),
        purpose: texts.purpose(&it.client.id),
    };
    pages::show(200, &page, Some(&it.login.asked.redirect_uri))
}

/// What is told as a code, as the person calls it.
fn in_words(texts: &Texts, claim: &str, person: &Person) -> Option<String> {
    match claim {
        "gender" => Some(texts.sex(&person.sex).to_owned()),
        "locale" => {
            let spoken =
                LANGUAGES.iter().find(|(code, _)| Some(*code) == person.language.as_deref());
            spoken.map(|(_, name)| (*name).to_owned())
        }
        _ => None,
    }
}

fn readable(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => String::from("✓"),
        Value::Object(members) => {
            members.get("formatted").and_then(Value::as_str).unwrap_or_default().into()
        }
        _ => String::new(),
    }
}

fn deny(call: &Call, it: &Proven) -> Result<HttpResponse, Failure> {
    if !deciding::refuse(call, it)? {
        return Ok(gone(call, &it.login.language));
    }
    let refusal = Refusal::new("access_denied", "the person did not allow it");
    Ok(send_refusal(call, &back_of(&it.login), &refusal))
}

fn allow(call: &Call, it: &Proven, ticked: &BTreeSet<String>) -> Result<HttpResponse, Failure> {
    let all = ticked.contains("*");
    let yes = |w: &&Wanted| {
        let with_number = w.claim == "phone_number_verified" && ticked.contains("phone_number");
        all || w.essential || with_number || ticked.contains(w.claim)
    };
    let allowed: BTreeSet<String> =
        it.wanted.iter().filter(yes).map(|w| w.claim.to_owned()).collect();
    Ok(match deciding::allow(call, it, &allowed)? {
        Some(code) => send_back(call, &back_of(&it.login), &[("code", &code)]),
        None => gone(call, &it.login.language),
    })
}
