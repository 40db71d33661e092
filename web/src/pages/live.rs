//! What a room's windows are fed with: server-sent events of the journal and of the player, one message opened, and
//! the page that shows everything.
//!
//! `GET {prefix}/live/events?after=SEQ&seen=ID&story=NAME` sends `entry` (id: epoch and journal number, so that
//! `Last-Event-ID` resumes), `show` (the whole state), `reset` (forget all entries). A window that stalls waits alone:
//! each reads the journal itself and only listens for its bell.

use std::collections::VecDeque;
use std::sync::Arc;

use actix_web::web::{self, Data, Query};
use actix_web::{Error, HttpRequest, HttpResponse};
use bytes::Bytes;
use mocks::kit::country::Country;
use mocks::kit::journal::Written;
use mocks::kit::room::Hall;
use orchestrator::player::Show as Played;
use orchestrator::theatre::{Stage, Theatre};
use serde::Deserialize;
use tokio::sync::watch;

use super::frame::Lanes;
use super::stage::LivePage;
use super::stream::{self, event, stream};
use super::telling::Manner;
use super::visit::Visit;
use super::wishes::Wishes;
use super::{opened, reply, telling};
use crate::texts::Texts;

/// Rows read at once; more follow in the next round.
const PAGE: u32 = 200;
/// The live page without scripts shows the last so many rows.
const SHOWN: i64 = 200;
/// A live page that is opened in a room where much has happened begins so many rows before the last: about what it can
/// hold, so that it shows what happens now and not an hour of yesterday first.
const RECENT: i64 = 500;

/// Where to resume, and whose story the window shows.
#[derive(Debug, Deserialize)]
struct From {
    #[serde(default)]
    after: i64,
    /// As `Last-Event-ID`, from a window that closed its line and opens it again.
    #[serde(default)]
    seen: String,
    #[serde(default)]
    story: String,
}

/// Routes of the feed.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/live", web::get().to(page));
    cfg.route("/live/events", web::get().to(events));
    cfg.route("/live/entry/{seq}", web::get().to(opened::entry));
}

async fn page(req: HttpRequest, theatre: Data<Theatre>) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    let stage = visit.stage(&theatre)?;
    let journal = &stage.hall().room.journal;
    let rows = journal.after(journal.last() - SHOWN, PAGE).unwrap_or_default();
    let entries = rows.iter().map(|row| telling::entry(row, None, "", visit.texts)).collect();
    let lanes = telling::lanes(&theatre.country, visit.texts);
    let page = LivePage::new(visit.frame("live"), entries, lanes);
    Ok(reply::page(&page.f, &page))
}

async fn events(
    req: HttpRequest,
    theatre: Data<Theatre>,
    wishes: Data<Wishes>,
    from: Query<From>,
) -> Result<HttpResponse, Error> {
    let visit = Visit::of(&req);
    let stage = visit.stage(&theatre)?;
    let journal = &stage.hall().room.journal;
    let epoch = journal.epoch();
    let known = resume(&req, &from.seen);
    let stale = known.is_some_and(|(known, _)| known != epoch);
    let after = if stale {
        0
    } else {
        let played = stage.show().borrow().story == from.story;
        begin(known.map_or(from.after, |(_, seq)| seq), &from.story, played, journal.last())
    };
    let window = Window {
        lanes: telling::lanes(&theatre.country, visit.texts),
        country: Arc::clone(&theatre.country),
        bell: journal.bell(),
        show: stage.show(),
        theatre: theatre.into_inner(),
        wishes: wishes.into_inner(),
        texts: visit.texts,
        room: visit.room,
        story: from.into_inner().story,
        stage,
        last: after,
        epoch: if stale { -1 } else { epoch },
        first: true,
        ready: VecDeque::new(),
    };
    Ok(stream(Arc::clone(&window.country), window))
}

/// The number after which a window is told, where it knows those up to `after` and the journal goes up to `last`.
fn begin(after: i64, story: &str, played: bool, last: i64) -> i64 {
    match (story, played) {
        ("", _) => after.max(last - RECENT),
        (_, true) => after,
        // A story that is not played here begins with an empty stage: what the room did before is on its live page.
        (_, false) => last,
    }
}

/// Epoch and journal number of the last event that a returning browser saw: as it says by itself, or as the script says.
fn resume(req: &HttpRequest, seen: &str) -> Option<(i64, i64)> {
    let id = req.headers().get("last-event-id").map_or(Some(seen), |id| id.to_str().ok())?;
    let (epoch, seq) = id.split_once('-')?;
    Some((epoch.parse().ok()?, seq.parse().ok()?))
}

