//! The programmes as data: `programmes.yaml`, checked when it is read so that a wrong rule never meets an applicant.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_saphyr::Spanned;
use standards::money::Currency;

use super::eligibility::{self, Expression, Holds, World};
use super::sources;

mod changes;
mod check;
mod limits;
mod samples;

/// The programmes that the country starts with.
pub(in crate::programme_office) const BUILT_IN: &str = include_str!("../programmes.yaml");

/// What the office offers, and how it pays.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::programme_office) struct Programmes {
    currency: Spanned<Currency>,
    pub(in crate::programme_office) payer: Payer,
    /// What the payments of a cycle are paid from.
    pub(in crate::programme_office) payroll: Payer,
    pub(in crate::programme_office) wallet_provider: String,
    /// Where each fact comes from.
    facts: BTreeMap<String, String>,
    programmes: Vec<Programme>,
}

/// The account that benefits are paid from.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::programme_office) struct Payer {
    pub(in crate::programme_office) fa: String,
    pub(in crate::programme_office) name: String,
}

/// One programme.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::programme_office) struct Programme {
    code: Spanned<String>,
    version: Spanned<u32>,
    names: Spanned<BTreeMap<String, String>>,
    pub(in crate::programme_office) family: String,
    unit: Spanned<String>,
    sources: Spanned<Vec<String>>,
    #[serde(default)]
    limits: limits::Limits,
    rule: Spanned<Vec<Clause>>,
    benefit: Benefit,
}

/// One condition of a rule, which is one decision.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::programme_office) struct Clause {
    id: Spanned<String>,
    pub(in crate::programme_office) title: String,
    when: Rule,
    pass: Spanned<String>,
    fail: Spanned<String>,
    /// What the applicant is told where it fails.
    pub(in crate::programme_office) reason: Reason,
    /// The programme that stands in the way.
    #[serde(default)]
    other: Option<Spanned<String>>,
}

/// CEL text with its place in the file, compiled once.
#[derive(Debug, Clone, Deserialize)]
#[serde(from = "Spanned<String>")]
struct Rule {
    text: Spanned<String>,
    compiled: Result<Arc<Expression>, String>,
}

impl From<Spanned<String>> for Rule {
    fn from(text: Spanned<String>) -> Self {
        let compiled = Expression::compile(&text.value).map(Arc::new);
        Self { text, compiled }
    }
}

impl Rule {
    /// None only in a file that has not been checked.
    fn expression(&self) -> Option<&Expression> {
        self.compiled.as_deref().ok()
    }
}

/// Why somebody is refused, in as few words as a text message has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::programme_office) enum Reason {
    Age,
    TooOld,
    Residence,
    OtherBenefit,
    Income,
    Duplicate,
    /// The programme pays the person already.
    Member,
    Record,
}

/// What is paid or given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::programme_office) struct Benefit {
    pub(in crate::programme_office) kind: BenefitKind,
    pub(in crate::programme_office) every: Spanned<String>,
    #[serde(default)]
    amount_cents: Option<Rule>,
}

/// How a benefit reaches the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::programme_office) enum BenefitKind {
    Cash,
    Voucher,
    Service,
}

/// What is wrong in a programme file, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::programme_office) enum Wrong {
    #[error("{0}")]
    Unreadable(String),
    #[error("line {line}, column {column}: {what}")]
    At { line: u64, column: u64, what: String },
    #[error("there is no programme `{wanted}`; there are {known}")]
    NoSuchProgramme { wanted: String, known: String },
}

impl Programmes {
    /// Reads and checks a programme file by itself; [`Programmes::follows`] checks it beside the one in force.
    pub(in crate::programme_office) fn read(text: &str) -> Result<Self, Wrong> {
        let mut programmes: Self =
            serde_saphyr::from_str(text).map_err(|e| Wrong::Unreadable(e.to_string()))?;
        for programme in &mut programmes.programmes {
            limits::settle(programme, &programmes.facts)?;
        }
        check::check(&programmes)?;
        Ok(programmes)
    }

    /// What benefits are paid in.
    pub(in crate::programme_office) fn currency(&self) -> &Currency {
        &self.currency.value
    }

    /// The programme with this code.
    pub(in crate::programme_office) fn find(&self, code: &str) -> Result<&Programme, Wrong> {
        self.programmes.iter().find(|p| p.code() == code).ok_or_else(|| Wrong::NoSuchProgramme {
            wanted: code.into(),
            known: self.codes().into_iter().collect::<Vec<_>>().join(", "),
        })
    }

    /// The source that a clause can be decided after: the last in the order in which the office asks.
    pub(in crate::programme_office) fn decided_by(&self, clause: &Clause) -> &str {
        let Some(expression) = clause.rule() else { return "" };
        if !expression.programmes().is_empty() {
            return eligibility::MEMBERSHIPS;
        }
        let facts = expression.facts();
        let from =
            |source: &str| facts.iter().any(|f| self.facts.get(f).is_some_and(|s| s == source));
        let asked = sources::ORDER.iter().rev().find(|source| from(source));
        asked.copied().unwrap_or(sources::CIVIL)
    }

