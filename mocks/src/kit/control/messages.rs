//! `/_arenoa/messages`: who called me, with what? Lists the journal, waits for a message, and holds what came against
//! what was expected, so that a test in any language can assert it.

use std::time::Duration;

use actix_web::web::{Bytes, Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::answers::{Brief, Held, Messages, Missed};
use super::{hall_of, no_room, ours, wrong};
use crate::kit::clock::pause;
use crate::kit::country::Country;
use crate::kit::journal::{Entry, Journal, Kind, Written};
use crate::kit::openapi::{Complaint, Part, Routes};
use crate::kit::server::Call;
use crate::kit::store::StoreError;

/// A wait for a message ends after this, whatever was asked for.
const LONGEST_WAIT_MS: u64 = 60_000;
/// One answer lists this many messages at the most; the journal is read in pages of as many.
const LONGEST_LIST: u32 = 1000;
/// How many messages an expectation that does not hold is told of.
const SHOWN: usize = 5;

/// Which messages, in the query.
const FILTERS: [Part; 6] = [
    Part::query("after", "0"),
    Part::query("system", ""),
    Part::query("kind", "request"),
    Part::query("path", ""),
    Part::query("action", ""),
    Part::query("correlation", ""),
];

/// The routes of a system that tell of its messages.
pub(super) fn routes(routes: &mut Routes) {
    routes
        .get(
            "/_arenoa/messages",
            list,
            ours("Who called this system, with what")
                .parts(&FILTERS)
                .query("limit", "100")
                .gives::<Messages>(200, "The entries of the journal that fit"),
        )
        .get(
            "/_arenoa/messages/wait",
            wait,
            ours("Waits for a message that fits")
                .more("A callback becomes something that any HTTP client can wait for.")
                .parts(&FILTERS)
                .query("timeout_ms", "1000")
                .gives::<Entry>(200, "The first message that fits")
                .gives::<Complaint<'_>>(404, "None came in time")
                .after("a message that fits has come"),
        )
        .post(
            "/_arenoa/messages/verify",
            verify,
            ours("Holds what came against what was expected")
                .takes::<Expected>(json!({"where": {"action": "DELETE /nothing"}, "count": 0}))
                .gives::<Held>(200, "It holds")
                .gives::<Missed>(409, "It does not, and what came"),
        );
}

/// Which messages are asked for; all conditions must fit.
#[derive(Debug, Default, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "MessageFilter")]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    /// Only entries after this `seq`.
    #[serde(default)]
    after: i64,
    /// The other side of the message, where the office itself is one side; either side for a room.
    system: Option<String>,
    /// `request`, `answer` or `event`.
    kind: Option<Kind>,
    /// A part of the path.
    path: Option<String>,
    /// A part of the action, such as `POST /registry/on-search`.
    action: Option<String>,
    /// A piece of text that the body or the correlation must hold.
    #[serde(alias = "correlation_id")]
    correlation: Option<String>,
    limit: Option<u32>,
    /// How long to wait, for `/messages/wait`.
    timeout_ms: Option<u64>,
}

impl Wanted {
    fn fits(&self, entry: &Entry) -> bool {
        let within = |wanted: &Option<String>, text: &str| {
            wanted.as_deref().is_none_or(|w| text.contains(w))
        };
        let side = |name: &str| entry.from == name || entry.to == name;
        self.system.as_deref().is_none_or(side)
            && self.kind.is_none_or(|kind| kind == entry.kind)
            && within(&self.path, &entry.path)
            && within(&self.action, &entry.action)
            && self
                .correlation
                .as_deref()
                .is_none_or(|c| entry.correlation.contains(c) || entry.body.contains(c))
    }
}

/// Whose messages are looked at: those of one system, or of the whole room.
#[derive(Debug, Clone, Copy)]
struct Side<'a>(Option<&'a str>);

impl Side<'_> {
    fn has(self, entry: &Entry) -> bool {
        self.0.is_none_or(|name| entry.from == name || entry.to == name)
    }
}

