//! Administration of participants: who takes part, where its messages go, what it has and may owe.

use actix_web::HttpResponse;
use actix_web::web::Path;
use rusqlite::Connection;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Number, Value, json};
use standards::money::{Currency, Money};

use super::{Name, amount, answer, for_good, member, ours, wrong};
use crate::kit::fspiop::{Refusal, read};
use crate::kit::openapi::{Operation, Routes};
use crate::kit::server::Call;
use crate::payment_switch::directory;
use crate::payment_switch::model::{AccountKind, Participant};
use crate::payment_switch::store;

/// Central-ledger's own default: the operator hears of it when nine tenths of a cap are used.
const ALARM_PERCENTAGE: i64 = 10;

pub(super) fn routes(routes: &mut Routes) {
    let newcomer = json!({"name": "bluebank", "currency": "XTS"});
    routes
        .get(
            "/admin/participants",
            list,
            ours("All participants").gives::<Value>(200, "With their accounts"),
        )
        .post(
            "/admin/participants",
            add,
            ours("Adds a participant")
                .takes::<NewParticipant>(newcomer)
                .gives::<Value>(201, "Added"),
        )
        .get(
            "/admin/participants/limits",
            all_limits,
            ours("The caps of all").gives::<Value>(200, "One by one"),
        )
        .get(
            "/admin/participants/{name}",
            show,
            one("One participant").gives::<Value>(200, "With its accounts"),
        )
        .put(
            "/admin/participants/{name}",
            change,
            one("Switches a participant on or off")
                .takes::<Change>(json!({"isActive": true}))
                .gives::<Value>(200, "Changed"),
        );
    of_one(routes);
}

fn one(summary: &'static str) -> Operation {
    ours(summary).path("name", "greenbank")
}

/// What hangs on one participant.
fn of_one(routes: &mut Routes) {
    let cap = json!({"currency": "XTS", "limit": {"type": "NET_DEBIT_CAP", "value": 100_000, "alarmPercentage": 10}});
    let mut first = cap.clone();
    first["initialPosition"] = json!(0);
    let endpoint = json!({
        "type": "FSPIOP_CALLBACK_URL_TRANSFER_PUT", "value": "http://127.0.0.1:9/transfers/{{transferId}}",
    });
    let at = |rest: &str| format!("/admin/participants/{{name}}{rest}");
    routes
        .get(
            &at("/endpoints"),
            endpoints,
            one("Where it is reached").gives::<Value>(200, "Type and address"),
        )
        .post(
            &at("/endpoints"),
            add_endpoint,
            one("Says where it is reached").takes::<Endpoint>(endpoint).gives_nothing(201, "Kept"),
        )
        .post(
            &at("/initialPositionAndLimits"),
            first_cap,
            one("Sets its first cap, and what it owes from the start")
                .takes::<FirstCap>(first)
                .gives_nothing(201, "Set"),
        )
        .get(&at("/limits"), limits, one("Its caps").gives::<Value>(200, "A currency each"))
        .put(
            &at("/limits"),
            change_cap,
            one("Changes a cap").takes::<NewCap>(cap).gives::<Value>(200, "Changed"),
        )
        .get(
            &at("/positions"),
            positions,
            one("What it owes").gives::<Value>(200, "A currency each"),
        )
        .get(
            &at("/accounts"),
            accounts,
            one("Its accounts").gives::<Value>(200, "With what is on them"),
        );
}

#[derive(Deserialize, JsonSchema)]
struct NewParticipant {
    name: String,
    currency: Currency,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "ParticipantChange")]
struct Change {
    #[serde(rename = "isActive")]
    is_active: bool,
}

