//! The desk of the programme office: rules are tried on people of the country before they are put in force.
//! `POST {prefix}/desk/programme-office/try`, the same plain form as the one that saves.

use std::collections::BTreeMap;

use actix_web::web::{Data, Form};
use actix_web::{Error, HttpRequest, HttpResponse};
use mocks::kit::courier::Letter;
use mocks::kit::seed::{CertificateStatus, EnrolmentStatus, People, Person};
use orchestrator::theatre::Theatre;
use serde::Deserialize;
use serde_json::{Value, json};

use super::At;
use super::applications::OFFICE;
use super::errand::{OFFICER, Values};
use super::page::Outcome;
use crate::pages::counter;

/// The form whose text is tried.
pub(super) const RULES: &str = "rules";
/// So many people are taken at the most, evenly from all; the cast is among them.
const SAMPLE: usize = 3_000;
/// Programmes that somebody may be in, as the beneficiary registry knows them.
const PROGRAMMES: [&str; 13] =
    ["OAP", "SUR", "CHG", "DIS", "GCT", "SCH", "FLD", "AGR", "CPF", "UNE", "MAT", "JOB", "CAR"];

/// What a change would mean.
#[derive(Debug, Deserialize)]
pub(super) struct Tried {
    pub(super) people: usize,
    pub(super) changed: Vec<Line>,
    /// What must be put right before this can be in force.
    pub(super) before_saving: Option<String>,
}

/// A programme that is changed.
#[derive(Debug, Deserialize)]
pub(super) struct Line {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) before: usize,
    pub(super) after: usize,
    pub(super) undetermined: usize,
    /// What those who qualify are paid each time, now and by the new text: `239,000`.
    pub(super) paid: String,
    pub(super) to_pay: String,
    pub(super) currency: String,
    pub(super) gained: Group,
    pub(super) lost: Group,
}

/// Who is gained, or lost.
#[derive(Debug, Deserialize)]
pub(super) struct Group {
    pub(super) count: usize,
    pub(super) examples: Vec<Example>,
}

/// Somebody by name, and what the rule says that keeps them out.
#[derive(Debug, Deserialize)]
pub(super) struct Example {
    pub(super) name: String,
    pub(super) why: String,
}

pub(super) async fn take(
    req: HttpRequest,
    theatre: Data<Theatre>,
    typed: Form<Values>,
) -> Result<HttpResponse, Error> {
    let at = At::of(&req, &theatre)?;
    at.visit.check_form(&req, typed.get("csrf").map_or("", String::as_str))?;
    let typed = typed.into_inner();
    let rules = typed.get(RULES).cloned().unwrap_or_default();
    let mut outcome = Outcome { of: RULES, typed, ..Outcome::default() };
    match tried(&at, &theatre, &rules).await {
        Ok(told) => outcome.tried = Some(told),
        Err(why) => outcome.wrong = why,
    }
    Ok(at.page(&theatre, outcome).await)
}

async fn tried(at: &At, theatre: &Theatre, rules: &str) -> Result<Tried, String> {
    let people = sample(&theatre.country.people);
    let letter =
        Letter::post(OFFICE, "/programmes/try").json(&json!({"rules": rules, "people": people}));
    let reply = counter::send(&at.stage, at.visit.texts, OFFICER, letter).await?;
    if !reply.is_success() {
        return Err(counter::refusal_of(&reply));
    }
    reply.json().map_err(|error| error.to_string())
}

/// People of the country with what its registries say about them.
fn sample(people: &People) -> Vec<Value> {
    let all = people.persons();
    let every = all.len().div_ceil(SAMPLE).max(1);
    let farms: BTreeMap<usize, _> = people.farms().iter().map(|f| (f.farmer, f)).collect();
    let chosen = |n: &usize| n.is_multiple_of(every) || people.is_cast(*n);
    let told = |n: usize| {
        let person = &all[n];
        let mut facts = facts_of(people, person);
        if let Some(farm) = farms.get(&n) {
            facts["land_size_ha"] = json!(f64::from(farm.ares) / 100.0);
            facts["crop"] = json!(farm.crops[0].map(mocks::kit::seed::Crop::name));
        }
        json!({"name": person.full_name(), "facts": facts})
    };
    (0..all.len()).filter(chosen).map(told).collect()
}

fn facts_of(people: &People, person: &Person) -> Value {
    let mut facts = json!({
        "alive": person.is_alive(),
        "birth_date": person.birth_date.to_string(),
        "sex": person.sex.code(),
        "marital_status": person.marital_status.code(),
        "birth_registered": true,
        "disability_status": "missing",
    });
    if let Some(death) = &person.death {
        facts["death_date"] = json!(death.date.to_string());
    }
    if let Some(disability) = &person.disability {
        facts["disability_status"] = json!(format!("{:?}", disability.status));
        facts["disability_level"] = json!(disability.level);
    }
    if let Some(household) = people.household_of(person) {
        let members = people.members(household);
        facts["resident"] = json!(true);
        facts["poverty_score"] = json!(household.score.value());
        facts["household_size"] = json!(household.size());
        facts["children_under_18"] = json!(members.iter().filter(|m| m.age() < 18).count());
        facts["income_level"] = json!(household.income_level().code());
        facts["eligible_members"] = json!(members.iter().filter(|m| is_severe(m)).count());
    }
    let enrolled = people.enrolments_of(person.index as usize);
    for code in PROGRAMMES {
        let active = enrolled
            .iter()
            .any(|e| e.programme.code() == code && e.status == EnrolmentStatus::Active);
        facts[format!("in_programme:{code}")] = json!(active);
    }
    facts
}

fn is_severe(person: &Person) -> bool {
    let certified =
        |d: &mocks::kit::seed::Disability| d.status == CertificateStatus::Approved && d.level <= 2;
    person.disability.as_ref().is_some_and(certified)
}
