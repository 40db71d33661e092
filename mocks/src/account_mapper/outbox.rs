//! Callbacks of the faces that answer with a PUT to `X-Callback-URL`. They are kept with what they tell about, so a stop
//! loses none, and are tried again for a while: within the room on the sandbox clock, outside in real time as well.

use std::sync::Arc;

use http::Method;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::Value;
use url::Url;

use crate::kit::agenda::Agenda;
use crate::kit::cause::Cause;
use crate::kit::courier::{Errand, Letter};
use crate::kit::retry;
use crate::kit::room::Office;
use crate::kit::store::{StoreError, next_number};

/// A callback within the room is tried so often.
const MOST_ATTEMPTS: u32 = 8;

/// Keeps a callback inside the transaction that it tells of, and gives its number.
pub(super) fn put(
    tx: &Connection,
    errand: &Errand,
    address: &str,
    body: &Value,
) -> rusqlite::Result<i64> {
    let number = next_number(tx, "outbox")?;
    tx.prepare_cached(
        "insert into outbox (number, address, body, attempt, cause) values ($1, $2, $3, 0, $4)",
    )?
    .execute(params![number, address, body.to_string(), errand.cause.to_text()])?;
    Ok(number)
}

/// Sends a kept callback, and forgets it when it was taken.
pub(super) async fn send(errand: &Errand, number: i64) {
    let read = errand.office.store.read(|db| {
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        db.prepare_cached("select address, body from outbox where number = $1")?
            .query_row([number], row)
            .optional()
    });
    let Some(Some((address, body))) = kept::<Option<(String, String)>>(read) else { return };
    let route = Url::parse(&address).map_or_else(|_| address.clone(), |url| url.path().to_owned());
    let letter = Letter::to_address(Method::PUT, &address).route(&route);
    let why = match errand.send(letter.bytes("application/json", body)).await {
        Ok(reply) if reply.is_success() => return forget(errand, number),
        Ok(reply) if (400..500).contains(&reply.status) && ![408, 429].contains(&reply.status) => {
            give_up(errand, number, &address, &format!("it answered {}", reply.status));
            return;
        }
        Ok(reply) => format!("it answered {}", reply.status),
        Err(error) => error.to_string(),
    };
    try_later(errand, number, &address, &why);
}

fn try_later(errand: &Errand, number: i64, address: &str, why: &str) {
    let counted = errand.office.store.alter(|tx| {
        tx.prepare_cached(
            "update outbox set attempt = attempt + 1 where number = $1 returning attempt",
        )?
        .query_row([number], |row| row.get::<_, u32>(0))
    });
    let Some(attempt) = kept(counted) else { return };
    let late = errand.clone();
    let is_outside = retry::is_outside(&errand.office.room, address);
    let most = if is_outside { retry::MOST_ATTEMPTS } else { MOST_ATTEMPTS };
    if attempt > most {
        return give_up(errand, number, address, why);
    }
    if is_outside {
        let address = address.to_owned();
        return errand.spawn(async move {
            retry::wait_for_another_try(&late, &address, attempt).await;
            Box::pin(send(&late, number)).await;
        });
    }
    let wait = retry::FIRST_WAIT * (1 << (attempt - 1));
    let agenda = errand.office.memory.of::<Agenda>();
    agenda.plan(errand, &format!("callback {number}"), errand.now() + wait, async move {
        Box::pin(send(&late, number)).await;
    });
}

fn give_up(errand: &Errand, number: i64, address: &str, why: &str) {
    let sentence = format!("The answer could not be delivered: {why}");
    errand.event("answer not delivered", &sentence, &serde_json::json!({"address": address}));
    forget(errand, number);
}

fn forget(errand: &Errand, number: i64) {
    kept(errand.office.store.alter(|tx| {
        tx.prepare_cached("delete from outbox where number = $1")?.execute([number])?;
        Ok(())
    }));
}

fn kept<T>(outcome: Result<T, StoreError>) -> Option<T> {
    outcome.inspect_err(|error| tracing::error!(%error, "the mapper's outbox failed")).ok()
}

/// Takes up callbacks that were not taken before the last stop.
pub(super) fn wake(office: &Arc<Office>) {
    let read = office.store.read(|db| {
        let row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
        db.prepare_cached("select number, cause from outbox order by number")?
            .query_map([], row)?
            .collect()
    });
    for (number, cause) in kept::<Vec<(i64, String)>>(read).unwrap_or_default() {
        let cause = Cause::from_text(&cause).unwrap_or_else(|| office.room.stranger());
        let errand = Errand { office: Arc::clone(office), cause };
        let work = errand.clone();
        errand.spawn(async move { send(&work, number).await });
    }
}
