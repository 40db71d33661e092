//! Marriages and divorces.

use jiff::civil::Date;
use standards::age::full_years;
use standards::dci::records::{CrvsPerson, Identifier, IdentifierType, MaritalStatus};

use super::declaration;
use super::event::Fields;
use super::known::{Known, day, not_ahead};
use super::refusal::Refusal;

/// People marry from this age on.
const LEAST_AGE: i16 = 18;

/// Two people who marry, or who part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::civil_registry) struct Union {
    pub(in crate::civil_registry) spouses: [String; 2],
    pub(in crate::civil_registry) date: Date,
}

impl Union {
    /// Reads a declaration of a marriage or a divorce.
    pub(in crate::civil_registry) fn read(fields: &Fields) -> Result<Self, Refusal> {
        const NUMBER: &str = "write the UIN of one of the two";
        Ok(Self {
            spouses: [
                declaration::text(fields, "spouse1.nid", NUMBER)?,
                declaration::text(fields, "spouse2.nid", NUMBER)?,
            ],
            date: declaration::date(fields, "eventDetails.date")?,
        })
    }

    /// Whether the two may marry.
    pub(in crate::civil_registry) fn check_marriage(
        &self,
        couple: &[Known; 2],
        today: Date,
    ) -> Result<(), Refusal> {
        self.check_both(couple, today)?;
        for person in couple {
            let age = full_years(person.birth_date, self.date);
            if age < LEAST_AGE {
                return Err(Refusal::TooYoung(person.called().into(), age, LEAST_AGE));
            }
            if person.is_married() {
                let mrn = person.id(&IdentifierType::Mrn).unwrap_or("no number is kept");
                return Err(Refusal::Married(person.called().into(), mrn.into()));
            }
            let last = person.record.divorce_date.iter().chain(&person.record.marriage_date);
            match last.filter_map(|text| day(text)).max() {
                Some(until) if self.date <= until => {
                    return Err(Refusal::StillBound(person.called().into(), until));
                }
                _ => {}
            }
        }
        if kin(&couple[0], &couple[1]) {
            return Err(Refusal::Kin(couple[0].called().into(), couple[1].called().into()));
        }
        Ok(())
    }

    /// Whether the two may part.
    pub(in crate::civil_registry) fn check_divorce(
        &self,
        couple: &[Known; 2],
        today: Date,
    ) -> Result<(), Refusal> {
        self.check_both(couple, today)?;
        let mrn = |person: &Known| person.id(&IdentifierType::Mrn).map(str::to_owned);
        let bound = couple.iter().all(Known::is_married);
        if !bound || mrn(&couple[0]).is_none() || mrn(&couple[0]) != mrn(&couple[1]) {
            let [one, other] = couple.each_ref().map(|person| person.called().to_owned());
            return Err(Refusal::NotMarried(one, other));
        }
        match couple[0].record.marriage_date.last().and_then(|text| day(text)) {
            Some(married) if self.date < married => {
                Err(Refusal::BeforeMarriage(self.date, married))
            }
            _ => Ok(()),
        }
    }

    fn check_both(&self, couple: &[Known; 2], today: Date) -> Result<(), Refusal> {
        not_ahead(self.date, today)?;
        if couple[0].number == couple[1].number {
            return Err(Refusal::SamePerson(couple[0].called().into()));
        }
        for person in couple {
            person.must_live()?;
            if self.date < person.birth_date {
                return Err(Refusal::BeforeBirth(self.date, person.birth_date));
            }
        }
        Ok(())
    }

    /// The record of one of them after the marriage `mrn`.
    pub(in crate::civil_registry) fn married(
        &self,
        person: &Known,
        mrn: &str,
        today: Date,
    ) -> CrvsPerson {
        let mut record = person.record.clone();
        record.identifier.push(Identifier::new(IdentifierType::Mrn, mrn).inner());
        record.marriage_date.push(self.date.to_string());
        with_status(record, MaritalStatus::Married, today)
    }

