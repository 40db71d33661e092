//! What is wrong with the texts of a story.

use std::collections::BTreeMap;

use serde_saphyr::Spanned;

use super::super::problem::{Problem, offer};
use super::super::{Story, Texts};
use super::{Inspector, Source, routes};

/// What a text may hold in braces: the lead's given name.
const PLACEHOLDER: &str = "name";

impl Inspector<'_> {
    pub(super) fn check_texts(&mut self, story: &Story, sources: &[Source<'_>]) {
        let scenario = &story.scenario;
        let mut steps: BTreeMap<&str, &Spanned<String>> = BTreeMap::new();
        let added =
            scenario.branches.values().flat_map(|b| b.before.values().flatten().chain(&b.then));
        for step in scenario.steps.iter().chain(added) {
            steps.insert(&step.id.value, &step.id);
        }
        for source in sources {
            let texts = story.texts(source.language);
            let file = format!("texts/{}.yaml", source.language);
            for (id, place) in &steps {
                if !texts.steps.contains_key(*id) {
                    let what = format!("step `{id}` has no text in {file}");
                    self.complain(place, what, String::from("add it under `steps:`"));
                }
            }
            for id in texts.steps.keys().filter(|id| !steps.contains_key(id.as_str())) {
                let hint = offer(id, steps.keys().copied());
                self.complain_of(source, id, format!("there is no step `{id}`"), hint);
            }
            for id in scenario.branches.keys().filter(|id| !texts.branches.contains_key(*id)) {
                let what = format!("branch {id} has no text in {file}");
                self.complain(&scenario.story, what, String::from("add it under `branches:`"));
            }
            for id in texts.branches.keys().filter(|id| !scenario.branches.contains_key(*id)) {
                let hint = offer(id, scenario.branches.keys().map(String::as_str));
                self.complain_of(source, id, format!("there is no branch `{id}`"), hint);
            }
            self.check_messages(texts, source);
            self.check_placeholders(source);
        }
    }

    /// The words of a message are found by who receives it and what is asked: words under another key are never shown.
    fn check_messages(&mut self, texts: &Texts, source: &Source<'_>) {
        for key in texts.messages.keys() {
            let (system, action) = key.split_once(' ').unwrap_or((key, ""));
            if !self.systems.contains(&system) {
                let hint = offer(system, self.systems.iter().copied());
                self.complain_of(source, key, format!("there is no system `{system}`"), hint);
                continue;
            }
            if !action.contains(" /") {
                if let Err(hint) = Self::shows(system, action) {
                    let what = format!("`{system}` shows no event `{action}`");
                    self.complain_of(source, key, what, hint);
                }
                continue;
            }
            if !routes::serves(Some(system), action) {
                let what = format!("`{system}` does not take `{action}`");
                self.complain_of(source, key, what, routes::offer_route(Some(system), action));
            }
        }
    }

    /// Braces that no name is put into would be shown as they stand.
    fn check_placeholders(&mut self, source: &Source<'_>) {
        let is_word = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
        for (number, line) in (1..).zip(source.text.lines()) {
            // A key may be a route, which has names of its own.
            let value = line.find(": ").map_or(line.len(), |at| at + 2);
            for (at, _) in line.match_indices('{').filter(|(at, _)| *at >= value) {
                let Some((word, _)) = line[at + 1..].split_once('}') else { continue };
                if word.is_empty() || !word.chars().all(is_word) || word == PLACEHOLDER {
                    continue;
                }
                self.problems.push(Problem {
                    file: source.shown.clone(),
                    line: number,
                    column: line[..at].chars().count() as u64 + 1,
                    what: format!("nothing is put in for `{{{word}}}`"),
                    hint: String::from("write `{name}` for the lead's given name"),
                });
            }
        }
    }

    /// Complains of a key in a file of texts, at the line where it stands.
    fn complain_of(&mut self, source: &Source<'_>, key: &str, what: String, hint: String) {
        let is_key = |line: &str| {
            let line = line.trim_start().trim_start_matches(['"', '\'']);
            line.strip_prefix(key).is_some_and(|rest| {
                rest.trim_start_matches(['"', '\'']).trim_start().starts_with(':')
            })
        };
        let found = (1..).zip(source.text.lines()).find(|(_, line)| is_key(line));
        let (line, column) = found.map_or((0, 0), |(number, line)| {
            (number, (line.len() - line.trim_start().len()) as u64 + 1)
        });
        self.problems.push(Problem { file: source.shown.clone(), line, column, what, hint });
    }
}
