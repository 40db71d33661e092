//! Words for messages that a story has none for: `texts/en.yaml`, one file a language. So a story whose author wrote no
//! messages yet reads well on the stage; what no file has words for is told as its route describes itself.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use mocks::kit::journal::{Entry, Kind};
use mocks::kit::openapi::document;
use rust_embed::RustEmbed;
use serde::Deserialize;
use serde_json::Value;

use crate::scenario::MessageText;

/// The files of words, in the program itself.
#[derive(RustEmbed)]
#[folder = "texts"]
struct Files;

/// A file of words.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    /// What systems and people at work are called in a sentence.
    systems: BTreeMap<String, String>,
    messages: BTreeMap<String, MessageText>,
    /// Titles of what a system tells of itself, by action.
    events: BTreeMap<String, String>,
}

/// A description of a route longer than this is no label for an arrow.
const LONGEST_LABEL: usize = 40;

static ALL: LazyLock<BTreeMap<String, Words>> = LazyLock::new(|| {
    let read = |file: std::borrow::Cow<'static, str>| {
        let language = file.strip_suffix(".yaml")?.to_owned();
        let text = String::from_utf8_lossy(&Files::get(&file)?.data).into_owned();
        match serde_saphyr::from_str(&text) {
            Ok(words) => Some((language, words)),
            Err(error) => {
                tracing::error!(%file, %error, "a file of words cannot be read");
                None
            }
        }
    };
    Files::iter().filter_map(read).collect()
});

/// How every route describes itself, by system and action.
static DESCRIBED: LazyLock<BTreeMap<String, String>> = LazyLock::new(|| {
    let mut all = BTreeMap::new();
    for system in mocks::ALL {
        let described = document(system, "", "");
        for (path, methods) in described["paths"].as_object().into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                if let Some(summary) = operation["summary"].as_str() {
                    let key = format!("{} {} {path}", system.name, method.to_uppercase());
                    all.insert(key, summary.to_owned());
                }
            }
        }
    }
    all
});

/// What systems say in their own words is English.
const OF_SYSTEMS: &str = "en";

/// What is told of an event under the title `title`: what its system says, or in another language its title alone.
pub(super) fn of_event(entry: &Entry, title: &str, language: &str) -> String {
    let is_titled = title != entry.action.replace('_', " ");
    if language != OF_SYSTEMS && is_titled { title.to_owned() } else { entry.remark.clone() }
}

/// The words of an entry in `language`, where no story has any.
pub(super) fn words(entry: &Entry, language: &str) -> MessageText {
    let words = ALL.get(language).or_else(|| ALL.get("en"));
    if entry.kind == Kind::Event {
        let title = words.and_then(|words| words.events.get(&entry.action).cloned());
        let ask = title.unwrap_or_else(|| entry.action.replace('_', " "));
        return MessageText { ask, ..MessageText::default() };
    }
    let (asker, asked) = match entry.kind {
        Kind::Answer => (&entry.to, &entry.from),
        _ => (&entry.from, &entry.to),
    };
    let Some((words, text)) = words.and_then(|w| Some((w, w.find(asked, &entry.action)?))) else {
        return described(asked, &entry.action);
    };
    let put_in = |text: &str| {
        text.replace("{from}", &words.called(asker)).replace("{to}", &words.called(asked))
    };
    let mut text = text.clone();
    text.sentence = capital(&put_in(&text.sentence));
    text
}

impl Words {
    /// The words under the receiver and the action; else those of any receiver, and of ever shorter ends of the path.
    fn find(&self, asked: &str, action: &str) -> Option<&MessageText> {
        let (method, path) = action.split_once(' ')?;
        let ends = path.match_indices('/').map(|(at, _)| format!("{method} …{}", &path[at..]));
        let keys: Vec<String> = std::iter::once(action.to_owned()).chain(ends).collect();
        let of = |who: &str| keys.iter().find_map(|key| self.messages.get(&format!("{who} {key}")));
        of(asked).or_else(|| of("any"))
    }

    /// How somebody is called: as the file says, else by what can be told from the id.
    fn called(&self, id: &str) -> String {
        self.systems.get(id).cloned().unwrap_or_else(|| {
            let words = id.split(['_', '-']).map(capital);
            words.collect::<Vec<_>>().join(" ")
        })
    }
}

/// How a system or somebody is called as a heading: `Civil Registry`, `Tomas`.
pub(super) fn title_of(id: &str) -> String {
    let system = mocks::ALL.iter().find(|system| system.name == id);
    system.map_or_else(|| capital(&id.replace(['_', '-'], " ")), |system| system.title.to_owned())
}

