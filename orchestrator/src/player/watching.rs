//! **watch**: waits for a message that systems send each other. There is no guessing with time-outs: when no system
//! has anything left to do and the message has not come, it will not come. Only guests are given time.

use std::sync::Arc;
use std::time::Duration;

use mocks::kit::clock::{Stopwatch, pause};
use mocks::kit::journal::{Entry, Kind};
use serde_json::Value;

use super::act::first_at;
use super::criteria::{Facts, hold};
use super::{Broken, Player, json};
use crate::scenario::{Step, Watch};

/// How long a guest is given, in milliseconds, where the step does not say.
const GUESTS_TIME_MS: u64 = 10_000;
/// All that a guest is given in one step is so many times as much.
const MOST_TIMES: u32 = 6;
/// How many of the last messages an error names.
const SHOWN: usize = 6;

impl Player {
    pub(super) async fn watch_for(&mut self, step: &Step, watch: &Watch) -> Result<(), Broken> {
        if watch.never {
            while self.more_comes(step).await {}
            return match self.record.count(watch) {
                0 => Ok(()),
                n => Err(format!("{} must not come, and came {n} times", described(watch)).into()),
            };
        }
        let entry = if self.is_reading_of_a_guest(watch) {
            self.record.absorb();
            let Some(entry) = self.record.claim(watch) else { return Ok(()) };
            entry
        } else {
            self.await_entry(step, watch).await?
        };
        if step.expect.is_empty() && step.keep.is_empty() {
            return Ok(());
        }
        let request = json(&entry.body);
        let answer = self.await_answer(step, &entry).await;
        let is_answered = answer.is_some() || entry.kind == Kind::Event;
        let (status, body) = answer.unwrap_or_default();
        let count = self.record.count(watch);
        let facts = Facts { status, body: &body, request: &request, count };
        hold(&step.expect, &facts, &self.values).map_err(|wrong| {
            if is_answered { told(&entry, wrong) } else { self.unanswered(watch).into() }
        })?;
        for (name, path) in &step.keep {
            let value = first_at(&body, &path.value).or_else(|| first_at(&request, &path.value));
            let value = value.ok_or_else(|| {
                format!("`{name}` could not be kept: nothing at `{}`", path.value)
            })?;
            self.values.keep(name, value);
        }
        Ok(())
    }

    /// What a guest reads of others, such as their keys, and when, is its own business: it may hold it from before, and is
    /// not waited for.
    fn is_reading_of_a_guest(&self, watch: &Watch) -> bool {
        let is_guest = |name: &String| self.hall.room.is_guest(name);
        let reads = watch.request.as_ref().is_some_and(|request| request.value.starts_with("GET "));
        reads && watch.from.as_ref().is_some_and(|from| is_guest(&from.value))
    }

    async fn await_entry(&mut self, step: &Step, watch: &Watch) -> Result<Entry, String> {
        self.record.absorb();
        loop {
            if let Some(entry) = self.record.claim(watch) {
                return Ok(entry);
            }
            if !self.more_comes(step).await {
                return self.record.claim(watch).ok_or_else(|| self.missing(watch));
            }
        }
    }

    /// The status and body of the answer to `entry`; of an event, what it says.
    async fn await_answer(&mut self, step: &Step, entry: &Entry) -> Option<(u16, Value)> {
        if entry.kind == Kind::Event {
            return Some((0, json(&entry.body)));
        }
        while self.record.answer_to(entry.seq).is_none() && self.more_comes(step).await {}
        self.record.answer_to(entry.seq).map(|answer| (answer.status, json(&answer.body)))
    }

    /// Waits for more and reads it. Where nothing has come, nothing will: no system has anything left to do, and guests,
    /// who work in their own time, were given some since the last that came.
    async fn more_comes(&mut self, step: &Step) -> bool {
        let room = Arc::clone(&self.hall.room);
        tokio::select! {
            () = self.record.more() => {
                self.refresh();
                return true;
            }
            () = room.clock.idle() => {}
        }
        let before = self.record.entries().len();
        room.journal.settled().await;
        self.refresh();
        if self.record.entries().len() > before {
            return true;
        }
        if room.guests().is_empty() {
            return false;
        }
        let time = Duration::from_millis(step.timeout_ms.unwrap_or(GUESTS_TIME_MS));
        // A guest that always says something, or a stranger who does, must not hold the step for ever.
        if self.given_to_guests > time * MOST_TIMES {
            return false;
        }
        let watch = Stopwatch::start();
        let more = tokio::select! {
            () = pause(time) => false,
            () = self.record.more() => {
                self.refresh();
                true
            }
        };
        self.given_to_guests += watch.elapsed();
        more
    }

    fn missing(&self, watch: &Watch) -> String {
        let entries = self.record.entries();
        let came: Vec<String> = entries
            .iter()
            .filter(|e| e.kind != Kind::Answer)
            .rev()
            .take(SHOWN)
            .map(|e| format!("{} → {} {}{}", e.from, e.to, e.action, remark(e)))
            .collect();
        let came: Vec<String> = came.into_iter().rev().collect();
        let last = if came.is_empty() {
            String::from("nothing came at all")
        } else {
            format!("the last that came: {}", came.join("; "))
        };
        let guests = self.guests_in(watch);
        format!(
            "{} never came, and no system has anything left to do{guests}; {last}",
            described(watch)
        )
    }

    fn unanswered(&self, watch: &Watch) -> String {
        format!("{} was never answered{}", described(watch), self.guests_in(watch))
    }

    /// Which sides of the message are played by guests, as a part of a sentence: there the reason is to be looked for.
    fn guests_in(&self, watch: &Watch) -> String {
        let sides: Vec<_> = [&watch.from, &watch.to].into_iter().flatten().collect();
        let guests = self.hall.room.guests();
        let named = guests.iter().filter(|(name, _)| sides.iter().any(|s| s.value == **name));
        named.map(|(name, base)| format!(" ({name} is played by the guest at {base})")).collect()
    }
}

/// What did not hold, after the event's own sentence where it was one: that is what people understand.
fn told(entry: &Entry, wrong: Broken) -> Broken {
    if entry.kind != Kind::Event || entry.remark.is_empty() {
        return wrong;
    }
    let note = format!("{}: {}.", entry.action, entry.remark.trim_end_matches('.'));
    Broken { what: format!("{note} ({})", wrong.what), note }
}

fn remark(entry: &Entry) -> String {
    if entry.remark.is_empty() { String::new() } else { format!(" ({})", entry.remark) }
}

fn described(watch: &Watch) -> String {
    let side = |s: &Option<serde_saphyr::Spanned<String>>| {
        s.as_ref().map_or("anybody", |v| v.value.as_str()).to_owned()
    };
    match (&watch.event, &watch.request) {
        (Some(event), _) => format!(
            "the event `{}` at {}",
            event.value,
            side(&watch.to.clone().or(watch.from.clone()))
        ),
        (None, Some(request)) => {
            format!("`{}` from {} to {}", request.value, side(&watch.from), side(&watch.to))
        }
        (None, None) => String::from("a message"),
    }
}
