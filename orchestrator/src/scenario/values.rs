//! Values of a running story, and `${name}` in its requests.

use std::collections::BTreeMap;

use mocks::kit::seed::People;
use serde_json::{Map, Value, json};

/// The values that steps can use: `persona`, `cast`, `inputs`, and what earlier steps kept.
#[derive(Debug, Clone, Default)]
pub struct Values(Map<String, Value>);

impl Values {
    /// The values at the start of a story.
    pub fn new(people: &People, persona: &str, inputs: &BTreeMap<String, String>) -> Self {
        let cards = people.cast_cards();
        let mut cast = Map::new();
        for card in cards.as_array().into_iter().flatten() {
            if let Some(id) = card["id"].as_str() {
                cast.insert(id.to_owned(), card.clone());
            }
        }
        let lead = cast.get(persona).cloned().unwrap_or(Value::Null);
        let mut values = Map::new();
        values.insert("persona".into(), lead);
        values.insert("cast".into(), Value::Object(cast));
        values.insert("inputs".into(), json!(inputs));
        Self(values)
    }

    /// Keeps a value under a name.
    pub fn keep(&mut self, name: &str, value: Value) {
        self.0.insert(name.into(), value);
    }

    /// The value at `a.b.c`.
    pub fn get(&self, path: &str) -> Option<&Value> {
        let mut parts = path.split('.');
        let first = self.0.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.get(part))
    }

    /// All values by their first name, for expressions.
    pub fn all(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0.iter()
    }

    /// `text` with every `${path}` replaced; the error is the path that has no value.
    pub fn fill(&self, text: &str) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            filled.push_str(before);
            let Some((path, behind)) = after.split_once('}') else {
                return Err(after.to_owned());
            };
            match self.get(path.trim()) {
                Some(Value::String(value)) => filled.push_str(value),
                Some(Value::Null) | None => return Err(path.trim().to_owned()),
                Some(other) => filled.push_str(&other.to_string()),
            }
            rest = behind;
        }
        filled.push_str(rest);
        Ok(filled)
    }

    /// A JSON value with every `${path}` in its texts replaced. A text that is one reference keeps the value's type.
    pub fn fill_json(&self, value: &Value) -> Result<Value, String> {
        Ok(match value {
            Value::String(text) => match whole_reference(text).and_then(|path| self.get(path)) {
                Some(value) => value.clone(),
                None => Value::String(self.fill(text)?),
            },
            Value::Array(items) => {
                items.iter().map(|i| self.fill_json(i)).collect::<Result<_, _>>()?
            }
            Value::Object(members) => {
                let filled = members.iter().map(|(k, v)| Ok((k.clone(), self.fill_json(v)?)));
                Value::Object(filled.collect::<Result<_, String>>()?)
            }
            other => other.clone(),
        })
    }
}

fn whole_reference(text: &str) -> Option<&str> {
    let path = text.strip_prefix("${")?.strip_suffix('}')?;
    (!path.contains("${")).then_some(path)
}

/// The paths that `${...}` in a text refer to.
pub(super) fn references(text: &str) -> Vec<&str> {
    text.split("${").skip(1).filter_map(|part| Some(part.split_once('}')?.0.trim())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_filled_and_a_lone_one_keeps_its_type() {
        let mut values = Values::default();
        values.keep("age", json!(67));
        assert_eq!(values.fill("he is ${age}").unwrap(), "he is 67");
        assert_eq!(values.fill_json(&json!({"age": "${age}"})).unwrap(), json!({"age": 67}));
        assert_eq!(values.fill("${name}"), Err(String::from("name")));
    }
}
