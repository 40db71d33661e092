//! What no message tells of: the clock was moved, something was broken on purpose, or mended.

use jiff::Timestamp;
use mocks::kit::faults::Misbehaviour;

use crate::player::{START, Show, StepState, moment};
use crate::scenario::{Break, Step, Verb};

/// A step without a message, and what it did in words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Move<'a> {
    pub(crate) step: &'a str,
    /// How many steps stand before it.
    pub(crate) at: usize,
    pub(crate) words: String,
}

/// The moves of the clock and the breaks that were carried out, in the order of the story.
pub(crate) fn moves<'a>(steps: &'a [Step], show: &Show) -> Vec<Move<'a>> {
    let mut clock: Timestamp = START;
    let done = |step: &Step| {
        show.steps.iter().any(|(id, state)| *id == step.id.value && *state == StepState::Done)
    };
    let carried_out = steps.iter().enumerate().filter(|(_, step)| done(step));
    let told = carried_out.filter_map(|(at, step)| {
        let words = match step.verb()? {
            Verb::Advance(by) => {
                clock = moment(clock, &by.value).ok()?;
                format!("the clock goes to {clock}")
            }
            Verb::Break(wish) => of_break(wish),
            Verb::Act(_) | Verb::Watch(_) | Verb::Check(_) => return None,
        };
        Some(Move { step: step.id.value.as_str(), at, words })
    });
    told.collect()
}

/// `payment_switch refuses POST /quotes with 503, 2 times`
fn of_break(wish: &Break) -> String {
    let at = &wish.at.value;
    let on = wish.on.as_ref().map_or("everything", |on| on.value.as_str());
    let times = wish.times.as_ref().map_or(0, |times| times.value);
    let times = match times {
        0 => String::new(),
        1 => String::from(", once"),
        more => format!(", {more} times"),
    };
    let does = match &wish.fault {
        None => return format!("{at} is in order again"),
        Some(Misbehaviour::Late { delay_ms }) => format!("{at} answers {on} {delay_ms} ms late"),
        Some(Misbehaviour::Silent) => format!("{at} never answers {on}"),
        Some(Misbehaviour::Refusing { status }) => format!("{at} refuses {on} with {status}"),
        Some(Misbehaviour::Duplicating) => format!("{at} does {on} twice"),
        Some(Misbehaviour::Tampering) => format!("{on} is changed on its way to {at}"),
    };
    format!("{does}{times}")
}
