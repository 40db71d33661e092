//! The figures of a programme that a ministry argues about: each is written once, under `limits`, and stands wherever the
//! rule, its sentences or the amount say `{its_name}`.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Number;
use serde_saphyr::Spanned;

use super::check::{DERIVED, at};
use super::{Programme, Rule, Wrong, placeholders};

/// The figures of a programme, by name.
pub(super) type Limits = BTreeMap<String, Spanned<Number>>;

/// Writes the limits of a programme where they are named.
pub(super) fn settle(
    programme: &mut Programme,
    facts: &BTreeMap<String, String>,
) -> Result<(), Wrong> {
    for (name, limit) in &programme.limits {
        if facts.contains_key(name) || DERIVED.contains(&name.as_str()) {
            let what = format!("`{name}` is the name of a fact already: give the limit another");
            return Err(at(limit.referenced, what));
        }
    }
    let code = &programme.code.value;
    let mut used = BTreeSet::new();
    let mut fill = |text: &mut String| -> bool {
        let named: Vec<_> =
            programme.limits.iter().filter(|(name, _)| text.contains(&braced(name))).collect();
        for (name, limit) in &named {
            *text = text.replace(&braced(name), &limit.value.to_string());
            used.insert((*name).clone());
        }
        !named.is_empty()
    };
    let mut rules: Vec<&mut Rule> = programme.benefit.amount_cents.iter_mut().collect();
    for clause in &mut programme.rule.value {
        fill(&mut clause.title);
        fill(&mut clause.pass.value);
        fill(&mut clause.fail.value);
        rules.push(&mut clause.when);
    }
    for rule in rules {
        if fill(&mut rule.text.value) {
            *rule = Rule::from(rule.text.clone());
        }
        if let Some(name) = placeholders(&rule.text.value).find(|name| is_a_name(name)) {
            let known = programme.limits.keys().cloned().collect::<Vec<_>>().join(", ");
            let what = format!("`{name}` is no limit of {code}; its limits are: {known}");
            return Err(at(rule.text.referenced, what));
        }
    }
    match programme.limits.iter().find(|(name, _)| !used.contains(*name)) {
        Some((name, limit)) => {
            let what = format!("nothing in {code} says {}", braced(name));
            Err(at(limit.referenced, what))
        }
        None => Ok(()),
    }
}

/// A map in CEL has braces too, but more than a name in them.
fn is_a_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn braced(name: &str) -> String {
    format!("{{{name}}}")
}
