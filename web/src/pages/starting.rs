//! How a story begins on a stage, whoever starts it: with the trouble that people chose, and with the watch at nought.

use mocks::kit::clock::Pace;
use orchestrator::player::Outcome;
use orchestrator::scenario::{Plan, TooSmall};
use orchestrator::theatre::{Stage, Theatre};
use tokio::task::JoinHandle;

use super::wishes::Wish;

/// Starts `plan` from its first moment at `pace`.
pub(super) async fn start(
    theatre: &Theatre,
    stage: &Stage,
    plan: Plan,
    wish: &Wish,
    pace: Pace,
) -> Result<JoinHandle<Outcome>, TooSmall> {
    let plan = Plan { trouble: wish.trouble.clone(), ..plan };
    let playing = stage.start(&theatre.country, plan, pace).await?;
    wish.watch.follow(stage.show());
    Ok(playing)
}