    fn codes(&self) -> BTreeSet<&str> {
        self.programmes.iter().map(Programme::code).collect()
    }

    /// Code, name, family, unit and rule of each programme, for people.
    pub(in crate::programme_office) fn list(&self) -> Vec<serde_json::Value> {
        let row = |p: &Programme| {
            serde_json::json!({"code": p.code(), "version": p.version.value, "name": p.name("en"),
                "names": p.names.value, "family": p.family,
                "unit": p.unit.value, "rule": p.rule_text(), "every": p.benefit.every.value, "kind": p.benefit.kind,
                "decided_here": p.can_be_decided()})
        };
        self.programmes.iter().map(row).collect()
    }
}

impl Programme {
    pub(in crate::programme_office) fn code(&self) -> &str {
        &self.code.value
    }

    /// Its name in a language; English where there is none in that language.
    pub(in crate::programme_office) fn name(&self, language: &str) -> &str {
        let names = &self.names.value;
        names.get(language).or_else(|| names.get("en")).map_or(self.code(), String::as_str)
    }

    pub(in crate::programme_office) fn version(&self) -> u32 {
        self.version.value
    }

    /// Whether the office can ask every system that the programme's facts come from.
    pub(in crate::programme_office) fn can_be_decided(&self) -> bool {
        self.sources().iter().all(|source| sources::ORDER.contains(&source.as_str()))
    }

    pub(in crate::programme_office) fn benefit(&self) -> &Benefit {
        &self.benefit
    }

    /// The clauses, in the order in which they are decided.
    pub(in crate::programme_office) fn clauses(&self) -> &[Clause] {
        &self.rule.value
    }

    /// Whether this programme's facts include any from `source`.
    pub(in crate::programme_office) fn asks(&self, source: &str) -> bool {
        self.sources.value.iter().any(|s| s == source)
    }

    /// Whether the rule or its sentences use this fact.
    pub(in crate::programme_office) fn uses(&self, fact: &str) -> bool {
        self.clauses().iter().any(|clause| clause.facts().contains(fact))
    }

    pub(in crate::programme_office) fn sources(&self) -> &[String] {
        &self.sources.value
    }

    /// The whole rule as one CEL expression.
    pub(in crate::programme_office) fn rule_text(&self) -> String {
        self.clauses().iter().map(Clause::when).collect::<Vec<_>>().join(" && ")
    }

    /// Whether all clauses hold; one that fails decides, whatever else is missing.
    pub(in crate::programme_office) fn holds(&self, world: &World) -> Holds {
        let of = |c: &Clause| c.rule().map_or(Holds::Undetermined, |rule| rule.holds(world));
        let all: Vec<Holds> = self.clauses().iter().map(of).collect();
        if all.contains(&Holds::No) {
            Holds::No
        } else if all.contains(&Holds::Undetermined) {
            Holds::Undetermined
        } else {
            Holds::Yes
        }
    }

    /// The programmes that the beneficiary registry is asked about: those of the rule, then this one.
    pub(in crate::programme_office) fn memberships_asked(&self) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        let others =
            self.clauses().iter().filter_map(Clause::rule).flat_map(Expression::programmes);
        for code in others.chain([self.code().to_owned()]) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }
}

impl Clause {
    pub(in crate::programme_office) fn id(&self) -> &str {
        &self.id.value
    }

    pub(in crate::programme_office) fn when(&self) -> &str {
        &self.when.text.value
    }

    /// The condition; none only in a file that has not been checked.
    pub(in crate::programme_office) fn rule(&self) -> Option<&Expression> {
        self.when.expression()
    }

    pub(in crate::programme_office) fn other(&self) -> Option<&str> {
        self.other.as_ref().map(|o| o.value.as_str())
    }

    /// The sentence of a verdict before its placeholders are filled.
    pub(in crate::programme_office) fn sentence(&self, passed: bool) -> &str {
        if passed { &self.pass.value } else { &self.fail.value }
    }

    /// The facts that the clause or its sentences show.
    pub(in crate::programme_office) fn facts(&self) -> BTreeSet<String> {
        let mut facts = self.rule().map(Expression::facts).unwrap_or_default();
        facts.extend(placeholders(&self.pass.value).map(str::to_owned));
        facts.extend(placeholders(&self.fail.value).map(str::to_owned));
        facts
    }
}

impl Benefit {
    /// The expression of the amount in minor units; none for a service.
    pub(in crate::programme_office) fn amount_cents(&self) -> Option<&Expression> {
        self.amount_cents.as_ref()?.expression()
    }
}

/// A payment cycle: the month, `2026-10`.
pub(in crate::programme_office) fn cycle_of(today: Date) -> String {
    format!("{:04}-{:02}", today.year(), today.month())
}

/// Names in braces: `{age}`.
pub(in crate::programme_office) fn placeholders(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0))
}

#[cfg(test)]
mod tests;
