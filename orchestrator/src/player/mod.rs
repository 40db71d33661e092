//! The player: plays a plan in a room, step by step, over HTTP, and follows the journal while it does.

mod act;
mod criteria;
mod decision;
mod record;
mod show;
mod watching;

use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use mocks::kit::clock::{D0, MachineTime, Pace, Stopwatch, pause};
use mocks::kit::faults::Fault;
use mocks::kit::journal::Entry;
use mocks::kit::room::Hall;
use mocks::kit::seed::People;
use serde_json::Value;
use tokio::sync::{oneshot, watch};

pub(crate) use act::{answer_of_act, letter_of_act};
pub use decision::{Decision, Fact, Ruling};
pub use record::Record;
pub(crate) use show::change;
pub use show::{Persona, PhoneLine, Show, State, StepState};

use crate::scenario::{Break, Plan, Step, TooSmall, Values, Verb};

/// Why a story did not hold.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Failure {
    /// The id of the step; empty where the story could not begin.
    pub step: String,
    /// A sentence: what was expected, and what came.
    pub what: String,
    /// The same for a room full of people: without what the story's file expects.
    #[serde(skip)]
    pub note: String,
}

impl Failure {
    /// Of a story that could not be played at all.
    fn of_all(what: String) -> Self {
        Self { step: String::new(), note: what.clone(), what }
    }
}

/// Why a step did not hold: whole, and as a note for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Broken {
    pub(crate) what: String,
    pub(crate) note: String,
}

impl From<String> for Broken {
    fn from(what: String) -> Self {
        Self { note: what.clone(), what }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.step.is_empty() {
            return write!(f, "{}", self.what);
        }
        write!(f, "the story did not hold at `{}`: {}", self.step, self.what)
    }
}

/// How a story ended.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// None where everything held.
    pub failure: Option<Failure>,
    pub show: Arc<Show>,
    /// The journal of the story, in the order in which it was written.
    pub entries: Vec<Entry>,
}

/// Plays one plan in one room.
#[derive(Debug)]
pub struct Player {
    hall: Arc<Hall>,
    plan: Plan,
    values: Values,
    record: Record,
    show: watch::Sender<Arc<Show>>,
    /// Who waits for the beginning.
    begun: Option<oneshot::Sender<()>>,
    /// Acts are the roots of the tree of causes; they are counted from 1.
    acts: u32,
    /// Stops the pace at the end of each step.
    stepwise: Arc<std::sync::atomic::AtomicBool>,
    watch: MachineTime,
    /// How long the step of now has waited for guests, who work in their own time.
    given_to_guests: Duration,
    /// How long it was waited in all, to see whether guests have anything left to do.
    rested: Duration,
}

impl Player {
    /// A player for `plan` in `hall`, where it is large enough. `stepwise` can be set at any time: the pace then stops at
    /// the end of a step.
    pub fn new(
        hall: Arc<Hall>,
        plan: Plan,
        people: &People,
        show: watch::Sender<Arc<Show>>,
        stepwise: Arc<std::sync::atomic::AtomicBool>,
    ) -> Result<Self, TooSmall> {
        plan.fits(people.population())?;
        let values = Values::new(people, &plan.persona, &plan.inputs);
        let record = Record::new(Arc::clone(&hall.room.journal));
        let watch = MachineTime::start(&hall.room.clock);
        Ok(Self {
            hall,
            plan,
            values,
            record,
            show,
            begun: None,
            acts: 0,
            stepwise,
            watch,
            given_to_guests: Duration::ZERO,
            rested: Duration::ZERO,
        })
    }

    /// Rings when the room stands at the story's first moment and the show says so; an error where it never did.
    pub fn begun(&mut self) -> oneshot::Receiver<()> {
        let (begun, rings) = oneshot::channel();
        self.begun = Some(begun);
        rings
    }

    /// Resets the room and plays to the end, or to the first step that does not hold.
    pub async fn play(mut self) -> Outcome {
        if let Err(error) = self.hall.begin().await {
            return self.end(Some(Failure::of_all(error.to_string()))).await;
        }
        self.put_trouble_in_force();
        self.watch = MachineTime::start(&self.hall.room.clock);
        self.show.send_replace(Arc::new(Show::start(&self.plan, &self.values, &self.hall.room)));
        if let Some(begun) = self.begun.take() {
            // An error means that nobody waits.
            begun.send(()).ok();
        }
        let room = Arc::clone(&self.hall.room);
        let failure = tokio::select! {
            biased;
            () = room.ended() => return self.swept_away(),
            failure = self.steps() => failure,
        };
        self.end(failure).await
    }

    fn put_trouble_in_force(&self) {
        for (system, what) in &self.plan.trouble {
            if let Some(office) = self.hall.office(system) {
                office.faults.set_at_controls(Fault { what: what.clone(), on: None, times: None });
            }
        }
    }

    /// Plays all steps, up to the first that does not hold.
    async fn steps(&mut self) -> Option<Failure> {
        for step in self.plan.steps.clone() {
            self.mark(&step, StepState::Now);
            self.given_to_guests = Duration::ZERO;
            match self.step(&step).await {
                Ok(()) => self.mark(&step, StepState::Done),
                Err(Broken { what, note }) => {
                    self.mark(&step, StepState::Failed);
                    return Some(Failure { step: step.id.value.clone(), what, note });
                }
            }
            if self.stepwise.load(std::sync::atomic::Ordering::Relaxed) {
                self.hall.room.clock.set_pace(Pace::Step);
            }
        }
        None
    }

