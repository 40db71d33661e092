//! The swim lanes of a run as a picture: one column a system, one line a message.

use super::sections::{Message, Section};

/// The distance between two lanes.
const LANE: usize = 132;
/// The distance between two messages.
const ROW: usize = 34;
/// What stands above the first message: the names.
const HEAD: usize = 56;
/// A picture of more messages than this would be too long to look at.
const MOST: usize = 400;

/// The picture; all measures are those of its own view.
#[derive(Debug, Default)]
pub(super) struct Picture {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) lanes: Vec<Lane>,
    pub(super) arrows: Vec<Arrow>,
    /// How many messages are not drawn.
    pub(super) left_out: usize,
}

/// A column: a system, or a person.
#[derive(Debug)]
pub(super) struct Lane {
    pub(super) x: usize,
    pub(super) name: String,
}

/// A line between two columns, or a mark on one.
#[derive(Debug)]
pub(super) struct Arrow {
    pub(super) number: usize,
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) y: usize,
    /// Where its words begin, and how they are aligned.
    pub(super) words_at: usize,
    pub(super) anchor: &'static str,
    pub(super) label: String,
    pub(super) class: &'static str,
}

impl Picture {
    /// Of all messages of a run.
    pub(super) fn of(sections: &[Section]) -> Self {
        let messages: Vec<&Message> = sections.iter().flat_map(|s| &s.messages).collect();
        let mut picture = Self::default();
        for (row, message) in messages.iter().take(MOST).enumerate() {
            let (from, to) = (picture.lane(&message.from), picture.lane(&message.to));
            let y = HEAD + ROW * (row + 1);
            let middle = usize::midpoint(from, to);
            picture.arrows.push(Arrow {
                number: message.number,
                from,
                to,
                y,
                words_at: if from == to { from + 16 } else { middle },
                anchor: if from == to { "start" } else { "middle" },
                label: message.label.clone(),
                class: match (message.failed, message.is_event, message.is_callback) {
                    (true, ..) => "bad",
                    (_, true, _) => "event",
                    (_, _, true) => "callback",
                    _ => "request",
                },
            });
        }
        picture.left_out = messages.len().saturating_sub(MOST);
        // Words of the last lane need some room beside it.
        picture.width = LANE * (picture.lanes.len() + 1);
        picture.height = HEAD + ROW * (picture.arrows.len() + 1);
        picture
    }

    /// The column of this name, put behind the others where it is new.
    fn lane(&mut self, name: &str) -> usize {
        if let Some(lane) = self.lanes.iter().find(|lane| lane.name == name) {
            return lane.x;
        }
        let x = LANE / 2 + LANE * self.lanes.len();
        self.lanes.push(Lane { x, name: name.to_owned() });
        x
    }
}
