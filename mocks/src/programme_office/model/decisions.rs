//! The decisions on an application, D1 to D7: facts in, a record out that says what was decided, on what, and why.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::application::Application;
use super::eligibility::{Expression, Holds, MEMBERSHIPS};
use super::facts::{Fact, Facts, membership};
use super::names;
use super::programmes::{Clause, Programme, Reason};

/// Names at least this alike are the same person's.
pub(in crate::programme_office) const SAME_NAME: f64 = 0.90;

/// How a decision went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::programme_office) enum Verdict {
    Pass,
    Fail,
    /// The facts contradict each other or one is missing: a person must look.
    Review,
}

impl Verdict {
    pub(in crate::programme_office) fn as_str(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Review => "review",
        }
    }
}

/// One decision, as it is kept and shown.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::programme_office) struct Decision {
    pub(in crate::programme_office) id: String,
    pub(in crate::programme_office) title: String,
    /// The rule in its own words: CEL, or what the office compares.
    pub(in crate::programme_office) rule: String,
    /// Programme and version of the rule: `OAP v1`.
    pub(in crate::programme_office) version: String,
    pub(in crate::programme_office) verdict: Verdict,
    /// What it rests on.
    pub(in crate::programme_office) facts: Vec<Fact>,
    pub(in crate::programme_office) clauses: Vec<ClauseResult>,
    /// Who decided: `rule`, or the officer.
    pub(in crate::programme_office) by: String,
    pub(in crate::programme_office) sentence: String,
    /// What the applicant is told where it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::programme_office) reason: Option<Reason>,
    /// The programme that stands in the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::programme_office) other: Option<String>,
}

impl Application {
    /// Whom decisions are about: the name that the identity system gave, else the one that was typed.
    pub(in crate::programme_office) fn person(&self) -> Option<&str> {
        self.facts.text("verified_name").or(self.name.as_deref())
    }
}

impl Decision {
    /// As everybody may see it: with the application that it is on, and the person whom it is about.
    pub(in crate::programme_office) fn shown(&self, on: &Application) -> Value {
        let mut shown = json!(self);
        shown["application"] = json!(on.id);
        shown["about"] = json!(on.person().or(on.uin.as_deref()));
        shown
    }
}

/// One clause of a decision's rule.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(in crate::programme_office) struct ClauseResult {
    pub(in crate::programme_office) clause: String,
    pub(in crate::programme_office) holds: Holds,
}

/// What stands in place of an application where the person is a member who never applied.
pub(in crate::programme_office) const MEMBERS: &str = "the list of members";

/// Another application or enrolment of what looks like the same person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::programme_office) struct Twin {
    pub(in crate::programme_office) application: String,
    pub(in crate::programme_office) by: String,
}

/// **D1** Is the applicant who they say they are? `claimed` is the UIN typed, `released` the one the identity system
/// gave, where it gives any.
pub(in crate::programme_office) fn authenticated(
    programme: &Programme,
    facts: &Facts,
    claimed: Option<&str>,
    released: Option<&str>,
) -> Decision {
    let same = !matches!((claimed, released), (Some(c), Some(r)) if c != r);
    let holds = if facts.get("verified_sub").is_none() {
        Holds::Undetermined
    } else if same {
        Holds::Yes
    } else {
        Holds::No
    };
    let sentence = match holds {
        Holds::Yes if facts.text("verified_by") == Some("pin") => {
            "Arenoa ID confirms the applicant with a PIN."
        }
        Holds::Yes => "Arenoa ID confirms the applicant with a one-time code.",
        Holds::No => "Arenoa ID confirms somebody else than the person in the application.",
        Holds::Undetermined => "Arenoa ID has not confirmed the applicant.",
    };
    let rule = "the identity token and the signed user info are valid and name one person";
    let facts = facts.of(["verified_sub", "verified_name", "verified_birth_date"]);
    own(programme, ("D1", "Is authenticated", rule), holds, facts, sentence.into())
}

/// **D4** Do the identity system and the civil registry speak of the same person? Where the record was picked among
/// several, name and birth date do not tell: then the home must be the same too.
pub(in crate::programme_office) fn same_person(
    programme: &Programme,
    facts: &Facts,
    among_several: bool,
) -> Decision {
    let pair = |one: &str, other: &str| Some((facts.text(one)?, facts.text(other)?));
    let alike = pair("verified_name", "civil_name").map(|(v, c)| names::similarity(v, c));
    let dates = facts.date("verified_birth_date").zip(facts.date("birth_date"));
    let homes = pair("verified_locality", "civil_locality");
    let mut clauses = vec![
        compared("name similarity >= 0.90", alike.map(|a| a >= SAME_NAME)),
        compared("same birth date", dates.map(|(i, c)| i == c)),
    ];
    let mut used = vec!["verified_name", "civil_name", "verified_birth_date", "birth_date"];
    if among_several {
        clauses
            .push(compared("same home", homes.map(|(i, c)| names::similarity(i, c) >= SAME_NAME)));
        used.extend(["verified_locality", "civil_locality"]);
    }
    let mut sentence = match (alike, dates) {
        (Some(alike), Some((id, civil))) if id == civil => {
            format!("Names are {alike:.2} alike and both birth dates are {id}.")
        }
        (Some(alike), Some((id, civil))) => format!(
            "Names are {alike:.2} alike, but Arenoa ID says born {id} and the civil registry {civil}."
        ),
        _ => String::from("One of the two systems gives no name or no birth date to compare."),
    };
    if let (true, Some((id, civil))) = (among_several, homes) {
        sentence = format!("{sentence} Homes: {id} and {civil}.");
    }
    let verdict =
        if clauses.iter().all(|c| c.holds == Holds::Yes) { Verdict::Pass } else { Verdict::Review };
    let rule = clauses.iter().map(|c| c.clause.as_str()).collect::<Vec<_>>().join(" and ");
    let facts = facts.of(used);
    let decision = own(programme, ("D4", "Is the same person", &rule), Holds::Yes, facts, sentence);
    Decision { verdict, clauses, ..decision }
}

