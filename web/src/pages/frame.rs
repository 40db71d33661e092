//! What every page is given: the words of its language, the room's prefix, the form token, and the lanes' looks.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::texts::{Texts, languages};

/// What every template needs.
#[derive(Debug, Clone)]
pub struct Frame {
    pub texts: &'static Texts,
    /// Empty in the main room, `/r/{room}` in another.
    pub prefix: String,
    /// Path and query of the page, to come back to.
    pub page: String,
    /// The token that forms on this page carry.
    pub csrf: String,
    /// The entry of the navigation that is lit.
    pub here: &'static str,
}

impl Frame {
    /// Words by key.
    pub fn t(&self, key: &str) -> String {
        self.texts.get(key)
    }

    /// The languages to choose from: code and own name.
    pub fn languages(&self) -> Vec<(&'static str, String)> {
        languages()
    }

    /// What stands between a sender and a receiver: it points onward in the direction of reading.
    pub fn onward(&self) -> &'static str {
        if self.texts.direction() == "rtl" { "←" } else { "→" }
    }

    /// Words by key with a number or a name put in.
    pub fn one(&self, key: &str, name: &str, value: impl std::fmt::Display) -> String {
        self.texts.one(key, name, value)
    }

    /// Words by key for so many of something.
    pub fn count<N: TryInto<i64> + Copy>(&self, key: &str, count: &N) -> String {
        self.texts.count(key, *count)
    }

    /// A whole number as the page's language writes it.
    pub fn number<N: TryInto<i64> + Copy>(&self, number: &N) -> String {
        self.texts.number(*number)
    }
}

/// How a lane looks and is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lane {
    pub id: String,
    pub name: String,
    pub does: String,
    pub standard: String,
    /// Two letters for the roundel, so that a lane is told without its colour.
    pub code: String,
    /// Which of the palette's colours, as `--lane-{n}` in `tokens.css`.
    pub colour: u8,
}

/// Codes and colours of the systems that stories use. Neighbours in a story differ in hue and in lightness.
const LOOKS: [(&str, &str, u8); 17] = [
    ("programme_office", "PO", 1),
    ("identity", "ID", 2),
    ("gateway", "GW", 11),
    ("civil_registry", "CR", 0),
    ("social_registry", "SR", 3),
    ("beneficiary_registry", "BR", 4),
    ("disability_registry", "DR", 8),
    ("farmer_registry", "FR", 9),
    ("employment_service", "ES", 7),
    ("account_mapper", "AM", 5),
    ("payment_hub", "PH", 6),
    ("payment_switch", "SW", 7),
    ("treasury", "TR", 12),
    ("greenbank", "GB", 9),
    ("pinkbank", "PB", 4),
    ("messenger", "SM", 8),
    ("statistics", "ST", 13),
];

/// The colour of people's own lanes.
const PERSON_COLOUR: u8 = 10;
const COLOURS: u32 = 14;

/// The lane of a system: its looks by name, its words from the language or, failing that, from the system itself.
pub fn system_lane(texts: &Texts, name: &str, title: &str, does: &str, standard: &str) -> Lane {
    let look = LOOKS.iter().find(|(known, _, _)| *known == name);
    let words = texts.find(&format!("system-{name}")).unwrap_or_else(|| title.to_owned());
    let does = texts.find(&format!("system-{name}-does")).unwrap_or_else(|| does.to_owned());
    Lane {
        id: name.into(),
        does,
        standard: standard.into(),
        code: look.map_or_else(|| initials(&words), |(_, code, _)| (*code).into()),
        colour: look.map_or_else(|| colour_of(name), |(_, _, colour)| *colour),
        name: words,
    }
}

/// The place of a system in the order in which stories mostly meet them; strangers come last.
pub fn usual_place(name: &str) -> usize {
    LOOKS.iter().position(|(known, _, _)| *known == name).unwrap_or(LOOKS.len())
}

/// The lane of a person: given name, and the mark of a phone.
pub fn person_lane(id: &str, name: &str, does: &str) -> Lane {
    let given = name.split(' ').next().unwrap_or(name);
    Lane {
        id: id.into(),
        name: given.into(),
        does: does.into(),
        standard: String::new(),
        // Two letters of one name: a system's code is mostly made of two words.
        code: initials(given),
        colour: PERSON_COLOUR,
    }
}

/// A name in place of an id that nobody has described: `treasury_bank` becomes "Treasury bank".
pub fn spoken(id: &str) -> String {
    let words = id.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// The lanes of a page by id, with a lane made for whoever is asked for and not known.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(transparent)]
pub struct Lanes(BTreeMap<String, Lane>);

impl Lanes {
    /// Adds a lane.
    pub fn add(&mut self, lane: Lane) {
        self.0.insert(lane.id.clone(), lane);
    }

    /// The lane of this id.
    pub fn get(&self, id: &str) -> Lane {
        self.0.get(id).cloned().unwrap_or_else(|| {
            let name = spoken(id);
            Lane {
                id: id.into(),
                does: String::new(),
                standard: String::new(),
                code: initials(&name),
                colour: colour_of(id),
                name,
            }
        })
    }

    /// All lanes, by id.
    pub fn all(&self) -> impl Iterator<Item = &Lane> {
        self.0.values()
    }
}

fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    match (words.next(), words.next()) {
        (Some(a), Some(b)) => {
            let first = a.chars().take(1).chain(b.chars().take(1));
            first.flat_map(char::to_uppercase).collect()
        }
        (Some(a), None) => a.chars().take(2).collect(),
        _ => String::from("?"),
    }
}

/// The same arithmetic as in `page.js`, so that a stranger's lane has one colour on every page.
fn colour_of(id: &str) -> u8 {
    let sum = id.chars().fold(0_u32, |sum, letter| (sum * 31 + u32::from(letter)) % 9973);
    u8::try_from(sum % COLOURS).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stranger_gets_a_name_a_code_and_a_colour() {
        let lane = Lanes::default().get("harbour_office");
        assert_eq!((lane.name.as_str(), lane.code.as_str()), ("Harbour office", "HO"));
        assert!(u32::from(lane.colour) < COLOURS);
    }

    #[test]
    fn every_system_has_its_looks_and_nobody_else() {
        let mut known = LOOKS.map(|(name, _, _)| name);
        let mut systems: Vec<_> = mocks::ALL.iter().map(|system| system.name).collect();
        known.sort_unstable();
        systems.sort_unstable();
        assert_eq!(known.as_slice(), systems);
    }

    #[test]
    fn two_systems_of_the_pension_story_never_share_a_colour() {
        let pension = [
            "programme_office",
            "identity",
            "gateway",
            "civil_registry",
            "social_registry",
            "beneficiary_registry",
            "account_mapper",
            "payment_hub",
            "payment_switch",
            "treasury",
            "greenbank",
            "messenger",
            "statistics",
        ];
        let mut colours: Vec<_> =
            LOOKS.iter().filter(|(n, _, _)| pension.contains(n)).map(|(_, _, c)| *c).collect();
        colours.push(PERSON_COLOUR);
        colours.sort_unstable();
        colours.dedup();
        assert_eq!(colours.len(), pension.len() + 1);
    }
}
