//! Births: who may be entered as born, when it is late, and what may be the same birth twice.

use jiff::civil::Date;
use serde_json::json;
use standards::age::full_years;
use standards::dci::records::{CrvsPerson, Identifier, IdentifierType, MaritalStatus, Name, Sex};

use super::declaration::{self, FormName, Parent};
use super::event::Fields;
use super::known::{Known, not_ahead};
use super::place::{address_in, community, place};
use super::refusal::Refusal;

/// A birth is to be entered within so many days, and is late after so many.
const TARGET_DAYS: i32 = 30;
const LATE_DAYS: i32 = 365;
/// A parent is at least so old.
pub(in crate::civil_registry) const LEAST_AGE: i16 = 12;
/// A mother is at most so old.
const OLDEST_MOTHER: i16 = 60;
/// Another birth of the same mother comes at once (a twin) or after so many days.
const BETWEEN_BIRTHS_DAYS: i32 = 180;
/// A father may have died so many days before.
pub(super) const AFTER_FATHER_DAYS: i32 = 300;
/// Names that differ in so many letters may be the same.
const SIMILAR: usize = 2;

/// Arenoa ID issues numbers to children below this age who have a known parent; others come in person.
const NUMBER_BELOW_AGE: i16 = 10;

/// A birth as it is declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::civil_registry) struct Birth {
    pub(in crate::civil_registry) name: FormName,
    pub(in crate::civil_registry) sex: String,
    pub(in crate::civil_registry) date: Date,
    pub(in crate::civil_registry) place: Option<String>,
    /// The identity number of somebody who is entered late and has one already.
    pub(in crate::civil_registry) uin: Option<String>,
    pub(in crate::civil_registry) mother: Parent,
    pub(in crate::civil_registry) father: Parent,
}

/// What the register knows that matters for a birth.
#[derive(Debug, Clone, Default)]
pub(in crate::civil_registry) struct Family {
    pub(in crate::civil_registry) mother: Option<Known>,
    pub(in crate::civil_registry) father: Option<Known>,
    /// The mother's children so far.
    pub(in crate::civil_registry) siblings: Vec<Known>,
    /// Who bears the child's number already.
    pub(in crate::civil_registry) namesake: Option<Known>,
}

impl Birth {
    /// Reads a declaration.
    pub(in crate::civil_registry) fn read(fields: &Fields) -> Result<Self, Refusal> {
        const SEX: &str = "write male, female, other or unknown";
        let sex = declaration::text(fields, "child.gender", SEX)?.to_lowercase();
        if !["male", "female", "other", "unknown"].contains(&sex.as_str()) {
            return Err(Refusal::Field("child.gender".into(), SEX));
        }
        Ok(Self {
            name: declaration::name(fields, "child.name")?,
            sex,
            date: declaration::date(fields, "child.dob")?,
            place: declaration::may(fields, "child.placeOfBirth")?,
            uin: declaration::may(fields, "child.nid")?,
            mother: declaration::parent(fields, "mother")?,
            father: declaration::parent(fields, "father")?,
        })
    }

    /// Whether it may be entered on the day `today`. Gives the entries that may be the same birth.
    pub(in crate::civil_registry) fn check(
        &self,
        family: &Family,
        today: Date,
    ) -> Result<Vec<String>, Refusal> {
        not_ahead(self.date, today)?;
        if let Some(known) = &family.namesake {
            return Err(Refusal::BornTwice(entry_of(known)));
        }
        if self.mother.number().is_some() && self.mother == self.father {
            return Err(Refusal::SameParent);
        }
        if let Some(mother) = &family.mother {
            self.check_parent(mother, 0)?;
            must_not_be(mother, &Sex::Male, "mother")?;
            let age = full_years(mother.birth_date, self.date);
            if age > OLDEST_MOTHER {
                return Err(Refusal::MotherTooOld(mother.called().into(), age, OLDEST_MOTHER));
            }
        }
        if let Some(father) = &family.father {
            self.check_parent(father, AFTER_FATHER_DAYS)?;
            must_not_be(father, &Sex::Female, "father")?;
        }
        self.compare(&family.siblings)
    }

    fn check_parent(&self, parent: &Known, after_days: i32) -> Result<(), Refusal> {
        let age = full_years(parent.birth_date, self.date);
        if age < LEAST_AGE {
            return Err(Refusal::ParentTooYoung(parent.called().into(), age, LEAST_AGE));
        }
        match parent.death_date() {
            Some(died) if days(died, self.date) > after_days => {
                Err(Refusal::ParentDead(parent.called().into(), died))
            }
            _ => Ok(()),
        }
    }

