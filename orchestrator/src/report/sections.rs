//! A run step by step, for the page: what each step says, the messages it led to, and what was decided.

use mocks::kit::journal::{Kind, Verdict};

use super::feed;
use super::words::{capital, pretty, title_of};
use crate::player::{self, Outcome, Ruling, StepState};
use crate::scenario::{Step, Story};
use crate::transcript::{Row, headings, moves, ordered};

/// A step as the page shows it.
#[derive(Debug, Default)]
pub(super) struct Section {
    /// Empty for what came before the first step.
    pub(super) title: String,
    pub(super) text: String,
    /// `done`, `failed` or `waiting`.
    pub(super) state: &'static str,
    /// What was done without a message: the clock was moved, something was broken.
    pub(super) moved: String,
    pub(super) messages: Vec<Message>,
}

/// A message with its answer, or something that happened inside one system.
#[derive(Debug, Default)]
pub(super) struct Message {
    /// From 1, in the order of causes.
    pub(super) number: usize,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) is_event: bool,
    pub(super) is_callback: bool,
    pub(super) failed: bool,
    pub(super) label: String,
    pub(super) sentence: String,
    pub(super) action: String,
    pub(super) status: String,
    pub(super) signature: &'static str,
    pub(super) took: String,
    pub(super) remark: String,
    pub(super) headers: String,
    pub(super) body: String,
    pub(super) answer: String,
    pub(super) decision: Option<Decision>,
}

/// A decision with the facts that it rests on.
#[derive(Debug, Default)]
pub(super) struct Decision {
    pub(super) title: String,
    pub(super) verdict: &'static str,
    pub(super) rule: String,
    /// Fact, value, and who said so.
    pub(super) facts: Vec<(String, String, String)>,
}

/// The sections of a run: every step of the plan in its place.
pub(super) fn sections(story: &Story, outcome: &Outcome, language: &str) -> Vec<Section> {
    let show = &outcome.show;
    let plan = story.plan(&show.branch).ok();
    let steps: Vec<Step> = plan.map_or_else(Vec::new, |plan| plan.steps);
    let rows = ordered(&outcome.entries);
    let headings = headings(&steps, &rows);
    let moved = moves(&steps, show);
    let lead = &show.persona.name;
    let section = |step: &Step| {
        let id = &step.id.value;
        let state = show.steps.iter().find(|(known, _)| known == id).map(|(_, state)| *state);
        let told = feed::step(story, id, state.unwrap_or_default(), lead, language);
        let words = moved.iter().find(|one| one.step == id).map(|one| one.words.clone());
        Section {
            title: told.title,
            text: told.text,
            state: match told.state {
                StepState::Done => "done",
                StepState::Failed => "failed",
                StepState::Waiting | StepState::Now => "waiting",
            },
            moved: words.map_or_else(String::new, |words| capital(&words)),
            messages: Vec::new(),
        }
    };
    let mut sections = vec![Section { state: "done", ..Section::default() }];
    let mut next = 0;
    for (number, row) in rows.iter().enumerate() {
        for id in headings.get(&number).into_iter().flatten() {
            let at = steps.iter().position(|step| step.id.value == **id).unwrap_or(next);
            // A step without a message of its own stands before the next one that has some.
            sections.extend(steps.iter().take(at + 1).skip(next).map(section));
            next = next.max(at + 1);
        }
        let told = message(story, outcome, row, (number + 1, language));
        if let Some(last) = sections.last_mut() {
            last.messages.push(told);
        }
    }
    sections.extend(steps.iter().skip(next).map(section));
    sections.retain(|section| !section.title.is_empty() || !section.messages.is_empty());
    sections
}

fn message(
    story: &Story,
    outcome: &Outcome,
    row: &Row<'_>,
    (number, language): (usize, &str),
) -> Message {
    let entry = row.entry;
    let told = feed::entry(entry, Some(story), &outcome.show.persona.name, language);
    let is_event = entry.kind == Kind::Event;
    let decision = outcome.show.decisions.iter().find(|one| one.seq == entry.seq);
    let status = row.answer.map_or(0, |answer| answer.status);
    let verdict = row.answer.map_or(entry.verdict, |answer| answer.verdict);
    let unanswered = !is_event && row.answer.is_none();
    Message {
        number,
        from: title_of(&entry.from),
        to: title_of(&entry.to),
        is_event,
        is_callback: told.callback,
        failed: status >= 400 || unanswered || verdict == Verdict::Invalid,
        label: capital(&told.label),
        sentence: told.sentence,
        action: entry.action.clone(),
        status: if status == 0 { String::new() } else { status.to_string() },
        signature: match verdict {
            Verdict::None => "",
            Verdict::Unsigned => "not signed",
            Verdict::Valid => "signature valid",
            Verdict::Invalid => "signature wrong",
        },
        took: row.answer.map_or_else(String::new, |answer| time(answer.duration_us)),
        remark: row.answer.map_or(&entry.remark, |answer| &answer.remark).clone(),
        headers: entry.headers.clone(),
        body: pretty(&entry.body),
        answer: row.answer.map_or_else(String::new, |answer| pretty(&answer.body)),
        decision: decision.map(decided),
    }
}

fn decided(decision: &player::Decision) -> Decision {
    let facts = decision.facts.iter();
    Decision {
        title: decision.title.clone(),
        verdict: match decision.verdict {
            Ruling::Pass => "yes",
            Ruling::Fail => "no",
            Ruling::Review => "needs a person",
        },
        rule: decision.rule.clone(),
        facts: facts.map(|f| (f.name.clone(), f.said(), title_of(&f.source))).collect(),
    }
}

/// Microseconds as people say them: milliseconds with one digit, from a second on seconds with two.
pub(super) fn time(micros: i64) -> String {
    if micros >= 1_000_000 {
        return format!("{}.{:02} s", micros / 1_000_000, micros % 1_000_000 / 10_000);
    }
    format!("{}.{} ms", micros / 1000, micros % 1000 / 100)
}
