//! What people at the controls of a room wish for: story, branch, pace, trouble. Kept beside the stage, because a
//! paused stage must remember how fast it went, and trouble must outlive the reset at the start of a story.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use mocks::kit::clock::Pace;
use mocks::kit::faults::Misbehaviour;

use super::stopwatch::Stopwatch;

/// The pace that a new room starts with: slow enough to follow.
const USUAL: Pace = Pace::Timed { delay_ms: 600 };
const SLOW: Pace = Pace::Timed { delay_ms: 1500 };

/// The wishes for one room.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    pub(super) story: String,
    pub(super) branch: String,
    /// The pace while the story plays.
    pub(super) pace: Pace,
    /// Trouble that people chose, by system; put in force at each start.
    pub(super) trouble: Vec<(String, Misbehaviour)>,
    /// How long the story has played.
    pub(super) watch: Stopwatch,
}

impl Default for Wish {
    fn default() -> Self {
        Self {
            story: String::new(),
            branch: String::new(),
            pace: USUAL,
            trouble: Vec::new(),
            watch: Stopwatch::default(),
        }
    }
}

/// The wishes for all rooms.
#[derive(Debug, Default)]
pub(super) struct Wishes(Mutex<BTreeMap<String, Wish>>);

impl Wishes {
    /// The wishes for a room.
    pub(super) fn of(&self, room: &str) -> Wish {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(room).cloned().unwrap_or_default()
    }

    /// Forgets the wishes for a room that is closed.
    pub(super) fn forget(&self, room: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(room);
    }

    /// Changes the wishes for a room and gives them.
    pub(super) fn change(&self, room: &str, change: impl FnOnce(&mut Wish)) -> Wish {
        let mut rooms = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wish = rooms.entry(room.to_owned()).or_default();
        change(wish);
        wish.clone()
    }
}

/// The pace by the name on its button.
pub(super) fn pace(name: &str) -> Result<Pace, String> {
    match name {
        "1x" => Ok(USUAL),
        "slow" => Ok(SLOW),
        "instant" => Ok(Pace::Play),
        other => Err(format!("there is no pace `{other}`: choose slow, 1x or instant")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rooms_have_wishes_of_their_own() {
        let wishes = Wishes::default();
        wishes.change("team-1", |wish| wish.pace = SLOW);
        assert_eq!(wishes.of("team-1").pace, SLOW);
        assert_eq!(wishes.of("main").pace, USUAL);
    }

    #[test]
    fn an_unknown_pace_is_told_what_there_is() {
        assert!(pace("warp").unwrap_err().contains("instant"));
    }
}
