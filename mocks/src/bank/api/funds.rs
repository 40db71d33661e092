//! The example bank of OpenG2P's bridge: `POST /check_funds` and `/block_funds`; and our own `/settle_block` and
//! `/release_block`, where a block ends. Answers are 200 with a status, as there; 500 where the archive failed.

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use standards::money::{Currency, Money};

use super::refuse;
use crate::bank::store;
use crate::kit::fspiop::in_full;
use crate::kit::openapi::{Routes, says};
use crate::kit::server::Call;
use crate::kit::store::StoreError;

pub(super) fn routes(routes: &mut Routes) {
    let account = super::known(routes.system.name);
    let asked = json!({"account_number": account, "account_currency": "XTS", "total_funds_needed": "300.00"});
    let aside = json!({"account_number": account, "currency": "XTS", "amount": "300.00", "reference": "LIST-1"});
    let end = json!({"block_reference_no": "BLK-000001", "amount": "100.00", "reference": "T-1"});
    let ours = |summary| {
        says(summary)
            .tag("the example bank of OpenG2P")
            .more("Answered with 200 and a `status`: `success` or `failed`.")
            .gives::<Value>(200, "Whether it was done, or why not")
    };
    routes
        .post("/check_funds", check, ours("Whether an account holds enough").takes::<Check>(asked))
        .post("/block_funds", block, ours("Sets funds aside").takes::<Block>(aside))
        .post(
            "/settle_block",
            settle,
            ours("Pays out of what was set aside").takes::<End>(end.clone()),
        )
        .post("/release_block", release, ours("Gives back what was set aside").takes::<End>(end));
}

#[derive(Deserialize, JsonSchema)]
struct Check {
    account_number: String,
    account_currency: Currency,
    total_funds_needed: Value,
}

#[derive(Deserialize, JsonSchema)]
struct Block {
    account_number: String,
    currency: Currency,
    amount: Value,
    /// Ours: asking again with the same name gives the same block.
    reference: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct End {
    block_reference_no: String,
    amount: Value,
    /// The payment that the money was for; the same one is booked once.
    reference: String,
}

/// Why nothing was done.
enum Failed {
    /// The funds are not there, or a sentence about what was wrong with the question.
    No(String),
    /// It is not known here; who asks again hears it.
    Archive,
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        tracing::error!(error = in_full(&error), "a bank's archive failed");
        Self::Archive
    }
}

impl From<rusqlite::Error> for Failed {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::from(error).into()
    }
}

fn read<T: DeserializeOwned>(call: &Call) -> Result<T, Failed> {
    standards::dci::read(&call.body).map_err(|wrong| Failed::No(wrong.to_string()))
}

/// Clients write amounts as strings and as numbers; both are read as decimals.
fn money(amount: &Value, currency: Currency) -> Result<Money, Failed> {
    let read = match amount {
        Value::String(text) => Money::from_decimal(text, currency),
        Value::Number(number) => Money::from_json(number, currency),
        _ => return Err(Failed::No(String::from("the amount is no decimal such as 100.00"))),
    };
    let money = read.map_err(|wrong| Failed::No(wrong.to_string()))?;
    if money.minor <= 0 {
        return Err(Failed::No(format!("{money} is no amount to move: write more than nothing")));
    }
    Ok(money)
}

fn answer(call: &Call, outcome: Result<Value, Failed>) -> HttpResponse {
    match outcome {
        Ok(done) => HttpResponse::Ok().json(done),
        Err(Failed::No(sentence)) => {
            call.remark(&sentence);
            HttpResponse::Ok().json(json!({"status": "failed", "error_message": sentence}))
        }
        Err(Failed::Archive) => archive_failed(call),
    }
}

/// No verdict: a client that reads the status alone would take it for one.
fn archive_failed(call: &Call) -> HttpResponse {
    refuse(call, 500, "the archive failed; ask again later")
}

fn known(db: &rusqlite::Connection, account: &str) -> Result<(), Failed> {
    match store::account(db, account)? {
        Some(_) => Ok(()),
        None => Err(Failed::No(format!("there is no account {account} here"))),
    }
}

