//! A story as its card and its stage show it.

use super::feed::Persona;
use super::frame::Lane;

/// What people are told about a story before it plays.
#[derive(Debug, Clone, Default)]
pub struct Story {
    pub id: String,
    pub title: String,
    pub summary: String,
    /// The programme family, such as "Social assistance".
    pub family: String,
    /// The DCI processes that it follows, such as `PRS.CRVS.02`; none where none fits.
    pub processes: Vec<String>,
    /// How long it takes in front of people; 0 where nobody has said.
    pub minutes: u32,
    pub persona: Persona,
    /// The systems that take part, in the order of the cast.
    pub lanes: Vec<Lane>,
    pub branches: Vec<Branch>,
}

/// Another ending of a story, chosen in the menu "Break it".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Branch {
    pub id: String,
    pub title: String,
    pub text: String,
}

impl Story {
    /// The persona's age as text.
    pub fn age(&self) -> String {
        self.persona.age.to_string()
    }

    /// "Tomas Amaro, 67", or the name alone where no age is known.
    pub fn who(&self) -> String {
        if self.persona.age > 0 {
            format!("{}, {}", self.persona.name, self.persona.age)
        } else {
            self.persona.name.clone()
        }
    }
}
