//! How a story begins on a stage, whoever starts it: trouble that people chose is in force before its first message.

use std::future::ready;

use mocks::kit::clock::Pace;
use mocks::kit::faults::Fault;
use orchestrator::player::{Outcome, State};
use orchestrator::scenario::Plan;
use orchestrator::theatre::{Stage, Theatre};
use tokio::task::JoinHandle;

use super::wishes::Wish;

/// Somebody resets a room, or plays there, while a story is about to begin.
const SWEPT_AWAY: &str = "somebody put this room back at the same moment: play the story again";

/// Starts `plan` from its first moment at `pace`. Trouble is put in force after the reset. A story that needs a larger
/// country leaves the room as it is.
pub(super) async fn start(
    theatre: &Theatre,
    stage: &Stage,
    plan: Plan,
    wish: &Wish,
    pace: Pace,
) -> Result<JoinHandle<Outcome>, String> {
    plan.fits(theatre.country.people.population())?;
    stage.clear().await.map_err(|e| e.to_string())?;
    stage.pause();
    let mut show = stage.show();
    let mut playing = stage.start(&theatre.country, plan);
    let has_begun = show.wait_for(|show| show.state != State::Idle);
    tokio::select! {
        biased;
        ended = &mut playing => {
            let outcome = ended.map_err(|_| String::from(SWEPT_AWAY))?;
            return Ok(tokio::spawn(ready(outcome)));
        }
        // An error means that the stage itself is gone, and then nobody watches.
        begun = has_begun => drop(begun),
    }
    wish.watch.follow(stage.show());
    for (system, what) in &wish.trouble {
        if let Some(office) = stage.hall().office(system) {
            office.faults.set_at_controls(Fault { what: what.clone(), on: None, times: None });
        }
    }
    stage.set_pace(pace);
    Ok(playing)
}
