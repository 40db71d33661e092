//! Everybody whose birth was registered, as the civil registry knows them: with its own mistakes about some of the cast.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rusqlite::{Statement, params};
use standards::dci::records::{CrvsPerson, Identifier, IdentifierType, MaritalStatus, Name, Sex};

use super::model::place::{address_in, place_of};
use super::store::people::updated;
use crate::kit::registry::folded;
use crate::kit::seed::{EntryNumber, Household, Marriage, People, Person, Quirk};
use crate::kit::store::{Transaction, unwritable};

pub(super) fn seed(people: &People, tx: &Transaction<'_>) -> rusqlite::Result<()> {
    let mut insert = tx.prepare(
        "insert into person (number, uin, brn, mrn, drn, given_name, surname, sex, birth_date, birth_place, death_date,
           marital_status, region, district, locality, registered, parent1, parent2, record, updated, divorce_date)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21)",
    )?;
    let mut serials = BTreeMap::new();
    for person in people.persons() {
        if let Some(entry) = Entry::of(people, person) {
            entry.insert(&mut insert)?;
            entry.count(&mut serials);
        }
    }
    for (series, last) in serials {
        tx.execute("insert into serial (name, last) values ($1, $2)", params![series, last])?;
    }
    Ok(())
}

/// What the registry believes about a person.
struct Entry<'a> {
    people: &'a People,
    person: &'a Person,
    birth_date: Date,
    death: Option<(Date, String)>,
}

impl<'a> Entry<'a> {
    fn of(people: &'a People, person: &'a Person) -> Option<Self> {
        let mut birth_date = person.birth_date;
        let mut death = person.death.map(|d| (d.date, d.number().to_string()));
        for quirk in people.quirks(person.index as usize) {
            match quirk {
                Quirk::NoCivilRecord => return None,
                Quirk::CivilBirthDate(date) => birth_date = *date,
                Quirk::DeadInCivilRegistryOnly { on } => {
                    // Nobody else knows of it, so its number is behind all others of that year.
                    death = Some((*on, format!("DRN-{}-{:04}", on.year(), 9000 + person.index)));
                }
                _ => {}
            }
        }
        Some(Self { people, person, birth_date, death })
    }

    fn insert(&self, insert: &mut Statement<'_>) -> rusqlite::Result<()> {
        let Self { people, person, .. } = self;
        let marriage = people.marriage_of(person);
        let community = person.community;
        let death = self.death.as_ref();
        let record = self.record();
        insert.execute(params![
            i64::from(person.index) + 1,
            person.uin.to_string(),
            person.brn().to_string(),
            marriage.map(|m| m.number().to_string()),
            death.map(|(_, drn)| drn),
            folded(person.given_name()),
            folded(person.family_name()),
            person.sex.code(),
            self.birth_date.to_string(),
            folded(&person.birth_place.name()),
            death.map(|(date, _)| date.to_string()),
            person.marital_status.code(),
            community.province().code(),
            community.district().code(),
            folded(&community.name()),
            self.registered().to_string(),
            person.mother().map(|index| people.person(index).uin.to_string()),
            person.father().map(|index| people.person(index).uin.to_string()),
            record.to_json().map_err(unwritable)?,
            updated(&record),
            record.divorce_date.first(),
        ])?;
        Ok(())
    }

    fn record(&self) -> CrvsPerson {
        let Self { people, person, birth_date, death } = self;
        let marriage = people.marriage_of(person);
        let uin_of =
            |index: usize| numbered(IdentifierType::Uin, people.person(index).uin.to_string());
        let mut identifier = vec![
            numbered(IdentifierType::Uin, person.uin.to_string()),
            numbered(IdentifierType::Brn, person.brn().to_string()),
        ];
        identifier
            .extend(marriage.map(|m| Identifier::new(IdentifierType::Mrn, m.number().to_string())));
        identifier.extend(death.iter().map(|(_, drn)| numbered(IdentifierType::Drn, drn.clone())));
        CrvsPerson {
            ld_id: Some(format!("urn:arenoa:civil-registry:{}", person.uin)),
            identifier,
            name: Some(Name::of(person.given_name(), person.family_name()).inner()),
            sex: Some(Sex::from(person.sex.code())),
            birth_date: Some(birth_date.to_string()),
            birth_place: Some(place_of(person.birth_place)),
            death_date: death.as_ref().map(|(date, _)| date.to_string()),
            address: vec![address_in(
                person.community,
                people.household_of(person).map(Household::address_line),
            )],
            registration_date: Some(self.registered().to_string()),
            last_updated: Some(self.last_updated().to_string()),
            marital_status: Some(MaritalStatus::from(person.marital_status.code())),
            marriage_date: marriage.iter().map(|m| m.date.to_string()).collect(),
            divorce_date: marriage
                .iter()
                .filter_map(|m| m.divorced())
                .map(|d| d.to_string())
                .collect(),
            parent1_identifier: person.mother().map(uin_of),
            parent2_identifier: person.father().map(uin_of),
            ..CrvsPerson::default()
        }
    }

    /// When the birth was registered: so many days after it, also where the registry has another day for it.
    fn registered(&self) -> Date {
        let Person { birth_date, birth_registered, .. } = self.person;
        self.birth_date.saturating_add(*birth_registered - *birth_date)
    }

    /// The day of the latest entry: a death, a divorce, a marriage, or the birth.
    fn last_updated(&self) -> Date {
        let marriage = self.people.marriage_of(self.person);
        let later = [
            self.death.as_ref().map(|(date, _)| *date),
            marriage.map(|m| m.date),
            marriage.and_then(Marriage::divorced),
        ];
        later.into_iter().flatten().fold(self.registered(), Date::max)
    }

    /// Keeps the highest number of each series, so that new entries follow.
    fn count(&self, serials: &mut BTreeMap<String, i64>) {
        let mut keep = |number: EntryNumber| {
            let text = number.to_string();
            let Some((series, _)) = text.rsplit_once('-') else { return };
            let last = serials.entry(series.to_owned()).or_default();
            *last = (*last).max(i64::from(number.serial));
        };
        keep(self.person.brn());
        if let Some(death) = &self.person.death {
            keep(death.number());
        }
        if let Some(marriage) = self.people.marriage_of(self.person) {
            keep(marriage.number());
        }
    }
}

fn numbered(kind: IdentifierType, number: String) -> Identifier {
    Identifier::new(kind, number).inner()
}
