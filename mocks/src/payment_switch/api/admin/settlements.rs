//! Settlement as in Mojaloop's central-settlement (v2): windows are closed, settlements made of them, and accounts moved
//! on stage by stage.

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use rusqlite::Connection;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{amount, answer, ours, wrong};
use crate::kit::fspiop::{Refusal, read};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::payment_switch::model::{Stage, may_abort, overall};
use crate::payment_switch::store::{self, Settlement, Share, Window};

pub(super) fn routes(routes: &mut Routes, prefix: &str) {
    let at = |rest: &str| format!("{prefix}{rest}");
    let later = |summary| ours(summary).path("id", "1").after("a settlement was begun");
    let part =
        |summary| later(summary).path("participant", "1").gives::<Value>(200, "How it stands");
    routes
        .get(&at("/settlements/{id}/participants/{participant}"), of_participant, part("One participant of a settlement"))
        .get(
            &at("/settlements/{id}/participants/{participant}/accounts/{account}"),
            of_account,
            part("One account of a settlement").path("account", "1"),
        )
        .get(&at("/settlementWindows"), windows, ours("The windows").query("state", "").gives::<Value>(200, "In order"))
        .get(
            &at("/settlementWindows/{id}"),
            window,
            ours("One window").path("id", "1").gives::<Value>(200, "How it stands").after("the first window was opened"),
        )
        .post(
            &at("/settlementWindows/{id}"),
            close,
            ours("Closes the open window; the next one opens")
                .path("id", "1")
                .takes::<Close>(json!({"state": "CLOSED", "reason": "the end of the day"}))
                .gives::<Value>(200, "Closed")
                .after("the first window was opened"),
        )
        .get(&at("/settlements"), settlements, ours("The settlements").query("state", "").gives::<Value>(200, "In order"))
        .post(
            &at("/settlements"),
            begin,
            ours("Begins a settlement of closed windows")
                .takes::<Begin>(json!({
                    "settlementModel": "DEFERRED_NET", "reason": "daily", "settlementWindows": [{"id": 1}],
                }))
                .gives::<Value>(200, "Begun")
                .after("a window was closed"),
        )
        .get(&at("/settlements/{id}"), settlement, later("One settlement").gives::<Value>(200, "How it stands"))
        .put(
            &at("/settlements/{id}"),
            change,
            later("Moves accounts of a settlement on, or gives it up")
                .takes::<Change>(json!({"state": "ABORTED", "reason": "a mistake"}))
                .gives::<Value>(200, "Changed"),
        );
}

/// A window has fewer currencies, so that each part of each window has a number of its own.
const MOST_CURRENCIES: i64 = 1000;

#[derive(Deserialize, JsonSchema)]
struct Number {
    id: i64,
}

/// A participant in a settlement, or one of its accounts.
#[derive(Deserialize)]
struct Shared {
    id: i64,
    participant: i64,
    #[serde(default)]
    account: Option<i64>,
}

#[derive(Deserialize)]
struct Filter {
    state: Option<String>,
}

#[derive(Deserialize, JsonSchema)]
struct Close {
    state: String,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "NewSettlement")]
#[serde(rename_all = "camelCase")]
struct Begin {
    #[serde(default)]
    settlement_model: String,
    #[serde(default)]
    reason: String,
    settlement_windows: Vec<Number>,
}

#[derive(Deserialize, JsonSchema)]
#[schemars(rename = "SettlementChange")]
struct Change {
    #[serde(default)]
    participants: Vec<OfParticipant>,
    /// `ABORTED` gives the whole settlement up.
    state: Option<String>,
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize, JsonSchema)]
struct OfParticipant {
    id: i64,
    accounts: Vec<OfAccount>,
}

#[derive(Deserialize, JsonSchema)]
struct OfAccount {
    id: i64,
    #[serde(default)]
    reason: String,
    state: String,
}

/// A window, and as its `content` what was committed in it in each currency.
fn shown_window(db: &Connection, window: &Window) -> rusqlite::Result<Value> {
    let currencies = store::currencies_in_window(db, window.id)?;
    let content = (1..).zip(&currencies).map(|(place, currency): (i64, _)| {
        json!({"id": window.id * MOST_CURRENCIES + place, "settlementId": window.settlement, "state": window.state,
            "ledgerAccountType": "POSITION", "currencyId": currency, "createdDate": window.created,
            "changedDate": window.changed})
    });
    Ok(
        json!({"settlementWindowId": window.id, "id": window.id, "state": window.state, "reason": window.reason,
        "createdDate": window.created, "changedDate": window.changed, "content": content.collect::<Vec<_>>()}),
    )
}

