//! `POST /upload_mt940` of the bridge: the bank's statement of the account that pays. Each debit is a disbursement that was
//! remitted, each debit that came back one that was reversed; what fits nothing is kept with the reason.

use actix_web::http::header::CONTENT_TYPE;
use actix_web::{HttpRequest, HttpResponse};
use rusqlite::Connection;
use serde_json::{Value, json};
use standards::money::{Currency, Money};
use standards::mt940::{Entry, Mark, Statement, read};

use super::{Refusal, answered};
use crate::kit::openapi::{Routes, Token, says};
use crate::kit::server::Call;
use crate::kit::store::next_number;
use crate::payment_hub::api::file::{boundary, file_part};
use crate::payment_hub::api::{let_in, settings};
use crate::payment_hub::store::{self, Filed, Finding, Noted};

const EXAMPLE: &str = ":20:STMT261002\r\n:25:GOV-SP-001\r\n:28C:1/1\r\n:60F:C261001XTS500,00\r\n\
    :61:2610021002D100,00NTRFDISB-000001//B-77\r\n:86:October\r\n:62F:C261002XTS400,00\r\n-\r\n";

pub(super) fn routes(routes: &mut Routes) {
    routes.post(
        "/upload_mt940",
        upload,
        says("Hands in the bank's statement")
            .tag("the bridge of OpenG2P")
            .more(
                "As it is, or as the file `statement_file` of a form. The answer names the statement; \
                 `/get_disbursement_status` tells what it says of each disbursement.",
            )
            .with(Token::Strict)
            .takes_as::<String>("text/plain", json!(EXAMPLE))
            .gives::<Value>(200, "Taken, or why not"),
    );
}

async fn upload(call: Call, req: HttpRequest) -> HttpResponse {
    let outcome = take(&call, &req).await;
    answered(&call, outcome)
}

async fn take(call: &Call, req: &HttpRequest) -> Result<Value, Refusal> {
    let wrong = |sentence: String| Refusal::new("REQUEST_VALIDATION_ERROR", sentence);
    let_in(call, "payments.disburse").await.map_err(|refused| wrong(refused.to_string()))?;
    let kind = req.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
    let file = match kind.and_then(boundary) {
        Some(boundary) => file_part(&call.body, &boundary).map_err(wrong)?,
        None => &call.body,
    };
    let unusable = |sentence: String| Refusal::new("STATEMENT_UPLOAD_ERROR", sentence);
    let text = std::str::from_utf8(file)
        .map_err(|error| unusable(format!("the statement is no text: {error}")))?;
    let statements = read(text).map_err(|error| unusable(error.to_string()))?;
    let payer = settings::of(&call.errand.office)?.payer_account;
    if let Some(other) = statements.iter().find(|statement| statement.account != payer) {
        let sentence = format!("the account that pays is {payer}, not {}", other.account);
        return Err(Refusal::new("INVALID_ACCOUNT_NUMBER", sentence));
    }
    let at = call.errand.stamp();
    let (first, findings) = call.store().write(|tx| {
        let (mut first, mut findings) = (None, Vec::new());
        for statement in &statements {
            let number = next_number(tx, "statement")?;
            first.get_or_insert(number);
            findings.extend(keep(tx, statement, (number, &at))?);
        }
        Ok::<_, Refusal>((first, findings))
    })?;
    let count = |is: fn(&Finding) -> bool| findings.iter().filter(|finding| is(finding)).count();
    call.remark(&format!(
        "{} remitted, {} reversed, {} that fit nothing",
        count(|finding| *finding == Finding::Remitted),
        count(|finding| *finding == Finding::Reversed),
        count(|finding| finding.code().is_some())
    ));
    Ok(first.map_or(Value::Null, |number| json!(store::statement_id(number))))
}

/// Keeps a statement, and gives what each of its debits says.
fn keep(
    tx: &Connection,
    statement: &Statement,
    (number, at): (i64, &str),
) -> rusqlite::Result<Vec<Finding>> {
    let numbers = (statement.number, statement.sequence);
    store::keep_statement(tx, number, (&statement.account, numbers, at))?;
    let mut findings = Vec::new();
    for (place, entry) in (1..).zip(&statement.entries) {
        if matches!(entry.mark, Mark::Credit | Mark::ReversedCredit) {
            // Money that comes in is no disbursement.
            continue;
        }
        let filed = named(tx, entry)?;
        let finding = finding(tx, entry, filed.as_ref())?;
        let disbursement = filed.map_or_else(|| entry.reference.clone(), |filed| filed.id());
        let noted = Noted {
            statement: number,
            numbers,
            place,
            finding,
            disbursement,
            bank_reference: entry.bank_reference.clone().unwrap_or_default(),
            entry_date: entry.entry_date.to_string(),
            value_date: entry.value_date.to_string(),
            reason: entry.narrative.clone(),
        };
        store::keep_entry(tx, &noted)?;
        findings.push(finding);
    }
    Ok(findings)
}

/// The disbursement that an entry names: in its reference, or in what it was for.
fn named(db: &Connection, entry: &Entry) -> rusqlite::Result<Option<Filed>> {
    for word in std::iter::once(entry.reference.as_str()).chain(entry.narrative.split_whitespace())
    {
        // Many banks take the hyphen out of a reference.
        // The treasury names a payment by its transfer.
        if let Some(payment) = store::instruction_of(db, ("transfer_id", word))?
            && let Some(filed) = store::disbursement(db, &payment.disbursement.reference_id)?
        {
            return Ok(Some(filed));
        }
        let number = word.strip_prefix("DISB").map(|rest| rest.trim_start_matches('-'));
        let Some(number) = number else { continue };
        if let Some(filed) = store::disbursement(db, &format!("DISB-{number}"))? {
            return Ok(Some(filed));
        }
    }
    Ok(None)
}

fn finding(db: &Connection, entry: &Entry, filed: Option<&Filed>) -> rusqlite::Result<Finding> {
    let Some(filed) = filed else { return Ok(Finding::NoSuchDisbursement) };
    let envelope = store::envelope(db, &store::envelope_id(filed.envelope))?;
    let currency = envelope.and_then(|envelope| envelope.currency.parse::<Currency>().ok());
    let amount = currency.and_then(|c| Money::from_decimal(&entry.amount, c).ok());
    let said = store::noted(db, &filed.id())?;
    let has = |finding: Finding| said.iter().any(|noted| noted.finding == finding);
    let (is_remitted, is_reversed) = (has(Finding::Remitted), has(Finding::Reversed));
    let comes_back = entry.mark == Mark::ReversedDebit;
    Ok(match (comes_back, is_remitted, is_reversed) {
        _ if amount.is_none_or(|amount| amount.minor != filed.minor) => Finding::OtherAmount,
        (false, false, _) => Finding::Remitted,
        (false, true, _) => Finding::Duplicate,
        (true, true, false) => Finding::Reversed,
        (true, ..) => Finding::NothingToReverse,
    })
}
