//! Administration of participants: who takes part, where its messages go, what it has and may owe.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use rusqlite::Connection;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Number, Value, json};
use standards::fspiop::ErrorCode;
use standards::money::{Currency, Money};

use super::newcomer::{NewParticipant, add};
use super::provision::let_hub_in;
use super::{Name, amount, answer, for_good, member, ours, wrong};
use crate::kit::fspiop::{Refusal, read};
use crate::kit::openapi::{Operation, Routes};
use crate::kit::server::Call;
use crate::payment_switch::directory;
use crate::payment_switch::model::{AccountKind, Participant, is_endpoint_type};
use crate::payment_switch::store;

/// The only kind of limit that there is here.
const CAP: &str = "NET_DEBIT_CAP";

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
            ours("The caps of all")
                .query("currency", "")
                .query("type", "")
                .gives::<Value>(200, "One by one"),
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
            one("Where it is reached")
                .more("With `type`, the one of this type.")
                .query("type", "")
                .gives::<Value>(200, "Type and address"),
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
        .get(
            &at("/limits"),
            limits,
            one("Its caps")
                .query("currency", "")
                .query("type", "")
                .gives::<Value>(200, "A currency each"),
        )
        .put(
            &at("/limits"),
            change_cap,
            one("Changes a cap").takes::<NewCap>(cap).gives::<Value>(200, "Changed"),
        )
        .get(
            &at("/positions"),
            positions,
            one("What it owes")
                .more("With `currency`, in this currency alone.")
                .query("currency", "")
                .gives::<Value>(200, "A currency each"),
        )
        .get(
            &at("/accounts"),
            accounts,
            one("Its accounts").gives::<Value>(200, "With what is on them"),
        );
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

/// What a list is narrowed to.
#[derive(Deserialize)]
struct Filter {
    #[serde(rename = "type")]
    kind: Option<String>,
    currency: Option<String>,
}

impl Filter {
    fn has(&self, kind: &str, currency: &str) -> bool {
        let fits = |wanted: &Option<String>, is: &str| wanted.as_ref().is_none_or(|w| w == is);
        fits(&self.kind, kind) && fits(&self.currency, currency)
    }
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

pub(super) fn card(call: &Call, participant: &Participant) -> Result<Value, Refusal> {
    let accounts = call.store().read(|db| store::accounts(db, &participant.name))?;
    let accounts = accounts.iter().map(
        |a| json!({"id": a.id, "ledgerAccountType": a.kind, "currency": a.currency, "isActive": i32::from(a.is_active)}),
    );
    let base = call.room().base_of("payment_switch").unwrap_or_default();
    let itself = format!("{base}/admin/participants/{}", participant.name);
    Ok(json!({
        "name": participant.name,
        "id": itself,
        "links": {"self": itself},
        "created": participant.created,
        "isActive": i32::from(participant.is_active),
        "accounts": accounts.collect::<Vec<_>>(),
    }))
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

async fn endpoints(call: Call, path: Path<Name>, filter: Query<Filter>) -> HttpResponse {
    let shown = member(&call, &path.name).and_then(|_| {
        let all = call.store().read(|db| store::endpoints(db, &path.name))?;
        let mut all = all.iter().map(|(kind, value)| json!({"type": kind, "value": value}));
        Ok(match &filter.kind {
            Some(kind) => all.find(|one| one["type"] == **kind).unwrap_or_else(|| json!({})),
            None => Value::Array(all.collect()),
        })
    });
    answer(&call, 200, shown)
}

async fn add_endpoint(call: Call, path: Path<Name>) -> HttpResponse {
    let added = read::<Endpoint>(&call.body).and_then(|endpoint| {
        let_hub_in(&call, &path.name)?;
        member(&call, &path.name)?;
        if !is_endpoint_type(&endpoint.kind) {
            let right = "type: write an endpoint type such as FSPIOP_CALLBACK_URL_TRANSFER_PUT";
            return Err(Refusal::new(ErrorCode::MALFORMED_SYNTAX, right));
        }
        let is_web = ["http://", "https://"].iter().any(|begin| endpoint.value.starts_with(begin));
        if endpoint.kind.ends_with("_EMAIL") {
            if !endpoint.value.contains('@') {
                return Err(wrong("value: write an e-mail address"));
            }
        } else if !is_web {
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
        if new.limit.kind != CAP {
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
async fn all_limits(call: Call, filter: Query<Filter>) -> HttpResponse {
    let listed = call.store().read(store::participants).map_err(Refusal::from);
    let shown = listed.and_then(|all| {
        let mut shown = Vec::new();
        for participant in all {
            let caps = call.store().read(|db| store::caps(db, &participant.name))?;
            for cap in caps.iter().filter(|cap| filter.has(CAP, &cap.currency)) {
                let mut one = shown_cap(cap)?;
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

async fn limits(call: Call, path: Path<Name>, filter: Query<Filter>) -> HttpResponse {
    let shown = member(&call, &path.name).and_then(|_| {
        let caps = call.store().read(|db| store::caps(db, &path.name))?;
        caps.iter().filter(|cap| filter.has(CAP, &cap.currency)).map(shown_cap).collect()
    });
    answer(&call, 200, shown)
}

async fn positions(call: Call, path: Path<Name>, filter: Query<Filter>) -> HttpResponse {
    let shown = member(&call, &path.name).and_then(|_| {
        let all = call.store().read(|db| store::accounts(db, &path.name))?;
        let positions = all.iter().filter(|a| a.kind == AccountKind::Position.text());
        let shown = positions
            .filter(|a| filter.currency.as_ref().is_none_or(|wanted| *wanted == a.currency))
            .map(|a| Ok(json!({"currency": a.currency, "value": amount(a.minor, &a.currency)?})));
        let shown: Vec<Value> = shown.collect::<Result<_, Refusal>>()?;
        // One currency is told alone, and not in a list.
        let alone = filter.currency.as_ref().map(|_| shown.first().cloned());
        Ok(alone.map_or(Value::Array(shown), |one| one.unwrap_or_else(|| json!({}))))
    });
    answer(&call, 200, shown)
}

async fn accounts(call: Call, path: Path<Name>) -> HttpResponse {
    let shown = member(&call, &path.name).and_then(|_| {
        let all = call.store().read(|db| store::accounts(db, &path.name))?;
        let shown = all.iter().map(|a| {
            let value = amount(a.minor, &a.currency)?;
            Ok(json!({"id": a.id, "ledgerAccountType": a.kind, "currency": a.currency, "isActive": i32::from(a.is_active), "value": value}))
        });
        shown.collect()
    });
    answer(&call, 200, shown)
}
