//! Our own `POST /reversals`: the bank gives a payment back that it had credited, because the account was closed, its holder
//! had died or it was paid by mistake. Through the switch this is a payment to the first payer (FSPIOP 1.1, scenario `REFUND`,
//! the first transaction in `refundInfo`).

use actix_web::HttpResponse;
use rusqlite::Connection;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::fspiop::{PartyIdInfo, ilp};
use standards::money::Money;

use super::payments::{card, names};
use super::refuse;
use crate::bank::model::{Incoming, Outgoing};
use crate::bank::outgoing::go_on;
use crate::bank::store::{self, Order, Payment};
use crate::kit::fspiop::{in_full, operations};
use crate::kit::openapi::{Routes, says};
use crate::kit::server::Call;

/// A reason is so long at the most, as in FSPIOP.
const LONGEST_REASON: usize = 128;

pub(super) fn routes(routes: &mut Routes) {
    let example = json!({"transfer": operations::TRANSFER, "reason": "the holder has died"});
    routes.post(
        "/reversals",
        reverse,
        says("Gives a credited payment back to who paid it")
            .tag("payments")
            .more("Asking again gives the same payment; it is given back once.")
            .takes::<Reverse>(example)
            .gives::<Value>(202, "Begun")
            .after("a transfer with this id was credited to an account"),
    );
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Reverse {
    transfer: String,
    reason: String,
}

/// Why nothing is given back.
struct No(u16, String);

async fn reverse(call: Call) -> HttpResponse {
    let ask: Reverse = match standards::dci::read(&call.body) {
        Ok(ask) => ask,
        Err(wrong) => return refuse(&call, 400, &wrong.to_string()),
    };
    if ask.reason.trim().is_empty() || ask.reason.chars().count() > LONGEST_REASON {
        return refuse(&call, 400, "reason: 1 to 128 characters, for the payer to read");
    }
    let begun = call.store().alter(|tx| begin(tx, &call, &ask));
    let (order, is_new) = match begun {
        Ok(Ok(begun)) => begun,
        Ok(Err(No(status, sentence))) => return refuse(&call, status, &sentence),
        Err(error) => {
            tracing::error!(error = in_full(&error), "a bank's archive failed");
            return refuse(&call, 500, "the archive failed; ask again later");
        }
    };
    call.correlation(&order.id);
    if is_new {
        let sentence =
            format!("{} {} go back: {}.", order.amount, order.amount.currency, ask.reason.trim());
        let facts = json!({"transfer": ask.transfer, "given back as": order.id});
        call.errand.event("payment reversed", &sentence, &facts);
        let (errand, order) = (call.errand.clone(), order.clone());
        call.later(async move { go_on(&errand, &order).await });
    }
    HttpResponse::Accepted().json(card(&order))
}

/// Takes the money from the account, and keeps the payment that gives it back. Says besides whether it is new.
fn begin(
    tx: &Connection,
    call: &Call,
    ask: &Reverse,
) -> rusqlite::Result<Result<(Order, bool), No>> {
    let no = |status, sentence: String| Ok(Err(No(status, sentence)));
    let payment = match store::payment(tx, &ask.transfer)? {
        None => return no(404, format!("no transfer {} came to this bank", ask.transfer)),
        Some(payment) if payment.state != Incoming::Credited => {
            let is = payment.state.text();
            return no(409, format!("the transfer is {is}; what was credited can be given back"));
        }
        Some(payment) => payment,
    };
    let Some((original, payer)) = agreed(tx, &payment)? else {
        return no(409, String::from("the quote does not say which bank the money came from"));
    };
    if let Some(before) = store::order_reversing(tx, &original)? {
        return Ok(Ok((before, false)));
    }
    let held = store::balance(tx, &payment.account, payment.amount.currency)?;
    if held < payment.amount.minor {
        let held = Money::new(held, payment.amount.currency);
        return no(409, format!("the account holds {held}; its holder has used the money"));
    }
    let (id, quote) = names(tx, call.errand.office.system.name)?;
    let order = Order {
        id,
        quote,
        account: payment.account,
        bank: payer.fsp_id.clone(),
        payee: PartyIdInfo { fsp_id: None, ..payer },
        amount: payment.amount,
        note: Some(ask.reason.trim().to_owned()),
        reverses: Some(original),
        state: Outgoing::Quoting,
        terms: None,
        expiration: None,
        why: None,
        cause: call.errand.cause.to_text(),
    };
    store::begin_order(tx, &order, (None, &call.errand.stamp()))?;
    Ok(Ok((order, true)))
}

/// The first transaction and who paid it, as both banks agreed in the packet.
fn agreed(tx: &Connection, payment: &Payment) -> rusqlite::Result<Option<(String, PartyIdInfo)>> {
    let Ok(condition) = ilp::condition(&payment.fulfilment) else { return Ok(None) };
    let quote = store::quote_of_condition(tx, &condition)?;
    let transaction = quote.and_then(|quote| ilp::parse_packet(&quote.ilp_packet).ok());
    let Some(transaction) = transaction.map(|packet| packet.transaction) else { return Ok(None) };
    let payer = transaction.payer.party_id_info;
    Ok(payer.fsp_id.is_some().then_some((transaction.transaction_id, payer)))
}
