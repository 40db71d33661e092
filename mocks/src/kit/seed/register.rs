//! The register: turns households on paper into people with numbers, in the order in which they come.

use std::collections::BTreeMap;

use super::account::{Account, Bank};
use super::days::{ADULT, Day, date_of};
use super::draft::{Draft, Ending, Home, Purse, Seat};
use super::household::{Household, Marriage, MarriageEnd};
use super::numbers::{Phone, Source, Uin};
use super::person::{Death, Link, MaritalStatus, Person};

/// Everybody entered so far.
#[derive(Debug, Default)]
pub(super) struct Register {
    pub(super) persons: Vec<Person>,
    pub(super) households: Vec<Household>,
    pub(super) marriages: Vec<Marriage>,
    pub(super) living: usize,
    births: BTreeMap<i16, u32>,
    weddings: BTreeMap<i16, u32>,
    deaths: BTreeMap<i16, u32>,
}

fn next_of(serials: &mut BTreeMap<i16, u32>, year: i16) -> u32 {
    let serial = serials.entry(year).or_default();
    *serial += 1;
    *serial
}

impl Register {
    pub(super) fn with_room_for(people: usize) -> Self {
        Self {
            persons: Vec::with_capacity(people + people / 50 + 64),
            households: Vec::with_capacity(people / 4),
            marriages: Vec::with_capacity(people / 4),
            ..Self::default()
        }
    }

    /// Enters a household and says at which index each seat of its table ended up. The living come first.
    pub(super) fn admit(&mut self, home: &Home) -> Vec<usize> {
        let first = self.persons.len();
        let living = home.living();
        let (mut next, mut late) = (first, first + living);
        let indices: Vec<usize> = home
            .table
            .iter()
            .map(|draft| {
                let counter = if draft.died.is_none() { &mut next } else { &mut late };
                *counter += 1;
                *counter - 1
            })
            .collect();
        let mut order: Vec<usize> = (0..home.table.len()).collect();
        order.sort_by_key(|seat| indices[*seat]);
        let household = Link::to(self.households.len());
        for seat in order {
            let draft = &home.table[seat];
            let mut person = self.enter(draft, home);
            person.household = if draft.died.is_none() { household } else { Link::NONE };
            person.mother = link(draft.mother, &indices);
            person.father = link(draft.father, &indices);
            self.persons.push(person);
        }
        self.living += living;
        self.enter_weddings(home, &indices);
        self.households.push(Household {
            index: u32::try_from(self.households.len()).unwrap_or(u32::MAX),
            community: home.community,
            score: home.score,
            language: home.language,
            registered: date_of(home.registered),
            updated: date_of(home.updated),
            street: home.street,
            house: home.house,
            first: u32::try_from(first).unwrap_or(u32::MAX),
            size: u8::try_from(living).unwrap_or(u8::MAX),
        });
        indices
    }

    fn enter(&mut self, draft: &Draft, home: &Home) -> Person {
        let index = u32::try_from(self.persons.len()).unwrap_or(u32::MAX);
        let source = draft.slot.map_or(Source::Index(index), Source::Roster);
        let uin = Uin::issue(source);
        let grown_up = draft.born + ADULT <= draft.died.unwrap_or(0);
        let phone = if grown_up { Phone::issue(source) } else { None };
        let birth_date = date_of(draft.born);
        Person {
            index,
            uin,
            given: draft.given,
            family: draft.family,
            sex: draft.sex,
            birth_date,
            birth_place: draft.birth_place,
            birth_registered: date_of(registered_after(draft.born, index)),
            community: home.community,
            role: draft.role,
            marital_status: draft.marital,
            language: home.language,
            education: draft.work.education,
            employment: draft.work.employment,
            trade: draft.work.trade,
            phone,
            disability: draft.disability,
            account: draft.purse.map(|purse| account(purse, uin, phone)),
            death: draft.died.map(|day| self.enter_death(day)),
            birth_serial: next_of(&mut self.births, birth_date.year()),
            household: Link::NONE,
            mother: Link::NONE,
            father: Link::NONE,
            spouse: Link::NONE,
            marriage: Link::NONE,
        }
    }

    fn enter_death(&mut self, day: Day) -> Death {
        let date = date_of(day);
        Death { date, serial: next_of(&mut self.deaths, date.year()) }
    }

    fn enter_weddings(&mut self, home: &Home, indices: &[usize]) {
        for wedding in &home.weddings {
            let date = date_of(wedding.day);
            let (husband, wife) = (link(wedding.husband, indices), link(wedding.wife, indices));
            let marriage = Link::to(self.marriages.len());
            for (one, other) in [(husband, wife), (wife, husband)] {
                if let Some(person) = one.get().and_then(|index| self.persons.get_mut(index)) {
                    person.marriage = marriage;
                    person.spouse = other;
                    debug_assert_ne!(person.marital_status, MaritalStatus::Single);
                }
            }
            let ended = wedding.ended.map(|ending| match ending {
                Ending::Divorce(day) => MarriageEnd::Divorce(date_of(day)),
                Ending::Death(day) => MarriageEnd::Death(date_of(day)),
            });
            let serial = next_of(&mut self.weddings, date.year());
            self.marriages.push(Marriage { date, ended, serial, husband, wife });
        }
    }
}

fn link(seat: Option<Seat>, indices: &[usize]) -> Link {
    seat.and_then(|seat| indices.get(usize::from(seat)))
        .map_or(Link::NONE, |index| Link::to(*index))
}

/// Most births are entered within a month.
fn registered_after(born: Day, index: u32) -> Day {
    let delay = Day::try_from(index.wrapping_mul(2_654_435_761) % 28).unwrap_or(0);
    (born + 2 + delay).min(0).max(born)
}

/// An account number that differs from the UIN in every digit but is as unique.
pub(super) fn account_number(uin: Uin) -> u64 {
    99_999_999_999 - uin.number()
}

fn account(purse: Purse, uin: Uin, phone: Option<Phone>) -> Account {
    let wallet = phone.and_then(|phone| phone.msisdn().parse().ok());
    let (bank, number) = match (purse.bank, wallet) {
        (Bank::Greenbank, Some(number)) => (Bank::Greenbank, number),
        _ => (Bank::Pinkbank, account_number(uin)),
    };
    Account { bank, number, closed: purse.closed }
}
