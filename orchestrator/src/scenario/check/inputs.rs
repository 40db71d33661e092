//! What is wrong with the inputs of a story: they are put in as they stand, so none may refer to another, and each is
//! used somewhere.

use serde_saphyr::Spanned;

use super::super::Scenario;
use super::super::problem::offer;
use super::super::values::references;
use super::Inspector;

impl Inspector<'_> {
    /// Nothing is filled in inside an input: `${...}` there would be sent as it stands.
    pub(super) fn check_inputs(&mut self, scenario: &Scenario) {
        let of_branches = scenario.branches.values().flat_map(|branch| branch.inputs.values());
        for input in scenario.inputs.values().chain(of_branches) {
            for path in references(&input.value) {
                let what = format!("an input cannot refer to another value: `${{{path}}}`");
                let hint = String::from(
                    "write the value itself, or use the reference in the step that sends it",
                );
                self.complain(input, what, hint);
            }
        }
    }

    /// `inputs.NAME` in an expression names an input that the story has.
    pub(super) fn check_named_inputs(&mut self, text: &Spanned<String>, known: &[&String]) {
        let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
        for (at, root) in text.value.match_indices("inputs.") {
            if text.value[..at].ends_with(|c| is_word(c) || c == '.') {
                continue;
            }
            let rest = &text.value[at + root.len()..];
            let name = &rest[..rest.find(|c| !is_word(c)).unwrap_or(rest.len())];
            if !name.is_empty() && !known.iter().any(|input| *input == name) {
                let hint = offer(name, known.iter().map(|input| input.as_str()));
                self.complain(text, format!("there is no input `{name}`"), hint);
            }
        }
    }
}
