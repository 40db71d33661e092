//! Statements: MT940 to download, `POST /generate_account_statement` of OpenG2P's example bank, and `POST /ussd`, the menu
//! of a simple telephone (balance, last three payments).

use actix_web::http::header::CONTENT_DISPOSITION;
use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::{Path, Query};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::money::Money;

use super::{Id, known, refuse};
use crate::bank::statement::mt940;
use crate::bank::{scheme, store};
use crate::kit::fspiop::in_full;
use crate::kit::ledger::Line;
use crate::kit::openapi::{Routes, says};
use crate::kit::seed::cast_phone;
use crate::kit::server::Call;
use crate::kit::store::StoreError;

/// One statement has so many lines at the most: the newest.
const MOST_LINES: u32 = 10_000;
/// So many payments are shown on a simple telephone.
const SHOWN_BY_PHONE: usize = 3;

pub(super) fn routes(routes: &mut Routes) {
    let account = known(routes.system.name);
    let phone = cast_phone(if routes.system.name == "pinkbank" { "rosa_reyn" } else { "tomas" });
    let ours = |summary| says(summary).tag("statements");
    routes
        .get(
            "/accounts/{id}/statement",
            download,
            ours("A statement to download").path("id", account.clone()).gives_as::<String>(
                200,
                "text/plain",
                "MT940",
            ),
        )
        .post(
            "/generate_account_statement",
            generate,
            ours("A statement, as the example bank of OpenG2P gives it")
                .takes::<Generate>(json!({"account_number": account}))
                .gives::<Value>(200, "The statement in MT940, or why there is none"),
        )
        .post(
            "/ussd",
            ussd,
            ours("The menu of a simple telephone")
                .more("A form (`application/x-www-form-urlencoded`), as gateways send it, is read too.")
                .takes::<Typed>(json!({"phoneNumber": format!("+{phone}"), "text": "1"}))
                .gives_as::<String>(200, "text/plain", "`CON` goes on, `END` ends"),
        );
}

/// The number and lines of the account with this number or telephone.
fn lines_of(call: &Call, name: &str) -> Result<Option<(String, Vec<Line>)>, StoreError> {
    let currency = scheme::currency();
    call.store().read(|db| {
        let Some(account) = store::find_account(db, name)? else { return Ok(None) };
        let lines = store::statement(db, &account.number, currency, MOST_LINES)?;
        Ok(Some((account.number, lines)))
    })
}

fn statement(call: &Call, name: &str) -> Result<Option<(String, String)>, StoreError> {
    let today = call.room().clock.today();
    let found = call.store().read(|db| {
        let Some(account) = store::find_account(db, name)? else { return Ok(None) };
        let lines = store::booked(db, &account.number, scheme::currency(), MOST_LINES)?;
        Ok(Some((account.number, lines)))
    })?;
    Ok(found.map(|(number, lines)| {
        let text = mt940(&number, scheme::currency(), &lines, today);
        (number, text)
    }))
}

async fn download(call: Call, path: Path<Id>) -> HttpResponse {
    match statement(&call, &path.id) {
        Ok(Some((number, text))) => HttpResponse::Ok()
            .content_type("text/plain; charset=us-ascii")
            .insert_header((CONTENT_DISPOSITION, format!("attachment; filename=\"{number}.sta\"")))
            .body(text),
        Ok(None) => refuse(&call, 404, &format!("there is no account {} here", path.id)),
        Err(error) => failed(&call, &error),
    }
}

fn failed(call: &Call, error: &StoreError) -> HttpResponse {
    tracing::error!(error = in_full(error), "a bank's archive failed");
    refuse(call, 500, "the archive failed; ask again later")
}

#[derive(Deserialize, JsonSchema)]
struct Generate {
    #[serde(alias = "program_account_number")]
    account_number: String,
}

/// Answers 200 with a status, as the example bank does.
async fn generate(call: Call) -> HttpResponse {
    let failed = |sentence: String| {
        HttpResponse::Ok().json(json!({"status": "failed", "error_message": sentence}))
    };
    let ask: Generate = match standards::dci::read(&call.body) {
        Ok(ask) => ask,
        Err(wrong) => return failed(wrong.to_string()),
    };
    call.correlation(&ask.account_number);
    match statement(&call, &ask.account_number) {
        Ok(Some((number, text))) => HttpResponse::Ok().json(json!({"status": "success",
            "account_number": number, "statement": text, "error_message": ""})),
        Ok(None) => failed(format!("there is no account {} here", ask.account_number)),
        Err(error) => {
            tracing::error!(error = in_full(&error), "a bank's archive failed");
            failed(String::from("the archive failed; ask again later"))
        }
    }
}

/// What a telephone company sends: the number, and what was typed so far.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Typed {
    #[serde(alias = "phone_number")]
    phone_number: String,
    #[serde(default)]
    text: String,
}

fn typed(call: &Call, req: &HttpRequest) -> Result<Typed, String> {
    let kind = req.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    if kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        let text = String::from_utf8_lossy(&call.body);
        let read = Query::<Typed>::from_query(&text);
        return read.map(Query::into_inner).map_err(|wrong| wrong.to_string());
    }
    standards::dci::read(&call.body).map_err(|wrong| wrong.to_string())
}

/// `CON` goes on with the menu, `END` ends it.
async fn ussd(call: Call, req: HttpRequest) -> HttpResponse {
    let typed = match typed(&call, &req) {
        Ok(typed) => typed,
        Err(wrong) => return refuse(&call, 400, &wrong),
    };
    // A plus sign that a form did not escape arrives as a space.
    let said = match lines_of(&call, typed.phone_number.trim()) {
        Ok(Some((_, lines))) => menu(&typed.text, &lines),
        Ok(None) => String::from("END No account of this bank belongs to your number."),
        Err(error) => return failed(&call, &error),
    };
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(said)
}

fn menu(text: &str, lines: &[Line]) -> String {
    let money = |minor| Money::new(minor, scheme::currency());
    match text {
        "" => String::from("CON 1. Balance\n2. Last payments"),
        "1" => {
            let balance = money(lines.last().map_or(0, |line| line.balance));
            format!("END Your balance is {balance} {}.", balance.currency)
        }
        "2" if lines.is_empty() => String::from("END There were no payments yet."),
        "2" => {
            let last = lines.iter().rev().take(SHOWN_BY_PHONE);
            let told: Vec<_> = last
                .map(|l| format!("{} {} {}", &l.at[..10.min(l.at.len())], money(l.minor), l.what))
                .collect();
            format!("END {}", told.join("\n"))
        }
        _ => String::from("END There is no such choice."),
    }
}
