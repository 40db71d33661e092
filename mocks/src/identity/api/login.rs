//! `/login/{ticket}`: the pages where a person says who they are and proves it with a one-time code. Our own; eSignet
//! does the same with script.

use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;
use serde_json::json;

use super::answers::{Failure, client_of};
use super::authorize::see_other;
use super::settings::one_time_code;
use crate::identity::chance;
use crate::identity::model::fields::Fields;
use crate::identity::model::otp::{self, Outcome};
use crate::identity::model::person::{Barred, Person, is_number};
use crate::identity::pages;
use crate::identity::pages::{Frame, LANGUAGES, LoginPage, NoticePage, Texts};
use crate::identity::store::logins::{self, Login};
use crate::identity::store::people;
use crate::kit::clock::wall;
use crate::kit::courier::Letter;
use crate::kit::server::{Call, Part};

pub(super) async fn show(call: Call, ticket: Part, request: HttpRequest) -> HttpResponse {
    let lang = Fields::read(request.query_string()).owned("lang");
    let answer = under_way(&call, &ticket, lang.as_deref()).and_then(|login| match login {
        None => Ok(gone(&call, "en")),
        Some(login) if login.auth_time.is_some() => Ok(see_other(&consent_address(&call, &ticket))),
        Some(login) => page(&call, &ticket, &login, (200, "")),
    });
    answer.unwrap_or_else(|failure| broken(&call, failure))
}

pub(super) async fn send_code(call: Call, ticket: Part) -> HttpResponse {
    let fields = Fields::read(&String::from_utf8_lossy(&call.body));
    let number = fields.get("individual_id").unwrap_or_default().replace([' ', '-'], "");
    send(&call, &ticket, &number).await.unwrap_or_else(|failure| broken(&call, failure))
}

pub(super) async fn check_code(call: Call, ticket: Part) -> HttpResponse {
    let fields = Fields::read(&String::from_utf8_lossy(&call.body));
    let otp = fields.get("otp").unwrap_or_default().replace([' ', '-'], "");
    check(&call, &ticket, &otp).unwrap_or_else(|failure| broken(&call, failure))
}

async fn send(call: &Call, ticket: &str, number: &str) -> Result<HttpResponse, Failure> {
    let Some(login) = under_way(call, ticket, None)? else { return Ok(gone(call, "en")) };
    let texts = Frame::new(&login.language, true).texts;
    let refuse = |status, trouble: &str| page(call, ticket, &login, (status, trouble));
    let person = call.store().read(|db| people::find(db, number))?.filter(|_| is_number(number));
    let Some(person) = person else { return refuse(404, &texts.unknown_number) };
    if let Some(why) = person.barred() {
        return Ok(barred(call, &login.language, &person, why));
    }
    let (_, locked_until) = call.store().read(|db| logins::lock_of(db, number))?;
    if let Some(until) = otp::locked(locked_until, call.errand.now()) {
        return refuse(429, &locked_text(texts, until));
    }
    let Some(phone) = person.phone.clone() else { return refuse(422, &texts.no_phone) };
    let code = one_time_code(call)?;
    let until = otp::later(call.errand.now(), otp::LIFE);
    let digest = chance::digest(&format!("{}{code}", login.ticket));
    logins::keep_otp(call.store(), &login.ticket, &person.uin, (&digest, until))?;
    let sms = json!({"to": phone, "text": texts.sms.replace("{code}", &code)});
    let delivered = call.errand.send(Letter::post("messenger", "/sms").json(&sms)).await;
    if !delivered.is_ok_and(|reply| reply.is_success()) {
        return refuse(502, &texts.not_delivered);
    }
    Ok(see_other(&format!("{}/login/{ticket}", call.errand.own_base())))
}

fn check(call: &Call, ticket: &str, otp: &str) -> Result<HttpResponse, Failure> {
    let Some(login) = under_way(call, ticket, None)? else { return Ok(gone(call, "en")) };
    let texts = Frame::new(&login.language, true).texts;
    let typed = chance::digest(&format!("{}{otp}", login.ticket));
    let now = (call.errand.now(), wall().as_second());
    let (status, trouble) = match logins::attempt(call.store(), &login.ticket, &typed, now)? {
        Outcome::Right => return Ok(see_other(&consent_address(call, ticket))),
        Outcome::Wrong { left } => (401, texts.wrong_code.replace("{left}", &left.to_string())),
        Outcome::Expired => (401, texts.expired_code.clone()),
        Outcome::NotSent => (409, texts.no_code.clone()),
        Outcome::Locked { until } => (429, locked_text(texts, until)),
        Outcome::LockedNow { until } => {
            let facts = json!({"wrong_codes": otp::TRIES, "until": until.to_string()});
            call.errand.event("login locked", "Too many wrong one-time codes in a row.", &facts);
            (429, locked_text(texts, until))
        }
    };
    page(call, ticket, &login, (status, &trouble))
}

