//! Who has an identity at the start, and which systems may ask for logins.

use super::chance::{digest, secret_digest};
use super::model::client::{Auth, Client, UserinfoForm};
use super::model::factor::Factor;
use super::model::person::{Person, Status};
use super::model::vid::Kind;
use super::store::{clients, people as store, secrets, vids};
use crate::kit::seed::{Household, Language, People, Person as Resident, Quirk};
use crate::kit::store::Transaction;

/// What everybody of the cast types where a PIN or a password is asked for; the desk tells it to everybody.
const PIN: &str = "545411";
const PASSWORD: &str = "Arenoa-ID-1";

/// What only Arenoa ID knows of somebody of the cast, for refusals to be tried with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trait {
    NoPhone,
    Blocked,
    OtpLocked,
    PerpetualVid,
    ExpiredVid,
}

const TRAITS: [(&str, Trait); 5] = [
    ("tomas", Trait::PerpetualVid),
    ("hana_torres", Trait::NoPhone),
    ("rosa_reyn", Trait::Blocked),
    ("omar_elling", Trait::OtpLocked),
    ("nora_brandt", Trait::ExpiredVid),
];

fn traits(people: &People, index: usize) -> impl Iterator<Item = Trait> {
    TRAITS
        .iter()
        .filter(move |(key, _)| people.named(key).is_some_and(|p| p.index as usize == index))
        .map(|(_, of)| *of)
}

impl Trait {
    fn before(self, person: &mut Person) {
        match self {
            Self::NoPhone => person.phone = None,
            Self::Blocked => person.status = Status::Blocked,
            Self::OtpLocked => person.locked = [Factor::Otp].into(),
            Self::PerpetualVid | Self::ExpiredVid => {}
        }
    }

    fn after(self, tx: &Transaction<'_>, uin: &str) -> rusqlite::Result<()> {
        let issued = "2026-09-30T09:00:00.000Z";
        let until = "2026-09-30T09:30:00Z".parse().ok();
        match self {
            Self::PerpetualVid => vids::issue(tx, uin, (Kind::Perpetual, None), issued).map(drop),
            Self::ExpiredVid => vids::issue(tx, uin, (Kind::Temporary, until), issued).map(drop),
            Self::NoPhone | Self::Blocked | Self::OtpLocked => Ok(()),
        }
    }
}

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
        if people.is_cast(index) {
            traits(people, index).for_each(|of| of.before(&mut person));
        }
        store::add(tx, &person)?;
    }
    for (key, of) in TRAITS {
        if let Some(person) = people.named(key) {
            of.after(tx, &person.uin.to_string())?;
        }
    }
    for person in people.persons().iter().filter(|p| people.is_cast(p.index as usize)) {
        let uin = person.uin.to_string();
        for (factor, secret) in [(Factor::Pin, PIN), (Factor::Pwd, PASSWORD)] {
            secrets::set(tx, &uin, factor, &secret_digest(&uin, factor, secret))?;
        }
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
    let usual = [resident.given_name(), resident.family_name()];
    let spelled = |(code, language)| {
        let names = [resident.given.text(language), resident.family.text(language)];
        (names != usual).then(|| (String::from(code), names.map(String::from)))
    };
    Person {
        given_name: resident.given_name().into(),
        family_name: resident.family_name().into(),
        names: [("fra", Language::Fr), ("ara", Language::Ar)]
            .into_iter()
            .filter_map(spelled)
            .collect(),
        birth_date: resident.birth_date.to_string(),
        sex: resident.sex.code().into(),
        phone: resident.phone.map(|phone| phone.to_string()),
        street: home.map(Household::address_line),
        locality: home.map(|_| resident.community.name()),
        region: home.map(|_| resident.community.province().name().into()),
        language: Some(resident.language.code().into()),
        deceased_on: resident.death.map(|death| death.date.to_string()),
        deceased_by: resident.death.map(|death| death.number().to_string()),
        ..Person::with_number(resident.uin.to_string())
    }
}

/// The pension office: proves itself with the key that it publishes, and reads userinfo as a signed JWT.
fn programme_office() -> Client {
    let auth = Auth::PublishedBy { system: "programme_office".into() };
    Client {
        redirect_uris: vec!["{programme_office}/portal/callback".into()],
        userinfo: UserinfoForm::Signed,
        ..Client::plain("programme-office", "Pension Office", auth)
    }
}

/// A public client for programs that people write themselves: any port of this machine.
fn demo_portal() -> Client {
    Client {
        redirect_uris: loopback(&["/"], &["callback", "cb", ""]),
        ..Client::plain("demo-portal", "Demo Portal", Auth::None)
    }
}

/// A confidential client with a secret that everybody knows.
fn demo() -> Client {
    Client {
        redirect_uris: loopback(&[":3000/", ":8000/"], &["callback", "cb"]),
        ..Client::plain("demo", "Demo", Auth::Secret { digest: digest("demo") })
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
