//! The payer's side: `POST /payments` (ours) begins payments, and the switch's callbacks below `/fspiop` move them on.

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use rusqlite::Connection;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::fspiop::{
    ErrorCode, ErrorInformationObject, PartiesPutResponse, PartyIdInfo, PartyIdType,
    QuotesPutResponse, Strict as _,
};
use standards::money::{Currency, Money};
use uuid::Uuid;

use super::fspiop::{open, reply};
use super::{Id, known, pays, refuse};
use crate::bank::model::{Outgoing, Standing};
use crate::bank::outgoing::{fail, found, go_on, terms};
use crate::bank::store::{self, Block, Order, Taken};
use crate::kit::fspiop::operations::{self, gives_up};
use crate::kit::fspiop::{
    Head, Kind, Refusal, To, check_teller, in_full, part_of, party_in_path, read_message, taken,
};
use crate::kit::openapi::{Routes, says};
use crate::kit::seed::cast_phone;
use crate::kit::server::Call;
use crate::kit::store::{StoreError, next_number};

pub(super) fn routes(routes: &mut Routes) {
    let (bank, account) = (routes.system.name, known(routes.system.name));
    let ours = |summary| says(summary).tag("payments");
    let to_tomas =
        json!({"account": account, "kind": "MSISDN", "to": cast_phone("tomas"), "amount": "10.00"});
    routes
        .post(
            "/payments",
            pay,
            pays(
                bank,
                ours("Pays somebody through the switch")
                    .takes::<Pay>(to_tomas)
                    .gives::<Value>(202, "Begun"),
            ),
        )
        .get(
            "/payments/{id}",
            show,
            ours("How a payment stands")
                .gives::<Value>(200, "How it stands")
                .after("a payment with this id was begun"),
        )
        .put(
            "/fspiop/parties/{type}/{id}/error",
            not_found,
            gives_up("Tells that nobody is behind an identifier", operations::PARTIES, "switch")
                .path("type", "MSISDN")
                .path("id", cast_phone("tomas")),
        )
        .put(
            "/fspiop/quotes/{id}/error",
            not_quoted,
            gives_up("Tells that there is no quote", operations::QUOTES, "switch")
                .path("id", operations::QUOTE),
        );
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Pay {
    account: String,
    kind: PartyIdType,
    to: String,
    amount: String,
    currency: Option<Currency>,
    note: Option<String>,
    /// Asking again under the same name pays once.
    reference: Option<String>,
}

/// A payment that somebody asks for.
pub(super) struct Wish {
    pub(super) reference: Option<String>,
    pub(super) account: String,
    pub(super) payee: PartyIdInfo,
    pub(super) amount: Money,
    pub(super) note: Option<String>,
    /// What the payer's statement says of it, line by line.
    pub(super) narratives: Vec<String>,
    /// The funds set aside that it is paid out of.
    pub(super) block: Option<String>,
}

async fn pay(call: Call) -> HttpResponse {
    let ask: Pay = match standards::dci::read(&call.body) {
        Ok(ask) => ask,
        Err(wrong) => return refuse(&call, 400, &wrong.to_string()),
    };
    let currency = ask.currency.unwrap_or_else(crate::bank::scheme::currency);
    let amount = match Money::from_decimal(&ask.amount, currency) {
        Ok(amount) => amount,
        Err(wrong) => return refuse(&call, 400, &format!("amount: {wrong}")),
    };
    let (reference, account, note) = (ask.reference, ask.account, ask.note);
    let payee = PartyIdInfo::new(ask.kind, ask.to.trim_start_matches('+'));
    let narratives = Vec::new();
    match begin(&call, Wish { reference, account, payee, amount, note, narratives, block: None }) {
        Ok(order) => HttpResponse::Accepted().json(card(&order)),
        Err(sentence) => refuse(&call, 400, &sentence),
    }
}

pub(super) fn card(order: &Order) -> Value {
    json!({"id": order.id, "account": order.account, "to": order.payee.party_identifier,
        "amount": order.amount.to_string(), "currency": order.amount.currency,
        "state": order.state.text(), "why": order.why, "note": order.note, "reverses": order.reverses})
}

async fn show(call: Call, path: Path<Id>) -> HttpResponse {
    match call.store().read(|db| store::order(db, &path.id)) {
        Ok(Some(order)) => HttpResponse::Ok().json(card(&order)),
        Ok(None) => refuse(&call, 404, &format!("there is no payment {}", path.id)),
        Err(error) => refuse(&call, 500, &error.to_string()),
    }
}

/// Begins a payment where the account may pay and holds enough.
pub(super) fn begin(call: &Call, wish: Wish) -> Result<Order, String> {
    let (at, cause) = (call.errand.stamp(), call.errand.cause.to_text());
    let failed = |error: StoreError| {
        tracing::error!(error = in_full(&error), "a bank's archive failed");
        String::from("the archive failed; ask again later")
    };
    let bank = call.errand.office.system.name;
    if let Some(To::Part(part, _)) = part_of(call.room(), bank)
        && part != bank
    {
        return Err(format!(
            "{bank} speaks at the switch through {part}: pay from there, and give back with /release_block what was set aside for it"
        ));
    }
    if wish.amount.minor <= 0 {
        return Err(String::from("the amount must be more than nothing"));
    }
    can_be_asked_for(&wish.payee)?;
    let begun = call.store().alter(|tx| {
        let asked_by = wish.reference.as_deref();
        let before =
            asked_by.map(|name| store::order_asked(tx, (&wish.account, name))).transpose()?;
        if let Some(before) = before.flatten() {
            let is_same = before.amount == wish.amount && before.payee == wish.payee;
            let sentence = "another payment has this reference";
            return Ok(if is_same { Ok((before, false)) } else { Err(sentence.to_owned()) });
        }
        let block = match funds(tx, &wish)? {
            Ok(block) => block,
            Err(sentence) => return Ok(Err(sentence)),
        };
        let (id, quote) = names(tx, bank)?;
        // What fails later comes back to the account, as with every payment.
        if let Some(block) = block
            && store::release(tx, &block, wish.amount.minor, (&id, &at))? != Taken::Booked
        {
            return Ok(Err(format!("the funds under {} are not there any more", block.reference)));
        }
        let order = Order {
            id,
            quote,
            account: wish.account,
            payee: wish.payee,
            amount: wish.amount,
            note: wish.note,
            reverses: None,
            state: Outgoing::LookingUp,
            bank: None,
            terms: None,
            expiration: None,
            why: None,
            cause,
        };
        store::begin_order(tx, &order, (wish.reference.as_deref(), &at))?;
        store::keep_narratives(tx, &order.id, &wish.narratives)?;
        Ok(Ok((order, true)))
    });
    let (order, is_new) = begun.map_err(failed)??;
    call.correlation(&order.id);
    if is_new {
        let (errand, order) = (call.errand.clone(), order.clone());
        call.later(async move { go_on(&errand, &order).await });
    }
    Ok(order)
}

/// Whether the switch can be asked for a payee: its kind is one of the standard's, and its identifier can stand in a path.
fn can_be_asked_for(payee: &PartyIdInfo) -> Result<(), String> {
    payee.check().map_err(|wrong| wrong.to_string())?;
    if payee.party_identifier.bytes().all(|byte| byte == b'.') {
        return Err(String::from("partyIdentifier: write a number or a name, not points alone"));
    }
    Ok(())
}

/// The funds set aside that a payment is paid out of, where it names any; or why the account cannot pay it.
fn funds(tx: &Connection, wish: &Wish) -> rusqlite::Result<Result<Option<Block>, String>> {
    let (account, amount) = (&wish.account, wish.amount);
    match store::account(tx, account)?.map(|account| account.standing) {
        None => return Ok(Err(format!("there is no account {account} here"))),
        Some(Standing::Blocked | Standing::Closed | Standing::Deceased) => {
            return Ok(Err(format!("the account {account} pays nothing out")));
        }
        Some(_) => {}
    }
    let block = match &wish.block {
        None => None,
        Some(reference) => match store::find_block(tx, reference)? {
            Some(block)
                if block.account == *account && block.amount.currency == amount.currency =>
            {
                Some(block)
            }
            Some(_) => {
                let right = "funds_blocked_reference_number: those are another account's funds, or in another currency";
                return Ok(Err(right.to_owned()));
            }
            None => return Ok(Err(format!("no funds are set aside under {reference}"))),
        },
    };
    let held = match &block {
        Some(block) => block.left,
        None => store::balance(tx, account, amount.currency)?,
    };
    if held < amount.minor {
        let held = Money::new(held, amount.currency);
        return Ok(Err(format!("insufficient funds: {held} of {amount} needed")));
    }
    Ok(Ok(block))
}

/// The ids of a new payment and of its quote; they repeat from play to play.
pub(super) fn names(tx: &Connection, bank: &str) -> rusqlite::Result<(String, String)> {
    let number = next_number(tx, "payment")?;
    let id = |what: &str| {
        Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("{bank} {what} {number}").as_bytes()).to_string()
    };
    Ok((id("payment"), id("quote")))
}

