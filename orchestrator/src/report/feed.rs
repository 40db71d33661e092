//! The feed: the steps of a story and the entries of its journal with words in one language, for the stage and for
//! `--json`.

use mocks::kit::clock::Pace;
use mocks::kit::journal::{Entry, Kind, Verdict};
use serde::{Deserialize, Serialize};

use super::words::words as plain_words;
use crate::player::{Show, StepState};
use crate::scenario::{Story, Texts, named};

/// A step of a story, and how far it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Step {
    pub id: String,
    pub title: String,
    pub text: String,
    /// What the presenter may say; shown in the presenter's window only.
    pub notes: String,
    pub state: StepState,
}

/// One row of the journal, with the words that people see.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedEntry {
    pub seq: i64,
    pub kind: Kind,
    /// The request that an answer belongs to.
    pub of: i64,
    pub step: String,
    pub from: String,
    pub to: String,
    pub standard: String,
    pub action: String,
    pub path: String,
    pub status: u16,
    pub verdict: Verdict,
    pub remark: String,
    pub duration_us: i64,
    /// A few words for the arrow.
    pub label: String,
    /// A sentence for people in the back of the room.
    pub sentence: String,
    /// A request that delivers the result of an earlier one.
    pub callback: bool,
}

impl FeedEntry {
    /// Whether this row shows something that went wrong.
    pub fn failed(&self) -> bool {
        self.status >= 400
            || self.verdict == Verdict::Invalid
            || (self.kind == Kind::Request && !self.remark.is_empty())
    }
}

/// The steps of a show with their words.
pub fn steps(show: &Show, story: &Story, language: &str) -> Vec<Step> {
    let lead = &show.persona.name;
    show.steps.iter().map(|(id, state)| step(story, id, *state, lead, language)).collect()
}

/// The step `id` of `story` with its words, which name the lead.
pub fn step(story: &Story, id: &str, state: StepState, lead: &str, language: &str) -> Step {
    let text = story.texts(language).steps.get(id).cloned().unwrap_or_default();
    Step {
        id: id.to_owned(),
        title: named(&text.title, lead),
        text: named(&text.text, lead),
        notes: named(&text.notes, lead),
        state,
    }
}

/// The word for a pace, and how long each message waits where it has a time of its own.
pub fn pace(pace: Pace) -> (&'static str, Option<u64>) {
    match pace {
        Pace::Play => ("play", None),
        Pace::Timed { delay_ms } => ("timed", Some(delay_ms)),
        Pace::Step => ("step", None),
    }
}

/// An entry with the words of `story`, whose lead is `lead`. What no step of a story led to is told in plain words.
pub fn entry(entry: &Entry, story: Option<&Story>, lead: &str, language: &str) -> FeedEntry {
    let story = story.filter(|_| !entry.step.is_empty());
    let about = story.and_then(|story| story.about(&entry.step)).unwrap_or(lead);
    let texts = story.map(|story| story.texts(language));
    let (label, sentence, callback) = words(entry, texts, about, language);
    FeedEntry {
        seq: entry.seq,
        kind: entry.kind,
        of: entry.of,
        step: entry.step.clone(),
        from: entry.from.clone(),
        to: entry.to.clone(),
        standard: entry.standard.clone(),
        action: entry.action.clone(),
        path: entry.path.clone(),
        status: entry.status,
        verdict: entry.verdict,
        remark: entry.remark.clone(),
        duration_us: entry.duration_us,
        label,
        sentence,
        callback,
    }
}

fn words(
    entry: &Entry,
    texts: Option<&Texts>,
    lead: &str,
    language: &str,
) -> (String, String, bool) {
    // An answer is filed under its request's action, which the request's receiver named.
    let receiver = if entry.kind == Kind::Answer { &entry.from } else { &entry.to };
    let found = texts.and_then(|t| t.messages.get(&Texts::key(receiver, &entry.action)));
    let text = found.cloned().unwrap_or_else(|| plain_words(entry, language));
    let event = super::words::of_event(entry, &text.ask, language);
    let label = match entry.kind {
        Kind::Answer if entry.status >= 400 => format!("{} {}", entry.status, entry.remark),
        Kind::Answer => text.answer,
        Kind::Request | Kind::Event => text.ask,
    };
    let sentence = match entry.kind {
        Kind::Answer => String::new(),
        Kind::Event => event,
        Kind::Request => text.sentence,
    };
    (named(&label, lead), named(&sentence, lead), text.callback)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::MessageText;

    #[test]
    fn words_name_the_lead() {
        let mut texts = Texts::default();
        let text = MessageText { ask: String::from("Is {name} alive?"), ..MessageText::default() };
        texts.messages.insert(String::from("civil_registry POST /registry/sync/search"), text);
        let asked = Entry {
            to: "civil_registry".into(),
            action: "POST /registry/sync/search".into(),
            ..Entry::default()
        };
        assert_eq!(words(&asked, Some(&texts), "Tomas Amaro", "en").0, "Is Tomas alive?");
    }

    #[test]
    fn a_message_is_about_whoever_acts_in_its_step_and_about_nobody_outside_a_story() {
        let people = mocks::kit::seed::People::generate(42, 0);
        let library = crate::scenario::Library::built_in(&people).unwrap();
        let story = library.story("old-age-pension").unwrap();
        let asked = |step: &str| {
            let asked = Entry {
                step: step.into(),
                to: "civil_registry".into(),
                action: "POST /registry/sync/search".into(),
                ..Entry::default()
            };
            entry(&asked, Some(story), "Elia Brandt", "en").label
        };
        assert_eq!(asked("come-back"), "Is Elia alive?");
        assert_eq!(asked("twin-comes-back"), "Is Oda alive?");
        assert_eq!(asked(""), "Search");
    }
}
