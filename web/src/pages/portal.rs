//! The portal: where somebody of the country applies for a benefit with Arenoa ID, and reads the phone that the
//! one-time code comes to. Plain forms; nothing here needs a script.
//!
//! `GET {prefix}/portal?person=tomas` chooses one of the cast; `POST {prefix}/portal` hands the application in at the
//! programme office and leads to the login; `GET {prefix}/portal/phone?phone=+999..` is the phone alone.

mod applications;

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, LOCATION};
use actix_web::web::{self, Data, Form, Query};
use actix_web::{Error, HttpRequest, HttpResponse};
use askama::Template;
use mocks::kit::courier::Letter;
use mocks::kit::room::Hall;
use orchestrator::theatre::{Stage, Theatre};
use serde::Deserialize;
use serde_json::{Value, json};

use super::counter::{self, in_address, look_json, refusal_of};
use super::frame::{Frame, Lanes};
use super::reply;
use super::telling;
use super::visit::Visit;
use crate::texts::Texts;
use applications::{Application, applications};

/// The systems that the form leads to.
const ON_THE_WAY: [&str; 2] = ["identity", OFFICE];
const OFFICE: &str = "programme_office";
/// The programme that is asked for where nothing else is said.
const USUAL: &str = "OAP";
/// What somebody outside the cast is called on the stage.
const STRANGER: &str = "applicant";

#[derive(Debug, Template)]
#[template(path = "portal.html")]
struct PortalPage {
    f: Frame,
    cards: Vec<Card>,
    programmes: Vec<Programme>,
    typed: Typed,
    phone: Phone,
    applications: Vec<Application>,
    refused: String,
}

#[derive(Debug, Template)]
#[template(path = "portal_phone.html")]
struct PhonePage {
    f: Frame,
    phone: Phone,
}

/// One of the cast.
#[derive(Debug)]
struct Card {
    id: String,
    name: String,
    age: i64,
    story: String,
    expected: String,
}

#[derive(Debug)]
struct Programme {
    code: String,
    /// In English, as the cards of the cast call it.
    name: String,
    /// In the language of the page.
    own_name: String,
}

/// What stands in the form.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Typed {
    person: String,
    uin: String,
    phone: String,
    programme: String,
}

/// What the form sends.
#[derive(Debug, Deserialize)]
struct Sent {
    csrf: String,
    #[serde(default)]
    person: String,
    uin: String,
    phone: String,
    programme: String,
}

/// A phone and what came to it, the newest first.
#[derive(Debug)]
struct Phone {
    number: String,
    /// The page of the phone alone.
    page: String,
    messages: Vec<Sms>,
    refused: String,
}

#[derive(Debug)]
struct Sms {
    from: String,
    at: String,
    text: String,
}

/// Routes of the portal.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/portal", web::get().to(show));
    cfg.route("/portal", web::post().to(apply));
    cfg.route("/portal/phone", web::get().to(phone));
}

async fn show(
    req: HttpRequest,
    theatre: Data<Theatre>,
    typed: Query<Typed>,
) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    let stage = visit.stage(&theatre)?;
    let typed = completed(typed.into_inner(), &theatre.country.people.cast_cards());
    Ok(portal(&theatre, &visit, &stage, (typed, String::new())).await)
}

async fn phone(
    req: HttpRequest,
    theatre: Data<Theatre>,
    typed: Query<Typed>,
) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    let stage = visit.stage(&theatre)?;
    let lanes = telling::lanes(&theatre.country, visit.texts);
    let phone = phone_of(stage.hall(), (&visit.prefix, &lanes), &typed.phone).await;
    let page = PhonePage { f: visit.frame("portal"), phone };
    Ok(reply::page(&page.f, &page))
}

async fn apply(
    req: HttpRequest,
    theatre: Data<Theatre>,
    sent: Form<Sent>,
) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    visit.check_form(&req, &sent.csrf)?;
    let stage = visit.stage(&theatre)?;
    let sent = sent.into_inner();
    let typed = Typed {
        person: sent.person,
        uin: sent.uin.split_whitespace().collect(),
        phone: sent.phone.split_whitespace().collect(),
        programme: sent.programme,
    };
    let from = who(&typed, &theatre.country.people.cast_cards());
    match hand_in(&stage, &visit, &from, &typed).await {
        Ok(login) => Ok(HttpResponse::SeeOther().insert_header((LOCATION, login)).finish()),
        Err(why) => {
            let mut page = portal(&theatre, &visit, &stage, (typed, why)).await;
            *page.status_mut() = StatusCode::BAD_REQUEST;
            Ok(page)
        }
    }
}

