//! Who draws which benefit on the first day: what the beneficiary registry knows (DCI IBR).

use std::collections::BTreeSet;

use jiff::civil::{Date, date};

use super::cast::{Cast, Quirk};
use super::days::{Day, date_of, day_of, years};
use super::dice::{Dice, Purpose};
use super::disability::CertificateStatus;
use super::household::{Household, IncomeLevel};
use super::payroll::{Fate, PayrollLine};
use super::person::{MaritalStatus, Person, Sex};
use super::work::Employment;

/// A programme of the country.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Programme {
    OldAgePension,
    SurvivorAllowance,
    ChildGrant,
    DisabilitySupport,
    GeneralCashTransfer,
    GirlsSchooling,
    ContributoryPension,
}

/// DCI IBR status, by its digit: 1 active, 3 graduated, 4 suspended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EnrolmentStatus {
    Active,
    Graduated,
    Suspended,
}

/// One person in one programme.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Enrolment {
    /// The index of the person: for a household benefit, of its head.
    pub person: usize,
    pub programme: Programme,
    pub since: Date,
    pub status: EnrolmentStatus,
}

/// Households that draw the cash transfer and, against the rules, disability support as well.
const OVERLAPS: usize = 28;

impl Programme {
    /// The three letters that stories and registers use.
    pub fn code(self) -> &'static str {
        match self {
            Self::OldAgePension => "OAP",
            Self::SurvivorAllowance => "SUR",
            Self::ChildGrant => "CHG",
            Self::DisabilitySupport => "DIS",
            Self::GeneralCashTransfer => "GCT",
            Self::GirlsSchooling => "SCH",
            Self::ContributoryPension => "CPF",
        }
    }
}

impl EnrolmentStatus {
    /// The digit of the DCI beneficiary registry.
    pub fn code(self) -> u8 {
        match self {
            Self::Active => 1,
            Self::Graduated => 3,
            Self::Suspended => 4,
        }
    }
}

/// The book of enrolments while it is written.
struct Book<'p> {
    dice: Dice,
    people: &'p [Person],
    on_payroll: BTreeSet<usize>,
    overlaps: usize,
    enrolments: Vec<Enrolment>,
}

/// Everybody's enrolments, in the order of the persons.
pub(super) fn enrolments(
    seed: u64,
    cast: &Cast,
    payroll: &[PayrollLine],
    (people, households): (&[Person], &[Household]),
) -> Vec<Enrolment> {
    let mut book = Book {
        dice: Dice::new(seed, Purpose::Programmes),
        people,
        on_payroll: payroll.iter().map(|line| line.person).collect(),
        overlaps: 0,
        enrolments: Vec::new(),
    };
    book.write_the_cast(cast);
    book.write_the_payroll(payroll, cast.persons);
    for household in households.iter().filter(|household| household.head() >= cast.persons) {
        book.write_household(household);
    }
    book.enrolments.sort_unstable();
    book.enrolments
}

impl Book<'_> {
    fn write_the_cast(&mut self, cast: &Cast) {
        for persona in &cast.personas {
            if persona.quirks.contains(&Quirk::OtherPension) {
                self.put(persona.person, Programme::ContributoryPension, date(2017, 2, 1));
            }
        }
        let known = [
            ("nadia", Programme::GeneralCashTransfer, date(2025, 6, 1)),
            ("josef", Programme::OldAgePension, date(2021, 7, 1)),
        ];
        for (key, programme, since) in known {
            if let Some(index) = cast.find(key) {
                self.put(index, programme, since);
            }
        }
    }

    fn write_the_payroll(&mut self, payroll: &[PayrollLine], cast: usize) {
        for line in payroll.iter().filter(|line| line.person >= cast) {
            let Some(since) = self.since(birthday(&self.people[line.person], 65)) else { continue };
            self.put(line.person, Programme::OldAgePension, since);
            if line.fate == Fate::Conflict {
                self.put(line.person, Programme::ContributoryPension, since);
            }
        }
    }

    fn write_household(&mut self, household: &Household) {
        let poor = household.score.tenths();
        let eligible = poor < 300 && household.size() >= 2 && self.dice.chance(640);
        let cash = eligible
            && self.put_since(household.head(), Programme::GeneralCashTransfer, -1_500)
                == Some(EnrolmentStatus::Active);
        for index in household.members() {
            self.write_person(index, poor);
        }
        if household.income_level() == IncomeLevel::Low {
            self.write_support(household, cash);
        }
    }

    fn write_person(&mut self, index: usize, poor: u16) {
        let people = self.people;
        let person = &people[index];
        let age = person.age();
        if age < 6 && self.dice.chance(760) {
            self.put_since(index, Programme::ChildGrant, day_of(person.birth_date) + 30);
        }
        let schoolgirl = person.sex == Sex::Female && person.employment == Employment::Student;
        if schoolgirl && (11..18).contains(&age) && poor < 350 && self.dice.chance(700) {
            self.put_since(index, Programme::GirlsSchooling, birthday(person, 11));
        }
        if age < 60 || self.on_payroll.contains(&index) {
            return;
        }
        let widowed = person.marital_status == MaritalStatus::Widowed;
        // A third of those without the old age pension: a fifth of everybody over 59.
        let programme = if self.dice.chance(350) {
            Programme::ContributoryPension
        } else if widowed && poor < 400 && self.dice.chance(500) {
            Programme::SurvivorAllowance
        } else {
            return;
        };
        if let Some(since) = self.since(birthday(person, 60)) {
            self.put(index, programme, since);
        }
    }

    /// Disability support goes to households that have somebody with a severe disability, unless they draw cash
    /// already; a few slipped through.
    fn write_support(&mut self, household: &Household, cash: bool) {
        let people = self.people;
        let eligible = people[household.members()].iter().find_map(|person| {
            let disability = person.disability?;
            let approved = disability.status == CertificateStatus::Approved;
            (approved && disability.level <= 2).then_some(disability)
        });
        let Some(disability) = eligible else { return };
        let slips_through = cash && self.overlaps < OVERLAPS;
        if slips_through || !cash && self.dice.chance(650) {
            let Some(since) = self.since(day_of(disability.registered) + 30) else { return };
            self.overlaps += usize::from(slips_through);
            self.put(household.head(), Programme::DisabilitySupport, since);
        }
    }

    /// The first of some month after `earliest`; `None` when that is too fresh to have been decided.
    fn since(&mut self, earliest: Day) -> Option<Date> {
        let earliest = earliest.max(-3_000);
        let day = (earliest <= -32).then(|| self.dice.between(earliest, -32))?;
        date_of(day).last_of_month().tomorrow().ok()
    }

    fn put(&mut self, person: usize, programme: Programme, since: Date) {
        let status = EnrolmentStatus::Active;
        self.enrolments.push(Enrolment { person, programme, since, status });
    }

    /// Enrols somebody some time after `earliest`; a few are suspended by now or have graduated.
    fn put_since(
        &mut self,
        person: usize,
        programme: Programme,
        earliest: Day,
    ) -> Option<EnrolmentStatus> {
        let since = self.since(earliest)?;
        let status = self.dice.weigh(&[
            (94, EnrolmentStatus::Active),
            (4, EnrolmentStatus::Graduated),
            (2, EnrolmentStatus::Suspended),
        ]);
        self.enrolments.push(Enrolment { person, programme, since, status });
        Some(status)
    }
}

/// The day after which somebody is certainly so old.
fn birthday(person: &Person, age: i32) -> Day {
    day_of(person.birth_date) + years(age) + 2
}
