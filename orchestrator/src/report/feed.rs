//! The feed: a show and its entries as JSON with words in one language, for the stage and for `--json`.

use mocks::kit::journal::{Entry, Kind};
use serde_json::{Value, json};

use super::words::words as plain_words;
use crate::player::{Show, StepState};
use crate::scenario::{Story, Texts, named};

/// A show with its words.
pub fn show(show: &Show, story: &Story, language: &str) -> Value {
    let texts = story.texts(language);
    let lead = show.persona["name"].as_str().unwrap_or_default();
    let steps: Vec<Value> = show
        .steps
        .iter()
        .map(|(id, state)| {
            let text = texts.steps.get(id).cloned().unwrap_or_default();
            json!({"id": id, "title": named(&text.title, lead), "text": named(&text.text, lead),
                   "notes": named(&text.notes, lead), "state": step_word(*state)})
        })
        .collect();
    let words =
        texts.branches.get(&show.branch).map(|b| b.words.as_str()).filter(|w| !w.is_empty());
    let mut value = json!(show);
    value["title"] = texts.title.clone().into();
    value["steps"] = steps.into();
    let elapsed_us = u32::try_from(show.elapsed_us).unwrap_or(u32::MAX);
    value["elapsed_ms"] = (f64::from(elapsed_us) / 1000.0).into();
    value["persona"]["words"] = words.unwrap_or(&texts.words).into();
    if let Some(pace) = &show.pace {
        let pace = json!(pace);
        value["delay_ms"] = pace["delay_ms"].clone();
        value["pace"] = pace["pace"].clone();
    }
    value
}

fn step_word(state: StepState) -> &'static str {
    match state {
        StepState::Waiting => "waiting",
        StepState::Now => "now",
        StepState::Done => "done",
        StepState::Failed => "failed",
    }
}

/// An entry with the words of `story`, whose lead is `lead`. What no step of a story led to is told in plain words.
pub fn entry(entry: &Entry, story: Option<&Story>, lead: &str, language: &str) -> Value {
    let story = story.filter(|_| !entry.step.is_empty());
    let about = story.and_then(|story| story.about(&entry.step)).unwrap_or(lead);
    let texts = story.map(|story| story.texts(language));
    let (label, sentence, callback) = words(entry, texts, about, language);
    json!({
        "seq": entry.seq, "at": entry.at, "kind": entry.kind, "of": entry.of, "step": entry.step, "from": entry.from,
        "to": entry.to, "standard": entry.standard, "action": entry.action, "path": entry.path, "status": entry.status,
        "verdict": entry.verdict, "remark": entry.remark, "duration_us": entry.duration_us, "label": label,
        "sentence": sentence, "callback": callback,
    })
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
            entry(&asked, Some(story), "Elia Brandt", "en")["label"].clone()
        };
        assert_eq!(asked("come-back"), "Is Elia alive?");
        assert_eq!(asked("twin-comes-back"), "Is Oda alive?");
        assert_eq!(asked(""), "Search");
    }
}