/// Hands an application in, and gives the address of the login.
async fn hand_in(
    stage: &Stage,
    visit: &Visit,
    from: &str,
    typed: &Typed,
) -> Result<String, String> {
    let mut wish = json!({
        "programme": typed.programme,
        "uin": typed.uin,
        "channel": "portal",
        "language": visit.texts.code(),
    });
    if !typed.phone.is_empty() {
        wish["phone"] = typed.phone.as_str().into();
    }
    let letter = Letter::post(OFFICE, "/portal/applications").json(&wish);
    let reply = counter::send(stage, visit.texts, from, letter).await?;
    if !reply.is_success() {
        return Err(refusal_of(&reply));
    }
    let opened: Value = reply.json().map_err(|error| error.to_string())?;
    let login = opened["login"].as_str().map(str::to_owned);
    login.ok_or_else(|| visit.texts.get("portal-no-login"))
}

/// Who applies, as the stage calls them: one of the cast where the number is theirs.
fn who(typed: &Typed, cast: &Value) -> String {
    let theirs = |card: &&Value| card["id"] == typed.person.as_str() && card["uin"] == *typed.uin;
    let card = cast.as_array().into_iter().flatten().find(theirs);
    card.map_or_else(|| STRANGER.to_owned(), |_| typed.person.clone())
}

/// The form with number and phone of the person chosen, as far as nothing else was typed.
fn completed(mut typed: Typed, cast: &Value) -> Typed {
    let chosen = |card: &&Value| card["id"] == typed.person.as_str();
    if let Some(card) = cast.as_array().into_iter().flatten().find(chosen) {
        for (field, name) in [(&mut typed.uin, "uin"), (&mut typed.phone, "phone")] {
            if field.is_empty() {
                card[name].as_str().unwrap_or_default().clone_into(field);
            }
        }
    }
    typed
}

/// The benefit that somebody of the cast is here for: the first that the words on their card name. Somebody who is no
/// one of the cast is offered the usual one; a card that names none leaves the choice open.
fn theirs(typed: &Typed, cast: &Value, programmes: &[Programme]) -> String {
    let chosen = |card: &&Value| card["id"] == typed.person.as_str();
    let Some(card) = cast.as_array().into_iter().flatten().find(chosen) else {
        return USUAL.to_owned();
    };
    let words = card["expected"].as_str().unwrap_or_default().to_lowercase();
    let named = |one: &Programme| words.find(&one.name.to_lowercase());
    let first = programmes.iter().filter_map(|one| Some((named(one)?, &one.code)));
    first.min().map(|(_, code)| code.clone()).unwrap_or_default()
}

async fn portal(
    theatre: &Theatre,
    visit: &Visit,
    stage: &Stage,
    (mut typed, mut refused): (Typed, String),
) -> HttpResponse {
    let hall = stage.hall();
    let programmes = match look_json(hall, OFFICE, "/programmes").await {
        Ok(list) => programmes(&list, visit.texts.code()),
        Err(why) => {
            refused = if refused.is_empty() { why } else { refused };
            Vec::new()
        }
    };
    let cast = theatre.country.people.cast_cards();
    if typed.programme.is_empty() {
        typed.programme = theirs(&typed, &cast, &programmes);
    }
    let lanes = telling::lanes(&theatre.country, visit.texts);
    let page = PortalPage {
        f: visit.frame("portal"),
        cards: cards(&cast, visit.texts),
        phone: phone_of(hall, (&visit.prefix, &lanes), &typed.phone).await,
        applications: applications(hall, visit, &typed.uin, &programmes).await,
        programmes,
        typed,
        refused,
    };
    let mut response = reply::page(&page.f, &page);
    response.headers_mut().insert(CONTENT_SECURITY_POLICY, counter::policy_to(hall, &ON_THE_WAY));
    response
}