/// `PUT /parties/{type}/{id}`: who the payee is.
pub(super) async fn party(call: Call, req: HttpRequest) -> HttpResponse {
    let outcome = async {
        let head = open(&call, &req, Kind::Callback).await?;
        let said: PartiesPutResponse = read_message(&call.body)?;
        is_of_its_bank(&call, &head, &said)?;
        for order in waiting(&call, &req)? {
            let (errand, party) = (call.errand.clone(), said.party.clone());
            call.later(async move { found(&errand, &order, &party).await });
        }
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome, taken())
}

/// Whether who tells of a payee is the bank that it says the payee is with.
fn is_of_its_bank(call: &Call, head: &Head, said: &PartiesPutResponse) -> Result<(), Refusal> {
    let bank = said.party.party_id_info.fsp_id.as_deref();
    if bank.is_none() {
        let right = "party.partyIdInfo.fspId: name the payee's bank";
        return Err(Refusal::new(ErrorCode::MISSING_ELEMENT, right));
    }
    check_teller(call.room(), &head.source, bank)
}

fn waiting(call: &Call, req: &HttpRequest) -> Result<Vec<Order>, Refusal> {
    let payee = party_in_path(req)?;
    call.correlation(&payee.party_identifier);
    Ok(call.store().read(|db| store::orders_to(db, &payee))?)
}

