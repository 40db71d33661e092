//! Administration as in Mojaloop's central-ledger: participants, their addresses, caps, funds and positions.

use actix_web::HttpResponse;
use actix_web::web::{self, Path};
use serde::Deserialize;
use serde_json::{Number, Value, json};
use standards::fspiop::ErrorCode;
use standards::money::{Currency, Money};

use super::{refuse, store};
use crate::kit::fspiop::{Refusal, body, read, set_signing};
use crate::kit::ledger;
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::payment_switch::model::{AccountKind, Participant};

/// Central-ledger's own default: the operator hears of it when nine tenths of a cap are used.
const ALARM_PERCENTAGE: i64 = 10;

pub(super) fn routes(config: &mut Routes<'_>) {
    let participant = "/participants/{name}";
    config.service(
        web::scope("/admin")
            .route("/participants", web::get().to(list))
            .route("/participants", web::post().to(add))
            .route(participant, web::get().to(show))
            .route(participant, web::put().to(change))
            .route("/participants/{name}/endpoints", web::get().to(endpoints))
            .route("/participants/{name}/endpoints", web::post().to(add_endpoint))
            .route("/participants/{name}/initialPositionAndLimits", web::post().to(first_cap))
            .route("/participants/{name}/limits", web::get().to(limits))
            .route("/participants/{name}/limits", web::put().to(change_cap))
            .route("/participants/{name}/positions", web::get().to(positions))
            .route("/participants/{name}/accounts", web::get().to(accounts))
            .route("/participants/{name}/accounts/{id}", web::post().to(move_funds))
            .route("/ledger", web::get().to(check_ledger))
            .route("/signing", web::put().to(signing)),
    );
}

#[derive(Deserialize)]
struct Name {
    name: String,
}

#[derive(Deserialize)]
struct Account {
    name: String,
    id: i64,
}

#[derive(Deserialize)]
struct NewParticipant {
    name: String,
    currency: Currency,
}

#[derive(Deserialize)]
struct Change {
    #[serde(rename = "isActive")]
    is_active: bool,
}

#[derive(Deserialize)]
struct Endpoint {
    #[serde(rename = "type")]
    kind: String,
    value: String,
}

#[derive(Deserialize)]
struct NewCap {
    currency: Currency,
    limit: Limit,
}

#[derive(Deserialize)]
struct Limit {
    #[serde(rename = "type")]
    kind: String,
    value: Number,
    #[serde(rename = "alarmPercentage")]
    alarm_percentage: Option<i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Funds {
    transfer_id: String,
    action: String,
    amount: FundsAmount,
}

#[derive(Deserialize)]
struct FundsAmount {
    amount: Value,
    currency: Currency,
}

fn answer(call: &Call, status: u16, outcome: Result<Value, Refusal>) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap_or_default();
    match outcome {
        Ok(Value::Null) => HttpResponse::build(status).finish(),
        Ok(value) => HttpResponse::build(status).json(value),
        Err(refused) => refuse(call, &refused),
    }
}

fn wrong(sentence: impl Into<String>) -> Refusal {
    Refusal::new(ErrorCode::VALIDATION, sentence)
}

