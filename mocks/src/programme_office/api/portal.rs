//! The portal: apply, log in, see where the application stands. Our own routes; the way back from the login is OpenID
//! Connect Core 3.1.2.5 and 3.1.2.6.

use actix_web::http::header::{ACCEPT, LOCATION};
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::page;
use crate::kit::journal::stamp;
use crate::kit::openapi::{Routes, says};
use crate::kit::seed::{cast_phone, cast_uin};
use crate::kit::server::Call;
use crate::programme_office::api::{failed, refuse};
use crate::programme_office::model::application::{Application, Refusal, Stage, two_letters};
use crate::programme_office::model::decisions::{self, Verdict};
use crate::programme_office::model::payment::Payment;
use crate::programme_office::model::wish::Wish;
use crate::programme_office::store::{self, Consent, Login, Trouble};
use crate::programme_office::work::assess;
use crate::programme_office::work::login::{self, LoginError, Verified};
use crate::programme_office::work::outcome;

/// A consent holds for so long.
const CONSENT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What an applicant does.
pub(in crate::programme_office) fn routes(routes: &mut Routes) {
    let ours = |summary| says(summary).tag("portal");
    let wish = json!({"programme": "OAP", "uin": cast_uin("tomas"), "phone": format!("+{}", cast_phone("tomas"))});
    routes
        .post(
            "/portal/applications",
            apply,
            ours("Applies for a programme")
                .takes::<Wish>(wish)
                .gives::<Value>(201, "The application, and where to log in"),
        )
        .get(
            "/portal/applications/{id}",
            show,
            ours("How an application stands")
                .more("A page for a browser.")
                .path("id", FIRST)
                .gives::<Value>(200, "Whole")
                .after(APPLIED),
        )
        .post(
            "/portal/applications/{id}/login",
            log_in_again,
            ours("Logs in once more")
                .path("id", FIRST)
                .gives::<Value>(201, "Where to log in")
                .after(APPLIED),
        )
        .get(
            "/portal/callback",
            callback,
            ours("Takes the answer of Arenoa ID")
                .more("OpenID Connect Core 1.0, section 3.1.2.5.")
                .asks("state", "...")
                .query("code", "...")
                .gives_nothing(303, "To the application")
                .after("a login at Arenoa ID"),
        );
}

/// The first application of a year, in examples.
pub(in crate::programme_office) const FIRST: &str = "APP-2026-000001";
pub(in crate::programme_office) const APPLIED: &str = "somebody has applied";

/// What the identity system sends the browser back with.
#[derive(Debug, Deserialize)]
struct Back {
    #[serde(default)]
    state: String,
    code: Option<String>,
    error: Option<String>,
    error_description: Option<String>,
    iss: Option<String>,
}

/// `POST /portal/applications`.
async fn apply(call: Call) -> HttpResponse {
    let opened = Wish::read(&call.body).map_err(Trouble::from).and_then(|wish| {
        let programmes = store::programmes(&call.errand.office)?;
        let programme = programmes.find(&wish.programme);
        let programme = programme.map_err(|e| Refusal::Programme(e.to_string()))?;
        let application = store::open(call.store(), wish, &call.errand.stamp())?;
        Ok((application, format!("An application for the {} comes in.", programme.name("en"))))
    });
    match opened {
        Ok((application, sentence)) => {
            call.correlation(&application.id);
            let body = json!({"application": application.id, "state": application.state()});
            call.errand.event("application draft", &sentence, &body);
            with_login(&call, &application)
        }
        Err(trouble) => refuse(&call, &trouble),
    }
}

/// `POST /portal/applications/{id}/login`: another login where the first was not completed, or consent has expired.
async fn log_in_again(call: Call, id: Path<String>) -> HttpResponse {
    match store::application(call.store(), &id) {
        Ok(application) if may_log_in(application.stage) => with_login(&call, &application),
        Ok(application) => {
            let refused = application.not_now("logged in to", "a draft or undetermined");
            refuse(&call, &refused.into())
        }
        Err(trouble) => refuse(&call, &trouble),
    }
}

fn may_log_in(stage: Stage) -> bool {
    matches!(stage, Stage::Login | Stage::ConsentRefused | Stage::Undetermined)
}

fn with_login(call: &Call, application: &Application) -> HttpResponse {
    let begun = login::begin(&call.errand, application);
    let (login, address) = match begun {
        Ok(begun) => begun,
        Err(error) => return failed(call, &error.to_string()),
    };
    if let Err(error) = store::keep_login(call.store(), &login) {
        return failed(call, &error.to_string());
    }
    HttpResponse::Created().json(json!({
        "application_id": application.id,
        "state": application.state(),
        "login": address,
    }))
}

/// `GET /portal/callback`: the person comes back from the identity system.
async fn callback(call: Call, back: Query<Back>) -> HttpResponse {
    let login = match store::take_login(call.store(), &back.state) {
        Ok(Some(login)) => login,
        Ok(None) => {
            let sentence = "no login with this state was begun here: apply again";
            return refuse(&call, &Refusal::Malformed(sentence.into()).into());
        }
        Err(error) => return failed(&call, &error.to_string()),
    };
    call.correlation(&login.application);
    if !login::comes_from_provider(&call.errand, back.iss.as_deref()) {
        let sentence = "this answer names another issuer than the one that was asked";
        return refuse(&call, &Refusal::Malformed(sentence.into()).into());
    }
    // A browser that comes twice sees where the application stands; nothing is done twice.
    if !login.used
        && let Err(trouble) = come_back(&call, &login, &back).await
    {
        return refuse(&call, &trouble);
    }
    let page = format!("{}/portal/applications/{}", call.errand.own_base(), login.application);
    HttpResponse::SeeOther().insert_header((LOCATION, page)).finish()
}

