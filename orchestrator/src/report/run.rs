//! The whole run as JSON, for programs: the show, and every entry with its words, headers and body.

use mocks::kit::journal::Entry;
use serde::Serialize;
use serde_json::{Value, json};

use super::feed::{self, FeedEntry, Step};
use crate::player::{Decision, Failure, Outcome, Persona, PhoneLine, Show, State};
use crate::scenario::Story;

#[derive(Debug, Serialize)]
struct Run<'a> {
    story: &'a str,
    branch: &'a str,
    held: bool,
    failure: Option<&'a Failure>,
    show: Shown<'a>,
    entries: Vec<Whole<'a>>,
}

/// A show with its words.
#[derive(Debug, Serialize)]
struct Shown<'a> {
    story: &'a str,
    branch: &'a str,
    title: &'a str,
    state: State,
    note: &'a str,
    step: &'a str,
    steps: Vec<Step>,
    pace: Option<&'static str>,
    delay_ms: Option<u64>,
    elapsed_us: i64,
    elapsed_ms: f64,
    messages: usize,
    signatures: usize,
    clock: &'a str,
    persona: Lead<'a>,
    decisions: &'a [Decision],
    phone: &'a [PhoneLine],
    balance: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Lead<'a> {
    #[serde(flatten)]
    card: &'a Persona,
    words: &'a str,
}

/// An entry with what people do not see.
#[derive(Debug, Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    told: FeedEntry,
    at: &'a str,
    headers: &'a str,
    body: &'a str,
}

/// The run in English.
pub fn json(story: &Story, outcome: &Outcome) -> Value {
    let show = &*outcome.show;
    json!(Run {
        story: &story.name,
        branch: &show.branch,
        held: show.state == State::Held,
        failure: outcome.failure.as_ref(),
        show: shown(show, story, "en"),
        entries: outcome.entries.iter().map(|entry| whole(entry, story, show)).collect(),
    })
}

fn shown<'a>(show: &'a Show, story: &'a Story, language: &str) -> Shown<'a> {
    let (pace, delay_ms) = show.pace.map(feed::pace).unzip();
    Shown {
        story: &show.story,
        branch: &show.branch,
        title: &story.texts(language).title,
        state: show.state,
        note: &show.note,
        step: &show.step,
        steps: feed::steps(show, story, language),
        pace,
        delay_ms: delay_ms.flatten(),
        elapsed_us: show.elapsed_us,
        elapsed_ms: show.elapsed_ms(),
        messages: show.messages,
        signatures: show.signatures,
        clock: &show.clock,
        persona: Lead { card: &show.persona, words: story.words_of(&show.branch, language) },
        decisions: &show.decisions,
        phone: &show.phone,
        balance: show.balance.as_deref(),
    }
}

fn whole<'a>(entry: &'a Entry, story: &Story, show: &Show) -> Whole<'a> {
    Whole {
        told: feed::entry(entry, Some(story), &show.persona.name, "en"),
        at: &entry.at,
        headers: &entry.headers,
        body: &entry.body,
    }
}
