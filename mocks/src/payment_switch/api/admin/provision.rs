//! What Mojaloop's provisioning collections set up besides participants: the hub's own accounts, settlement models, and
//! accounts that are switched off. As in central-ledger; the hub is a participant from then on.

use actix_web::HttpResponse;
use actix_web::web::Path;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use standards::fspiop::ErrorCode;
use standards::money::Currency;

use super::participants::card;
use super::{Name, answer, for_good, member, ours, wrong};
use crate::kit::fspiop::{HUB_NAMES, Refusal, read};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::payment_switch::directory;
use crate::payment_switch::model::AccountKind;
use crate::payment_switch::store;

pub(super) fn routes(routes: &mut Routes) {
    let hub = json!({"type": "HUB_MULTILATERAL_SETTLEMENT", "currency": "XTS"});
    let model = json!({
        "name": "DEFERREDNET", "settlementGranularity": "NET", "settlementInterchange": "MULTILATERAL",
        "settlementDelay": "DEFERRED", "currency": "XTS", "requireLiquidityCheck": true,
        "ledgerAccountType": "POSITION", "autoPositionReset": true,
    });
    routes
        .post(
            "/admin/participants/{name}/accounts",
            open_hub_account,
            ours("Opens an account of the hub itself")
                .path("name", "Hub")
                .takes::<HubAccount>(hub)
                .gives::<Value>(201, "Opened"),
        )
        .put(
            "/admin/participants/{name}/accounts/{id}",
            switch_account,
            ours("Switches a position account on or off")
                .path("name", "greenbank")
                .path("id", "5")
                .takes::<AccountChange>(json!({"isActive": true}))
                .gives_nothing(200, "Switched"),
        )
        .get(
            "/admin/settlementModels",
            models,
            ours("The settlement models").gives::<Value>(200, "In order of their names"),
        )
        .post(
            "/admin/settlementModels",
            add_model,
            ours("Adds a settlement model")
                .more("It is kept and shown; settlements here are multilateral, net and deferred.")
                .takes::<Model>(model)
                .gives_nothing(201, "Added"),
        );
}

#[derive(Deserialize, JsonSchema)]
struct HubAccount {
    #[serde(rename = "type")]
    kind: String,
    currency: Currency,
}

#[derive(Deserialize)]
struct OneAccount {
    name: String,
    id: i64,
}

#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AccountChange {
    is_active: bool,
}

/// What else a model says is kept as it came.
#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "SettlementModel")]
#[serde(rename_all = "camelCase")]
struct Model {
    name: String,
    settlement_granularity: String,
    settlement_interchange: String,
    settlement_delay: String,
    ledger_account_type: String,
}

fn add_party(sentence: impl Into<String>) -> Refusal {
    Refusal::new(ErrorCode::ADD_PARTY, sentence)
}

/// Makes the hub a participant, under the name that it is called by here.
pub(super) fn let_hub_in(call: &Call, name: &str) -> Result<(), Refusal> {
    let is_known = call.store().read(|db| store::participant(db, name))?.is_some();
    if is_known || !HUB_NAMES.contains(&name) {
        return Ok(());
    }
    let at = call.errand.stamp();
    for_good(call, |tx| Ok(store::add_participant(tx, name, &at)?))?;
    directory::forget(&call.errand.office);
    Ok(())
}

async fn open_hub_account(call: Call, path: Path<Name>) -> HttpResponse {
    let opened = read::<HubAccount>(&call.body).and_then(|ask| open(&call, &path.name, &ask));
    answer(&call, 201, opened)
}

fn open(call: &Call, name: &str, ask: &HubAccount) -> Result<Value, Refusal> {
    let_hub_in(call, name)?;
    let participant = member(call, name)?;
    if !HUB_NAMES.contains(&name) {
        return Err(add_party("accounts of the hub alone are opened here; add the participant"));
    }
    let kinds = [AccountKind::HubMultilateralSettlement, AccountKind::HubReconciliation];
    let kind = kinds.into_iter().find(|kind| kind.text() == ask.kind).ok_or_else(|| {
        let [one, other] = kinds.map(AccountKind::text);
        add_party(format!("type: {one} or {other}"))
    })?;
    let open = call.store().read(|db| store::accounts(db, name))?;
    let is_it = |a: &store::Position| a.kind == ask.kind && a.currency == ask.currency.as_str();
    if open.iter().any(is_it) {
        return Err(add_party("the hub's account is registered already"));
    }
    for_good(call, |tx| Ok(store::add_account(tx, name, ask.currency, kind)?))?;
    card(call, &participant)
}

async fn switch_account(call: Call, path: Path<OneAccount>) -> HttpResponse {
    let switched = read::<AccountChange>(&call.body).and_then(|change| {
        member(&call, &path.name)?;
        let all = call.store().read(|db| store::accounts(db, &path.name))?;
        match all.iter().find(|account| account.id == path.id) {
            Some(account) if account.kind == AccountKind::Position.text() => {}
            Some(_) => return Err(wrong("only a POSITION account is switched on and off")),
            None => {
                let sentence = format!("{} has no account {}", path.name, path.id);
                return Err(Refusal::new(ErrorCode::ID_NOT_FOUND, sentence));
            }
        }
        for_good(&call, |tx| Ok(store::set_account_active(tx, path.id, change.is_active)?))?;
        Ok(Value::Null)
    });
    answer(&call, 200, switched)
}

async fn models(call: Call) -> HttpResponse {
    let kept = call.store().read(store::models).map_err(Refusal::from);
    let shown = kept.map(|all| {
        let read = |(id, body): (i64, String)| {
            let mut model: Value = serde_json::from_str(&body).unwrap_or_default();
            model["settlementModelId"] = json!(id);
            model["isActive"] = json!(true);
            model
        };
        Value::Array(all.into_iter().map(read).collect())
    });
    answer(&call, 200, shown)
}

async fn add_model(call: Call) -> HttpResponse {
    let added = read::<Model>(&call.body).and_then(|model| {
        for (field, text, known) in [
            ("settlementGranularity", &model.settlement_granularity, &["NET", "GROSS"][..]),
            (
                "settlementInterchange",
                &model.settlement_interchange,
                &["MULTILATERAL", "BILATERAL"],
            ),
            ("settlementDelay", &model.settlement_delay, &["DEFERRED", "IMMEDIATE"]),
        ] {
            if !known.contains(&text.as_str()) {
                return Err(wrong(format!("{field}: write one of {}", known.join(", "))));
            }
        }
        if model.name.is_empty() || model.ledger_account_type.is_empty() {
            return Err(wrong("name and ledgerAccountType: write at least one letter"));
        }
        let body = String::from_utf8_lossy(&call.body).into_owned();
        let is_new = for_good(&call, |tx| Ok(store::add_model(tx, &model.name, &body)?))?;
        let sentence = format!("the settlement model {} exists already", model.name);
        if is_new { Ok(Value::Null) } else { Err(Refusal::new(ErrorCode::CLIENT, sentence)) }
    });
    answer(&call, 201, added)
}
