//! `POST /programmes/try`: what a changed rule would mean, before it is put in force. Whoever asks sends people with their
//! facts; each is decided by the rules in force and by those that are tried, and nothing is kept. Our own route.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::kit::openapi::{Routes, says};
use crate::kit::server::Call;
use crate::programme_office::api::refuse;
use crate::programme_office::model::amounts::grouped;
use crate::programme_office::model::application::Refusal;
use crate::programme_office::model::eligibility::Holds;
use crate::programme_office::model::facts::{Facts, Told};
use crate::programme_office::model::programmes::{
    BUILT_IN, Benefit, BenefitKind, Programme, Programmes,
};
use crate::programme_office::store::{self, Trouble};

/// So many people are named of those who are gained, and of those who are lost.
const NAMED: usize = 5;

/// Rules, and people to try them on.
#[derive(Debug, Deserialize, JsonSchema)]
struct Trial {
    /// The file that is tried.
    rules: String,
    people: Vec<Tried>,
}

/// Somebody, and what is known about them.
#[derive(Debug, Deserialize, JsonSchema)]
struct Tried {
    name: String,
    /// By the names of the file; `in_programme:OAP` says whether somebody is in a programme.
    facts: BTreeMap<String, Value>,
}

pub(in crate::programme_office) fn routes(routes: &mut Routes) {
    let people = json!([{"name": "Tomas Amaro", "facts": {"alive": true, "birth_date": "1959-02-11", "resident": true, "in_programme:CPF": false}}]);
    let is = says("Tries rules on people")
        .more("How many would qualify before and after, who is gained and who is lost; nothing is changed.")
        .tag("officer")
        .takes::<Trial>(json!({"rules": BUILT_IN, "people": people}))
        .gives::<Value>(200, "A line for each programme that the file changes");
    routes.post("/programmes/try", try_out, is);
}

async fn try_out(call: Call) -> HttpResponse {
    match tried(&call) {
        Ok(told) => HttpResponse::Ok().json(told),
        Err(trouble) => refuse(&call, &trouble),
    }
}

fn tried(call: &Call) -> Result<Value, Trouble> {
    let trial: Trial =
        serde_json::from_slice(&call.body).map_err(|e| Refusal::Malformed(e.to_string()))?;
    let before = store::programmes_text(call.store())?;
    let old = store::programmes(&call.errand.office)?;
    let new =
        Programmes::read(&trial.rules).map_err(|wrong| Refusal::Programme(wrong.to_string()))?;
    let today = call.room().clock.today();
    let people: Vec<_> = trial.people.iter().map(|one| (one.name.as_str(), facts(one))).collect();
    let changed = Programmes::changed(&trial.rules, &before);
    let lines: Vec<Value> = changed
        .iter()
        .map(|code| {
            let mut line = line((old.find(code).ok(), new.find(code).ok()), &people, today);
            line["currency"] = json!(new.currency());
            line
        })
        .collect();
    let missing = new.follows(&trial.rules, &before).err().map(|wrong| wrong.to_string());
    Ok(json!({"people": people.len(), "changed": lines, "before_saving": missing}))
}

fn facts(one: &Tried) -> Facts {
    let told = Told { source: "trial", message_id: String::new(), at: String::new() };
    let mut facts = Facts::default();
    facts.learn(one.facts.iter().map(|(name, value)| told.fact(name, value.clone())));
    facts
}

/// A programme before and after; one of them is none where the file takes it up or leaves it out.
fn line(
    (old, new): (Option<&Programme>, Option<&Programme>),
    people: &[(&str, Facts)],
    today: Date,
) -> Value {
    let (mut before, mut after, mut unknown) = (0, 0, 0);
    let (mut paid, mut to_pay) = (0, 0);
    let (mut gained, mut lost) = (Vec::new(), Vec::new());
    for (name, facts) in people {
        let (was, is) = (decided(old, facts, today), decided(new, facts, today));
        before += usize::from(was.0 == Holds::Yes);
        after += usize::from(is.0 == Holds::Yes);
        unknown += usize::from(is.0 == Holds::Undetermined);
        paid += benefit(old.filter(|_| was.0 == Holds::Yes), facts, today);
        to_pay += benefit(new.filter(|_| is.0 == Holds::Yes), facts, today);
        match (was, is) {
            ((Holds::Yes, _), (Holds::No, why)) => lost.push((name, why)),
            ((Holds::No, why), (Holds::Yes, _)) => gained.push((name, why)),
            _ => {}
        }
    }
    let examples = |of: &[(&&str, String)]| {
        let one = |(name, why): &(&&str, String)| json!({"name": name, "why": why});
        of.iter().take(NAMED).map(one).collect::<Vec<_>>()
    };
    let known = new.or(old);
    json!({
        "code": known.map(Programme::code), "name": known.map(|p| p.name("en")),
        "before": before, "after": after, "undetermined": unknown,
        "paid": grouped(paid), "to_pay": grouped(to_pay),
        "gained": {"count": gained.len(), "examples": examples(&gained)},
        "lost": {"count": lost.len(), "examples": examples(&lost)},
    })
}

/// What a programme pays somebody each time, in cents; nothing where it gives no money, or where a fact is missing.
fn benefit(programme: Option<&Programme>, facts: &Facts, today: Date) -> i64 {
    let benefit = programme.map(Programme::benefit).filter(|b| b.kind != BenefitKind::Service);
    let amount = benefit.and_then(Benefit::amount_cents);
    amount.and_then(|amount| amount.cents(&facts.world(today)).ok()).unwrap_or(0)
}

/// Whether somebody qualifies, and the sentence that says why not.
fn decided(programme: Option<&Programme>, facts: &Facts, today: Date) -> (Holds, String) {
    let Some(programme) = programme else { return (Holds::No, String::new()) };
    let world = facts.world(today);
    let mut unknown = false;
    for clause in programme.clauses() {
        match clause.rule().map_or(Holds::Undetermined, |rule| rule.holds(&world)) {
            Holds::No => return (Holds::No, facts.fill(clause.sentence(false), today)),
            Holds::Undetermined => unknown = true,
            Holds::Yes => {}
        }
    }
    (if unknown { Holds::Undetermined } else { Holds::Yes }, String::new())
}
