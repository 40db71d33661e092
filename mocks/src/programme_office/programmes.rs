//! The programmes as data: `programmes.yaml`, checked when it is read so that a wrong rule never meets an applicant.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_saphyr::{Location, Spanned};
use standards::money::Currency;

use super::eligibility::{self, Expression};

/// The programmes that the country starts with.
pub(super) const BUILT_IN: &str = include_str!("programmes.yaml");

/// Decisions that the office takes in every programme; a rule's clauses bear other ids.
const OWN_DECISIONS: [&str; 3] = ["D1", "D4", "D7"];
/// Languages that a programme has a name in.
const LANGUAGES: [&str; 5] = ["en", "fr", "es", "ar", "pt"];
/// Values that sentences may show beside the facts: they follow from the birth date and the sandbox date.
const DERIVED: [&str; 2] = ["age", "today"];

/// What the office offers, and how it pays.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Programmes {
    pub(super) currency: Currency,
    pub(super) payer: Payer,
    pub(super) wallet_provider: String,
    /// Where each fact comes from.
    facts: BTreeMap<String, String>,
    programmes: Vec<Programme>,
}

/// The account that benefits are paid from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Payer {
    pub(super) fa: String,
    pub(super) name: String,
}

/// One programme.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Programme {
    code: Spanned<String>,
    pub(super) version: u32,
    names: Spanned<BTreeMap<String, String>>,
    pub(super) family: String,
    pub(super) unit: String,
    sources: Spanned<Vec<String>>,
    rule: Spanned<Vec<Clause>>,
    benefit: Benefit,
}

/// One condition of a rule, which is one decision.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Clause {
    id: Spanned<String>,
    pub(super) title: String,
    when: Spanned<String>,
    pass: Spanned<String>,
    fail: Spanned<String>,
    /// What the applicant is told where it fails.
    pub(super) reason: Reason,
    /// The programme that stands in the way.
    #[serde(default)]
    other: Option<Spanned<String>>,
}

/// Why somebody is refused, in as few words as a text message has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Reason {
    Age,
    Residence,
    OtherBenefit,
    Income,
    Duplicate,
    Record,
}

/// What is paid or given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Benefit {
    pub(super) kind: BenefitKind,
    pub(super) every: String,
    #[serde(default)]
    amount_cents: Option<Spanned<String>>,
}

/// How a benefit reaches the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum BenefitKind {
    Cash,
    Voucher,
    Service,
}

/// What is wrong in a programme file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Wrong {
    #[error("{0}")]
    Unreadable(String),
    #[error("line {line}, column {column}: {what}")]
    At { line: u64, column: u64, what: String },
    #[error("there is no programme `{wanted}`; there are {known}")]
    NoSuchProgramme { wanted: String, known: String },
}

impl Programmes {
    /// Reads and checks a programme file.
    pub(super) fn read(text: &str) -> Result<Self, Wrong> {
        let programmes: Self =
            serde_saphyr::from_str(text).map_err(|e| Wrong::Unreadable(e.to_string()))?;
        programmes.check()?;
        Ok(programmes)
    }

    /// The programme with this code.
    pub(super) fn find(&self, code: &str) -> Result<&Programme, Wrong> {
        self.programmes.iter().find(|p| p.code() == code).ok_or_else(|| Wrong::NoSuchProgramme {
            wanted: code.into(),
            known: self.codes().into_iter().collect::<Vec<_>>().join(", "),
        })
    }

    /// The source that a clause can be decided after: the last of the order in which the office asks.
    pub(super) fn decided_by(&self, clause: &Clause) -> &str {
        let Ok(expression) = Expression::compile(clause.when()) else { return "" };
        if !expression.programmes().is_empty() {
            return eligibility::MEMBERSHIPS;
        }
        let facts = expression.facts();
        let from =
            |source: &str| facts.iter().any(|f| self.facts.get(f).is_some_and(|s| s == source));
        if from("social_registry") { "social_registry" } else { "civil_registry" }
    }

    fn codes(&self) -> BTreeSet<&str> {
        self.programmes.iter().map(Programme::code).collect()
    }

    /// Code, name, family, unit and rule of each programme, for people.
    pub(super) fn list(&self) -> Vec<serde_json::Value> {
        let row = |p: &Programme| {
            serde_json::json!({"code": p.code(), "version": p.version, "name": p.name("en"), "family": p.family,
                "unit": p.unit, "rule": p.rule_text(), "every": p.benefit.every, "kind": p.benefit.kind})
        };
        self.programmes.iter().map(row).collect()
    }

    fn check(&self) -> Result<(), Wrong> {
        let mut seen = BTreeSet::new();
        for programme in &self.programmes {
            let code = &programme.code;
            if !seen.insert(code.value.as_str()) {
                return Err(at(code.referenced, format!("`{}` is there twice", code.value)));
            }
            self.check_head(programme)?;
            for clause in &programme.rule.value {
                self.check_clause(programme, clause)?;
            }
            self.check_benefit(programme)?;
        }
        Ok(())
    }