async fn windows(call: Call, filter: Query<Filter>) -> HttpResponse {
    let at = call.errand.stamp();
    let wanted = |w: &&Window| filter.state.as_ref().is_none_or(|state| *state == w.state);
    let shown = open_first(&call, &at).and_then(|()| {
        survey(&call, |db| {
            let all = store::windows(db)?;
            let shown = all.iter().filter(wanted).map(|w| shown_window(db, w));
            Ok(Value::Array(shown.collect::<Result<_, _>>()?))
        })
    });
    answer(&call, 200, shown)
}

/// Opens the first window where nobody has done so yet.
fn open_first(call: &Call, at: &str) -> Result<(), Refusal> {
    if call.store().read(store::has_open_window)? {
        return Ok(());
    }
    call.store().write(|tx| Ok(store::open_window(tx, at).map(drop)?))
}

/// A look at all that was settled takes its time, and holds no writer up.
fn survey(
    call: &Call,
    look: impl FnOnce(&Connection) -> Result<Value, Refusal>,
) -> Result<Value, Refusal> {
    call.store().survey(|db| Ok(look(db)))?
}

async fn window(call: Call, path: Path<Number>) -> HttpResponse {
    let shown = survey(&call, |db| Ok(shown_window(db, &known_window(db, path.id)?)?));
    answer(&call, 200, shown)
}

fn known_window(db: &Connection, id: i64) -> Result<Window, Refusal> {
    store::window(db, id)?.ok_or_else(|| wrong(format!("there is no settlement window {id}")))
}

/// Closes the open window; the next one opens.
async fn close(call: Call, path: Path<Number>) -> HttpResponse {
    let closed = read::<Close>(&call.body).and_then(|ask| {
        if ask.state != "CLOSED" {
            return Err(wrong("state: a window is only closed here; write CLOSED"));
        }
        let at = call.errand.stamp();
        call.store().write(|tx| {
            store::open_window(tx, &at)?;
            let window = known_window(tx, path.id)?;
            if window.state != "OPEN" {
                return Err(wrong(format!("window {} is {}, not OPEN", window.id, window.state)));
            }
            store::set_window(tx, window.id, ("CLOSED", &ask.reason), &at)?;
            store::open_window(tx, &at)?;
            Ok(shown_window(tx, &known_window(tx, window.id)?)?)
        })
    });
    answer(&call, 200, closed)
}

async fn begin(call: Call) -> HttpResponse {
    let begun = read::<Begin>(&call.body).and_then(|ask| {
        let ids: Vec<i64> = ask.settlement_windows.iter().map(|window| window.id).collect();
        let at = call.errand.stamp();
        call.store().write(|tx| {
            if ids.is_empty() {
                return Err(wrong("settlementWindows: name at least one closed window"));
            }
            for id in &ids {
                let window = known_window(tx, *id)?;
                if !matches!(window.state.as_str(), "CLOSED" | "ABORTED") {
                    return Err(wrong(format!("window {id} is {}, not CLOSED", window.state)));
                }
            }
            let about = (ask.settlement_model.as_str(), ask.reason.as_str());
            let id = store::begin_settlement(tx, &ids, about, &at)?;
            settle_up(tx, id, &at)?;
            shown(tx, id)
        })
    });
    answer(&call, 200, begun)
}

async fn settlements(call: Call, filter: Query<Filter>) -> HttpResponse {
    let wanted = |s: &&Settlement| filter.state.as_ref().is_none_or(|state| *state == s.state);
    let listed = survey(&call, |db| {
        let all = store::settlements(db)?;
        all.iter().filter(wanted).map(|s| shown(db, s.id)).collect()
    });
    answer(&call, 200, listed)
}

async fn settlement(call: Call, path: Path<Number>) -> HttpResponse {
    let found = survey(&call, |db| shown(db, path.id));
    answer(&call, 200, found)
}

fn shown(db: &Connection, id: i64) -> Result<Value, Refusal> {
    let settlement = find(db, id)?;
    let windows = store::windows(db)?;
    let windows = windows.iter().filter(|w| w.settlement == Some(id));
    let windows: Vec<Value> = windows.map(|w| shown_window(db, w)).collect::<Result<_, _>>()?;
    let mut participants: Vec<Value> = Vec::new();
    for share in store::shares(db, id)? {
        let net =
            json!({"amount": amount(share.net, &share.currency)?, "currency": share.currency});
        let account = json!({"id": share.account, "state": share.stage.text(), "reason": share.reason,
            "netSettlementAmount": net});
        match participants.iter_mut().find(|p| p["id"] == share.participant_id) {
            Some(participant) => {
                if let Some(accounts) = participant["accounts"].as_array_mut() {
                    accounts.push(account);
                }
            }
            None => participants
                .push(json!({"id": share.participant_id, "name": share.participant,
                "accounts": [account]})),
        }
    }
    Ok(json!({
        "id": settlement.id,
        "settlementModel": settlement.model,
        "state": settlement.state,
        "reason": settlement.reason,
        "createdDate": settlement.created,
        "changedDate": settlement.changed,
        "settlementWindows": windows,
        "participants": participants,
    }))
}

