//! Who has an identity at the start, and which systems may ask for logins.

use rusqlite::Transaction;

use super::chance::digest;
use super::model::client::{Auth, BirthdateForm, Client, GenderForm, UserinfoForm};
use super::model::person::{Person, Status};
use super::store::{clients, people as store};
use crate::kit::seed::{Household, Language, People, Person as Resident, Quirk};

pub(super) fn seed(people: &People, tx: &Transaction<'_>) -> rusqlite::Result<()> {
    for client in [programme_office(), demo_portal(), demo()] {
        clients::add(tx, &client)?;
    }
    for (index, resident) in people.persons().iter().enumerate() {
        let mut person = identity_of(people, resident);
        for quirk in people.quirks(index) {
            match quirk {
                Quirk::IdBirthDate(date) => person.birth_date = date.to_string(),
                // An older number of the same person is kept, so that whoever shows it is told where they stand.
                Quirk::FormerUin(uin) => {
                    let former = Person {
                        uin: uin.to_string(),
                        status: Status::Deactivated,
                        ..person.clone()
                    };
                    store::add(tx, &former)?;
                }
                _ => {}
            }
        }
        store::add(tx, &person)?;
    }
    for birth in people.expected_births() {
        let name =
            format!("{} {}", birth.given.text(Language::En), birth.family.text(Language::En));
        store::reserve(tx, &birth.uin.to_string(), &name, &birth.on.to_string())?;
    }
    Ok(())
}

fn identity_of(people: &People, resident: &Resident) -> Person {
    let home = people.household_of(resident);
    Person {
        uin: resident.uin.to_string(),
        given_name: resident.given_name().into(),
        family_name: resident.family_name().into(),
        birth_date: resident.birth_date.to_string(),
        sex: resident.sex.code().into(),
        phone: resident.phone.map(|phone| phone.to_string()),
        email: None,
        street: home.map(Household::address_line),
        locality: home.map(|_| resident.community.name()),
        region: home.map(|_| resident.community.province().name().into()),
        postal_code: None,
        status: Status::Active,
        deceased_on: resident.death.map(|death| death.date.to_string()),
    }
}

/// The pension office: proves itself with the key that it publishes, and reads userinfo as a signed JWT.
fn programme_office() -> Client {
    Client {
        id: "programme-office".into(),
        name: "Pension Office".into(),
        redirect_uris: vec!["{programme_office}/portal/callback".into()],
        auth: Auth::PublishedBy { system: "programme_office".into() },
        partner: "programme-office".into(),
        userinfo: UserinfoForm::Signed,
        birthdate: BirthdateForm::Dashes,
        gender: GenderForm::Small,
        claims: Vec::new(),
        active: true,
    }
}

/// A public client for programs that people write themselves: any port of this machine.
fn demo_portal() -> Client {
    Client {
        id: "demo-portal".into(),
        name: "Demo Portal".into(),
        redirect_uris: loopback(&["/"], &["callback", "cb", ""]),
        auth: Auth::None,
        partner: "demo-portal".into(),
        userinfo: UserinfoForm::Json,
        ..programme_office()
    }
}

/// A confidential client with a secret that everybody knows.
fn demo() -> Client {
    Client {
        id: "demo".into(),
        name: "Demo".into(),
        redirect_uris: loopback(&[":3000/", ":8000/"], &["callback", "cb"]),
        auth: Auth::Secret { digest: digest("demo") },
        partner: "demo".into(),
        userinfo: UserinfoForm::Json,
        ..programme_office()
    }
}

fn loopback(ports: &[&str], paths: &[&str]) -> Vec<String> {
    let hosts = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
    let mut uris = Vec::new();
    for host in hosts {
        for port in ports {
            uris.extend(paths.iter().map(|path| format!("{host}{port}{path}")));
        }
    }
    uris
}