#[derive(Deserialize, JsonSchema)]
struct Endpoint {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

#[derive(Deserialize, JsonSchema)]
struct NewCap {
    currency: Currency,
    limit: Limit,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct FirstCap {
    currency: Currency,
    limit: Limit,
    /// What it owes from the start; nothing where it is left out. Set once.
    initial_position: Option<Number>,
}

#[derive(Deserialize, JsonSchema)]
struct Limit {
    #[serde(rename = "type")]
    kind: String,
    value: Number,
    #[serde(rename = "alarmPercentage")]
    alarm_percentage: Option<i64>,
}

async fn list(call: Call) -> HttpResponse {
    let listed = call.store().read(store::participants).map_err(Refusal::from);
    let shown = listed.and_then(|all| all.iter().map(|p| card(&call, p)).collect());
    answer(&call, 200, shown)
}

async fn show(call: Call, path: Path<Name>) -> HttpResponse {
    let shown = member(&call, &path.name).and_then(|participant| card(&call, &participant));
    answer(&call, 200, shown)
}

fn card(call: &Call, participant: &Participant) -> Result<Value, Refusal> {
    let accounts = call.store().read(|db| store::accounts(db, &participant.name))?;
    let accounts = accounts.iter().map(
        |a| json!({"id": a.id, "ledgerAccountType": a.kind, "currency": a.currency, "isActive": 1}),
    );
    Ok(json!({
        "name": participant.name,
        "id": participant.id,
        "created": participant.created,
        "isActive": i32::from(participant.is_active),
        "accounts": accounts.collect::<Vec<_>>(),
    }))
}

async fn add(call: Call) -> HttpResponse {
    let added = read::<NewParticipant>(&call.body).and_then(|new| {
        let at = call.errand.stamp();
        let legal = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
        if new.name.is_empty() || new.name.len() > 32 || !new.name.bytes().all(legal) {
            return Err(wrong("name: 1 to 32 letters, digits, hyphens, points or underscores"));
        }
        for_good(&call, |tx| {
            store::add_participant(tx, &new.name, &at)?;
            for kind in [AccountKind::Position, AccountKind::Settlement] {
                store::add_account(tx, &new.name, new.currency, kind)?;
            }
            Ok(())
        })?;
        directory::forget(&call.errand.office);
        card(&call, &member(&call, &new.name)?)
    });
    answer(&call, 201, added)
}

async fn change(call: Call, path: Path<Name>) -> HttpResponse {
    let changed = read::<Change>(&call.body).and_then(|change| {
        member(&call, &path.name)?;
        for_good(&call, |tx| Ok(store::set_active(tx, &path.name, change.is_active)?))?;
        directory::forget(&call.errand.office);
        card(&call, &member(&call, &path.name)?)
    });
    answer(&call, 200, changed)
}

async fn endpoints(call: Call, path: Path<Name>) -> HttpResponse {
    let shown = member(&call, &path.name).and_then(|_| {
        let all = call.store().read(|db| store::endpoints(db, &path.name))?;
        let all = all.iter().map(|(kind, value)| json!({"type": kind, "value": value}));
        Ok(Value::Array(all.collect()))
    });
    answer(&call, 200, shown)
}

async fn add_endpoint(call: Call, path: Path<Name>) -> HttpResponse {
    let added = read::<Endpoint>(&call.body).and_then(|endpoint| {
        member(&call, &path.name)?;
        if !endpoint.value.starts_with("http://") && !endpoint.value.starts_with("https://") {
            return Err(wrong("value: write an address that begins with http:// or https://"));
        }
        let entry = (endpoint.kind.as_str(), endpoint.value.as_str());
        for_good(&call, |tx| Ok(store::set_endpoint(tx, &path.name, entry)?))?;
        directory::forget(&call.errand.office);
        Ok(Value::Null)
    });
    answer(&call, 201, added)
}

async fn first_cap(call: Call, path: Path<Name>) -> HttpResponse {
    let set = read(&call.body).and_then(|first| set_first(&call, &path.name, first));
    answer(&call, 201, set)
}

fn set_first(call: &Call, name: &str, first: FirstCap) -> Result<Value, Refusal> {
    let FirstCap { currency, limit, initial_position } = first;
    let owed = initial_position.map_or(Ok(Money::new(0, currency)), |owed| {
        Money::from_json(&owed, currency).map_err(|e| wrong(format!("initialPosition: {e}")))
    })?;
    let cap = Cap::read(call, name, &NewCap { currency, limit })?;
    let at = call.errand.stamp();
    for_good(call, |tx| {
        cap.set(tx, name)?;
        if owed.minor != 0 && !store::first_position(tx, name, owed, &at)? {
            return Err(wrong("initialPosition: it was set before; leave it out"));
        }
        Ok(Value::Null)
    })
}

async fn change_cap(call: Call, path: Path<Name>) -> HttpResponse {
    let set = read(&call.body).and_then(|new| set_cap(&call, &path.name, &new));
    answer(&call, 200, set)
}

fn set_cap(call: &Call, name: &str, new: &NewCap) -> Result<Value, Refusal> {
    let cap = Cap::read(call, name, new)?;
    for_good(call, |tx| cap.set(tx, name))?;
    let limit = json!({"type": "NET_DEBIT_CAP", "value": new.limit.value, "alarmPercentage": cap.alarm_percentage});
    Ok(json!({"currency": new.currency, "limit": limit}))
}

/// A cap that was read and may be set.
struct Cap {
    most: Money,
    alarm_percentage: i64,
}

impl Cap {
    /// Reads a cap for a participant.
    fn read(call: &Call, name: &str, new: &NewCap) -> Result<Self, Refusal> {
        member(call, name)?;
        if new.limit.kind != "NET_DEBIT_CAP" {
            return Err(wrong("limit.type: NET_DEBIT_CAP is the only limit here"));
        }
        let most =
            Money::from_json(&new.limit.value, new.currency).map_err(|e| wrong(e.to_string()))?;
        if most.minor < 0 {
            return Err(wrong("limit.value: a cap is not below zero"));
        }
        let alarm_percentage = new.limit.alarm_percentage.unwrap_or(ALARM_PERCENTAGE);
        Ok(Self { most, alarm_percentage })
    }

