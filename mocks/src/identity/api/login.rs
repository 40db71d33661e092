//! `/login/{ticket}`: the pages where a person says who they are and proves it: with a one-time code, a PIN or a
//! password, whichever the relying party takes. Our own; eSignet does the same with script.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use jiff::Timestamp;

use super::answers::{Failure, client_of};
use super::authorize::{back_address, see_other};
use super::proving::{self, Who, check_code, check_secret, who};
use crate::identity::chance;
use crate::identity::model::factor::Factor;
use crate::identity::model::fields::Fields;
use crate::identity::model::otp::{self, Outcome};
use crate::identity::model::person::{Barred, Person};
use crate::identity::model::refusal::Refusal;
use crate::identity::model::request::Back;
use crate::identity::pages;
use crate::identity::pages::{Frame, LANGUAGES, LoginPage, NoticePage, Texts, WayLine};
use crate::identity::store::logins::{self, Login, Tried};
use crate::identity::store::people;
use crate::kit::server::Call;

pub(super) async fn show(call: Call, ticket: Path<String>, request: HttpRequest) -> HttpResponse {
    let fields = Fields::read(request.query_string());
    let lang = fields.owned("lang");
    let answer = under_way(&call, &ticket, lang.as_deref()).and_then(|login| match login {
        None => Ok(gone(&call, "en")),
        Some(login) if login.auth_time.is_some() => Ok(see_other(&consent_address(&call, &ticket))),
        Some(login) => {
            let desk = Counter::new(&call, &ticket, &login);
            desk.by(fields.get("by")).page((200, ""))
        }
    });
    answer.unwrap_or_else(|failure| broken(&call, failure))
}

pub(super) async fn send_code(call: Call, ticket: Path<String>) -> HttpResponse {
    let fields = Fields::read(&String::from_utf8_lossy(&call.body));
    send(&call, &ticket, &digits(&fields, "individual_id"))
        .await
        .unwrap_or_else(|failure| broken(&call, failure))
}

pub(super) async fn check(call: Call, ticket: Path<String>) -> HttpResponse {
    let fields = Fields::read(&String::from_utf8_lossy(&call.body));
    checked(&call, &ticket, &fields).unwrap_or_else(|failure| broken(&call, failure))
}

/// What people type with spaces and hyphens between the digits.
fn digits(fields: &Fields, name: &str) -> String {
    fields.get(name).unwrap_or_default().replace([' ', '-'], "")
}

async fn send(call: &Call, ticket: &str, number: &str) -> Result<HttpResponse, Failure> {
    let Some(login) = under_way(call, ticket, None)? else { return Ok(gone(call, "en")) };
    let mut desk = Counter::new(call, ticket, &login);
    desk.by = Factor::Otp;
    desk.number = number.into();
    let texts = desk.frame(true).texts;
    if !login.asked.factors().contains(&Factor::Otp) {
        return desk.page((400, &texts.other_way));
    }
    let (person, vid) = match who(call, number, Factor::Otp, &login.asked.client)? {
        Who::Is(person, vid) => (person, vid),
        otherwise => return desk.refuse(otherwise),
    };
    let Some(phone) = person.phone.clone() else { return desk.page((422, &texts.no_phone)) };
    if !proving::send_code(call, &login, &person, (vid.as_deref(), &phone)).await? {
        return desk.page((502, &texts.not_delivered));
    }
    Ok(see_other(&format!("{}/login/{ticket}", call.errand.own_base())))
}

fn checked(call: &Call, ticket: &str, fields: &Fields) -> Result<HttpResponse, Failure> {
    let Some(login) = under_way(call, ticket, None)? else { return Ok(gone(call, "en")) };
    let mut desk = Counter::new(call, ticket, &login);
    let texts = desk.frame(true).texts;
    let secret = [(Factor::Pin, "pin"), (Factor::Pwd, "password")];
    let typed = secret.into_iter().find_map(|(f, name)| Some((f, fields.get(name)?)));
    let by = typed.map_or(Factor::Otp, |(factor, _)| factor);
    if !login.asked.factors().contains(&by) {
        return desk.page((400, &texts.other_way));
    }
    let tried = match typed {
        None => check_code(call, &login, &digits(fields, "otp"))?,
        Some((factor, typed)) => {
            desk.by = factor;
            desk.number = digits(fields, "individual_id");
            match who(call, &desk.number, factor, &login.asked.client)? {
                Who::Is(person, vid) => {
                    check_secret(call, &login, (&person, vid.as_deref()), (factor, typed))?
                }
                otherwise => return desk.refuse(otherwise),
            }
        }
    };
    let by_code = typed.is_none();
    let (status, trouble) = match tried {
        Tried::Decided(Outcome::Right) => return Ok(see_other(&consent_address(call, ticket))),
        Tried::Decided(Outcome::Wrong { left }) => {
            let text = if by_code { &texts.wrong_code } else { &texts.wrong_secret };
            (401, text.replace("{left}", &left.to_string()))
        }
        Tried::Decided(Outcome::Expired) => (401, texts.expired_code.clone()),
        Tried::Decided(Outcome::NotSent) if by_code => (409, texts.no_code.clone()),
        Tried::Decided(Outcome::NotSent) => (422, texts.no_secret.clone()),
        Tried::Decided(Outcome::Locked { until } | Outcome::LockedNow { until }) => {
            (429, locked_text(texts, until))
        }
        Tried::VidEnded => (410, texts.vid_ended.clone()),
    };
    desk.page((status, &trouble))
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

/// Where a person stands in front of a login's page.
struct Counter<'a> {
    call: &'a Call,
    ticket: &'a str,
    login: &'a Login,
    /// How they are about to prove who they are.
    by: Factor,
    number: String,
}