    /// Somebody put the room back to its first moment: nothing is played here any more.
    fn swept_away(self) -> Outcome {
        self.show.send_replace(Arc::new(Show::default()));
        let what = String::from("the room was reset meanwhile");
        let failure = Some(Failure::of_all(what));
        Outcome { failure, show: Arc::default(), entries: self.record.into_entries() }
    }

    async fn step(&mut self, step: &Step) -> Result<(), Broken> {
        match step.verb() {
            Some(Verb::Act(act)) => self.act(step, act).await,
            Some(Verb::Watch(watch)) => self.watch_for(step, watch).await,
            Some(Verb::Check(ask)) => self.check(step, ask).await,
            Some(Verb::Advance(by)) => Ok(self.advance(&by.value).await?),
            Some(Verb::Break(fault)) => Ok(self.set_fault(fault).await?),
            None => Err(String::from("the step has not exactly one verb").into()),
        }
    }

    async fn advance(&mut self, by: &str) -> Result<(), String> {
        self.quiet().await;
        let room = &self.hall.room;
        let target = moment(room.clock.now(), by)?;
        room.set_clock(target).map_err(|e| e.to_string())
    }

    /// A fault strikes what comes after it: what is still under way ends first.
    async fn set_fault(&mut self, wish: &Break) -> Result<(), String> {
        self.quiet().await;
        let system = &wish.at.value;
        let office =
            self.hall.office(system).ok_or_else(|| format!("there is no system `{system}`"))?;
        match &wish.fault {
            Some(what) => {
                office.faults.set_for_story(Fault {
                    what: what.clone(),
                    on: wish.on.as_ref().map(|on| on.value.clone()),
                    times: wish.times.as_ref().map(|times| times.value),
                });
            }
            None => office.faults.end_story(),
        }
        Ok(())
    }

    fn mark(&mut self, step: &Step, state: StepState) {
        let (record, room) = (&self.record, &self.hall.room);
        let elapsed_us = self.elapsed_us();
        change(&self.show, |show| {
            show.mark(&step.id.value, state);
            show.digest(record, room);
            show.elapsed_us = elapsed_us;
        });
    }

    /// Machine time since the start: without what messages waited for their turn, and without our own rests.
    fn elapsed_us(&self) -> i64 {
        let rested = i64::try_from(self.rested.as_micros()).unwrap_or(i64::MAX);
        self.watch.micros(&self.hall.room.clock).saturating_sub(rested)
    }

    /// Waits until nothing is under way any more. What guests do cannot be seen: they have rested a while then.
    async fn quiet(&mut self) {
        let watch = Stopwatch::start();
        loop {
            self.follow(mocks_idle(&self.hall)).await;
            if self.hall.room.guests().is_empty() || watch.elapsed() > GUESTS_REST * MOST_RESTS {
                return;
            }
            tokio::select! {
                () = pause(GUESTS_REST) => {
                    self.rested += GUESTS_REST;
                    return;
                }
                () = self.record.more() => self.refresh(),
            }
        }
    }

    /// Does `work` and shows meanwhile what comes into the journal.
    async fn follow<T>(&mut self, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        loop {
            tokio::select! {
                done = &mut work => return done,
                () = self.record.more() => self.refresh(),
            }
        }
    }

    fn refresh(&mut self) {
        self.record.absorb();
        let (record, room) = (&self.record, &self.hall.room);
        let elapsed_us = self.elapsed_us();
        change(&self.show, |show| {
            show.digest(record, room);
            show.elapsed_us = elapsed_us;
        });
    }

    async fn end(mut self, failure: Option<Failure>) -> Outcome {
        self.quiet().await;
        let elapsed_us = self.elapsed_us();
        self.hall.room.journal.settled().await;
        self.refresh();
        let ended_at = self.record.entries().last().map_or(0, |entry| entry.seq);
        change(&self.show, |show| {
            show.elapsed_us = elapsed_us;
            show.ended_at = ended_at;
            show.state = if failure.is_none() { State::Held } else { State::Broken };
            show.note = failure.as_ref().map_or_else(String::new, |f| f.note.clone());
        });
        Outcome {
            failure,
            show: Arc::clone(&self.show.borrow()),
            entries: self.record.into_entries(),
        }
    }
}

/// Where the clock stands after an `advance`: so much later, or at the moment that it names.
pub(crate) fn moment(now: Timestamp, by: &str) -> Result<Timestamp, String> {
    match by.parse::<SignedDuration>() {
        Ok(by) => now.saturating_add(by).map_err(|e| e.to_string()),
        Err(_) => by.parse::<Timestamp>().map_err(|e| e.to_string()),
    }
}

/// Owned, so that the player can be borrowed while it waits.
fn mocks_idle(hall: &Arc<Hall>) -> impl Future<Output = ()> + 'static {
    let room = Arc::clone(&hall.room);
    async move { room.clock.idle().await }
}

/// What a body holds: JSON, and as a text what is none, so that a step that expected more can say what came.
fn json(body: &str) -> Value {
    let text = || if body.is_empty() { Value::Null } else { body.into() };
    serde_json::from_str(body).unwrap_or_else(|_| text())
}

/// So long nothing comes from guests who have done what they had to do.
const GUESTS_REST: Duration = Duration::from_millis(500);
/// One that never rests is not waited for after so many rests.
const MOST_RESTS: u32 = 20;

/// Every story starts here.
pub const START: Timestamp = D0;