    /// The record of one of them after the divorce.
    pub(in crate::civil_registry) fn divorced(&self, person: &Known, today: Date) -> CrvsPerson {
        let mut record = person.record.clone();
        record.divorce_date.push(self.date.to_string());
        with_status(record, MaritalStatus::Divorced, today)
    }
}

/// A record with another marital status.
pub(in crate::civil_registry) fn with_status(
    mut record: CrvsPerson,
    status: MaritalStatus,
    today: Date,
) -> CrvsPerson {
    record.marital_status = Some(status);
    record.last_updated = Some(today.to_string());
    record
}

/// Parent and child, or children of one parent.
fn kin(one: &Known, other: &Known) -> bool {
    let is_parent = |child: &Known, parent: &Known| {
        let uin = parent.id(&IdentifierType::Uin);
        uin.is_some_and(|uin| child.parents().any(|own| own == uin))
    };
    is_parent(one, other)
        || is_parent(other, one)
        || one.parents().any(|parent| other.parents().any(|own| own == parent))
}

#[cfg(test)]
mod tests {
    use super::super::known::somebody;
    use super::*;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 10, 1);

    fn couple() -> [Known; 2] {
        let mut other = somebody("b", date(1992, 1, 1));
        other.number = 2;
        [somebody("a", date(1990, 1, 1)), other]
    }

    fn union_on(date: Date) -> Union {
        Union { spouses: ["a".into(), "b".into()], date }
    }

    fn married() -> [Known; 2] {
        couple().map(|mut person| {
            person.record = union_on(date(2020, 5, 5)).married(&person, "MRN-2020-0001", TODAY);
            person
        })
    }

    #[test]
    fn only_free_living_adults_who_are_no_kin_marry() {
        let check = |couple: &[Known; 2], on| union_on(on).check_marriage(couple, TODAY);
        assert_eq!(check(&couple(), TODAY), Ok(()));
        assert!(matches!(check(&couple(), date(2026, 10, 2)), Err(Refusal::Ahead(..))));
        assert!(matches!(check(&couple(), date(1991, 10, 2)), Err(Refusal::BeforeBirth(..))));
        assert!(matches!(check(&couple(), date(2009, 12, 31)), Err(Refusal::TooYoung(_, 17, 18))));
        assert!(matches!(check(&married(), TODAY), Err(Refusal::Married(..))));
        let mut dead = couple();
        dead[1].record.death_date = Some("2026-01-01".into());
        assert!(matches!(check(&dead, date(2025, 1, 1)), Err(Refusal::Dead(..))));
        let mut kin = couple();
        kin[0].record.parent1_identifier = Some(Identifier::new(IdentifierType::Uin, "p"));
        kin[1].record.parent2_identifier = Some(Identifier::new(IdentifierType::Uin, "p"));
        assert!(matches!(check(&kin, TODAY), Err(Refusal::Kin(..))));
        let one = couple()[0].clone();
        assert!(matches!(check(&[one.clone(), one], TODAY), Err(Refusal::SamePerson(_))));
    }

    #[test]
    fn only_the_married_part_and_a_new_marriage_comes_after() {
        let check = |couple: &[Known; 2], on| union_on(on).check_divorce(couple, TODAY);
        assert!(matches!(check(&couple(), TODAY), Err(Refusal::NotMarried(..))));
        assert!(matches!(check(&married(), date(2020, 5, 4)), Err(Refusal::BeforeMarriage(..))));
        assert_eq!(check(&married(), date(2025, 1, 1)), Ok(()));
        let parted = married().map(|mut person| {
            person.record = union_on(date(2025, 1, 1)).divorced(&person, TODAY);
            person
        });
        let again = |on| union_on(on).check_marriage(&parted, TODAY);
        assert!(matches!(again(date(2025, 1, 1)), Err(Refusal::StillBound(..))));
        assert_eq!(again(date(2025, 1, 2)), Ok(()));
    }
}
