//! `/consent/{ticket}`: the page where a person sees what is asked, and decides. `decision=allow` tells what is ticked
//! (`claims`, once each; `*` stands for all that was asked) and what the relying party cannot do without.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::answers::{Failure, client_of};
use super::authorize::{see_other, send_back, send_refusal};
use super::login::{barred, broken, gone, under_way};
use crate::identity::chance;
use crate::identity::model::claims::{self, Allowed, Wanted};
use crate::identity::model::client::Client;
use crate::identity::model::fields::Fields;
use crate::identity::model::otp::later;
use crate::identity::model::person::Person;
use crate::identity::model::refusal::Refusal;
use crate::identity::model::request::Back;
use crate::identity::pages::{self, ClaimLine, ConsentPage, Frame};
use crate::identity::store::grants::{self, Granted};
use crate::identity::store::logins::{self, Login};
use crate::identity::store::people;
use crate::identity::store::records::{self, Consent};
use crate::kit::server::{Call, Part};
use crate::kit::store::StoreError;

/// How long a code waits to be redeemed, on the sandbox clock.
const CODE_LIFE: SignedDuration = SignedDuration::from_secs(60);

/// A login whose person has proved who they are.
struct Proven {
    login: Login,
    person: Person,
    client: Client,
    auth_time: i64,
    wanted: Vec<Wanted>,
}

pub(super) async fn show(call: Call, ticket: Part, request: HttpRequest) -> HttpResponse {
    let lang = Fields::read(request.query_string()).owned("lang");
    let answer = proven(&call, &ticket, lang.as_deref()).map(|proven| {
        proven.map_or_else(|instead| instead, |proven| page(&call, &ticket, &proven))
    });
    answer.unwrap_or_else(|failure| broken(&call, failure))
}

pub(super) async fn decide(call: Call, ticket: Part) -> HttpResponse {
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
) -> Result<Result<Proven, HttpResponse>, Failure> {
    let Some(login) = under_way(call, ticket, lang)? else { return Ok(Err(gone(call, "en"))) };
    let (Some(auth_time), Some(uin)) = (login.auth_time, login.uin.clone()) else {
        return Ok(Err(see_other(&format!("{}/login/{ticket}", call.errand.own_base()))));
    };
    let client = client_of(call, &login.asked.client)?;
    let person = call.store().read(|db| people::find(db, &uin))?;
    let (Some(client), Some(person)) = (client, person) else {
        return Ok(Err(gone(call, &login.language)));
    };
    if let Some(why) = person.barred() {
        return Ok(Err(barred(call, &login.language, &person, why)));
    }
    let wanted = login.asked.claims.wanted(&login.asked.scope, &client, &person);
    Ok(Ok(Proven { login, person, client, auth_time, wanted }))
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
        value: readable(claims::value(w.claim, &it.person, &it.client)),
        essential: w.essential,
    };
    let page = ConsentPage {
        frame,
        title: texts.consent_title.replace("{client}", &it.client.name),
        action: format!("{}/consent/{ticket}", call.errand.own_base()),
        greeting: texts.consent_lead.replace("{name}", &it.person.name()),
        claims: shown.map(line).collect(),
    };
    pages::show(200, &page, Some(&it.login.asked.redirect_uri))
}

fn readable(value: Option<Value>) -> String {
    match value {
        Some(Value::String(text)) => text,
        Some(Value::Bool(true)) => String::from("✓"),
        Some(Value::Object(members)) => {
            members.get("formatted").and_then(Value::as_str).unwrap_or_default().into()
        }
        _ => String::new(),
    }
}

fn back_of(login: &Login) -> Back {
    Back { redirect_uri: login.asked.redirect_uri.clone(), state: login.asked.state.clone() }
}

fn deny(call: &Call, it: &Proven) -> Result<HttpResponse, Failure> {
    if !keep(call, it, "refused", &BTreeSet::new(), None)? {
        return Ok(gone(call, &it.login.language));
    }
    let facts = json!({"client": it.client.id, "decision": "refused"});
    call.errand.event("consent refused", "The person did not allow anything to be told.", &facts);
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
    let code = chance::unguessable()?;
    if !keep(call, it, "allowed", &allowed, Some(&code))? {
        return Ok(gone(call, &it.login.language));
    }
    let facts = json!({"client": it.client.id, "decision": "allowed", "claims": allowed});
    call.errand.event("consent given", "The person allowed these claims to be told.", &facts);
    Ok(send_back(call, &back_of(&it.login), &[("code", &code)]))
}

/// Ends the login and keeps the decision, with the code where one is given; false where it was ended before.
fn keep(
    call: &Call,
    it: &Proven,
    decision: &str,
    allowed: &BTreeSet<String>,
    code: Option<&str>,
) -> Result<bool, StoreError> {
    let asked = &it.login.asked;
    let granted = Granted {
        client: it.client.id.clone(),
        uin: it.person.uin.clone(),
        scope: asked.scope.clone(),
        allowed: Allowed::split(allowed, &asked.claims, &asked.scope),
        nonce: asked.nonce.clone(),
        acr: asked.acr.clone(),
        auth_time: it.auth_time,
    };
    let consent = Consent {
        client: it.client.id.clone(),
        decision: decision.into(),
        claims: allowed.iter().cloned().collect::<Vec<_>>().join(" "),
        at: call.errand.stamp(),
    };
    let until = later(call.errand.now(), CODE_LIFE);
    call.store().write(|tx| {
        if !logins::finish(tx, &it.login.ticket)? {
            return Ok(false);
        }
        records::keep_consent(tx, &it.person.uin, &consent)?;
        if let Some(code) = code {
            let rest = (asked.redirect_uri.as_str(), asked.challenge.as_deref(), until);
            grants::keep_code(tx, &chance::digest(code), &granted, rest)?;
        }
        Ok(true)
    })
}
