//! What a person decides once they have proved who they are, whether on our page or through eSignet's calls.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::json;

use super::answers::{Failure, client_of};
use super::login::under_way;
use crate::identity::chance;
use crate::identity::model::claims::{Allowed, Wanted};
use crate::identity::model::client::Client;
use crate::identity::model::factor::Factor;
use crate::identity::model::otp::later;
use crate::identity::model::person::{Barred, Person};
use crate::identity::model::psut;
use crate::identity::model::refusal::Refusal;
use crate::identity::store::grants::{self, Granted};
use crate::identity::store::logins::{self, Login};
use crate::identity::store::people;
use crate::identity::store::records::{self, Consent, Release};
use crate::kit::server::Call;
use crate::kit::store::StoreError;

/// How long a code waits to be redeemed, on the sandbox clock.
const CODE_LIFE: SignedDuration = SignedDuration::from_secs(60);

/// A login whose person has proved who they are.
pub(super) struct Proven {
    pub(super) login: Login,
    pub(super) person: Person,
    pub(super) client: Client,
    auth_time: i64,
    factor: Factor,
    pub(super) wanted: Vec<Wanted>,
}

/// Where a login stands when its person is to decide.
pub(super) enum Stand {
    Ready(Box<Proven>),
    /// It has ended, or never was.
    Gone(String),
    NotProven,
    Barred(Box<Login>, Box<Person>, Barred),
    /// The relying party asked for somebody else.
    Other(Box<Login>, Box<Person>),
}

/// Finds out; `lang` switches the language.
pub(super) fn stand(call: &Call, ticket: &str, lang: Option<&str>) -> Result<Stand, Failure> {
    let Some(login) = under_way(call, ticket, lang)? else {
        return Ok(Stand::Gone(String::from("en")));
    };
    let (Some(auth_time), Some(factor), Some(uin)) =
        (login.auth_time, login.factor, login.uin.clone())
    else {
        return Ok(Stand::NotProven);
    };
    let client = client_of(call, &login.asked.client)?;
    let person = call.store().read(|db| people::find(db, &uin))?;
    let (Some(client), Some(person)) = (client, person) else {
        return Ok(Stand::Gone(login.language));
    };
    if let Some(why) = person.barred() {
        return Ok(Stand::Barred(Box::new(login), Box::new(person), why));
    }
    if !login.asked.admits(&psut::token(&uin, &client.partner)) {
        return Ok(Stand::Other(Box::new(login), Box::new(person)));
    }
    let wanted = login.asked.claims.wanted(&login.asked.scope, &client, &person);
    Ok(Stand::Ready(Box::new(Proven { login, person, client, auth_time, factor, wanted })))
}

/// Ends a login in which the relying party asked for somebody else than `person`, and says so; nothing where it was
/// ended before.
pub(super) fn turn_away(
    call: &Call,
    login: &Login,
    person: &Person,
) -> Result<Option<Refusal>, Failure> {
    let line = Release {
        asker: login.asked.client.clone(),
        occasion: "login refused: somebody else was asked for".into(),
        released: String::new(),
        at: call.errand.stamp(),
    };
    let ended = call.store().alter(|tx| {
        let ended = logins::finish(tx, &login.ticket)?;
        if ended {
            records::audit(tx, &person.uin, &line)?;
        }
        Ok(ended)
    })?;
    let sentence = "somebody else logged in than the person whom `id_token_hint` or the claim `sub` names; begin again";
    Ok(ended.then(|| Refusal::new("login_required", sentence)))
}

/// Ends the login with a no; false where it was ended before.
pub(super) fn refuse(call: &Call, it: &Proven) -> Result<bool, Failure> {
    if !keep(call, it, "refused", &BTreeSet::new(), None)? {
        return Ok(false);
    }
    let facts = json!({"client": it.client.id, "decision": "refused"});
    call.errand.event("consent refused", "The person did not allow anything to be told.", &facts);
    Ok(true)
}

/// Ends the login with a yes to `allowed`, and gives the code; nothing where it was ended before.
pub(super) fn allow(
    call: &Call,
    it: &Proven,
    allowed: &BTreeSet<String>,
) -> Result<Option<String>, Failure> {
    let code = chance::unguessable()?;
    if !keep(call, it, "allowed", allowed, Some(&code))? {
        return Ok(None);
    }
    let facts = json!({"client": it.client.id, "decision": "allowed", "claims": allowed});
    call.errand.event("consent given", "The person allowed these claims to be told.", &facts);
    Ok(Some(code))
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
        acr: asked.reached(it.factor).into(),
        factor: it.factor,
        auth_time: it.auth_time,
        locales: asked.locales.clone(),
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
