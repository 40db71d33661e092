//! Reports of a played story for people and for machines.

pub mod feed;
mod junit;
mod page;
mod picture;
mod sections;
mod words;

use mocks::kit::journal::Entry;
use serde_json::{Value, json};

pub use junit::junit;
pub use page::page;

use crate::player::{Outcome, State};
use crate::scenario::Story;

/// The whole run as JSON: the show, and every entry with its words, headers and body.
pub fn json(story: &Story, outcome: &Outcome) -> Value {
    let lead = outcome.show.persona["name"].as_str().unwrap_or_default();
    let whole = |entry: &Entry| {
        let mut told = feed::entry(entry, Some(story), lead, "en");
        told["headers"] = entry.headers.clone().into();
        told["body"] = entry.body.clone().into();
        told
    };
    let entries: Vec<Value> = outcome.entries.iter().map(whole).collect();
    json!({
        "story": story.name,
        "branch": outcome.show.branch,
        "held": outcome.show.state == State::Held,
        "failure": outcome.failure,
        "show": feed::show(&outcome.show, story, "en"),
        "entries": entries,
    })
}