impl<'a> Counter<'a> {
    fn new(call: &'a Call, ticket: &'a str, login: &'a Login) -> Self {
        let by = login.asked.factors().first().copied().unwrap_or(Factor::Otp);
        let typed = login.vid.as_ref().or(login.uin.as_ref()).or(login.asked.login_hint.as_ref());
        Self { call, ticket, login, by, number: typed.cloned().unwrap_or_default() }
    }

    /// The same, with the way that the page's address names.
    fn by(mut self, way: Option<&str>) -> Self {
        let named = way.and_then(Factor::read).filter(|f| self.login.asked.factors().contains(f));
        self.by = named.unwrap_or(self.by);
        self
    }

    fn frame(&self, switchable: bool) -> Frame {
        Frame::new(&self.login.language, switchable)
    }

    /// The page that says why a person cannot go on.
    fn refuse(&self, who: Who) -> Result<HttpResponse, Failure> {
        let texts = self.frame(true).texts;
        match who {
            Who::Unknown | Who::Is(..) => self.page((404, &texts.unknown_number)),
            Who::VidEnded => self.page((410, &texts.vid_ended)),
            Who::Barred(person, why) => Ok(barred(self.call, self.login, &person, why)),
            Who::Locked(until) => self.page((429, &locked_text(texts, until))),
            Who::FactorLocked => self.page((403, &texts.way_locked)),
        }
    }

    fn page(&self, (status, trouble): (u16, &str)) -> Result<HttpResponse, Failure> {
        let (call, login) = (self.call, self.login);
        let frame = self.frame(status == 200);
        let texts = frame.texts;
        let asking = self.by == Factor::Otp && login.otp.is_some();
        let asking = asking && !matches!(status, 403 | 404 | 410 | 422 | 429 | 502);
        let uin = login.uin.as_deref().unwrap_or_default();
        let person = call.store().read(|db| people::find(db, uin))?;
        let sent = match person.as_ref().and_then(Person::masked_phone) {
            Some(phone) if asking => sent_text(call, texts, &phone)?,
            _ => String::new(),
        };
        let client = client_of(call, &login.asked.client)?.map_or_else(String::new, |c| c.name);
        if !trouble.is_empty() {
            call.remark(trouble);
        }
        let others = login.asked.factors().into_iter().filter(|factor| *factor != self.by);
        let line = |f: Factor| WayLine { by: f.word(), label: texts.way(f) };
        let page = LoginPage {
            frame,
            title: texts.login_title.replace("{client}", &client),
            action: format!("{}/login/{}", call.errand.own_base(), self.ticket),
            number: self.number.clone(),
            by: self.by.word(),
            others: others.map(line).collect(),
            sent,
            trouble: trouble.into(),
        };
        Ok(pages::show(status, &page, None))
    }
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

/// Tells a person kindly that this identity cannot be used, where help is, and the way back.
pub(super) fn barred(call: &Call, login: &Login, person: &Person, why: Barred) -> HttpResponse {
    let frame = Frame::new(&login.language, false);
    let texts = frame.texts;
    let text = match why {
        Barred::Blocked => texts.blocked.clone(),
        Barred::Deactivated => texts.deactivated.clone(),
        Barred::Deceased => texts.deceased.replace("{name}", &person.name()),
    };
    call.remark(&text);
    let refusal = Refusal::new("access_denied", "this identity cannot be used to log in");
    let back = back_address(call, &back_of(login), &refusal.parameters());
    let title = texts.barred_title.clone();
    let page = NoticePage { title, text, detail: String::new(), back, frame };
    pages::show(403, &page, None)
}

/// Where the relying party waits for an answer.
pub(super) fn back_of(login: &Login) -> Back {
    Back { redirect_uri: login.asked.redirect_uri.clone(), state: login.asked.state.clone() }
}

/// The login has ended, or never was.
pub(super) fn gone(call: &Call, language: &str) -> HttpResponse {
    let frame = Frame::new(language, false);
    call.remark("this ticket belongs to no login under way");
    let page = NoticePage::of(frame, &frame.texts.gone_title, &frame.texts.gone_text);
    pages::show(410, &page, None)
}

/// Something of ours failed while a person was waiting.
pub(super) fn broken(call: &Call, failure: Failure) -> HttpResponse {
    let refusal = failure.told();
    call.remark(&refusal.sentence);
    let frame = Frame::new("en", false);
    let page = NoticePage::of(frame, &frame.texts.error_title, &refusal.sentence);
    pages::show(500, &page, None)
}

fn consent_address(call: &Call, ticket: &str) -> String {
    format!("{}/consent/{ticket}", call.errand.own_base())
}
