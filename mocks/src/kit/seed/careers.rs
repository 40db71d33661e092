//! Careers: who works, or worked last, for which employer, and the months paid into the insurance (DCI ESS code lists).

use jiff::civil::{Date, date};

use super::cast::Cast;
use super::days::date_of;
use super::dice::{Dice, Purpose};
use super::person::Person;
use super::work::{Employment, Trade};

/// DCI `EmploymentType`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Contract {
    Permanent,
    FixedTerm,
    Casual,
    Seasonal,
    Apprentice,
}

/// The latest job of somebody.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Career {
    /// The index of the person.
    pub person: usize,
    pub trade: Trade,
    pub employer: &'static str,
    pub contract: Contract,
    pub started: Date,
    /// The last day, and why: DCI `UnemploymentReason`, 1 dismissed to 8 other reasons.
    pub ended: Option<(Date, u8)>,
    /// The average monthly wage in minor units: 64000 is 640.00 XTS.
    pub wage_minor: u32,
    /// One bit for each month with a contribution; the lowest is September 2026.
    months: u32,
}

/// The latest month that a contribution can have been paid for: year and month.
#[cfg(test)]
const LATEST: (i16, i8) = (2026, 9);

static EMPLOYERS: [&str; 10] = [
    "Maresa Packing House",
    "Dellin River Works",
    "Altena Growers",
    "Norra Clinic",
    "Arenoa Schools",
    "Harbour Stores",
    "Salt Road Transport",
    "Brightwater Builders",
    "Four Winds Inn",
    "Lantern Offices",
];

impl Contract {
    /// The digit of DCI `EmploymentType`.
    pub fn code(self) -> u8 {
        match self {
            Self::Permanent => 1,
            Self::FixedTerm => 2,
            Self::Casual => 3,
            Self::Seasonal => 4,
            Self::Apprentice => 5,
        }
    }
}

impl Career {
    /// How many of the latest `months` (24 at most) have a contribution.
    pub fn contributions(&self, months: u32) -> u32 {
        let window = 1_u32.checked_shl(months.min(24)).map_or(u32::MAX, |bit| bit - 1);
        (self.months & window).count_ones()
    }

    /// The months of the latest 24 that have a contribution, as year and month, the latest first.
    #[cfg(test)]
    pub fn contribution_months(&self) -> impl Iterator<Item = (i16, i8)> {
        let paid = (0..24_u8).filter(|back| self.months >> back & 1 == 1);
        paid.map(|back| {
            let total = i32::from(LATEST.0) * 12 + i32::from(LATEST.1) - 1 - i32::from(back);
            let year = i16::try_from(total / 12).unwrap_or(LATEST.0);
            (year, i8::try_from(total % 12 + 1).unwrap_or(LATEST.1))
        })
    }
}

/// The careers that stories speak of.
fn of_the_cast(cast: &Cast) -> impl Iterator<Item = Career> {
    let rows = [
        // A packer with 19 of 24 months and 640 a month, dismissed on 15 September.
        ("ravi", Trade::Packer, 0, date(2025, 2, 24), Some((date(2026, 9, 15), 1)), 64_000, 19),
        // A clerk with 11 of 12 months and 520 a month.
        ("sara", Trade::Clerk, 9, date(2025, 10, 27), None, 52_000, 11),
        ("daniel", Trade::Builder, 7, date(2021, 3, 1), Some((date(2025, 8, 22), 4)), 49_000, 0),
        ("lena", Trade::Clerk, 3, date(2024, 1, 8), None, 47_500, 24),
    ];
    rows.into_iter().filter_map(|(key, trade, employer, started, ended, wage_minor, paid)| {
        Some(Career {
            person: cast.find(key)?,
            trade,
            employer: EMPLOYERS[employer],
            contract: Contract::Permanent,
            started,
            ended,
            wage_minor,
            months: (1_u32 << paid) - 1,
        })
    })
}

/// The latest job of everybody who is employed, or was.
pub(super) fn careers(seed: u64, cast: &Cast, people: &[Person]) -> Vec<Career> {
    let mut dice = Dice::new(seed, Purpose::Careers);
    let mut careers: Vec<Career> = of_the_cast(cast).collect();
    for person in people.iter().skip(cast.persons).filter(|person| person.is_alive()) {
        let Some(trade) = person.trade else { continue };
        match person.employment {
            Employment::Employee => careers.push(any(&mut dice, person, trade, false)),
            Employment::Unemployed => careers.push(any(&mut dice, person, trade, true)),
            _ => {}
        }
    }
    careers.sort_by_key(|career| career.person);
    careers
}

fn any(dice: &mut Dice, person: &Person, trade: Trade, over: bool) -> Career {
    let since_eighteen = (i32::from(person.age()) - 18) * 365;
    let end = if over { dice.between(-700, -20) } else { 0 };
    let start = end - 30 - dice.between(0, since_eighteen.clamp(0, 4_000));
    let reason = dice.weigh(&[(40, 1), (25, 2), (12, 3), (8, 4), (5, 5), (10, 8)]);
    let tenths = u32::from(person.education.code()) * 55 + dice.below(300);
    Career {
        person: person.index as usize,
        trade,
        employer: dice.pick(&EMPLOYERS),
        contract: dice.weigh(&[
            (50, Contract::Permanent),
            (22, Contract::FixedTerm),
            (14, Contract::Casual),
            (10, Contract::Seasonal),
            (4, Contract::Apprentice),
        ]),
        started: date_of(start),
        ended: over.then(|| (date_of(end), reason)),
        wage_minor: (260 + tenths) * 100,
        months: contributions(dice, start, end),
    }
}

/// Most months of the job are paid; an employer forgets one in twelve.
fn contributions(dice: &mut Dice, start: i32, end: i32) -> u32 {
    (0..24).fold(0, |months, back| {
        let middle = -15 - back * 365 / 12;
        let paid = (start..=end).contains(&middle) && dice.chance(917);
        months | u32::from(paid) << back
    })
}
