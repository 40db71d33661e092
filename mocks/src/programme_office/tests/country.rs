//! The people of the tests, and how they go through the office.

use serde_json::{Value, json};
use standards::ids::verhoeff;

use super::neighbours::SYSTEMS;
use crate::kit::courier::Letter;
use crate::kit::faults::{Fault, Misbehaviour};
use crate::kit::journal::Kind;
use crate::kit::trial::Trial;

pub(super) enum Account {
    Wallet,
    Closed,
    None,
}

/// What each register says about somebody.
pub(super) struct Person {
    number: u32,
    pub(super) name: &'static str,
    /// As the identity system has it.
    pub(super) born: &'static str,
    /// As the civil registry has it: birth and death; none where it has no record.
    civil: Option<(&'static str, &'static str)>,
    pub(super) programmes: &'static [&'static str],
    pub(super) account: Account,
}

/// Somebody old, alive, at home and without a pension; tests change what they need.
const PENSIONER: Person = Person {
    number: 0,
    name: "Tomas Amaro",
    born: "1959-02-11",
    civil: Some(("1959-02-11", "")),
    programmes: &[],
    account: Account::Wallet,
};

pub(super) static PEOPLE: &[Person] = &[
    Person { number: 1, ..PENSIONER },
    Person {
        number: 2,
        name: "Pavel Oran",
        civil: Some(("1959-02-11", "2025-12-02")),
        ..PENSIONER
    },
    Person {
        number: 3,
        name: "Elia Brandt",
        born: "1961-10-02",
        civil: Some(("1961-10-02", "")),
        ..PENSIONER
    },
    Person { number: 4, name: "Otto Reyn", programmes: &["CPF"], ..PENSIONER },
    Person {
        number: 5,
        name: "Kemal Torres",
        born: "1958-05-07",
        civil: Some(("1958-07-05", "")),
        ..PENSIONER
    },
    Person { number: 6, name: "Ivo Mensal", civil: None, ..PENSIONER },
    Person { number: 7, name: "Rosa Elling", account: Account::Closed, ..PENSIONER },
    Person { number: 8, name: "Nora Adani", account: Account::None, ..PENSIONER },
    Person { number: 9, name: "Mira Late", ..PENSIONER },
    Person { number: 12, name: "Zita Twice", ..PENSIONER },
    Person {
        number: 10,
        name: "Luca Zamor",
        born: "1950-03-03",
        civil: Some(("1950-03-03", "")),
        ..PENSIONER
    },
    Person {
        number: 11,
        name: "Amina Zamor",
        born: "1950-03-03",
        civil: Some(("1950-03-03", "")),
        ..PENSIONER
    },
];

/// The person with this UIN.
pub(super) fn find(uin: &str) -> &'static Person {
    PEOPLE.iter().find(|p| p.uin() == uin).unwrap()
}

/// The person whose name begins so.
pub(super) fn called(name: &str) -> &'static Person {
    PEOPLE.iter().find(|p| p.name.starts_with(name)).unwrap()
}

impl Person {
    pub(super) fn uin(&self) -> String {
        let digits = format!("5803{:05}", self.number * 7);
        format!("{digits}{}", verhoeff::check_digit(&digits).unwrap())
    }

    /// Each lives somewhere else, in a place whose name is its own.
    pub(super) fn home(&self) -> String {
        format!("{}stead", self.name)
    }

    pub(super) fn phone(&self) -> String {
        format!("+9991000{:04}", self.number)
    }

    pub(super) fn civil_record(&self) -> Option<Value> {
        let (born, died) = self.civil?;
        let (given, family) = self.name.split_once(' ').unwrap();
        Some(json!({"identifier": [{"identifier_type": "UIN", "identifier_value": self.uin()}],
            "name": {"given_name": given, "surname": family}, "sex": "male", "birth_date": born,
            "death_date": died, "marital_status": "M",
            "address": [{"locality": self.home(), "country_code": "QN"}]}))
    }

