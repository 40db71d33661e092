//! Checks of a programme file, each told with line and column.

use std::collections::BTreeSet;

use serde_saphyr::Location;

use super::samples;
use super::{BenefitKind, Clause, Programme, Programmes, Reason, Rule, Wrong, placeholders};
use crate::programme_office::model::eligibility::{self, Expression};

/// Decisions that the office takes in every programme; a rule's clauses bear other ids.
const OWN_DECISIONS: [&str; 3] = ["D1", "D4", "D7"];
/// Languages that a programme has a name in.
const LANGUAGES: [&str; 5] = ["en", "fr", "es", "ar", "pt"];
/// Values that sentences may show beside the facts: they follow from the birth date and the sandbox date.
pub(super) const DERIVED: [&str; 2] = ["age", "today"];

/// What is paid in the country.
const CURRENCY: &str = "XTS";
/// Whom a programme is for.
const UNITS: [&str; 5] = ["person", "child", "girl", "household", "farmer"];
/// How often a benefit is paid.
const EVERY: [&str; 6] = ["once", "week", "month", "quarter", "season", "year"];

/// Whether every rule can be evaluated over facts that somebody will be asked for.
pub(super) fn check(all: &Programmes) -> Result<(), Wrong> {
    let currency = all.currency.value.to_string();
    if currency != CURRENCY {
        let what = format!("`currency` {currency} is not the country's: write {CURRENCY}");
        return Err(at(all.currency.referenced, what));
    }
    let mut seen = BTreeSet::new();
    for programme in &all.programmes {
        let code = &programme.code;
        if !seen.insert(code.value.as_str()) {
            return Err(at(code.referenced, format!("`{}` is there twice", code.value)));
        }
        check_head(all, programme)?;
        for clause in &programme.rule.value {
            check_clause(all, programme, clause)?;
        }
        check_benefit(all, programme)?;
    }
    Ok(())
}

fn check_head(all: &Programmes, programme: &Programme) -> Result<(), Wrong> {
    let code = &programme.code;
    if code.value.len() != 3 || !code.value.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(at(
            code.referenced,
            format!("`{}` is no code: write three capital letters, such as OAP", code.value),
        ));
    }
    let unit = &programme.unit;
    if !UNITS.contains(&unit.value.as_str()) {
        let what = format!("`unit` {} is unknown; write {}", unit.value, UNITS.join(", "));
        return Err(at(unit.referenced, what));
    }
    for language in LANGUAGES {
        if !programme.names.value.contains_key(language) {
            return Err(at(
                programme.names.referenced,
                format!("{} has no name in `{language}`", code.value),
            ));
        }
    }
    if programme.rule.value.is_empty() {
        let what = format!("the rule of {} has no clause: everybody would be let in", code.value);
        return Err(at(programme.rule.referenced, what));
    }
    let known: BTreeSet<_> = all.facts.values().map(String::as_str).collect();
    for source in &programme.sources.value {
        if !known.contains(source.as_str()) && source != eligibility::MEMBERSHIPS {
            let what = format!("no fact comes from `{source}`: see `facts` above");
            return Err(at(programme.sources.referenced, what));
        }
    }
    Ok(())
}