/// Shows every entry after `after` to `look`, page by page, until it says that it has seen enough.
fn each(
    journal: &Journal,
    after: i64,
    mut look: impl FnMut(Entry) -> bool,
) -> Result<(), StoreError> {
    let mut after = after;
    loop {
        let page = journal.after(after, LONGEST_LIST)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.seq;
        if !page.into_iter().all(&mut look) {
            return Ok(());
        }
    }
}

/// `GET /_arenoa/messages` of a system.
pub(super) async fn list(call: Call, wanted: Query<Wanted>) -> HttpResponse {
    listed(&call.room().journal, Side(Some(call.errand.office.system.name)), &wanted).await
}

/// `GET /_arenoa/messages` of a room.
pub(super) async fn list_room(
    request: HttpRequest,
    country: Data<Country>,
    wanted: Query<Wanted>,
) -> HttpResponse {
    let Some(hall) = hall_of(&request, &country) else { return no_room() };
    listed(&hall.room.journal, Side(None), &wanted).await
}

async fn listed(journal: &Journal, side: Side<'_>, wanted: &Wanted) -> HttpResponse {
    journal.settled().await;
    let limit = wanted.limit.unwrap_or(LONGEST_LIST).min(LONGEST_LIST) as usize;
    let mut fitting = Vec::new();
    let read = each(journal, wanted.after, |entry| {
        if side.has(&entry) && wanted.fits(&entry) && fitting.len() < limit {
            fitting.push(entry);
        }
        fitting.len() < limit
    });
    match read {
        Ok(()) => HttpResponse::Ok().json(Messages { count: fitting.len(), messages: fitting }),
        Err(error) => wrong(500, &error.to_string()),
    }
}

/// `GET /_arenoa/messages/wait` of a system: waits for the first request that fits, so that a callback becomes something
/// that any HTTP client can wait for.
pub(super) async fn wait(call: Call, wanted: Query<Wanted>) -> HttpResponse {
    waited(&call.room().journal, Side(Some(call.errand.office.system.name)), &wanted).await
}

/// `GET /_arenoa/messages/wait` of a room.
pub(super) async fn wait_in_room(
    request: HttpRequest,
    country: Data<Country>,
    wanted: Query<Wanted>,
) -> HttpResponse {
    let Some(hall) = hall_of(&request, &country) else { return no_room() };
    waited(&hall.room.journal, Side(None), &wanted).await
}

async fn waited(journal: &Journal, side: Side<'_>, wanted: &Wanted) -> HttpResponse {
    let limit = Duration::from_millis(wanted.timeout_ms.unwrap_or(5000).min(LONGEST_WAIT_MS));
    let found = tokio::select! {
        found = first(journal, side, wanted) => found,
        () = pause(limit) => None,
    };
    if let Some(entry) = found {
        return HttpResponse::Ok().json(entry);
    }
    let whose = side.0.map_or(String::new(), |name| format!(" to or from {name}"));
    wrong(404, &format!("no message that fits came{whose} within {limit:?}"))
}

async fn first(journal: &Journal, side: Side<'_>, wanted: &Wanted) -> Option<Entry> {
    let mut bell = journal.bell();
    let kind = wanted.kind.unwrap_or(Kind::Request);
    let mut seen = Written { epoch: journal.epoch(), seq: wanted.after };
    loop {
        let epoch = bell.borrow_and_update().epoch;
        if epoch != seen.epoch {
            // The room was reset, and its messages count from 1 again.
            seen = Written { epoch, seq: 0 };
        }
        let mut found = None;
        let read = each(journal, seen.seq, |entry| {
            seen.seq = entry.seq;
            if side.has(&entry) && entry.kind == kind && wanted.fits(&entry) {
                found = Some(entry);
            }
            found.is_none()
        });
        if let Err(error) = read {
            tracing::error!(%error, "the journal cannot be read");
        }
        if found.is_some() || bell.changed().await.is_err() {
            return found;
        }
    }
}

