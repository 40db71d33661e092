//! The identity store's roll: people with a number, in and out as a file. Secrets and virtual numbers stay.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::model::factor;
use super::model::person::{Person, Status};
use super::store::people;
use crate::kit::registry::codes::Codes;
use crate::kit::roll::{Cell, Column, Intake, Listed, Roll, Row, Unique, Wrong, needed, optional};

/// As the wire of mock-identity-system writes them.
const SEXES: Codes =
    &[("female", "Female"), ("male", "Male"), ("others", "Others"), ("unknown", "Unknown")];
const STATUSES: Codes =
    &[("ACTIVE", "Active"), ("BLOCKED", "Blocked"), ("DEACTIVATED", "Deactivated")];

const COLUMNS: &[Column] = &[
    needed("uin", &["nid", "national_id", "id"], Cell::Uin),
    needed("given_name", &["first_name", "forename"], Cell::Text),
    needed("family_name", &["surname", "last_name"], Cell::Text),
    needed("birth_date", &["date_of_birth", "dob", "birthdate"], Cell::Date),
    needed("sex", &["gender"], Cell::Code(SEXES)),
    optional("phone", &["phone_number", "telephone"], Cell::Phones),
    optional("email", &["mail"], Cell::Text),
    optional("street", &["address", "street_address"], Cell::Text),
    optional("locality", &["town", "city"], Cell::Text),
    optional("region", &["province"], Cell::Text),
    optional("postal_code", &["zip"], Cell::Text),
    optional("language", &["locale"], Cell::Text),
    optional("status", &["state"], Cell::Code(STATUSES)),
    optional("deceased_on", &["death_date"], Cell::Date),
    optional("deceased_by", &["death_registration_number", "drn"], Cell::Text),
    optional("locked", &["locks"], Cell::Text),
    optional("names", &["other_names"], Cell::Json),
];

/// The identity store's roll.
pub(crate) static ROLL: Roll = Roll {
    columns: COLUMNS,
    unique: &[Unique { column: "uin", table: "person", at: "uin" }],
    begin: || Box::new(Entries),
    list,
};

/// An import under way.
struct Entries;

impl Intake for Entries {
    fn enter(&mut self, db: &Connection, row: &Row<'_>) -> rusqlite::Result<Result<(), Wrong>> {
        match person(row) {
            Ok(person) => people::add(db, &person).map(Ok),
            Err(wrong) => Ok(Err(wrong)),
        }
    }
}

fn person(row: &Row<'_>) -> Result<Person, Wrong> {
    let text = |column: &str| row.get(column).map(str::to_owned);
    let born = row.need("birth_date");
    if let Some(died) = row.get("deceased_on").filter(|date| *date < born) {
        let right = format!("a day not before the birth, {born}");
        return Err(Wrong::new("deceased_on", died, right));
    }
    let words = row.get("locked").unwrap_or_default();
    let locked = factor::from_words(words);
    if locked.len() != words.split_whitespace().count() {
        let right = "OTP, PIN, PWD or BIO, each once, with spaces between them";
        return Err(Wrong::new("locked", words, right));
    }
    let spelt = row.get("names").map_or(Ok(BTreeMap::new()), serde_json::from_str);
    let names = spelt.map_err(|_| {
        let right = r#"two names for each language, such as {"fra":["Thomas","Amaro"]}"#;
        Wrong::new("names", row.get("names").unwrap_or_default(), right)
    })?;
    Ok(Person {
        uin: row.need("uin").into(),
        given_name: row.need("given_name").into(),
        family_name: row.need("family_name").into(),
        names,
        birth_date: born.into(),
        sex: row.need("sex").into(),
        phone: text("phone"),
        email: text("email"),
        street: text("street"),
        locality: text("locality"),
        region: text("region"),
        postal_code: text("postal_code"),
        country: None,
        language: text("language"),
        status: row.get("status").and_then(Status::read).unwrap_or(Status::Active),
        deceased_on: text("deceased_on"),
        deceased_by: text("deceased_by"),
        locked,
    })
}

/// A number stands for its person's place, because all of them have ten digits.
fn list(db: &Connection, after: i64, limit: u32) -> rusqlite::Result<Vec<Listed>> {
    let part = people::after(db, &format!("{after:010}"), limit)?;
    Ok(part.iter().map(|person| (person.uin.parse().unwrap_or(after), values(person))).collect())
}

fn values(person: &Person) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let names = serde_json::to_string(&person.names).ok().filter(|_| !person.names.is_empty());
    vec![
        person.uin.clone(),
        person.given_name.clone(),
        person.family_name.clone(),
        person.birth_date.clone(),
        person.sex.clone(),
        text(&person.phone),
        text(&person.email),
        text(&person.street),
        text(&person.locality),
        text(&person.region),
        text(&person.postal_code),
        text(&person.language),
        person.status.word().into(),
        text(&person.deceased_on),
        text(&person.deceased_by),
        factor::words(&person.locked),
        names.unwrap_or_default(),
    ]
}