fn check_clause(all: &Programmes, programme: &Programme, clause: &Clause) -> Result<(), Wrong> {
    let id = &clause.id;
    if OWN_DECISIONS.contains(&id.value.as_str()) {
        let what = format!("{} is a decision that the office takes itself", id.value);
        return Err(at(id.referenced, what));
    }
    if programme.rule.value.iter().filter(|c| c.id.value == id.value).count() > 1 {
        return Err(at(id.referenced, format!("two clauses are called {}", id.value)));
    }
    let expression = compiled(&clause.when)?;
    check_names(all, programme, expression, clause.when.text.referenced)?;
    let tried = samples::worlds(all, expression);
    if let Some(why) = tried.iter().find_map(|world| expression.neither(world)) {
        let what = format!(
            "`when` of {} in {}: `{}` is neither true nor false for everybody: {why}; write a condition, such as {}",
            id.value,
            programme.code(),
            clause.when.text.value,
            "poverty_score < 30"
        );
        return Err(at(clause.when.text.referenced, what));
    }
    for template in [&clause.pass, &clause.fail] {
        for name in placeholders(&template.value) {
            if !all.facts.contains_key(name) && !DERIVED.contains(&name) {
                let what = format!("{{{name}}} is neither a fact nor a limit: see `facts` above");
                return Err(at(template.referenced, what));
            }
        }
    }
    match (&clause.other, clause.reason) {
        (None, Reason::OtherBenefit) => {
            Err(at(id.referenced, "`other` must name the other programme".into()))
        }
        (Some(other), _) if !all.codes().contains(other.value.as_str()) => Err(at(
            other.referenced,
            format!("there is no programme `{}` in this file", other.value),
        )),
        _ => Ok(()),
    }
}

fn check_benefit(all: &Programmes, programme: &Programme) -> Result<(), Wrong> {
    let every = &programme.benefit.every;
    if !EVERY.contains(&every.value.as_str()) {
        let what = format!("`{}` is no rhythm; write {}", every.value, EVERY.join(", "));
        return Err(at(every.referenced, what));
    }
    match &programme.benefit.amount_cents {
        Some(amount) => {
            let expression = compiled(amount)?;
            check_names(all, programme, expression, amount.text.referenced)?;
            for world in samples::worlds(all, expression) {
                let paid = expression.cents(&world);
                paid.map_err(|why| at(amount.text.referenced, format!("`amount_cents`: {why}")))?;
            }
            Ok(())
        }
        None if programme.benefit.kind == BenefitKind::Service => Ok(()),
        None => {
            let what = format!("the benefit of {} has no amount_cents", programme.code());
            Err(at(programme.code.referenced, what))
        }
    }
}

/// Every fact is declared, and comes from a source that the programme asks.
fn check_names(
    all: &Programmes,
    programme: &Programme,
    expression: &Expression,
    place: Location,
) -> Result<(), Wrong> {
    let asked = &programme.sources.value;
    for fact in expression.facts() {
        let Some(source) = all.facts.get(&fact) else {
            let known = all.facts.keys().cloned().collect::<Vec<_>>().join(", ");
            return Err(at(place, format!("`{fact}` is no fact; known are {known}")));
        };
        if samples::values(&fact).is_none() {
            let told = all.facts.keys().filter(|f| samples::values(f).is_some());
            let told = told.cloned().collect::<Vec<_>>().join(", ");
            let what =
                format!("no office tells `{fact}`, so nobody could be decided; told are {told}");
            return Err(at(place, what));
        }
        if !asked.contains(source) {
            let what = format!(
                "`{fact}` comes from {source}, which is not among the sources of {}",
                programme.code()
            );
            return Err(at(place, what));
        }
    }
    for function in expression.functions() {
        if !eligibility::FUNCTIONS.contains(&function.as_str()) {
            let known = eligibility::FUNCTIONS.join(", ");
            return Err(at(place, format!("`{function}` is no function; known are {known}")));
        }
    }
    let members = expression.programmes();
    if !members.is_empty() && !asked.iter().any(|s| s == eligibility::MEMBERSHIPS) {
        let what = format!(
            "in_programme asks the {}, which is not among the sources of {}",
            eligibility::MEMBERSHIPS,
            programme.code()
        );
        return Err(at(place, what));
    }
    for other in members {
        if !all.codes().contains(other.as_str()) {
            return Err(at(place, format!("there is no programme `{other}` in this file")));
        }
    }
    Ok(())
}

fn compiled(rule: &Rule) -> Result<&Expression, Wrong> {
    match &rule.compiled {
        Ok(expression) => Ok(expression),
        Err(error) => Err(at(rule.text.referenced, error.clone())),
    }
}

pub(super) fn at(place: Location, what: String) -> Wrong {
    Wrong::At { line: place.line(), column: place.column(), what }
}