    /// Sets it where the participant has accounts in its currency.
    fn set(&self, tx: &Connection, name: &str) -> Result<(), Refusal> {
        let Money { minor, currency } = self.most;
        if store::accounts(tx, name)?.iter().all(|a| a.currency != currency.as_str()) {
            return Err(wrong(format!("{name} has no accounts in {currency}; add them first")));
        }
        Ok(store::set_cap(tx, name, currency, (minor, self.alarm_percentage))?)
    }
}

/// The caps of all participants.
async fn all_limits(call: Call) -> HttpResponse {
    let listed = call.store().read(store::participants).map_err(Refusal::from);
    let shown = listed.and_then(|all| {
        let mut shown = Vec::new();
        for participant in all {
            for cap in call.store().read(|db| store::caps(db, &participant.name))? {
                let mut one = shown_cap(&cap)?;
                one["name"] = json!(participant.name);
                shown.push(one);
            }
        }
        Ok(Value::Array(shown))
    });
    answer(&call, 200, shown)
}

fn shown_cap(cap: &store::Cap) -> Result<Value, Refusal> {
    let value = amount(cap.minor, &cap.currency)?;
    let limit =
        json!({"type": "NET_DEBIT_CAP", "value": value, "alarmPercentage": cap.alarm_percentage});
    Ok(json!({"currency": cap.currency, "limit": limit}))
}

async fn limits(call: Call, path: Path<Name>) -> HttpResponse {
    let shown = member(&call, &path.name).and_then(|_| {
        let caps = call.store().read(|db| store::caps(db, &path.name))?;
        caps.iter().map(shown_cap).collect()
    });
    answer(&call, 200, shown)
}

async fn positions(call: Call, path: Path<Name>) -> HttpResponse {
    let shown = member(&call, &path.name).and_then(|_| {
        let all = call.store().read(|db| store::accounts(db, &path.name))?;
        let positions = all.iter().filter(|a| a.kind == AccountKind::Position.text());
        let shown = positions
            .map(|a| Ok(json!({"currency": a.currency, "value": amount(a.minor, &a.currency)?})));
        shown.collect()
    });
    answer(&call, 200, shown)
}

async fn accounts(call: Call, path: Path<Name>) -> HttpResponse {
    let shown = member(&call, &path.name).and_then(|_| {
        let all = call.store().read(|db| store::accounts(db, &path.name))?;
        let shown = all.iter().map(|a| {
            let value = amount(a.minor, &a.currency)?;
            Ok(json!({"id": a.id, "ledgerAccountType": a.kind, "currency": a.currency, "isActive": 1, "value": value}))
        });
        shown.collect()
    });
    answer(&call, 200, shown)
}