    fn compare(&self, siblings: &[Known]) -> Result<Vec<String>, Refusal> {
        let mut similar = Vec::new();
        for sibling in siblings {
            let apart = days(sibling.birth_date, self.date).abs();
            if apart > 1 && apart < BETWEEN_BIRTHS_DAYS {
                return Err(Refusal::TooSoon(sibling.birth_date, entry_of(sibling)));
            }
            if apart > 1 {
                continue;
            }
            let given = sibling.record.name.as_ref().and_then(|name| name.given_name.as_deref());
            let (own, other) =
                (self.name.first.to_lowercase(), given.unwrap_or_default().to_lowercase());
            if own == other && apart == 0 {
                return Err(Refusal::BornTwice(entry_of(sibling)));
            }
            if strsim::damerau_levenshtein(&own, &other) <= SIMILAR {
                similar.push(entry_of(sibling));
            }
        }
        Ok(similar)
    }

    /// The flags of an entry made on the day `today`.
    pub(in crate::civil_registry) fn flags(&self, today: Date) -> Vec<&'static str> {
        let late = days(self.date, today);
        if late > LATE_DAYS {
            vec!["late-registration"]
        } else if late > TARGET_DAYS {
            vec!["delayed-registration"]
        } else {
            Vec::new()
        }
    }

    /// Whether Arenoa ID is asked for a number.
    pub(in crate::civil_registry) fn gets_number(&self, today: Date) -> bool {
        let has_parent = self.mother.number().or(self.father.number()).is_some();
        self.uin.is_none() && has_parent && full_years(self.date, today) < NUMBER_BELOW_AGE
    }

    /// The child's record under the entry `brn`.
    pub(in crate::civil_registry) fn entered(
        &self,
        family: &Family,
        brn: &str,
        today: Date,
    ) -> CrvsPerson {
        let id = |kind, number: &str| Identifier::new(kind, number).inner();
        let mut identifier: Vec<Identifier> =
            self.uin.iter().map(|uin| id(IdentifierType::Uin, uin)).collect();
        identifier.push(id(IdentifierType::Brn, brn));
        let mut name = Name::of(&self.name.first, &self.name.surname);
        name.second_name.clone_from(&self.name.middle);
        // A child lives with its mother, or its father, or where it was born.
        let parent = family.mother.as_ref().or(family.father.as_ref());
        let home = parent.and_then(|parent| parent.record.address.first().cloned());
        let born_in = || Some(address_in(community(self.place.as_deref()?)?, None));
        let parent_of = |parent: &Parent| parent.number().map(|uin| id(IdentifierType::Uin, uin));
        CrvsPerson {
            ld_id: Some(format!("urn:arenoa:civil-registry:{brn}")),
            identifier,
            name: Some(name.inner()),
            sex: Some(Sex::from(self.sex.as_str())),
            birth_date: Some(self.date.to_string()),
            birth_place: self.place.as_deref().map(place),
            address: home.or_else(born_in).into_iter().collect(),
            registration_date: Some(today.to_string()),
            last_updated: Some(today.to_string()),
            marital_status: Some(MaritalStatus::NeverMarried),
            parent1_identifier: parent_of(&self.mother),
            parent2_identifier: parent_of(&self.father),
            ..CrvsPerson::default()
        }
    }

    /// Names that the register knows and the form left out.
    pub(in crate::civil_registry) fn known_names(family: &Family) -> Fields {
        let mut fields = Fields::new();
        for (who, parent) in [("mother", &family.mother), ("father", &family.father)] {
            if let Some(parent) = parent {
                fields.extend(names(who, parent));
            }
        }
        fields
    }
}

/// Name and birth date of somebody as form fields.
pub(in crate::civil_registry) fn names(who: &str, person: &Known) -> Fields {
    let name = person.record.name.as_ref();
    let part = |part: Option<&String>| part.cloned().unwrap_or_default();
    let first = part(name.and_then(|n| n.given_name.as_ref()));
    let surname = part(name.and_then(|n| n.surname.as_ref()));
    Fields::from([
        (format!("{who}.name"), FormName::value(&first, &surname)),
        (format!("{who}.dob"), json!(person.birth_date.to_string())),
    ])
}

/// A mother is no man and a father no woman; of whom the register knows no sex, the word of whoever reports is taken.
fn must_not_be(parent: &Known, sex: &Sex, role: &'static str) -> Result<(), Refusal> {
    if parent.record.sex.as_ref() == Some(sex) {
        return Err(Refusal::WrongSex(parent.called().into(), sex.to_string(), role));
    }
    Ok(())
}