fn cards(cast: &Value, texts: &Texts) -> Vec<Card> {
    let text = |card: &Value, name: &str| card[name].as_str().unwrap_or_default().to_owned();
    let card = |card: &Value| {
        let (id, expected) = (text(card, "id"), text(card, "expected"));
        Card {
            name: text(card, "name"),
            age: card["age"].as_i64().unwrap_or_default(),
            story: text(card, "story"),
            expected: texts.find(&format!("cast-{id}")).unwrap_or(expected),
            id,
        }
    };
    let mut cards: Vec<_> = cast.as_array().into_iter().flatten().map(card).collect();
    cards.sort_by(|a, b| a.story.cmp(&b.story));
    cards
}

fn programmes(list: &Value, language: &str) -> Vec<Programme> {
    let programme = |row: &Value| {
        Some(Programme {
            code: row["code"].as_str()?.to_owned(),
            name: row["name"].as_str()?.to_owned(),
            own_name: row["names"][language].as_str().or(row["name"].as_str())?.to_owned(),
        })
    };
    // What the office cannot decide is offered to nobody.
    let decided = |row: &&Value| row["decided_here"] != false;
    let rows = list["programmes"].as_array().into_iter().flatten();
    rows.filter(decided).filter_map(programme).collect()
}

async fn phone_of(hall: &Hall, (prefix, lanes): (&str, &Lanes), number: &str) -> Phone {
    let number: String = number.split_whitespace().collect();
    let page = format!("{prefix}/portal/phone?phone={}", in_address(&number));
    let mut phone = Phone { number, page, messages: Vec::new(), refused: String::new() };
    if phone.number.is_empty() {
        return phone;
    }
    let path = format!("/inbox/{}", in_address(&phone.number));
    match look_json(hall, "messenger", &path).await {
        Ok(inbox) => {
            let rows = inbox["messages"].as_array().into_iter().flatten();
            phone.messages = rows.rev().map(|row| sms(row, lanes)).collect();
        }
        Err(why) => phone.refused = why,
    }
    phone
}

fn sms(row: &Value, lanes: &Lanes) -> Sms {
    let text = |name: &str| row[name].as_str().unwrap_or_default();
    let at = text("at");
    Sms {
        from: lanes.get(text("from")).name,
        at: at.get(..16).unwrap_or(at).replace('T', " "),
        text: text("text").to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cast() -> Value {
        json!([{"id": "tomas", "name": "Tomas Amaro", "uin": "123", "phone": "+9991", "story": "S01"}])
    }

    #[test]
    fn a_persona_that_is_chosen_fills_the_form() {
        let typed = Typed { person: "tomas".into(), ..Typed::default() };
        let typed = completed(typed, &cast());
        assert_eq!((typed.uin.as_str(), typed.phone.as_str()), ("123", "+9991"));
    }

    #[test]
    fn who_is_chosen_is_offered_what_they_are_here_for() {
        let cast = json!([{"id": "grace", "expected": "Survivor allowance: not today, though her old age pension is."},
            {"id": "hana", "expected": "Goes to school."}]);
        let programme = |code: &str, name: &str| Programme {
            code: code.into(),
            name: name.into(),
            own_name: name.into(),
        };
        let all = [programme("OAP", "Old Age Pension"), programme("SUR", "Survivor Allowance")];
        let theirs = |person: &str| {
            theirs(&Typed { person: person.into(), ..Typed::default() }, &cast, &all)
        };
        assert_eq!(theirs("grace"), "SUR");
        assert_eq!(theirs("hana"), "", "nothing is chosen for her");
        assert_eq!(theirs(""), "OAP");
    }

    #[test]
    fn only_what_the_office_can_decide_is_offered() {
        let list = json!({"programmes": [
            {"code": "OAP", "name": "Pension", "names": {"en": "Pension", "fr": "Retraite"}},
            {"code": "MAT", "name": "Maternity", "decided_here": false}]});
        for (language, name) in [("fr", "Retraite"), ("pt", "Pension")] {
            let offered = programmes(&list, language);
            let offered: Vec<_> = offered.iter().map(|p| (&*p.code, &*p.own_name)).collect();
            assert_eq!(offered, [("OAP", name)]);
        }
    }

    #[test]
    fn who_uses_another_number_is_not_the_persona() {
        let typed =
            |uin: &str| Typed { person: "tomas".into(), uin: uin.into(), ..Typed::default() };
        assert_eq!(who(&typed("123"), &cast()), "tomas");
        assert_eq!(who(&typed("124"), &cast()), "applicant");
    }
}