/// As the route describes itself; a route that no system has by the last word of it.
fn described(asked: &str, action: &str) -> MessageText {
    let (method, route) = action.split_once(' ').unwrap_or(("", action));
    let word =
        route.rsplit('/').find(|part| !part.is_empty() && !part.starts_with('{')).unwrap_or(route);
    let callback = method == "PUT" || word.starts_with("on-") || word == "notify";
    let sentence = DESCRIBED.get(&format!("{asked} {action}")).cloned().unwrap_or_default();
    let is_label = !sentence.is_empty() && sentence.chars().count() <= LONGEST_LABEL;
    let ask = if is_label { sentence.clone() } else { word.replace(['-', '_'], " ") };
    MessageText { ask, sentence, callback, ..MessageText::default() }
}

/// With a capital at its beginning.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A body with line breaks where it is JSON, and as it came where it is anything else.
pub fn pretty(body: &str) -> String {
    let value = serde_json::from_str::<Value>(body).ok();
    value.and_then(|v| serde_json::to_string_pretty(&v).ok()).unwrap_or_else(|| body.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(from: &str, to: &str, action: &str) -> MessageText {
        let entry =
            Entry { from: from.into(), to: to.into(), action: action.into(), ..Entry::default() };
        words(&entry, "en")
    }

    #[test]
    fn a_message_without_words_of_its_story_is_told_in_those_of_the_language() {
        let keys = told("civil_registry", "gateway", "GET /.well-known/jwks.json");
        assert_eq!(keys.ask, "Your public keys?");
        assert!(keys.sentence.starts_with("The civil registry asks the trust gateway for its"));
        let search = told("hana_torres", "civil_registry", "POST /crvs/sync/search");
        assert_eq!(
            search.sentence,
            "Hana Torres searches the civil registry and waits for the answer"
        );
        assert!(told("payment_switch", "greenbank", "PUT /fspiop/quotes/{id}").callback);
    }

    #[test]
    fn every_language_has_words_for_the_same_messages() {
        assert_eq!(ALL.len(), Files::iter().count(), "a file has an error; see the log");
        let english = &ALL["en"];
        for (language, words) in ALL.iter() {
            let keys = |words: &Words| -> Vec<String> {
                let systems = words.systems.keys().chain(words.messages.keys());
                systems.chain(words.events.keys()).cloned().collect()
            };
            assert_eq!(keys(words), keys(english), "{language}.yaml");
            for (key, text) in &words.messages {
                let callback = english.messages[key].callback;
                assert_eq!(text.callback, callback, "{language}.yaml: {key}");
            }
        }
    }

    #[test]
    fn an_event_is_told_by_its_system_in_english_and_by_its_title_elsewhere() {
        let paid = Entry {
            kind: Kind::Event,
            action: "payment paid".into(),
            remark: "100.00 XTS arrived.".into(),
            ..Entry::default()
        };
        let told = |entry: &Entry, language: &str| {
            let title = words(entry, language).ask;
            let sentence = of_event(entry, &title, language);
            (title, sentence)
        };
        assert_eq!(told(&paid, "en"), ("Paid".into(), "100.00 XTS arrived.".into()));
        assert_eq!(told(&paid, "fr"), ("Payé".into(), "Payé".into()));
        let strange = Entry { action: "herring_counted".into(), ..paid };
        assert_eq!(told(&strange, "fr"), ("herring counted".into(), strange.remark.clone()));
    }

    #[test]
    fn an_answer_has_the_words_of_its_request() {
        let answer = Entry {
            kind: Kind::Answer,
            from: "messenger".into(),
            to: "greenbank".into(),
            action: "POST /sms".into(),
            ..Entry::default()
        };
        let told = words(&answer, "en");
        assert_eq!(told.answer, "Delivered");
        assert_eq!(told.sentence, "Greenbank sends somebody a text message");
    }

    #[test]
    fn what_no_file_has_words_for_is_told_as_its_route_describes_itself() {
        assert_eq!(
            told("tomas", "payment_hub", "GET /batches/{id}/summary").ask,
            "How a list stands"
        );
        let unknown = told("tomas", "elsewhere", "PUT /herring-quota/{id}");
        assert_eq!((unknown.ask.as_str(), unknown.callback), ("herring quota", true));
    }

    #[test]
    fn every_key_belongs_to_a_message_that_some_system_takes() {
        assert_eq!(ALL.len(), Files::iter().count(), "a file of words has an error; see the log");
        for words in ALL.values() {
            for key in words.messages.keys() {
                let (who, action) = key.split_once(' ').unwrap();
                let (method, path) = action.split_once(' ').unwrap();
                let fits = |known: &String| {
                    let (system, taken) = known.split_once(' ').unwrap();
                    let is_end = path.strip_prefix('…').is_some_and(|end| taken.ends_with(end));
                    (who == "any" || who == system)
                        && taken.starts_with(method)
                        && (is_end || taken == action)
                };
                assert!(DESCRIBED.keys().any(fits), "no system takes `{key}`");
            }
            for system in mocks::ALL {
                assert!(words.systems.contains_key(system.name), "{} has no name", system.name);
            }
        }
    }
}