/// One browser window that watches a room.
#[derive(Debug)]
struct Window {
    theatre: Arc<Theatre>,
    country: Arc<Country>,
    wishes: Arc<Wishes>,
    stage: Arc<Stage>,
    room: String,
    story: String,
    texts: &'static Texts,
    lanes: Lanes,
    last: i64,
    epoch: i64,
    bell: watch::Receiver<Written>,
    show: watch::Receiver<Arc<Played>>,
    /// Nothing was told yet: a new window is told the state even if nothing changes.
    first: bool,
    ready: VecDeque<Bytes>,
}

impl stream::Window for Window {
    fn hall(&self) -> &Arc<Hall> {
        self.stage.hall()
    }

    async fn next(&mut self) -> Option<Bytes> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            self.bell.mark_unchanged();
            self.read_journal();
            self.read_show();
            if !self.ready.is_empty() {
                continue;
            }
            tokio::select! {
                rang = self.bell.changed() => rang.ok()?,
                shown = self.show.changed() => {
                    shown.ok()?;
                    // `changed` marks the value as seen, and it still has to be told.
                    self.show.mark_changed();
                }
            }
        }
    }
}

impl Window {
    fn read_journal(&mut self) {
        let journal = Arc::clone(&self.stage.hall().room.journal);
        let rows = match journal.after(self.last, PAGE) {
            Ok(rows) => rows,
            Err(error) => {
                tracing::error!(%error, "the journal cannot be read for a window");
                return;
            }
        };
        let epoch = journal.epoch();
        if epoch != self.epoch {
            // The journal was cleared, perhaps while it was read: what was read may be of the old story.
            self.epoch = epoch;
            self.last = 0;
            self.ready.push_back(event("reset", "", "{}"));
            return;
        }
        let played = Arc::clone(&self.show.borrow());
        if !self.story.is_empty() && played.story != self.story {
            // What another story does is no message of this one.
            self.last = rows.last().map_or(self.last, |row| row.seq);
            return;
        }
        let told = self.theatre.library.story(&played.story).ok();
        for row in rows {
            self.last = row.seq;
            if !self.story.is_empty() && !played.shows(&row) {
                continue;
            }
            let entry = telling::entry(&row, told, &played.persona.name, self.texts);
            let id = format!("{epoch}-{}", row.seq);
            let data = serde_json::to_string(&entry).unwrap_or_default();
            self.ready.push_back(event("entry", &id, &data));
        }
    }

    fn read_show(&mut self) {
        if !self.first && !self.show.has_changed().unwrap_or(false) {
            return;
        }
        self.first = false;
        let played = Arc::clone(&self.show.borrow_and_update());
        let wish = self.wishes.of(&self.room);
        let hall = self.stage.hall();
        let manner = Manner { texts: self.texts, wish: &wish, lanes: &self.lanes };
        let show = match self.theatre.library.story(&played.story) {
            Ok(told) if !played.story.is_empty() => {
                telling::as_played(hall, told, &played, &manner)
            }
            _ => match self.theatre.library.story(&self.story) {
                Ok(told) => telling::at_rest(&self.country, told, &manner),
                Err(_) => return,
            },
        };
        let data = serde_json::to_string(&show).unwrap_or_default();
        self.ready.push_back(event("show", "", &data));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn a_returning_browser_says_where_it_was() {
        let req = TestRequest::get().insert_header(("last-event-id", "3-17")).to_http_request();
        assert_eq!(resume(&req, "2-9"), Some((3, 17)));
        let req = TestRequest::get().insert_header(("last-event-id", "17")).to_http_request();
        assert_eq!(resume(&req, ""), None);
        let req = TestRequest::get().to_http_request();
        assert_eq!((resume(&req, "3-17"), resume(&req, "")), (Some((3, 17)), None));
    }

    #[test]
    fn who_watches_everything_begins_with_what_is_recent() {
        assert_eq!(begin(0, "", false, 92_000), 91_500);
        assert_eq!(begin(0, "", false, 20), 0);
        assert_eq!(begin(91_990, "", false, 92_000), 91_990);
        assert_eq!(begin(0, "monthly-payroll", true, 92_000), 0);
        assert_eq!(begin(0, "monthly-payroll", false, 92_000), 92_000);
    }
}
