//! Administration of funds: what a participant pays in as cover (`recordFundsIn`), and takes out in two steps
//! (`recordFundsOutPrepareReserve`, then `recordFundsOutCommit` or `recordFundsOutAbort`).

use actix_web::HttpResponse;
use actix_web::web::Path;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::fspiop::ErrorCode;
use standards::money::{Currency, Money};

use super::{answer, for_good, member, ours, wrong};
use crate::kit::fspiop::{Refusal, read};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::kit::store::Transaction;
use crate::payment_switch::model::AccountKind;
use crate::payment_switch::store::{self, Funds, FundsState, Position};

pub(super) fn routes(routes: &mut Routes) {
    let one = |summary| ours(summary).path("name", "greenbank");
    let pays_in = json!({
        "transferId": "FUNDS-1", "action": "recordFundsIn", "amount": {"amount": "1000", "currency": "XTS"},
    });
    routes
        .post(
            "/admin/participants/{name}/accounts/{id}",
            begin,
            one("Pays cover in, or begins to take it out")
                .more("`recordFundsIn`, or `recordFundsOutPrepareReserve`, which is ended with a PUT.")
                .path("id", "6")
                .takes::<Begin>(pays_in)
                .gives_nothing(202, "Done, or reserved"),
        )
        .put(
            "/admin/participants/{name}/accounts/{id}/transfers/{transfer}",
            end,
            one("Ends what is on its way out")
                .path("id", "6")
                .path("transfer", "FUNDS-2")
                .takes::<End>(json!({"action": "recordFundsOutCommit"}))
                .gives_nothing(202, "Taken out, or put back")
                .after("funds were reserved under this id"),
        );
}

#[derive(Deserialize)]
struct Account {
    name: String,
    id: i64,
}

#[derive(Deserialize)]
struct Movement {
    name: String,
    id: i64,
    transfer: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "FundsMovement")]
#[serde(rename_all = "camelCase")]
struct Begin {
    transfer_id: String,
    action: String,
    amount: Amount,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "FundsAmount")]
struct Amount {
    amount: Value,
    currency: Currency,
}

#[derive(Deserialize, JsonSchema)]
struct End {
    action: String,
}

async fn begin(call: Call, path: Path<Account>) -> HttpResponse {
    let moved =
        read::<Begin>(&call.body).and_then(|ask| move_funds(&call, (&path.name, path.id), &ask));
    answer(&call, 202, moved)
}

fn move_funds(call: &Call, (name, id): (&str, i64), ask: &Begin) -> Result<Value, Refusal> {
    member(call, name)?;
    let state = match ask.action.as_str() {
        "recordFundsIn" => FundsState::Committed,
        "recordFundsOutPrepareReserve" => FundsState::Reserved,
        _ => return Err(wrong("action: recordFundsIn or recordFundsOutPrepareReserve")),
    };
    let money = money(&ask.amount)?;
    let funds = Funds {
        id: ask.transfer_id.clone(),
        participant: name.to_owned(),
        money,
        action: ask.action.clone(),
        state,
    };
    let at = call.errand.stamp();
    let do_it = |tx: &Transaction<'_>| {
        let all = store::accounts(tx, name)?;
        if !all.iter().any(|account| is_cover(account, id, money.currency)) {
            let currency = money.currency;
            let sentence = format!("account {id} is no settlement account of {name} in {currency}");
            return Err(wrong(sentence));
        }
        if let Some(before) = store::find_funds(tx, &funds.id)? {
            let is_same = (&before.participant, before.money, &before.action)
                == (&funds.participant, funds.money, &funds.action);
            let sentence = "transferId: other funds were moved under it";
            let other = Refusal::new(ErrorCode::MODIFIED_REQUEST, sentence);
            return if is_same { Ok(Value::Null) } else { Err(other) };
        }
        if state == FundsState::Reserved {
            let liquidity = store::liquidity(tx, name, money.currency)?;
            let free = liquidity.map_or(0, |l| l.cover.saturating_sub(l.position.max(0)));
            if free < money.minor {
                let free = Money::new(free, money.currency);
                let sentence = format!("only {free} is neither owed nor reserved");
                return Err(Refusal::new(ErrorCode::PAYER_FSP_INSUFFICIENT_LIQUIDITY, sentence));
            }
        }
        store::move_funds(tx, &funds, &at)?;
        Ok(Value::Null)
    };
    // What goes out was earned in the story that is told now.
    if state == FundsState::Committed { for_good(call, do_it) } else { call.store().write(do_it) }
}

fn money(asked: &Amount) -> Result<Money, Refusal> {
    let read = match &asked.amount {
        Value::String(text) => Money::from_decimal(text, asked.currency),
        Value::Number(number) => Money::from_json(number, asked.currency),
        _ => return Err(wrong("amount.amount: write a decimal such as 1000")),
    };
    let money = read.map_err(|e| wrong(e.to_string()))?;
    if money.minor <= 0 {
        return Err(wrong("amount.amount: write more than nothing"));
    }
    Ok(money)
}

fn is_cover(account: &Position, id: i64, currency: Currency) -> bool {
    account.id == id
        && account.kind == AccountKind::Settlement.text()
        && account.currency == currency.as_str()
}

async fn end(call: Call, path: Path<Movement>) -> HttpResponse {
    let ended = read::<End>(&call.body).and_then(|ask| end_funds(&call, &path, &ask));
    answer(&call, 202, ended)
}

fn end_funds(call: &Call, path: &Movement, ask: &End) -> Result<Value, Refusal> {
    let wanted = match ask.action.as_str() {
        "recordFundsOutCommit" => FundsState::Committed,
        "recordFundsOutAbort" => FundsState::Aborted,
        _ => return Err(wrong("action: recordFundsOutCommit or recordFundsOutAbort")),
    };
    let at = call.errand.stamp();
    call.store().write(|tx| {
        let funds = store::find_funds(tx, &path.transfer)?.filter(|funds| {
            funds.participant == path.name && funds.action == "recordFundsOutPrepareReserve"
        });
        let all = store::accounts(tx, &path.name)?;
        let funds = funds.filter(|f| all.iter().any(|a| is_cover(a, path.id, f.money.currency)));
        let Some(funds) = funds else {
            let sentence = format!("no funds are on their way out under {}", path.transfer);
            return Err(Refusal::new(ErrorCode::TRANSFER_ID_NOT_FOUND, sentence));
        };
        match funds.state {
            FundsState::Reserved => {
                store::end_funds(tx, &funds, wanted == FundsState::Committed, &at)?;
            }
            state if state == wanted => {}
            _ => return Err(wrong("these funds have gone the other way already")),
        }
        Ok(Value::Null)
    })
}
