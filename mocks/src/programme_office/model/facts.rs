//! Facts about an applicant: each with the system that said it, in which message, and when.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::eligibility::{World, age_years};

/// One thing that a system said about a person.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(in crate::programme_office) struct Fact {
    pub(in crate::programme_office) name: String,
    pub(in crate::programme_office) value: Value,
    /// The system that said it.
    pub(in crate::programme_office) source: String,
    /// The message in which it was said.
    pub(in crate::programme_office) message_id: String,
    pub(in crate::programme_office) at: String,
}

/// Who said it, in which message, when: what the facts of one answer share.
#[derive(Debug, Clone)]
pub(in crate::programme_office) struct Told {
    pub(in crate::programme_office) source: &'static str,
    pub(in crate::programme_office) message_id: String,
    pub(in crate::programme_office) at: String,
}

impl Told {
    /// A fact of this answer.
    pub(in crate::programme_office) fn fact(&self, name: &str, value: Value) -> Fact {
        Fact {
            name: name.into(),
            value,
            source: self.source.into(),
            message_id: self.message_id.clone(),
            at: self.at.clone(),
        }
    }
}

/// The name of the fact "is in this programme".
pub(in crate::programme_office) fn membership(code: &str) -> String {
    format!("in_programme:{code}")
}

/// All that is known about an applicant, by name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(in crate::programme_office) struct Facts(BTreeMap<String, Fact>);

impl Facts {
    /// Takes up facts; a newer one replaces an older one of the same name.
    pub(in crate::programme_office) fn learn(&mut self, facts: impl IntoIterator<Item = Fact>) {
        self.0.extend(facts.into_iter().map(|fact| (fact.name.clone(), fact)));
    }

    /// Forgets what registries said, before they are asked again; what the login gave stays.
    pub(in crate::programme_office) fn forget_registries(&mut self) {
        self.0.retain(|name, _| name.starts_with("verified_"));
    }

    pub(in crate::programme_office) fn get(&self, name: &str) -> Option<&Fact> {
        self.0.get(name)
    }

    /// A fact's text; none where it is missing or no text.
    pub(in crate::programme_office) fn text(&self, name: &str) -> Option<&str> {
        self.get(name)?.value.as_str()
    }

    pub(in crate::programme_office) fn date(&self, name: &str) -> Option<Date> {
        self.text(name)?.parse().ok()
    }

    pub(in crate::programme_office) fn all(&self) -> impl Iterator<Item = &Fact> {
        self.0.values()
    }

    /// Those of `names` that are known.
    pub(in crate::programme_office) fn of<'a>(
        &self,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Vec<Fact> {
        names.into_iter().filter_map(|name| self.get(name)).cloned().collect()
    }

    /// What a rule is evaluated over.
    pub(in crate::programme_office) fn world(&self, today: Date) -> World {
        let mut world = World { today, facts: BTreeMap::new(), programmes: BTreeMap::new() };
        for (name, fact) in &self.0 {
            match (name.strip_prefix("in_programme:"), &fact.value) {
                (Some(code), Value::Bool(member)) => {
                    world.programmes.insert(code.into(), *member);
                }
                (Some(_), _) => {}
                (None, value) => {
                    world.facts.insert(name.clone(), value.clone());
                }
            }
        }
        world
    }

    /// `template` with every `{fact}` replaced by its value, or by "unknown".
    pub(in crate::programme_office) fn fill(&self, template: &str, today: Date) -> String {
        let age = || self.date("birth_date").map(|born| json!(age_years(born, today)));
        let mut text = template.to_owned();
        for name in super::programmes::placeholders(template) {
            let value = match name {
                "today" => Some(json!(today.to_string())),
                "age" => age(),
                name => self.get(name).map(|fact| fact.value.clone()),
            };
            let shown = match value {
                None | Some(Value::Null) => String::from("unknown"),
                Some(Value::String(text)) => text,
                Some(other) => other.to_string(),
            };
            text = text.replace(&format!("{{{name}}}"), &shown);
        }
        text
    }
}