/// The connector of the bridge reads the status alone, so an account that holds too little is `failed` as one that is not
/// there. Account and verdict are in every answer; `error_code` is ours and tells the two apart.
async fn check(call: Call) -> HttpResponse {
    let ask: Check = match read(&call) {
        Ok(ask) => ask,
        Err(failed) => return answer(&call, Err(failed)),
    };
    call.correlation(&ask.account_number);
    let (code, said) = match held_and_needed(&call, &ask) {
        Ok((held, needed)) if held >= needed => ("", String::new()),
        Ok((held, needed)) => ("INSUFFICIENT_FUNDS", format!("{held} of {needed} needed")),
        Err(Failed::No(sentence)) => ("REFUSED", sentence),
        Err(Failed::Archive) => return archive_failed(&call),
    };
    if !code.is_empty() {
        call.remark(&said);
    }
    HttpResponse::Ok().json(json!({
        "status": if code.is_empty() { "success" } else { "failed" },
        "account_number": ask.account_number,
        "has_sufficient_funds": code.is_empty(),
        "error_code": code,
        "error_message": said,
    }))
}

fn held_and_needed(call: &Call, ask: &Check) -> Result<(Money, Money), Failed> {
    let needed = money(&ask.total_funds_needed, ask.account_currency)?;
    let held = call.store().read(|db| {
        let account = store::account(db, &ask.account_number)?;
        let held = store::balance(db, &ask.account_number, needed.currency)?;
        Ok(account.map(|_| Money::new(held, needed.currency)))
    })?;
    let unknown = || Failed::No(format!("there is no account {}", ask.account_number));
    Ok((held.ok_or_else(unknown)?, needed))
}

async fn block(call: Call) -> HttpResponse {
    let blocked = read::<Block>(&call).and_then(|ask| {
        let amount = money(&ask.amount, ask.currency)?;
        let at = call.errand.stamp();
        let asked_by = ask.reference.as_deref();
        call.correlation(asked_by.unwrap_or(&ask.account_number));
        let reference = call.store().write(|tx| {
            known(tx, &ask.account_number)?;
            let before = asked_by.map(|name| store::find_block_asked(tx, name)).transpose()?;
            if let Some(before) = before.flatten() {
                let same = before.amount == amount && before.account == ask.account_number;
                let sentence = "other funds were set aside under this reference";
                return if same { Ok(before.reference) } else { Err(Failed::No(sentence.into())) };
            }
            let held = store::balance(tx, &ask.account_number, ask.currency)?;
            if held < amount.minor {
                let held = Money::new(held, ask.currency);
                return Err(Failed::No(format!("insufficient funds: {held} of {amount} needed")));
            }
            Ok(store::block(tx, &ask.account_number, amount, (asked_by, &at))?)
        })?;
        Ok(json!({"status": "success", "block_reference_no": reference, "error_message": ""}))
    });
    answer(&call, blocked)
}

async fn settle(call: Call) -> HttpResponse {
    let settled = read::<End>(&call).and_then(|end| move_out(&call, &end, store::settle));
    answer(&call, settled)
}

async fn release(call: Call) -> HttpResponse {
    let released = read::<End>(&call).and_then(|end| move_out(&call, &end, store::release));
    answer(&call, released)
}

fn move_out(
    call: &Call,
    end: &End,
    book: impl FnOnce(
        &rusqlite::Connection,
        &store::Block,
        i64,
        (&str, &str),
    ) -> rusqlite::Result<store::Taken>,
) -> Result<Value, Failed> {
    let at = call.errand.stamp();
    call.correlation(&end.reference);
    call.store().write(|tx| {
        let block = store::find_block(tx, &end.block_reference_no)?;
        let block = block.ok_or_else(|| {
            Failed::No(format!("no funds are set aside under {}", end.block_reference_no))
        })?;
        let amount = money(&end.amount, block.amount.currency)?;
        match book(tx, &block, amount.minor, (&end.reference, &at))? {
            store::Taken::Booked => Ok(json!({"status": "success", "error_message": ""})),
            store::Taken::TooLittle => {
                let left = Money::new(block.left, amount.currency);
                Err(Failed::No(format!("only {left} is left of {}", block.reference)))
            }
            store::Taken::Other => {
                let other = "another amount, or one of other funds, was booked under it";
                Err(Failed::No(format!("reference: {other}; name each payment differently")))
            }
        }
    })
}