fn amount(minor: i64, currency: &str) -> Result<Number, Refusal> {
    let currency = currency.parse().map_err(|_| wrong(format!("{currency} is no currency")))?;
    Money::new(minor, currency).to_json().map_err(|e| wrong(e.to_string()))
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

fn member(call: &Call, name: &str) -> Result<Participant, Refusal> {
    let known = call.store().read(|db| store::participant(db, name))?;
    known.ok_or_else(|| wrong(format!("{name} takes no part here; add it first")))
}

fn card(call: &Call, participant: &Participant) -> Result<Value, Refusal> {
    let accounts = call.store().read(|db| store::accounts(db, &participant.name))?;
    let accounts = accounts.iter().map(
        |a| json!({"id": a.id, "ledgerAccountType": a.kind, "currency": a.currency, "isActive": 1}),
    );
    Ok(json!({
        "name": participant.name,
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
        call.store().write(|tx| {
            store::add_participant(tx, &new.name, &at)?;
            for kind in [AccountKind::Position, AccountKind::Settlement] {
                store::add_account(tx, &new.name, new.currency, kind)?;
            }
            Ok::<_, Refusal>(())
        })?;
        card(&call, &member(&call, &new.name)?)
    });
    answer(&call, 201, added)
}

async fn change(call: Call, path: Path<Name>) -> HttpResponse {
    let changed = read::<Change>(&call.body).and_then(|change| {
        member(&call, &path.name)?;
        call.store()
            .write(|tx| Ok::<_, Refusal>(store::set_active(tx, &path.name, change.is_active)?))?;
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
        call.store().write(|tx| Ok::<_, Refusal>(store::set_endpoint(tx, &path.name, entry)?))?;
        Ok(Value::Null)
    });
    answer(&call, 201, added)
}

async fn first_cap(call: Call, path: Path<Name>) -> HttpResponse {
    let set = set_cap(&call, &path.name).map(|_| Value::Null);
    answer(&call, 201, set)
}

async fn change_cap(call: Call, path: Path<Name>) -> HttpResponse {
    let set = set_cap(&call, &path.name);
    answer(&call, 200, set)
}

fn set_cap(call: &Call, name: &str) -> Result<Value, Refusal> {
    let new: NewCap = read(&call.body)?;
    member(call, name)?;
    if new.limit.kind != "NET_DEBIT_CAP" {
        return Err(wrong("limit.type: NET_DEBIT_CAP is the only limit here"));
    }
    let most =
        Money::from_json(&new.limit.value, new.currency).map_err(|e| wrong(e.to_string()))?;
    let alarm = new.limit.alarm_percentage.unwrap_or(ALARM_PERCENTAGE);
    call.store().write(|tx| {
        let currency = new.currency;
        if store::accounts(tx, name)?.iter().all(|a| a.currency != currency.as_str()) {
            return Err(wrong(format!("{name} has no accounts in {currency}; add them first")));
        }
        Ok(store::set_cap(tx, name, currency, (most.minor, alarm))?)
    })?;
    let limit =
        json!({"type": "NET_DEBIT_CAP", "value": new.limit.value, "alarmPercentage": alarm});
    Ok(json!({"currency": new.currency, "limit": limit}))
}

async fn limits(call: Call, path: Path<Name>) -> HttpResponse {
    let shown = member(&call, &path.name).and_then(|_| {
        let caps = call.store().read(|db| store::caps(db, &path.name))?;
        let shown = caps.iter().map(|cap| {
            let value = amount(cap.minor, &cap.currency)?;
            let limit = json!({"type": "NET_DEBIT_CAP", "value": value, "alarmPercentage": cap.alarm_percentage});
            Ok(json!({"currency": cap.currency, "limit": limit}))
        });
        shown.collect()
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

async fn move_funds(call: Call, path: Path<Account>) -> HttpResponse {
    let (name, id) = (&path.name, path.id);
    let moved = read::<Funds>(&call.body).and_then(|funds| fund(&call, (name, id), &funds));
    answer(&call, 202, moved)
}

fn fund(call: &Call, (name, id): (&str, i64), funds: &Funds) -> Result<Value, Refusal> {
    member(call, name)?;
    if funds.action != "recordFundsIn" {
        return Err(wrong(
            "action: recordFundsIn is the only one here; funds out are not recorded",
        ));
    }
    let currency = funds.amount.currency;
    let amount = match &funds.amount.amount {
        Value::String(text) => Money::from_decimal(text, currency),
        Value::Number(number) => Money::from_json(number, currency),
        _ => return Err(wrong("amount.amount: write a decimal such as 1000")),
    };
    let amount = amount.map_err(|e| wrong(e.to_string()))?;
    if amount.minor <= 0 {
        return Err(wrong("amount.amount: write more than nothing"));
    }
    let at = call.errand.stamp();
    call.store().write(|tx| {
        let all = store::accounts(tx, name)?;
        let fits = |a: &store::Position| {
            a.id == id
                && a.kind == AccountKind::Settlement.text()
                && a.currency == currency.as_str()
        };
        if !all.iter().any(fits) {
            let sentence = format!("account {id} is no settlement account of {name} in {currency}");
            return Err(wrong(sentence));
        }
        store::fund(tx, name, amount, (&funds.transfer_id, &at))?;
        Ok(Value::Null)
    })
}

/// Whether the books are right: our own route.
async fn check_ledger(call: Call) -> HttpResponse {
    let checked =
        call.store().read(ledger::check).map_err(Refusal::from).map(|checked| match checked {
            Ok(checked) => {
                json!({"balanced": true, "accounts": checked.accounts, "entries": checked.entries})
            }
            Err(broken) => json!({"balanced": false, "broken": broken.to_string()}),
        });
    answer(&call, 200, checked)
}

#[derive(Deserialize)]
struct Signing {
    on: bool,
}

/// Whether the switch signs its own messages: our own route.
async fn signing(call: Call) -> HttpResponse {
    let set = read::<Signing>(&call.body).and_then(|signing| {
        set_signing(&call.errand.office, signing.on)?;
        Ok(body(&json!({"on": signing.on})))
    });
    answer(&call, 200, set)
}