async fn of_participant(call: Call, path: Path<Shared>) -> HttpResponse {
    let found = survey(&call, |db| shown_part(db, &path));
    answer(&call, 200, found)
}

async fn of_account(call: Call, path: Path<Shared>) -> HttpResponse {
    let found = survey(&call, |db| shown_part(db, &path));
    answer(&call, 200, found)
}

/// A settlement with one participant of it alone, or with one account of that.
fn shown_part(db: &Connection, path: &Shared) -> Result<Value, Refusal> {
    let Shared { id, participant, account } = *path;
    let mut whole = shown(db, id)?;
    let none =
        || wrong(format!("participant {participant} has no such account in settlement {id}"));
    let participants = whole["participants"].as_array_mut().ok_or_else(none)?;
    participants.retain(|one| one["id"] == participant);
    let accounts = participants.first_mut().and_then(|one| one["accounts"].as_array_mut());
    let accounts = accounts.ok_or_else(none)?;
    accounts.retain(|one| account.is_none_or(|account| one["id"] == account));
    if accounts.is_empty() { Err(none()) } else { Ok(whole) }
}

async fn change(call: Call, path: Path<Number>) -> HttpResponse {
    let changed = read::<Change>(&call.body).and_then(|ask| {
        let at = call.errand.stamp();
        call.store().write(|tx| {
            let settlement = find(tx, path.id)?;
            match ask.state.as_deref() {
                Some("ABORTED") if is_over(&settlement) => {
                    let (id, state) = (settlement.id, settlement.state);
                    return Err(wrong(format!("settlement {id} is {state} and changes no more")));
                }
                Some("ABORTED") => abort(tx, path.id, &ask.reason, &at)?,
                Some(_) => return Err(wrong("state: a settlement as a whole is only ABORTED")),
                None => advance(tx, path.id, &ask.participants, &at)?,
            }
            shown(tx, path.id)
        })
    });
    answer(&call, 200, changed)
}

/// Whether a settlement was settled or given up. One without accounts has nothing else that says so.
fn is_over(settlement: &Settlement) -> bool {
    [Stage::Settled, Stage::Aborted].iter().any(|end| settlement.state == end.text())
}

fn find(db: &Connection, id: i64) -> Result<Settlement, Refusal> {
    let settlement = store::settlements(db)?.into_iter().find(|settlement| settlement.id == id);
    settlement.ok_or_else(|| wrong(format!("there is no settlement {id}")))
}

/// Moves accounts on as they are named; all or none.
fn advance(tx: &Connection, id: i64, asked: &[OfParticipant], at: &str) -> Result<(), Refusal> {
    for participant in asked {
        for account in &participant.accounts {
            let shares = store::shares(tx, id)?;
            let fits = |s: &&Share| s.participant_id == participant.id && s.account == account.id;
            let share = shares.iter().find(fits).ok_or_else(|| {
                let (account, participant) = (account.id, participant.id);
                wrong(format!(
                    "participant {participant} has no account {account} in settlement {id}"
                ))
            })?;
            let stage = Stage::parse(&account.state).filter(|stage| *stage != Stage::Aborted);
            let stage = stage.ok_or_else(|| {
                wrong(format!("state: {} is no stage of an account", account.state))
            })?;
            if share.stage.goes_to(stage)? {
                let moved = (stage, account.reason.as_str(), stage.moves(share.net));
                store::move_share(tx, id, share, moved, at)?;
            }
        }
    }
    if is_over(&find(tx, id)?) { Ok(()) } else { settle_up(tx, id, at) }
}

/// Keeps how far the settlement as a whole has come.
fn settle_up(tx: &Connection, id: i64, at: &str) -> Result<(), Refusal> {
    let stages: Vec<Stage> = store::shares(tx, id)?.iter().map(|share| share.stage).collect();
    let state = overall(&stages);
    store::set_settlement(tx, id, state, at)?;
    if state == Stage::Settled.text() {
        store::set_windows_of(tx, id, state, at)?;
    }
    Ok(())
}

/// Gives a settlement up: receivers' positions go back to where they were, and the windows can be settled anew.
fn abort(tx: &Connection, id: i64, reason: &str, at: &str) -> Result<(), Refusal> {
    let shares = store::shares(tx, id)?;
    let stages: Vec<Stage> = shares.iter().map(|share| share.stage).collect();
    may_abort(&stages)?;
    for share in shares {
        let back = if share.stage == Stage::Reserved { -share.stage.moves(share.net) } else { 0 };
        store::move_share(tx, id, &share, (Stage::Aborted, reason, back), at)?;
    }
    store::set_settlement(tx, id, Stage::Aborted.text(), at)?;
    store::set_windows_of(tx, id, Stage::Aborted.text(), at)?;
    Ok(())
}
