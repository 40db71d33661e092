//! Our own routes: accounts with balance and statement, opening one, and choosing what it does with payments.

use actix_web::HttpResponse;
use actix_web::web::Path;
use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::fspiop::{ParticipantsTypeIdPostRequest, PartyIdType};
use standards::money::{Currency, Money};

use super::{Id, known, refuse};
use crate::bank::model::{Account, Standing, reversed};
use crate::bank::{scheme, store};
use crate::kit::fspiop::{body, in_full};
use crate::kit::openapi::{Routes, says};
use crate::kit::server::Call;
use crate::kit::store::StoreError;

/// The newest lines that a statement shows.
const MOST_LINES: u32 = 100;

pub(super) fn routes(routes: &mut Routes) {
    let account = known(routes.system.name);
    let new = json!({"kind": "ACCOUNT_ID", "number": "NEW-1", "given": "Zoe", "family": "Prat"});
    let ours = |summary| says(summary).tag("accounts");
    routes
        .post(
            "/accounts",
            open,
            ours("Opens an account, and tells the switch")
                .takes::<NewAccount>(new)
                .gives::<Value>(201, "The account"),
        )
        .get(
            "/accounts/{id}",
            show,
            ours("An account, by its number or the holder's telephone")
                .path("id", account.clone())
                .gives::<Value>(200, "Balance and newest lines"),
        )
        .put(
            "/accounts/{id}",
            change,
            ours("Chooses what the account does with payments")
                .path("id", account)
                .takes::<Change>(json!({"standing": "open"}))
                .gives::<Value>(200, "The account"),
        );
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct NewAccount {
    kind: PartyIdType,
    number: String,
    given: String,
    family: String,
    birth_date: Option<String>,
    phone: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    standing: Standing,
}

async fn show(call: Call, path: Path<Id>) -> HttpResponse {
    match find(&call, &path.id) {
        Ok(Some(account)) => answer(&call, 200, &account),
        Ok(None) => nobody(&call, &path.id),
        Err(error) => failed(&call, &error),
    }
}

fn find(call: &Call, name: &str) -> Result<Option<Account>, StoreError> {
    call.store().read(|db| store::find_account(db, name))
}

fn nobody(call: &Call, name: &str) -> HttpResponse {
    let sentence = format!("no account `{name}`: name it by its number or the holder's telephone");
    refuse(call, 404, &sentence)
}

fn failed(call: &Call, error: &StoreError) -> HttpResponse {
    tracing::error!(error = in_full(error), "a bank's archive failed");
    refuse(call, 500, "the archive failed; ask again later")
}

fn answer(call: &Call, status: u16, account: &Account) -> HttpResponse {
    let status = actix_web::http::StatusCode::from_u16(status).unwrap_or_default();
    match card(call, account, scheme::currency()) {
        Ok(card) => HttpResponse::build(status).json(card),
        Err(error) => failed(call, &error),
    }
}

fn card(call: &Call, account: &Account, currency: Currency) -> Result<Value, StoreError> {
    let (balance, lines) = call.store().read(|db| {
        let balance = store::balance(db, &account.number, currency)?;
        Ok((balance, store::statement(db, &account.number, currency, MOST_LINES)?))
    })?;
    let money = |minor| Money::new(minor, currency).to_string();
    let lines = lines.iter().map(|line| {
        json!({"at": line.at, "reference": line.reference, "what": line.what,
            "amount": money(line.minor), "balance": money(line.balance),
            "reverses": reversed(&line.what).map(|(transfer, _)| transfer)})
    });
    Ok(json!({
        "number": account.number,
        "kind": account.kind,
        "bank": call.errand.office.system.name,
        "holder": account.holder(),
        "phone": account.phone,
        "standing": account.standing,
        "currency": currency,
        "balance": money(balance),
        "lines": lines.collect::<Vec<_>>(),
    }))
}

/// Opens an account, and tells the switch that this bank holds it.
async fn open(call: Call) -> HttpResponse {
    let new: NewAccount = match standards::dci::read(&call.body) {
        Ok(new) => new,
        Err(wrong) => return refuse(&call, 400, &wrong.to_string()),
    };
    let legal = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    if new.number.is_empty() || new.number.len() > 32 || !new.number.bytes().all(legal) {
        return refuse(&call, 400, "number: 1 to 32 letters, digits or hyphens, without a plus");
    }
    let account = Account {
        number: new.number,
        kind: new.kind,
        given: new.given,
        family: new.family,
        birth_date: new.birth_date,
        phone: new.phone,
        standing: Standing::Open,
    };
    match call.store().alter(|tx| store::keep_account(tx, &account)) {
        Ok(true) => {}
        Ok(false) => return refuse(&call, 409, "there is an account with this number already"),
        Err(error) => return failed(&call, &error),
    }
    let response = answer(&call, 201, &account);
    let errand = call.errand.clone();
    call.later(async move {
        let bank = errand.office.system.name;
        let uri = format!("/participants/{}/{}", account.kind.as_str(), account.number);
        let held = ParticipantsTypeIdPostRequest {
            fsp_id: bank.into(),
            currency: Some(scheme::currency()),
            extension_list: None,
        };
        let route = "/participants/{type}/{id}";
        // A refusal is in the journal; the account is opened all the same.
        drop(scheme::send(&errand, (&Method::POST, &uri, route), None, Some(&body(&held))).await);
    });
    response
}

/// Chooses what the account does with payments.
async fn change(call: Call, path: Path<Id>) -> HttpResponse {
    let change: Change = match standards::dci::read(&call.body) {
        Ok(change) => change,
        Err(wrong) => return refuse(&call, 400, &wrong.to_string()),
    };
    let mut account = match find(&call, &path.id) {
        Ok(Some(account)) => account,
        Ok(None) => return nobody(&call, &path.id),
        Err(error) => return failed(&call, &error),
    };
    account.standing = change.standing;
    let changed = call.for_good(|archive| {
        archive.alter(|tx| store::set_standing(tx, &account.number, account.standing))
    });
    match changed {
        Ok(()) => answer(&call, 200, &account),
        Err(error) => failed(&call, &error),
    }
}
