//! A crowd: many people who apply for the same thing at the same time. Their story is the story's acts; it ends well
//! when the last message that the story watches for has come to each of them.

use std::collections::BTreeSet;
use std::sync::Arc;

use mocks::kit::cause::Cause;
use mocks::kit::clock::pause;
use mocks::kit::courier::{Letter, deliver};
use mocks::kit::room::Hall;
use mocks::kit::seed::{People, Person};
use mocks::kit::server::EXAMINER;
use serde_json::{Value, json};

use crate::player::{answer_of_act, letter_of_act};
use crate::scenario::{Plan, Values, Verb};

/// How often an applicant looks whether it is done, in milliseconds.
const LOOK_MS: u64 = 25;
/// An applicant who waits longer has not been served, in looks.
const LOOKS: u32 = 1200;

/// Many applicants of one story in one room.
#[derive(Debug)]
pub struct Crowd {
    hall: Arc<Hall>,
    plan: Plan,
}

/// Somebody who applies.
#[derive(Debug, Clone)]
pub struct Applicant {
    number: u32,
    values: Values,
}

impl Crowd {
    /// A crowd for `plan` in `hall`.
    pub fn new(hall: Arc<Hall>, plan: Plan) -> Self {
        Self { hall, plan }
    }

    /// The first `count` people who are as old as the story's lead or older, alive, with a telephone and an open
    /// account, and in no programme yet.
    pub fn applicants(&self, people: &People, count: usize) -> Vec<Applicant> {
        let lead = Values::new(people, &self.plan.persona, &self.plan.inputs);
        let born = people.persona(&self.plan.persona).map(|p| people.person(p.person).birth_date);
        let paid: BTreeSet<usize> = people.payroll().iter().map(|line| line.person).collect();
        let fits = |person: &&Person| {
            let old_enough = born.is_some_and(|born| person.birth_date <= born);
            let payable = person.phone.is_some() && person.account.is_some_and(|a| !a.closed);
            let index = person.index as usize;
            let unknown = people.enrolments_of(index).is_empty() && !paid.contains(&index);
            let plain = people.quirks(index).is_empty() && unknown;
            old_enough && payable && plain && !people.is_cast(index)
        };
        let applicant = |(number, person): (u32, &Person)| {
            let mut values = lead.clone();
            values.keep("persona", card(person));
            Applicant { number, values }
        };
        (1..).zip(people.living().filter(fits).take(count)).map(applicant).collect()
    }

    /// Serves one applicant: the story's acts, then its first check until it holds.
    pub async fn serve(&self, applicant: &Applicant) -> Result<(), String> {
        let mut values = applicant.values.clone();
        let room = &self.hall.room;
        for step in &self.plan.steps {
            let Some(Verb::Act(act)) = step.verb() else { continue };
            let (letter, base) = letter_of_act(room, act, &values)?;
            let cause = Cause::root(&room.name, &step.id.value, applicant.number);
            let reply =
                deliver(room, "applicant", &cause, letter).await.map_err(|e| e.to_string())?;
            answer_of_act(step, &reply, &base, &mut values)?;
        }
        self.await_end(applicant, &mut values).await
    }

    async fn await_end(&self, applicant: &Applicant, values: &mut Values) -> Result<(), String> {
        let room = &self.hall.room;
        let check = self.plan.steps.iter().find_map(|step| match step.verb() {
            Some(Verb::Check(ask)) => Some((step, ask)),
            _ => None,
        });
        let Some((step, ask)) = check else { return Ok(()) };
        let mut last = String::new();
        for _ in 0..LOOKS {
            let request = values.fill(&ask.request.value)?;
            let (_, path) = request.split_once(' ').unwrap_or(("GET", &request));
            let letter = Letter::get(&ask.at.value, path).header("accept", "application/json");
            let cause = Cause::root(&room.name, EXAMINER, applicant.number);
            let reply = mocks::kit::courier::ask_aside(room, EXAMINER, &cause, letter)
                .await
                .map_err(|e| e.to_string())?;
            match answer_of_act(step, &reply, "", values) {
                Ok(()) => return Ok(()),
                Err(what) => last = what,
            }
            pause(std::time::Duration::from_millis(LOOK_MS)).await;
        }
        Err(last)
    }
}

/// What a story's acts use of an applicant: the same fields as a card of the cast.
fn card(person: &Person) -> Value {
    json!({
        "id": "applicant",
        "name": person.full_name(),
        "uin": person.uin.to_string(),
        "birth_date": person.birth_date.to_string(),
        "phone": person.phone.map(|p| p.to_string()),
    })
}
