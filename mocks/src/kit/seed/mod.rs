//! The people of the country: made from one number, the same on every machine, with the cast laid over by hand.

mod account;
mod careers;
mod cast;
mod days;
mod dice;
mod disability;
mod draft;
mod families;
mod farms;
mod household;
mod names;
mod numbers;
mod payroll;
mod person;
pub mod places;
mod programmes;
mod register;
#[cfg(test)]
mod tests;
mod work;

pub use account::{Account, Bank};
pub use careers::{Career, Contract};
pub use cast::{ExpectedBirth, Persona, Quirk, cast_account, cast_phone, cast_uin};
pub use days::{TODAY, age_on};
pub use disability::{CertificateStatus, Disability, Impairment};
pub use farms::{Crop, Farm, Hectares, Tenure};
pub use household::{Household, IncomeLevel, Marriage, MarriageEnd, PovertyScore};
pub use names::{FamilyName, GivenName};
pub use numbers::{EntryKind, EntryNumber, Phone, Uin, verhoeff_digit, verhoeff_holds};
pub use payroll::{Fate, PAYROLL_SIZE, PayrollLine};
pub use person::{Death, Language, MaritalStatus, Person, Role, Sex};
pub use programmes::{Enrolment, EnrolmentStatus, Programme};
pub use work::{Education, Employment, Trade};

use std::collections::BTreeMap;
use std::ops::Range;

use cast::Cast;
use dice::{Dice, Purpose};
use register::Register;

/// Everybody who lives in the country, and those whose death its register remembers.
#[derive(Debug)]
pub struct People {
    persons: Vec<Person>,
    households: Vec<Household>,
    marriages: Vec<Marriage>,
    farms: Vec<Farm>,
    careers: Vec<Career>,
    payroll: Vec<PayrollLine>,
    enrolments: Vec<Enrolment>,
    cast: Cast,
    quirks: BTreeMap<usize, Vec<Quirk>>,
    candidates: Range<usize>,
    living: usize,
}

impl People {
    /// Makes `count` living people from `seed`, or only the cast if that is more.
    pub fn generate(seed: u64, count: usize) -> Self {
        Self::with_candidates(seed, count, 0)
    }

    /// As [`People::generate`]; so many of the people, next to the cast, can apply for the old age pension.
    pub fn with_candidates(seed: u64, count: usize, candidates: usize) -> Self {
        let mut register = Register::with_room_for(count);
        let mut cast = Cast::enter(&mut register);
        let candidates = admit_candidates(&mut register, seed, candidates);
        // Like the cast, they are in the registers and in nothing else: no programme, no payroll.
        cast.persons = candidates.end;
        let mut dice = Dice::new(seed, Purpose::Families);
        while register.living < count {
            let home = families::next_home(&mut dice);
            // Towards the end, only a household that still fits may move in; there are households of one.
            if home.living() <= count - register.living {
                register.admit(&home);
            }
        }
        let Register { persons, households, marriages, living, .. } = register;
        let payroll = payroll::payroll(seed, &cast, &persons);
        Self {
            farms: farms::farms(seed, &cast, &persons, &households),
            careers: careers::careers(seed, &cast, &persons),
            enrolments: programmes::enrolments(seed, &cast, &payroll, (&persons, &households)),
            quirks: quirks(&cast, &payroll),
            persons,
            households,
            marriages,
            payroll,
            cast,
            candidates,
            living,
        }
    }

    /// Everybody in the registers: the cast first, the dead among the living.
    pub fn persons(&self) -> &[Person] {
        &self.persons
    }

    /// Everybody who is alive on the first day.
    pub fn living(&self) -> impl Iterator<Item = &Person> {
        self.persons.iter().filter(|person| person.is_alive())
    }

    /// How many are alive on the first day.
    pub fn population(&self) -> usize {
        self.living
    }

    /// The person at `index`.
    ///
    /// # Panics
    /// When nobody has that index: an index comes from this country's own lists.
    pub fn person(&self, index: usize) -> &Person {
        &self.persons[index]
    }

    /// The person with that number, without a search.
    pub fn by_uin(&self, uin: Uin) -> Option<&Person> {
        let index = match self.cast.by_uin.get(&uin) {
            Some(index) => *index,
            None => usize::try_from(uin.index()?).ok()?,
        };
        self.persons.get(index).filter(|person| person.uin == uin)
    }

    /// All households, those of the cast first.
    pub fn households(&self) -> &[Household] {
        &self.households
    }