/// `PUT /parties/{type}/{id}/error`: nobody is behind the identifier. Which bank was asked, only the switch knows; one from
/// elsewhere cannot be told from others here.
async fn not_found(call: Call, req: HttpRequest) -> HttpResponse {
    let outcome = async {
        open(&call, &req, Kind::Callback).await?;
        let why = why(&call)?;
        for order in waiting(&call, &req)? {
            fail(&call.errand, &order, &why);
        }
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome, taken())
}

fn why(call: &Call) -> Result<Refusal, Refusal> {
    Ok(read_message::<ErrorInformationObject>(&call.body)?.error_information.into())
}

/// The payment that waits for this quote. A refusal says that `head` is of nobody who may answer it.
fn quoted(call: &Call, head: &Head, id: &str) -> Result<Option<Order>, Refusal> {
    call.correlation(id);
    let order = call.store().read(|db| store::order_of_quote(db, id))?;
    let Some(order) = order.filter(|order| order.state == Outgoing::Quoting) else {
        return Ok(None);
    };
    check_teller(call.room(), &head.source, order.bank.as_deref())?;
    Ok(Some(order))
}

/// `PUT /quotes/{id}`: the terms of the payee's bank.
pub(super) async fn quote(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let head = open(&call, &req, Kind::Callback).await?;
        let said: QuotesPutResponse = read_message(&call.body)?;
        if let Some(order) = quoted(&call, &head, &path.id)? {
            let errand = call.errand.clone();
            call.later(async move { terms(&errand, &order, &said).await });
        }
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome, taken())
}

async fn not_quoted(call: Call, req: HttpRequest, path: Path<Id>) -> HttpResponse {
    let outcome = async {
        let head = open(&call, &req, Kind::Callback).await?;
        let why = why(&call)?;
        if let Some(order) = quoted(&call, &head, &path.id)? {
            fail(&call.errand, &order, &why);
        }
        Ok(())
    };
    let outcome = outcome.await;
    reply(&call, outcome, taken())
}