/// The login with this ticket, while it may still be used; `lang` switches its language.
pub(super) fn under_way(
    call: &Call,
    ticket: &str,
    lang: Option<&str>,
) -> Result<Option<Login>, Failure> {
    let digest = chance::digest(ticket);
    let found = call.store().read(|db| logins::find(db, &digest))?;
    let Some(mut login) = found.filter(|l| !l.finished && call.errand.now() < l.until) else {
        return Ok(None);
    };
    if let Some((code, _)) = LANGUAGES.iter().find(|(code, _)| Some(*code) == lang) {
        logins::speak(call.store(), &digest, code)?;
        login.language = (*code).into();
    }
    Ok(Some(login))
}

fn page(
    call: &Call,
    ticket: &str,
    login: &Login,
    (status, trouble): (u16, &str),
) -> Result<HttpResponse, Failure> {
    let frame = Frame::new(&login.language, status == 200);
    let (texts, uin) = (frame.texts, login.uin.as_deref().unwrap_or_default());
    let person = call.store().read(|db| people::find(db, uin))?;
    let asking = login.otp.is_some() && !matches!(status, 404 | 422 | 429 | 502);
    let sent = match person.as_ref().and_then(Person::masked_phone) {
        Some(phone) if asking => sent_text(call, texts, &phone)?,
        _ => String::new(),
    };
    let client = client_of(call, &login.asked.client)?.map_or_else(String::new, |c| c.name);
    if !trouble.is_empty() {
        call.remark(trouble);
    }
    let number =
        if uin.is_empty() { login.asked.login_hint.as_deref().unwrap_or_default() } else { uin };
    let page = LoginPage {
        frame,
        title: texts.login_title.replace("{client}", &client),
        action: format!("{}/login/{ticket}", call.errand.own_base()),
        number: number.into(),
        sent,
        trouble: trouble.into(),
        closed: false,
    };
    Ok(pages::show(status, &page, None))
}

fn sent_text(call: &Call, texts: &Texts, phone: &str) -> Result<String, Failure> {
    let sent = texts.sent_to.replace("{phone}", phone);
    if super::settings::is_random(call)? {
        return Ok(format!("{sent}."));
    }
    Ok(format!("{sent} ({}).", texts.demo_code.replace("{code}", otp::FIXED)))
}

fn locked_text(texts: &Texts, until: Timestamp) -> String {
    texts.locked.replace("{time}", &until.strftime("%H:%M UTC").to_string())
}

/// Tells a person kindly that this identity cannot be used, and where help is.
pub(super) fn barred(call: &Call, language: &str, person: &Person, why: Barred) -> HttpResponse {
    let frame = Frame::new(language, false);
    let text = match why {
        Barred::Blocked => frame.texts.blocked.clone(),
        Barred::Deactivated => frame.texts.deactivated.clone(),
        Barred::Deceased => frame.texts.deceased.replace("{name}", &person.name()),
    };
    call.remark(&text);
    let page =
        NoticePage { title: frame.texts.gone_title.clone(), text, detail: String::new(), frame };
    pages::show(403, &page, None)
}

/// The login has ended, or never was.
pub(super) fn gone(call: &Call, language: &str) -> HttpResponse {
    let frame = Frame::new(language, false);
    call.remark("this ticket belongs to no login under way");
    let page = NoticePage {
        title: frame.texts.gone_title.clone(),
        text: frame.texts.gone_text.clone(),
        detail: String::new(),
        frame,
    };
    pages::show(410, &page, None)
}

/// Something of ours failed while a person was waiting.
pub(super) fn broken(call: &Call, failure: Failure) -> HttpResponse {
    let refusal = failure.told();
    call.remark(&refusal.sentence);
    let frame = Frame::new("en", false);
    let page = NoticePage {
        title: frame.texts.error_title.clone(),
        text: refusal.sentence,
        detail: String::new(),
        frame,
    };
    pages::show(500, &page, None)
}

fn consent_address(call: &Call, ticket: &str) -> String {
    format!("{}/consent/{ticket}", call.errand.own_base())
}
