//! The families fit together: nobody is a child of a child, married too young, or in two houses at once.

use jiff::ToSpan;

use super::super::{MaritalStatus, MarriageEnd, Role, TODAY};
use super::COUNTRY;

#[test]
fn parents_are_between_16_and_45_years_older_than_their_children() {
    let mut ties = 0;
    for child in COUNTRY.persons() {
        for parent in [child.mother(), child.father()].into_iter().flatten() {
            let parent = COUNTRY.person(parent);
            let age = parent.age_on(child.birth_date);
            assert!((16..=45).contains(&age), "{} had {} at {age}", parent.uin, child.uin);
            ties += 1;
        }
    }
    assert!(ties > 10_000, "only {ties} ties between parents and children");
}

#[test]
fn mothers_are_women_and_fathers_are_men() {
    use super::super::Sex;
    for child in COUNTRY.persons() {
        assert!(child.mother().is_none_or(|index| COUNTRY.person(index).sex == Sex::Female));
        assert!(child.father().is_none_or(|index| COUNTRY.person(index).sex == Sex::Male));
    }
}

#[test]
fn no_child_is_born_after_the_death_of_the_mother() {
    for child in COUNTRY.persons() {
        let mother = child.mother().map(|index| COUNTRY.person(index));
        let death = mother.and_then(|mother| mother.death);
        assert!(death.is_none_or(|death| child.birth_date <= death.date), "{}", child.uin);
    }
}

#[test]
fn nobody_marries_before_18_or_after_the_first_day() {
    for marriage in COUNTRY.marriages() {
        assert!(marriage.date <= TODAY);
        for index in [marriage.husband(), marriage.wife()].into_iter().flatten() {
            let spouse = COUNTRY.person(index);
            assert!(spouse.age_on(marriage.date) >= 18, "{} on {}", spouse.uin, marriage.date);
        }
        if let Some(MarriageEnd::Death(on) | MarriageEnd::Divorce(on)) = marriage.ended {
            assert!(marriage.date < on && on < TODAY, "{} to {on}", marriage.date);
        }
    }
}

#[test]
fn the_married_have_a_spouse_who_is_alive_and_the_widowed_a_marriage_that_death_ended() {
    for person in COUNTRY.living() {
        let marriage = COUNTRY.marriage_of(person);
        match person.marital_status {
            MaritalStatus::Single => assert!(marriage.is_none(), "{}", person.uin),
            MaritalStatus::Married => {
                let spouse = person.spouse().map(|index| COUNTRY.person(index));
                assert!(marriage.is_some_and(|marriage| marriage.ended.is_none()));
                assert!(spouse.is_some_and(|spouse| {
                    spouse.is_alive() && spouse.spouse() == Some(person.index as usize)
                }));
            }
            MaritalStatus::Widowed => {
                let ended = marriage.and_then(|marriage| marriage.ended);
                assert!(matches!(ended, Some(MarriageEnd::Death(_))), "{}", person.uin);
            }
            MaritalStatus::Divorced => {
                assert!(marriage.is_some_and(|marriage| marriage.divorced().is_some()));
            }
        }
    }
}

#[test]
fn the_day_a_marriage_ended_by_death_is_the_day_the_late_spouse_died() {
    for person in COUNTRY.persons().iter().filter(|person| !person.is_alive()) {
        let ended = COUNTRY.marriage_of(person).and_then(|marriage| marriage.ended);
        let died = person.death.map(|death| MarriageEnd::Death(death.date));
        assert!(ended.is_none() || ended == died, "{}", person.uin);
    }
}

#[test]
fn households_add_up_to_the_living_and_each_has_one_head_who_is_grown_up() {
    let mut seen = 0;
    for (index, household) in COUNTRY.households().iter().enumerate() {
        let members = COUNTRY.members(household);
        seen += members.len();
        assert_eq!(members[0].role, Role::Head);
        assert!(members[0].age() >= 18);
        assert_eq!(members.iter().filter(|member| member.role == Role::Head).count(), 1);
        assert!(members.iter().filter(|member| member.role == Role::Spouse).count() <= 1);
        for member in members {
            assert_eq!(member.household(), Some(index));
            assert_eq!(member.community, household.community);
            assert!(member.is_alive());
        }
        assert!(household.score.tenths() <= 1000);
        assert!(household.registered <= household.updated && household.updated < TODAY);
    }
    assert_eq!(seen, COUNTRY.population());
}

#[test]
fn only_grown_ups_have_a_phone_or_an_account_and_nobody_is_born_tomorrow() {
    for person in COUNTRY.persons() {
        let eighteen = person.birth_date.saturating_add(18.years());
        assert!(person.birth_date <= TODAY);
        assert!(person.birth_registered >= person.birth_date && person.birth_registered <= TODAY);
        if person.is_alive() && eighteen > TODAY {
            assert!(person.phone.is_none() && person.account.is_none(), "{}", person.uin);
        }
        assert!(person.is_alive() || person.account.is_none());
        assert!(person.age() <= 100);
    }
}