    pub(super) fn household_record(&self) -> Value {
        let identifier = json!([{"identifier_type": "UIN", "identifier_value": self.uin()}]);
        json!({"group_identifier": [{"identifier_type": "HOUSEHOLD_ID", "identifier_value": "HH-1"}],
            "address": [{"country_code": "QN", "region_code": "QN04", "sub_region_code": "QN0401"}],
            "poverty_score": 34.5, "group_size": 1, "member_list": [{"member_identifier": identifier,
                "demographic_info": {"birth_date": self.born}, "language_code": "es"}]})
    }
}

pub(super) fn start() -> Trial {
    Trial::start(SYSTEMS, 20)
}

/// Waits until nothing is under way.
pub(super) async fn settled(trial: &Trial) {
    trial.hall().room.clock.idle().await;
}

/// Applies; the application's id and the address of the login.
pub(super) async fn apply(trial: &Trial, wish: &Value) -> (String, String) {
    let letter = Letter::post("programme_office", "/portal/applications").json(wish);
    let (status, answer) = trial.ask(letter).await;
    assert_eq!(status, 201, "{answer}");
    let text = |name: &str| answer[name].as_str().unwrap().to_owned();
    (text("application_id"), text("login"))
}

pub(super) fn by_uin(person: &Person) -> Value {
    json!({"programme": "OAP", "uin": person.uin(), "phone": person.phone(), "channel": "kiosk"})
}

/// One parameter of an address.
pub(super) fn parameter(address: &str, name: &str) -> String {
    let url = url::Url::parse(address).unwrap();
    let pair = url.query_pairs().find(|(n, _)| n == name);
    pair.unwrap().1.into_owned()
}

/// Comes back from the login as `person`.
pub(super) async fn come_back(trial: &Trial, login: &str, person: &Person) -> u16 {
    let (state, nonce) = (parameter(login, "state"), parameter(login, "nonce"));
    let path = format!("/portal/callback?code={}.{nonce}&state={state}", person.uin());
    let reply = trial.send(Letter::get("programme_office", path)).await;
    settled(trial).await;
    reply.status
}

/// Applies, logs in, and waits until nothing is under way; the application as it then stands.
pub(super) async fn through(trial: &Trial, person: &Person) -> Value {
    let (id, login) = apply(trial, &by_uin(person)).await;
    assert_eq!(come_back(trial, &login, person).await, 303);
    look(trial, &id).await
}

pub(super) async fn look(trial: &Trial, id: &str) -> Value {
    let path = format!("/portal/applications/{id}");
    trial.ask(Letter::get("programme_office", path)).await.1
}

pub(super) async fn post(trial: &Trial, path: &str, body: &Value) -> (u16, Value) {
    let answer = trial.ask(Letter::post("programme_office", path).json(body)).await;
    settled(trial).await;
    answer
}

/// The last text message of a person.
pub(super) async fn last_sms(trial: &Trial, person: &Person) -> Option<String> {
    let path = format!("/inbox/{}", person.phone());
    let (_, inbox) = trial.ask(Letter::get("messenger", path)).await;
    inbox["messages"].as_array()?.last()?["text"].as_str().map(str::to_owned)
}

/// How many requests went to a system.
pub(super) async fn requests_to(trial: &Trial, system: &str, action: &str) -> usize {
    let journal = trial.journal().await;
    let fits = |e: &&crate::kit::journal::Entry| {
        e.kind == Kind::Request && e.to == system && e.action.contains(action)
    };
    journal.iter().filter(fits).count()
}

/// The verdict of a decision, `none` where it was not taken.
pub(super) fn verdict<'a>(application: &'a Value, id: &str) -> &'a str {
    let decisions = application["decisions"].as_array().unwrap();
    let decision = decisions.iter().find(|d| d["id"] == id);
    decision.map_or("none", |d| d["verdict"].as_str().unwrap())
}

/// Has a stand-in refuse what `on` names until its faults are cleared. It describes no routes, so that the control interface does
/// not know what it takes.
pub(super) fn put_out_of_order(trial: &Trial, system: &str, on: &str) {
    let what = Misbehaviour::Refusing { status: 503 };
    trial.office(system).faults.set(Fault { what, on: Some(on.into()), times: None });
}