    fn check_head(&self, programme: &Programme) -> Result<(), Wrong> {
        let code = &programme.code;
        if code.value.len() != 3 || !code.value.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(at(
                code.referenced,
                format!("`{}` is no code: write three capital letters, such as OAP", code.value),
            ));
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
            let what =
                format!("the rule of {} has no clause: everybody would be let in", code.value);
            return Err(at(programme.rule.referenced, what));
        }
        let known: BTreeSet<_> = self.facts.values().map(String::as_str).collect();
        for source in &programme.sources.value {
            if !known.contains(source.as_str()) && source != eligibility::MEMBERSHIPS {
                let what = format!("no fact comes from `{source}`: see `facts` above");
                return Err(at(programme.sources.referenced, what));
            }
        }
        Ok(())
    }

    fn check_clause(&self, programme: &Programme, clause: &Clause) -> Result<(), Wrong> {
        let id = &clause.id;
        if OWN_DECISIONS.contains(&id.value.as_str()) {
            let what = format!("{} is a decision that the office takes itself", id.value);
            return Err(at(id.referenced, what));
        }
        if programme.rule.value.iter().filter(|c| c.id.value == id.value).count() > 1 {
            return Err(at(id.referenced, format!("two clauses are called {}", id.value)));
        }
        let expression = compiled(&clause.when)?;
        self.check_names(programme, &expression, clause.when.referenced)?;
        for template in [&clause.pass, &clause.fail] {
            for name in placeholders(&template.value) {
                if !self.facts.contains_key(name) && !DERIVED.contains(&name) {
                    let what = format!("{{{name}}} is no fact: see `facts` above");
                    return Err(at(template.referenced, what));
                }
            }
        }
        match (&clause.other, clause.reason) {
            (None, Reason::OtherBenefit) => {
                Err(at(id.referenced, "`other` must name the other programme".into()))
            }
            (Some(other), _) if !self.codes().contains(other.value.as_str()) => Err(at(
                other.referenced,
                format!("there is no programme `{}` in this file", other.value),
            )),
            _ => Ok(()),
        }
    }

    fn check_benefit(&self, programme: &Programme) -> Result<(), Wrong> {
        match &programme.benefit.amount_cents {
            Some(amount) => {
                self.check_names(programme, &compiled(amount)?, amount.referenced)?;
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
        &self,
        programme: &Programme,
        expression: &Expression,
        place: Location,
    ) -> Result<(), Wrong> {
        let asked = &programme.sources.value;
        for fact in expression.facts() {
            let Some(source) = self.facts.get(&fact) else {
                let known = self.facts.keys().cloned().collect::<Vec<_>>().join(", ");
                return Err(at(place, format!("`{fact}` is no fact; known are {known}")));
            };
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
            if !self.codes().contains(other.as_str()) {
                return Err(at(place, format!("there is no programme `{other}` in this file")));
            }
        }
        Ok(())
    }
}

impl Programme {
    pub(super) fn code(&self) -> &str {
        &self.code.value
    }

    /// Its name in a language; English where there is none in that language.
    pub(super) fn name(&self, language: &str) -> &str {
        let names = &self.names.value;
        names.get(language).or_else(|| names.get("en")).map_or(self.code(), String::as_str)
    }

    pub(super) fn benefit(&self) -> &Benefit {
        &self.benefit
    }

    /// The clauses, in the order in which they are decided.
    pub(super) fn clauses(&self) -> &[Clause] {
        &self.rule.value
    }

    /// Whether this programme's facts include any from `source`.
    pub(super) fn asks(&self, source: &str) -> bool {
        self.sources.value.iter().any(|s| s == source)
    }

    pub(super) fn sources(&self) -> &[String] {
        &self.sources.value
    }

    /// The whole rule as one CEL expression.
    pub(super) fn rule_text(&self) -> String {
        self.clauses().iter().map(Clause::when).collect::<Vec<_>>().join(" && ")
    }

    /// The programmes that the beneficiary registry is asked about: those of the rule, then this one.
    pub(super) fn memberships_asked(&self) -> Vec<String> {
        let compile = |clause: &Clause| Expression::compile(clause.when()).ok();
        let mut codes: Vec<String> = Vec::new();
        let others = self.clauses().iter().filter_map(compile).flat_map(|e| e.programmes());
        for code in others.chain([self.code().to_owned()]) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }
}

impl Clause {
    pub(super) fn id(&self) -> &str {
        &self.id.value
    }

    pub(super) fn when(&self) -> &str {
        &self.when.value
    }

    pub(super) fn other(&self) -> Option<&str> {
        self.other.as_ref().map(|o| o.value.as_str())
    }

    /// The sentence of a verdict before its placeholders are filled.
    pub(super) fn sentence(&self, passed: bool) -> &str {
        if passed { &self.pass.value } else { &self.fail.value }
    }

    /// The facts that the clause or its sentences show.
    pub(super) fn facts(&self) -> BTreeSet<String> {
        let mut facts = Expression::compile(self.when()).map(|e| e.facts()).unwrap_or_default();
        facts.extend(placeholders(&self.pass.value).map(str::to_owned));
        facts.extend(placeholders(&self.fail.value).map(str::to_owned));
        facts
    }
}

impl Benefit {
    /// The CEL expression of the amount in minor units; none for a service.
    pub(super) fn amount_cents(&self) -> Option<&str> {
        self.amount_cents.as_ref().map(|a| a.value.as_str())
    }
}

/// A payment cycle: the month, `2026-10`.
pub(super) fn cycle_of(today: Date) -> String {
    format!("{:04}-{:02}", today.year(), today.month())
}

/// Names in braces: `{age}`.
pub(super) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

fn compiled(text: &Spanned<String>) -> Result<Expression, Wrong> {
    Expression::compile(&text.value).map_err(|e| at(text.referenced, e))
}

fn at(place: Location, what: String) -> Wrong {
    Wrong::At { line: place.line(), column: place.column(), what }
}

#[cfg(test)]
mod tests;