/// How many days after `from` the day `to` is.
pub(in crate::civil_registry) fn days(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

fn entry_of(person: &Known) -> String {
    person.id(&IdentifierType::Brn).unwrap_or("an entry without a number").to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::known::somebody;
    use super::*;
    use jiff::civil::date;

    fn ada(on: Date) -> Birth {
        Birth {
            name: FormName { first: "Ada".into(), middle: None, surname: "Ortal".into() },
            sex: "female".into(),
            date: on,
            place: Some("QN010101".into()),
            uin: None,
            mother: Parent::Number("lena".into()),
            father: Parent::Number("milan".into()),
        }
    }

    fn family() -> Family {
        let mother = Some(somebody("lena", date(1998, 6, 12)));
        Family { mother, father: Some(somebody("milan", date(1996, 1, 1))), ..Family::default() }
    }

    fn sibling(given: &str, on: Date) -> Known {
        let mut child = somebody("child", on);
        child.record.name = Some(Name::of(given, "Ortal"));
        child
    }

    const TODAY: Date = date(2026, 10, 10);
    const BORN: Date = date(2026, 10, 4);

    #[test]
    fn a_birth_is_neither_tomorrow_nor_of_children_nor_of_the_long_dead() {
        assert_eq!(ada(BORN).check(&family(), TODAY), Ok(vec![]));
        let check = |birth: Birth, family: Family| birth.check(&family, TODAY).unwrap_err();
        assert!(matches!(check(ada(date(2026, 10, 11)), family()), Refusal::Ahead(..)));
        let mut child = family();
        child.mother = Some(somebody("lena", date(2015, 6, 12)));
        assert!(matches!(check(ada(BORN), child), Refusal::ParentTooYoung(_, 11, 12)));
        let mut dead = family();
        dead.mother.as_mut().unwrap().record.death_date = Some("2026-10-03".into());
        assert!(matches!(check(ada(BORN), dead), Refusal::ParentDead(..)));
        let mut old = family();
        old.mother = Some(somebody("lena", date(1965, 10, 4)));
        assert!(matches!(check(ada(BORN), old), Refusal::MotherTooOld(_, 61, 60)));
        let mut alone = ada(BORN);
        alone.father = alone.mother.clone();
        assert_eq!(check(alone, family()), Refusal::SameParent);
    }

    #[test]
    fn no_man_is_a_mother_and_no_woman_a_father() {
        let check = |mother: Sex, father: Sex| {
            let mut family = family();
            family.mother.as_mut().unwrap().record.sex = Some(mother);
            family.father.as_mut().unwrap().record.sex = Some(father);
            ada(BORN).check(&family, TODAY)
        };
        assert_eq!(check(Sex::Female, Sex::Male), Ok(vec![]));
        assert_eq!(check(Sex::Others, Sex::Others), Ok(vec![]));
        assert!(matches!(check(Sex::Male, Sex::Male), Err(Refusal::WrongSex(_, _, "mother"))));
        assert!(matches!(check(Sex::Female, Sex::Female), Err(Refusal::WrongSex(_, _, "father"))));
    }

    #[test]
    fn a_father_may_have_died_months_before_and_a_mother_on_the_day() {
        let mut family = family();
        family.father.as_mut().unwrap().record.death_date = Some("2026-02-01".into());
        family.mother.as_mut().unwrap().record.death_date = Some("2026-10-04".into());
        assert!(ada(BORN).check(&family, TODAY).is_ok());
        family.father.as_mut().unwrap().record.death_date = Some("2025-10-01".into());
        assert!(ada(BORN).check(&family, TODAY).is_err());
    }

    #[test]
    fn a_twin_is_welcome_a_similar_name_is_suspect_and_the_same_name_is_the_same_birth() {
        let with = |child| Family { siblings: vec![child], ..family() };
        let check = |child| ada(BORN).check(&with(child), TODAY);
        assert_eq!(check(sibling("Marco", BORN)), Ok(vec![]));
        assert_eq!(check(sibling("Ida", BORN)).unwrap().len(), 1);
        assert!(matches!(check(sibling("Ada", BORN)), Err(Refusal::BornTwice(_))));
        assert!(matches!(check(sibling("Zoe", date(2026, 6, 1))), Err(Refusal::TooSoon(..))));
        assert_eq!(check(sibling("Zoe", date(2025, 6, 1))), Ok(vec![]));
    }

    #[test]
    fn an_entry_is_delayed_after_a_month_and_late_after_a_year() {
        let flags = |days| ada(BORN).flags(BORN + jiff::Span::new().days(days));
        assert!(flags(30).is_empty());
        assert_eq!(flags(31), ["delayed-registration"]);
        assert_eq!(flags(365), ["delayed-registration"]);
        assert_eq!(flags(366), ["late-registration"]);
    }

    #[test]
    fn a_number_is_asked_for_small_children_with_a_known_parent() {
        assert!(ada(BORN).gets_number(TODAY));
        let mut found = ada(BORN);
        (found.mother, found.father) = (Parent::NotKnown, Parent::NotKnown);
        assert!(!found.gets_number(TODAY));
        assert!(!ada(date(2016, 1, 1)).gets_number(TODAY));
    }
}
