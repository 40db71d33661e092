//! The transcript: what was said, in the order of causes, without keys, tokens or wall time. The same scenario, seed
//! and date give the same transcript, byte for byte.

mod moves;

use std::collections::{BTreeMap, BTreeSet};

use mocks::kit::cause::Place;
use mocks::kit::journal::{Entry, Kind, Verdict};
use serde_json::Value;

pub(crate) use moves::{Move, moves};

use crate::player::Outcome;
use crate::scenario::{Step, Story, Verb};

/// Width of the column in which the two sides of a message stand.
const SIDES: usize = 44;
/// Width of the column in which the action stands.
const ACTION: usize = 52;

/// The transcript of an outcome.
pub fn transcript(story: &Story, steps: &[Step], outcome: &Outcome) -> String {
    let texts = story.texts("en");
    let mut text = String::new();
    let branch = &outcome.show.branch;
    let title = texts.branches.get(branch).map_or(String::new(), |b| format!(": {}", b.title));
    let name = if branch.is_empty() { String::new() } else { format!("-{branch}") };
    line(&mut text, &format!("{}{name} {}{title}", story.scenario.id, texts.title));
    let lead = &outcome.show.persona.name;
    let rows = ordered(&outcome.entries);
    let headings = headings(steps, &rows);
    let mut moves = moves(steps, &outcome.show).into_iter().peekable();
    let moved = |text: &mut String, one: &Move<'_>| {
        line(text, &format!("\n[{}] {}", one.step, story.title_of(one.step, lead, "en")));
        line(text, &format!("    -- {}", one.words));
    };
    let place = |id: &str| steps.iter().position(|step| step.id.value == id);
    let mut keys_fetched = BTreeSet::new();
    for (number, row) in rows.iter().enumerate() {
        if row.fetches_keys() && !headings.contains_key(&number) {
            keys_fetched.insert((row.entry.from.as_str(), row.entry.to.as_str()));
            continue;
        }
        for step in headings.get(&number).into_iter().flatten() {
            // What was done without a message stands before the next step that has one.
            while let Some(one) = moves.next_if(|one| place(step).is_some_and(|at| one.at < at)) {
                moved(&mut text, &one);
            }
            let heading = story.title_of(step, lead, "en");
            line(&mut text, &format!("\n[{step}] {heading}"));
        }
        line(&mut text, &row.told());
    }
    moves.for_each(|one| moved(&mut text, &one));
    if !keys_fetched.is_empty() {
        line(&mut text, "\n[keys fetched]");
        for (from, of) in keys_fetched {
            line(&mut text, &format!("    {from} -> {of}"));
        }
    }
    line(&mut text, "");
    let show = &outcome.show;
    let end = match &outcome.failure {
        None => format!("held: {} messages, {} decisions", show.messages, show.decisions.len()),
        Some(failure) => format!("broken at [{}]: {}", failure.step, failure.what),
    };
    line(&mut text, &end);
    text
}

/// A request with its answer, or an event.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) entry: &'a Entry,
    pub(crate) answer: Option<&'a Entry>,
}

/// Requests and events in the order of their causes.
pub(crate) fn ordered(entries: &[Entry]) -> Vec<Row<'_>> {
    let answers: BTreeMap<i64, &Entry> =
        entries.iter().filter(|e| e.kind == Kind::Answer).map(|e| (e.of, e)).collect();
    let mut rows: Vec<(Place, i64, Row<'_>)> = entries
        .iter()
        .filter(|e| e.kind != Kind::Answer)
        .map(|entry| {
            (
                Place::parse(&entry.place),
                entry.seq,
                Row { entry, answer: answers.get(&entry.seq).copied() },
            )
        })
        .collect();
    rows.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
    rows.into_iter().map(|(_, _, row)| row).collect()
}

/// Which steps begin before which row: an act at its own message, a watch at the message that it waits for.
pub(crate) fn headings<'a>(steps: &'a [Step], rows: &[Row<'_>]) -> BTreeMap<usize, Vec<&'a str>> {
    let mut headings: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    let mut from = 0;
    for step in steps {
        let begins = rows
            .iter()
            .enumerate()
            .skip(from)
            .find(|(_, row)| begins(step, row.entry))
            .map(|(i, _)| i);
        if let Some(at) = begins {
            headings.entry(at).or_default().push(&step.id.value);
            from = at + 1;
        }
    }
    headings
}

fn begins(step: &Step, entry: &Entry) -> bool {
    match step.verb() {
        Some(Verb::Act(_)) => entry.step == step.id.value,
        Some(Verb::Watch(watch)) if !watch.never => {
            let action =
                watch.event.as_ref().or(watch.request.as_ref()).map_or("", |a| a.value.as_str());
            let side = |s: &Option<serde_saphyr::Spanned<String>>, n: &str| {
                s.as_ref().is_none_or(|v| v.value == n)
            };
            entry.action == action && side(&watch.from, &entry.from) && side(&watch.to, &entry.to)
        }
        _ => false,
    }
}

impl Row<'_> {
    /// Of two messages that arrive at once, either may be the one that makes the receiver fetch the sender's keys. So
    /// where no step waits for it, a fetch is told at the end and not at its cause.
    fn fetches_keys(&self) -> bool {
        self.entry.action == "GET /.well-known/jwks.json"
    }

    fn told(&self) -> String {
        let e = self.entry;
        if e.kind == Kind::Event {
            return format!("    * {}: {} {}", e.to, e.action, e.remark).trim_end().to_owned();
        }
        let sides = format!("{} -> {}", e.from, e.to);
        // Which error the network gives depends on the moment at which a line is cut; that nobody answered does not.
        let lost = e.remark.split_once(": ").map_or(e.remark.as_str(), |(what, _)| what);
        let answer = self.answer.map_or_else(|| format!("no answer: {lost}"), answered);
        let said = said(e);
        format!("    {sides:<SIDES$} {:<ACTION$} {answer}{said}", e.action).trim_end().to_owned()
    }
}

fn answered(answer: &Entry) -> String {
    let signed = match answer.verdict {
        Verdict::None => "",
        Verdict::Unsigned => " unsigned",
        Verdict::Valid => " signed",
        Verdict::Invalid => " SIGNATURE WRONG",
    };
    let remark =
        if answer.remark.is_empty() { String::new() } else { format!(" ({})", answer.remark) };
    format!("{}{signed}{remark}", answer.status)
}

/// What people read themselves is told word for word.
fn said(entry: &Entry) -> String {
    if entry.action != "POST /sms" {
        return String::new();
    }
    let body: Value = serde_json::from_str(&entry.body).unwrap_or(Value::Null);
    format!("\n        \"{}\"", body["text"].as_str().unwrap_or_default())
}

fn line(text: &mut String, line: &str) {
    text.push_str(line);
    text.push('\n');
}