fn compared(clause: &str, holds: Option<bool>) -> ClauseResult {
    let holds = holds.map_or(Holds::Undetermined, |h| if h { Holds::Yes } else { Holds::No });
    ClauseResult { clause: clause.into(), holds }
}

/// **D7** Has the same person applied or enrolled here already?
pub(in crate::programme_office) fn no_duplicate(programme: &Programme, twins: &[Twin]) -> Decision {
    let holds = if twins.is_empty() { Holds::Yes } else { Holds::No };
    let sentence = match twins.first() {
        None => String::from("Nobody else here has this UIN, or this phone and birth date."),
        Some(twin) if twin.application == MEMBERS => {
            let name = programme.name("en");
            format!("The office pays the {name} already: the {} is on {MEMBERS}.", twin.by)
        }
        Some(twin) => format!("{} has the same {}.", twin.application, twin.by),
    };
    let facts = twins.iter().map(|twin| Fact {
        name: String::from("twin"),
        value: json!(twin),
        source: String::from("programme_office"),
        message_id: String::new(),
        at: String::new(),
    });
    let rule =
        "no member and no other application with the same UIN, or the same phone and birth date";
    let facts = facts.collect();
    let decision = own(programme, ("D7", "Has not applied twice", rule), holds, facts, sentence);
    let is_member = twins.first().is_some_and(|twin| twin.application == MEMBERS);
    let reason = if is_member { Reason::Member } else { Reason::Duplicate };
    Decision { reason: Some(reason), ..decision }
}

/// A decision that is a clause of the programme's rule, such as **D2**, **D3**, **D5** and **D6** of the pension.
pub(in crate::programme_office) fn by_clause(
    programme: &Programme,
    clause: &Clause,
    facts: &Facts,
    today: Date,
) -> Decision {
    let holds = clause.rule().map_or(Holds::Undetermined, |rule| rule.holds(&facts.world(today)));
    let sentence = match holds {
        Holds::Yes => facts.fill(clause.sentence(true), today),
        Holds::No => facts.fill(clause.sentence(false), today),
        Holds::Undetermined => {
            format!("Cannot be said: a fact is missing. The rule is {}.", clause.when())
        }
    };
    let programmes = clause.rule().map(Expression::programmes).unwrap_or_default();
    let asked: Vec<String> = programmes.iter().map(|code| membership(code)).collect();
    let names = clause.facts();
    let used = facts.of(names.iter().chain(&asked).map(String::as_str));
    let decision =
        own(programme, (clause.id(), &clause.title, clause.when()), holds, used, sentence);
    let decision = Decision {
        reason: Some(clause.reason),
        other: clause.other().map(str::to_owned),
        ..decision
    };
    if asked.is_empty() { decision } else { with_own_programme(programme, decision, facts) }
}

/// Where other benefits are looked at, the programme applied for is one of them: both answers must be "no".
fn with_own_programme(programme: &Programme, mut decision: Decision, facts: &Facts) -> Decision {
    let name = membership(programme.code());
    let member = facts.get(&name).and_then(|fact| fact.value.as_bool());
    decision.facts.extend(facts.get(&name).cloned());
    decision.clauses.push(ClauseResult {
        clause: format!("!in_programme(\"{}\")", programme.code()),
        holds: match member {
            Some(true) => Holds::No,
            Some(false) => Holds::Yes,
            None => Holds::Undetermined,
        },
    });
    let name = programme.name("en");
    match (decision.verdict, member) {
        (Verdict::Pass, Some(true)) => {
            decision.verdict = Verdict::Fail;
            decision.sentence = format!("Receives the {name} already.");
            decision.other = Some(programme.code().into());
        }
        (Verdict::Pass, None) => {
            decision.verdict = Verdict::Review;
            decision.sentence =
                format!("Cannot be said: the {MEMBERSHIPS} was not asked about it.");
        }
        (Verdict::Pass, Some(false)) => {
            decision.sentence =
                format!("{} Nor does the person receive the {name}.", decision.sentence);
        }
        _ => {}
    }
    decision
}

fn own(
    programme: &Programme,
    (id, title, rule): (&str, &str, &str),
    holds: Holds,
    facts: Vec<Fact>,
    sentence: String,
) -> Decision {
    Decision {
        id: id.into(),
        title: title.into(),
        rule: rule.into(),
        version: format!("{} v{}", programme.code(), programme.version()),
        verdict: match holds {
            Holds::Yes => Verdict::Pass,
            Holds::No => Verdict::Fail,
            Holds::Undetermined => Verdict::Review,
        },
        facts,
        clauses: vec![ClauseResult { clause: rule.into(), holds }],
        by: String::from("rule"),
        sentence,
        reason: None,
        other: None,
    }
}

#[cfg(test)]
mod tests;
