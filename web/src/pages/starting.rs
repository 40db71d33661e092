//! How a story begins on a stage, whoever starts it: trouble that people chose is in force before its first message.

use mocks::kit::clock::Pace;
use mocks::kit::faults::Fault;
use orchestrator::player::{Outcome, State};
use orchestrator::scenario::Plan;
use orchestrator::theatre::{Stage, Theatre};
use tokio::task::JoinHandle;

use super::wishes::Wish;

/// Starts `plan` from its first moment at `pace`. Trouble is put in force after the reset.
pub(super) async fn start(
    theatre: &Theatre,
    stage: &Stage,
    plan: Plan,
    wish: &Wish,
    pace: Pace,
) -> Result<JoinHandle<Outcome>, String> {
    stage.clear().await.map_err(|e| e.to_string())?;
    stage.pause();
    let mut show = stage.show();
    let playing = stage.start(&theatre.country, plan);
    // An error means that the stage itself is gone, and then nobody watches.
    drop(show.wait_for(|show| show.state != State::Idle).await);
    for (system, what) in &wish.trouble {
        if let Some(office) = stage.hall().office(system) {
            office.faults.set_for_story(Fault { what: what.clone(), on: None, times: None });
        }
    }
    stage.set_pace(pace);
    Ok(playing)
}
