//! Who has an identity at the start, and which systems may ask for logins.

use rusqlite::Transaction;

use super::chance::digest;
use super::model::client::{Auth, BirthdateForm, Client, GenderForm, UserinfoForm};
use super::model::person::{Person, Status};
use super::store::{clients, people};
use crate::kit::seed::People;

pub(super) fn seed(_people: &People, tx: &Transaction<'_>) -> rusqlite::Result<()> {
    for client in [programme_office(), demo_portal(), demo()] {
        clients::add(tx, &client)?;
    }
    people::add(tx, &tomas())
}

fn tomas() -> Person {
    Person {
        uin: "6580954839".into(),
        given_name: "Tomas".into(),
        family_name: "Amaro".into(),
        birth_date: "1959-02-11".into(),
        sex: "male".into(),
        phone: Some("+99910000123".into()),
        email: None,
        street: Some("3 Salt Road".into()),
        locality: Some("Altena".into()),
        region: None,
        postal_code: None,
        status: Status::Active,
        deceased_on: None,
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
