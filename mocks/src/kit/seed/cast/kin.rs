//! How the roster is written: a family, its people in words, its weddings.

use jiff::civil::Date;

use super::super::account::Bank;
use super::super::days::{TODAY, age_on, day_of};
use super::super::disability::Disability;
use super::super::draft::{Draft, Ending, Home, Purse, Seat, Wedding};
use super::super::household::PovertyScore;
use super::super::names::{FamilyName, GivenName};
use super::super::person::{Language, MaritalStatus, Role, Sex};
use super::super::places::Community;
use super::super::work::{Education, Employment, Trade, Work};
use super::slot;

/// Nobody of the cast has more people at the table.
pub(super) const SEATS: u32 = 16;

/// A household of the cast. Families keep their number and people their seat for ever, because both make the UIN.
#[derive(Debug)]
pub(super) struct Family {
    pub(super) number: u32,
    pub(super) community: Community,
    /// The poverty score times ten.
    pub(super) score: u16,
    pub(super) language: Language,
    pub(super) people: &'static [Kin],
    pub(super) vows: &'static [Vow],
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Kin {
    pub(super) key: &'static str,
    pub(super) mother: Option<&'static str>,
    pub(super) father: Option<&'static str>,
    given: GivenName,
    family: FamilyName,
    sex: Sex,
    born: Date,
    role: Role,
    died: Option<Date>,
    work: Option<Work>,
    purse: Option<Purse>,
    disability: Option<Disability>,
}

/// A marriage of the cast; a name that is not at the table is somebody unknown.
#[derive(Debug)]
pub(super) struct Vow {
    pub(super) husband: &'static str,
    pub(super) wife: &'static str,
    pub(super) on: Date,
    /// The day on which one of them died.
    pub(super) until: Option<Date>,
}

pub(super) const fn woman(
    key: &'static str,
    (given, family): (&str, &str),
    born: Date,
    role: Role,
) -> Kin {
    kin(key, (given, family), Sex::Female, (born, role))
}

pub(super) const fn man(
    key: &'static str,
    (given, family): (&str, &str),
    born: Date,
    role: Role,
) -> Kin {
    kin(key, (given, family), Sex::Male, (born, role))
}

const fn kin(
    key: &'static str,
    (given, family): (&str, &str),
    sex: Sex,
    (born, role): (Date, Role),
) -> Kin {
    Kin {
        key,
        mother: None,
        father: None,
        given: GivenName::of(given),
        family: FamilyName::of(family),
        sex,
        born,
        role,
        died: None,
        work: None,
        purse: None,
        disability: None,
    }
}

impl Kin {
    /// The keys of mother and father.
    pub(super) const fn of(
        mut self,
        mother: Option<&'static str>,
        father: Option<&'static str>,
    ) -> Self {
        self.mother = mother;
        self.father = father;
        self
    }

    pub(super) const fn works(
        mut self,
        employment: Employment,
        trade: Trade,
        education: u8,
    ) -> Self {
        let education = Education::of(education);
        self.work = Some(Work { education, employment, trade: Some(trade) });
        self
    }

    pub(super) const fn wallet(mut self) -> Self {
        self.purse = Some(Purse { bank: Bank::Greenbank, closed: false });
        self
    }

    pub(super) const fn account(mut self) -> Self {
        self.purse = Some(Purse { bank: Bank::Pinkbank, closed: false });
        self
    }

    pub(super) const fn closed_account(mut self) -> Self {
        self.purse = Some(Purse { bank: Bank::Pinkbank, closed: true });
        self
    }

    pub(super) const fn certified(mut self, disability: Disability) -> Self {
        self.disability = Some(disability);
        self
    }

    pub(super) const fn died(mut self, on: Date) -> Self {
        self.died = Some(on);
        self
    }
}

impl Family {
    /// The household as the register takes it.
    pub(super) fn draft(&self) -> Home {
        let number = u16::try_from(self.number).unwrap_or(0);
        let mut home = Home {
            community: self.community,
            score: PovertyScore::from_tenths(self.score),
            language: self.language,
            street: u8::try_from(self.number % 12).unwrap_or(0),
            house: 3 + number * 7 % 90,
            registered: day_of(jiff::civil::date(2022, 3, 1)) + i32::from(number) * 9,
            updated: day_of(jiff::civil::date(2026, 2, 1)) + i32::from(number) * 4,
            table: Vec::new(),
            weddings: Vec::new(),
        };
        home.table = (0..).zip(self.people).map(|(seat, kin)| self.seat(seat, kin)).collect();
        home.weddings = self.vows.iter().map(|vow| self.wedding(vow)).collect();
        home
    }

    fn seat_of(&self, key: &str) -> Option<Seat> {
        let seat = self.people.iter().position(|kin| kin.key == key)?;
        Seat::try_from(seat).ok()
    }

    fn wedding(&self, vow: &Vow) -> Wedding {
        Wedding {
            husband: self.seat_of(vow.husband),
            wife: self.seat_of(vow.wife),
            day: day_of(vow.on),
            ended: vow.until.map(|date| Ending::Death(day_of(date))),
        }
    }

    fn seat(&self, seat: u32, kin: &Kin) -> Draft {
        let vow = self.vows.iter().find(|vow| vow.husband == kin.key || vow.wife == kin.key);
        let marital = match vow {
            None => MaritalStatus::Single,
            Some(vow) if vow.until.is_some() && kin.died.is_none() => MaritalStatus::Widowed,
            Some(_) => MaritalStatus::Married,
        };
        Draft {
            given: kin.given,
            family: kin.family,
            sex: kin.sex,
            born: day_of(kin.born),
            birth_place: self.community,
            role: kin.role,
            mother: kin.mother.and_then(|key| self.seat_of(key)),
            father: kin.father.and_then(|key| self.seat_of(key)),
            marital,
            died: kin.died.map(day_of),
            work: kin.work.unwrap_or_else(|| without_trade(age_on(kin.born, TODAY))),
            disability: kin.disability,
            purse: kin.purse,
            slot: Some(slot(self.number, seat)),
        }
    }
}

/// School for the young, the house for everybody else.
fn without_trade(age: u8) -> Work {
    let (level, employment) = match age {
        0..6 => (0, Employment::Child),
        6..12 => (1, Employment::Student),
        12..18 => (2, Employment::Student),
        _ => (2, Employment::AtHome),
    };
    Work { education: Education::of(level), employment, trade: None }
}