    /// The household a person lives in.
    pub fn household_of(&self, person: &Person) -> Option<&Household> {
        self.households.get(person.household()?)
    }

    /// The members of a household; the head comes first.
    pub fn members(&self, household: &Household) -> &[Person] {
        &self.persons[household.members()]
    }

    /// All marriages in the civil register, the ended ones too.
    pub fn marriages(&self) -> &[Marriage] {
        &self.marriages
    }

    /// The latest marriage of a person.
    pub fn marriage_of(&self, person: &Person) -> Option<&Marriage> {
        self.marriages.get(person.marriage()?)
    }

    /// The personas of the stories.
    pub fn cast(&self) -> &[Persona] {
        &self.cast.personas
    }

    /// The persona with that id: `tomas`.
    pub fn persona(&self, id: &str) -> Option<&Persona> {
        self.cast.personas.iter().find(|persona| persona.id == id)
    }

    /// The person with that name in the roster, personas and their relatives alike: `tomas`, `mira_amaro`.
    pub fn named(&self, key: &str) -> Option<&Person> {
        self.cast.find(key).map(|index| self.person(index))
    }

    /// What single systems believe differently about this person, of the cast or of the payroll.
    pub fn quirks(&self, index: usize) -> &[Quirk] {
        self.quirks.get(&index).map_or(&[], Vec::as_slice)
    }

    /// The plots and their farmers.
    pub fn farms(&self) -> &[Farm] {
        &self.farms
    }

    /// The latest jobs of those who are employed, or were, in the order of the persons.
    pub fn careers(&self) -> &[Career] {
        &self.careers
    }

    /// The career of one person, if there was one.
    pub fn career_of(&self, index: usize) -> Option<&Career> {
        let at = self.careers.binary_search_by_key(&index, |career| career.person).ok()?;
        self.careers.get(at)
    }

    /// The pension payroll of October.
    pub fn payroll(&self) -> &[PayrollLine] {
        &self.payroll
    }

    /// Who draws which benefit on the first day, in the order of the persons.
    pub fn enrolments(&self) -> &[Enrolment] {
        &self.enrolments
    }

    /// The enrolments of one person.
    pub fn enrolments_of(&self, index: usize) -> &[Enrolment] {
        let first = self.enrolments.partition_point(|enrolment| enrolment.person < index);
        let rest = &self.enrolments[first..];
        &rest[..rest.partition_point(|enrolment| enrolment.person == index)]
    }

    /// Whether the person belongs to the cast or to a family of the cast.
    pub fn is_cast(&self, index: usize) -> bool {
        index < self.cast.persons
    }

    /// Those who were made to apply.
    pub fn candidates(&self) -> &[Person] {
        &self.persons[self.candidates.clone()]
    }

    /// The births that stories will bring.
    pub fn expected_births(&self) -> &[ExpectedBirth] {
        &self.cast.births
    }

    /// The cast as developers see it.
    pub fn cast_cards(&self) -> serde_json::Value {
        self.cast().iter().map(|persona| self.card(persona)).collect()
    }

    fn card(&self, persona: &Persona) -> serde_json::Value {
        let person = self.person(persona.person);
        serde_json::json!({
            "id": persona.id,
            "name": persona.name,
            "story": persona.story,
            "expected": persona.expected,
            "uin": person.uin.to_string(),
            "brn": person.brn().to_string(),
            "birth_date": person.birth_date.to_string(),
            "age": person.age(),
            "phone": person.phone.map(|phone| phone.to_string()),
            "community": person.community.code(),
            "household": self.household_of(person).map(Household::number),
        })
    }
}

fn admit_candidates(register: &mut Register, seed: u64, count: usize) -> Range<usize> {
    let first = register.persons.len();
    let mut dice = Dice::new(seed, Purpose::Candidates);
    for _ in 0..count {
        register.admit(&families::candidate(&mut dice));
    }
    first..register.persons.len()
}

fn quirks(cast: &Cast, payroll: &[PayrollLine]) -> BTreeMap<usize, Vec<Quirk>> {
    let mut quirks: BTreeMap<usize, Vec<Quirk>> = BTreeMap::new();
    for persona in cast.personas.iter().filter(|persona| !persona.quirks.is_empty()) {
        quirks.insert(persona.person, persona.quirks.clone());
    }
    for line in payroll.iter().filter(|line| line.person >= cast.persons) {
        if let Some(quirk) = line.quirk() {
            quirks.entry(line.person).or_default().push(quirk);
        }
    }
    quirks
}
