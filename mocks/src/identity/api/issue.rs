//! `POST /desk/persons`: issues an identity. The number has a Verhoeff check digit and was never given to anybody.

use actix_web::HttpResponse;
use rusqlite::Connection;
use serde_json::json;
use standards::ids::Uin;

use super::answers::{Failure, refuse_client};
use super::desk;
use crate::identity::model::newcomer::Newcomer;
use crate::identity::model::person::Person;
use crate::identity::model::refusal::Refusal;
use crate::identity::store::people;
use crate::identity::store::records::{self, Release};
use crate::kit::courier::Errand;
use crate::kit::server::Call;
use crate::kit::store::next_number;

/// Numbers are drawn by steps of this size through the range below, so that they look drawn by lot and never repeat.
const STEP: i64 = 432_673_849;
const FIRST: i64 = 300_000_000;
const RANGE: i64 = 700_000_000;

pub(super) async fn issue(call: Call) -> HttpResponse {
    match issued(&call) {
        Ok(file) => HttpResponse::Created().json(file),
        Err(failure) => refuse_client(&call, failure),
    }
}

fn issued(call: &Call) -> Result<serde_json::Value, Failure> {
    let example =
        r#"{"given_name":"Ada","family_name":"Ortal","birth_date":"2026-10-04","sex":"female"}"#;
    let new: Newcomer = desk::body(call, example)?;
    let named = !new.given_name.trim().is_empty() && !new.family_name.trim().is_empty();
    if !named || !matches!(new.sex.as_str(), "female" | "male" | "others") {
        let sentence =
            format!("a name, and `sex` female, male or others, are needed; write {example}");
        return Err(Refusal::request(sentence).into());
    }
    if new.birth_date > call.room().clock.today() {
        return Err(Refusal::request("`birth_date` lies in the future").into());
    }
    let uin = give(&call.errand, &new, desk::DESK)?;
    desk::file_of(call, &uin)
}

/// Gives somebody an identity because `asker` says so, and tells its number.
pub(super) fn give(errand: &Errand, new: &Newcomer, asker: &str) -> Result<String, Failure> {
    let line = Release {
        asker: asker.into(),
        occasion: match &new.birth_registration {
            Some(number) => format!("identity issued, birth entry {number}"),
            None => String::from("identity issued"),
        },
        released: String::new(),
        at: errand.stamp(),
    };
    let uin = errand.office.store.alter(|tx| {
        let person = person(tx, new)?;
        people::add(tx, &person)?;
        records::audit(tx, &person.uin, &line)?;
        Ok(person.uin)
    })?;
    let sentence = format!("{} {} has the number {uin}.", new.given_name, new.family_name);
    errand.event(
        "identity issued",
        &sentence,
        &json!({"uin": uin, "birth_registration": new.birth_registration}),
    );
    Ok(uin)
}

fn person(tx: &Connection, new: &Newcomer) -> rusqlite::Result<Person> {
    let (given_name, family_name) = (new.given_name.trim(), new.family_name.trim());
    let birth_date = new.birth_date.to_string();
    let kept = people::reserved(tx, &format!("{given_name} {family_name}"), &birth_date)?;
    let uin = kept.map_or_else(|| free_number(tx), Ok)?;
    Ok(Person {
        given_name: given_name.into(),
        family_name: family_name.into(),
        birth_date,
        sex: new.sex.clone(),
        phone: new.phone.clone(),
        ..Person::with_number(uin)
    })
}

/// A number that may be given out and that nobody has.
fn free_number(tx: &Connection) -> rusqlite::Result<String> {
    loop {
        let drawn = next_number(tx, "UIN")? * STEP % RANGE + FIRST;
        // Numbers that count up or down are passed over.
        let Ok(uin) = Uin::issued(&drawn.to_string()) else { continue };
        if people::find(tx, uin.as_str())?.is_none() {
            return Ok(uin.to_string());
        }
    }
}
