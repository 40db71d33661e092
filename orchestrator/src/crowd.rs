//! A crowd: many people who apply for the same thing at the same time. Their story is the story's acts; it ends well
//! when the last message that the story watches for has come to each of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use mocks::kit::cause::Cause;
use mocks::kit::clock::pause;
use mocks::kit::courier::{EXAMINER, Letter, ask_aside, deliver};
use mocks::kit::journal::Wanted;
use mocks::kit::room::Hall;
use mocks::kit::seed::{People, Person};
use serde_json::{Value, json};
use serde_saphyr::Spanned;
use tokio::sync::oneshot;

use crate::player::{answer_of_act, letter_of_act};
use crate::scenario::{Act, Plan, Step, Values, Verb, Watch};

/// An applicant who waits longer for the last message has not been served.
const PATIENCE: Duration = Duration::from_mins(1);
/// How often the end is looked at after that, in milliseconds, and how many times at the most.
const LOOK_MS: u64 = 25;
const LOOKS: u32 = 100;
/// Rows of the journal that are read at once.
const PAGE: u32 = 1000;

/// Many applicants of one story in one room.
#[derive(Debug)]
pub struct Crowd {
    hall: Arc<Hall>,
    plan: Plan,
    /// Who waits for the last message of the story, by the trace that it will carry.
    waiting: Mutex<BTreeMap<String, oneshot::Sender<()>>>,
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
        Self { hall, plan, waiting: Mutex::default() }
    }

    /// Whether a crowd can play this: somebody applies, and what is sent is about whoever sends it.
    pub fn can_play(plan: &Plan) -> bool {
        let acts: Vec<_> = plan
            .steps
            .iter()
            .filter_map(|step| match step.verb() {
                Some(Verb::Act(act)) => Some((step, act)),
                _ => None,
            })
            .collect();
        let by_lead = |(step, _): &(&Step, &Act)| {
            step.actor.as_ref().is_none_or(|actor| actor.value == "persona")
        };
        let of_lead = |(_, act): &(&Step, &Act)| {
            let json = act.json.as_ref().map(Value::to_string).unwrap_or_default();
            let form = act.form.iter().flat_map(BTreeMap::values).map(String::as_str);
            form.chain([json.as_str(), act.request.value.as_str()])
                .any(|text| text.contains("${persona."))
        };
        acts.iter().all(by_lead) && acts.iter().any(of_lead)
    }

    /// The first `count` people who can apply: those who were made for it, then whoever is as old as the story's lead
    /// or older, alive, with a telephone and an open account, and in no programme yet.
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
        let all = people.candidates().iter().chain(people.living().filter(fits));
        (1..).zip(all.take(count)).map(applicant).collect()
    }

    /// Follows the journal, and tells applicants whose last message has come; ends with the journal.
    pub async fn follow(&self) {
        let Some(last) = self.last_message() else { return };
        let journal = &self.hall.room.journal;
        let mut wanted = Wanted {
            after: journal.last(),
            from: said(last.from.as_ref()),
            to: said(last.to.as_ref()),
            action: said(last.request.as_ref()),
        };
        let mut bell = journal.bell();
        loop {
            let end = bell.borrow_and_update().seq;
            let found = journal.requests(&wanted, PAGE).unwrap_or_default();
            for entry in &found {
                let waiting = self.waiting().remove(&entry.trace);
                if waiting.is_some_and(|waiting| waiting.send(()).is_err()) {
                    tracing::debug!(trace = entry.trace, "an applicant did not wait for the end");
                }
            }
            wanted.after = match found.last() {
                Some(entry) if found.len() == PAGE as usize => entry.seq,
                _ => end.max(wanted.after),
            };
            if wanted.after >= end && bell.changed().await.is_err() {
                return;
            }
        }
    }

    /// The last message that the story watches for.
    fn last_message(&self) -> Option<&Watch> {
        self.plan.steps.iter().rev().find_map(|step| match step.verb() {
            Some(Verb::Watch(watch)) if watch.request.is_some() && !watch.never => Some(watch),
            _ => None,
        })
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeMap<String, oneshot::Sender<()>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Serves one applicant: the story's acts, until the last message that the story watches for has come, then its
    /// first check.
    pub async fn serve(&self, applicant: &Applicant) -> Result<(), String> {
        let mut values = applicant.values.clone();
        let room = &self.hall.room;
        let mut told = None;
        for step in &self.plan.steps {
            let Some(Verb::Act(act)) = step.verb() else { continue };
            let (letter, base) = letter_of_act(room, act, &values)?;
            let cause = Cause::root(&room.name, &step.id.value, applicant.number);
            let (tell, waits) = oneshot::channel();
            let trace = cause.trace().to_owned();
            // What follows an act carries its trace; the story ends with what follows its last act.
            if let Some((before, _)) = told.replace((trace.clone(), waits)) {
                self.waiting().remove(&before);
            }
            self.waiting().insert(trace, tell);
            let reply =
                deliver(room, "applicant", &cause, letter).await.map_err(|e| e.to_string())?;
            answer_of_act(step, &reply, &base, &mut values).map_err(|broken| broken.what)?;
        }
        if let (Some((trace, waits)), Some(_)) = (told, self.last_message()) {
            tokio::select! {
                // An error means that nobody follows; then the check below says how it stands.
                _ = waits => {}
                () = pause(PATIENCE) => { self.waiting().remove(&trace); }
            }
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
            let reply =
                ask_aside(room, EXAMINER, &cause, letter).await.map_err(|e| e.to_string())?;
            match answer_of_act(step, &reply, "", values) {
                Ok(()) => return Ok(()),
                Err(broken) => last = broken.what,
            }
            pause(Duration::from_millis(LOOK_MS)).await;
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

/// The text that a story says somewhere, where it says any.
fn said(text: Option<&Spanned<String>>) -> Option<&str> {
    text.map(|text| text.value.as_str())
}