/// What should have come.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Expected {
    /// The conditions of `/messages`; requests are counted where no `kind` is given.
    #[serde(default, rename = "where")]
    wanted: Wanted,
    /// Exactly so many.
    count: Option<usize>,
    at_least: Option<usize>,
    at_most: Option<usize>,
}

impl Expected {
    fn holds(&self, came: usize) -> bool {
        self.count.is_none_or(|count| came == count)
            && self.at_least.is_none_or(|least| came >= least)
            && self.at_most.is_none_or(|most| came <= most)
            // Who names no number wants to know that it came at all.
            && (came > 0 || self.numbers().next().is_some())
    }

    fn numbers(&self) -> impl Iterator<Item = String> {
        let told =
            [("exactly", self.count), ("at least", self.at_least), ("at most", self.at_most)];
        told.into_iter().filter_map(|(word, number)| Some(format!("{word} {}", number?)))
    }

    fn sentence(&self, came: usize) -> String {
        let told: Vec<String> = self.numbers().collect();
        let told = if told.is_empty() { "at least 1".into() } else { told.join(" and ") };
        format!("{came} messages fit, and {told} should have come")
    }
}

/// `POST /_arenoa/messages/verify` of a system.
pub(super) async fn verify(call: Call) -> HttpResponse {
    let side = Side(Some(call.errand.office.system.name));
    verified(&call.room().journal, side, &call.body).await
}

/// `POST /_arenoa/messages/verify` of a room.
pub(super) async fn verify_room(
    request: HttpRequest,
    country: Data<Country>,
    expected: Bytes,
) -> HttpResponse {
    let Some(hall) = hall_of(&request, &country) else { return no_room() };
    verified(&hall.room.journal, Side(None), &expected).await
}

/// 200 where what is expected holds; 409 with what came where it does not.
async fn verified(journal: &Journal, side: Side<'_>, expected: &[u8]) -> HttpResponse {
    let expected: Expected = match serde_json::from_slice(expected) {
        Ok(expected) => expected,
        Err(error) => {
            let example = r#"write {"where":{"action":"POST /registry/on-search"},"count":1}"#;
            return wrong(400, &format!("this is no expectation: {error}; {example}"));
        }
    };
    journal.settled().await;
    let wanted = &expected.wanted;
    let kind = wanted.kind.unwrap_or(Kind::Request);
    let (mut fitting, mut others, mut count) = (Vec::new(), Vec::new(), 0);
    let read = each(journal, wanted.after, |entry| {
        if side.has(&entry) && entry.kind == kind {
            let fits = wanted.fits(&entry);
            count += usize::from(fits);
            let seen = if fits { &mut fitting } else { &mut others };
            if seen.len() == SHOWN {
                seen.remove(0);
            }
            seen.push(Brief::from(entry));
        }
        true
    });
    match read {
        Err(error) => wrong(500, &error.to_string()),
        Ok(()) if expected.holds(count) => HttpResponse::Ok().json(Held { holds: true, count }),
        Ok(()) => {
            let error = expected.sentence(count);
            HttpResponse::Conflict().json(Missed { error, holds: false, count, fitting, others })
        }
    }
}

#[cfg(test)]
mod tests {
    use tempfile::tempdir;

    use super::*;

    #[tokio::test]
    async fn who_waits_while_the_room_is_reset_hears_of_the_new_story() {
        let dir = tempdir().unwrap();
        let journal = Journal::open(&dir.path().join("journal.db")).unwrap();
        let entry = |action: &str| Entry { action: action.into(), ..Entry::default() };
        for _ in 0..3 {
            journal.write(entry("old"));
        }
        journal.settled().await;
        let wanted =
            Wanted { after: journal.last(), action: Some("new".into()), ..Wanted::default() };
        let reset = async {
            journal.clear().await.unwrap();
            journal.write(entry("new"));
        };
        let waited = async {
            tokio::select! {
                found = first(&journal, Side(None), &wanted) => found,
                () = pause(Duration::from_secs(2)) => None,
            }
        };
        let (found, ()) = tokio::join!(waited, reset);
        assert_eq!(found.map(|entry| entry.seq), Some(1));
    }
}