async fn come_back(call: &Call, login: &Login, back: &Back) -> Result<(), Trouble> {
    let Some(code) = back.code.as_deref().filter(|_| back.error.is_none()) else {
        return turned_away(call, login, back);
    };
    match login::complete(&call.errand, login, code).await {
        Ok(verified) => logged_in(call, login, &verified),
        Err(error) => not_logged_in(call, login, &error),
    }
}

/// The person refused, or the identity system did.
fn turned_away(call: &Call, login: &Login, back: &Back) -> Result<(), Trouble> {
    let refused = back.error.as_deref() == Some("access_denied");
    let (stage, reason) = if refused {
        let reason = "The applicant did not agree; no registry is asked.";
        (Stage::ConsentRefused, String::from(reason))
    } else {
        let why = back.error_description.as_deref().or(back.error.as_deref());
        let why = why.unwrap_or("neither a code nor an error came back");
        (Stage::Login, format!("The login was not completed: {why}."))
    };
    let (now, ()) = store::change(call.store(), &login.application, |application, _| {
        if may_log_in(application.stage) {
            application.stand(stage, reason);
        }
        Ok(())
    })?;
    let body = json!({"application": now.id, "state": now.state()});
    call.errand.event(&format!("application {}", now.state()), &now.reason, &body);
    Ok(())
}

fn not_logged_in(call: &Call, login: &Login, error: &LoginError) -> Result<(), Trouble> {
    call.remark(&error.to_string());
    let reason = format!("The login could not be completed: {error}.");
    store::change(call.store(), &login.application, |application, _| {
        if may_log_in(application.stage) {
            application.stand(Stage::Login, reason);
        }
        Ok(())
    })?;
    Ok(())
}

/// **D1**, the consent, and the assessment in the background.
fn logged_in(call: &Call, login: &Login, verified: &Verified) -> Result<(), Trouble> {
    let programmes = store::programmes(&call.errand.office)?;
    let facts = assess::of_login(verified, &login.application, call.errand.stamp());
    let (now, begun) = store::change(call.store(), &login.application, |application, _| {
        if !may_log_in(application.stage) {
            return Ok(false);
        }
        application.facts.learn(facts);
        if let Some(locale) = &verified.locale {
            application.language = two_letters(locale);
        }
        let programme = programmes.find(&application.programme)?;
        let (claimed, released) = (application.uin.as_deref(), verified.uin.as_deref());
        let d1 = decisions::authenticated(programme, &application.facts, claimed, released);
        let passed = d1.verdict == Verdict::Pass;
        application.stand(
            if passed { Stage::Assessing } else { Stage::NeedsReview },
            d1.sentence.as_str(),
        );
        application.record(d1);
        Ok(passed)
    })?;
    if let Some(d1) = now.decisions.iter().find(|d| d.id == "D1") {
        call.errand.event("decision D1", &d1.sentence, &d1.shown(&now));
    }
    if begun {
        let sources = programmes.find(&now.programme)?.sources();
        keep_consent(call, &now, sources)?;
        call.later(outcome::carry_on(call.errand.clone(), now.id));
    }
    Ok(())
}

fn keep_consent(call: &Call, application: &Application, sources: &[String]) -> Result<(), Trouble> {
    let until = call.errand.now().saturating_add(CONSENT).unwrap_or(call.errand.now());
    let consent = Consent {
        id: String::new(),
        purpose: format!("SP.ELIG.{}", application.programme),
        sources: sources.to_vec(),
        given_at: call.errand.stamp(),
        expires_at: stamp(until),
    };
    let consent = store::keep_consent(call.store(), &application.id, consent)?;
    let sentence = format!(
        "The applicant agrees that {} may be asked until {}.",
        consent.sources.join(", ").replace('_', " "),
        consent.expires_at.get(..10).unwrap_or_default()
    );
    call.errand.event("consent given", &sentence, &json!(consent));
    Ok(())
}

/// `GET /portal/applications/{id}`: a page for a browser, JSON for everybody else.
async fn show(call: Call, id: Path<String>, request: HttpRequest) -> HttpResponse {
    let application = match store::application(call.store(), &id) {
        Ok(application) => application,
        Err(trouble) => return refuse(&call, &trouble),
    };
    let wants_page = request.headers().get(ACCEPT).and_then(|a| a.to_str().ok());
    let whole = match whole(&call, &application) {
        Ok(whole) => whole,
        Err(trouble) => return refuse(&call, &trouble),
    };
    if wants_page.is_some_and(|accept| accept.contains("text/html")) {
        return match store::programmes(&call.errand.office) {
            Ok(programmes) => page::show(&application, &programmes, &whole),
            Err(trouble) => refuse(&call, &trouble),
        };
    }
    HttpResponse::Ok().json(whole)
}

/// An application with its consent, payments and decisions.
pub(in crate::programme_office) fn whole(
    call: &Call,
    application: &Application,
) -> Result<Value, Trouble> {
    let consent = store::consent(call.store(), &application.id)?;
    let payments = store::payments(call.store(), &application.id)?;
    Ok(json!({
        "application_id": application.id,
        "programme": application.programme,
        "state": application.state(),
        "membership": application.membership,
        "reason": application.reason,
        "exception": application.exception,
        "uin": application.uin,
        "phone": application.phone,
        "channel": application.channel,
        "language": application.language,
        "applied_at": application.applied_at,
        "consent": consent,
        "facts": application.facts.all().collect::<Vec<_>>(),
        "decisions": application.decisions,
        "candidates": application.candidates,
        "notes": application.notes,
        "payments": payments.iter().map(Payment::shown).collect::<Vec<_>>(),
    }))
}
