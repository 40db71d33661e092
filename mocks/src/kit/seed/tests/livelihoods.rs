//! What people live on: land, wages, pensions and grants.

use std::collections::BTreeSet;

use jiff::civil::date;

use super::super::{
    Crop, Enrolment, EnrolmentStatus, MaritalStatus, Person, Programme, Sex, TODAY,
};
use super::COUNTRY;

fn index(id: &str) -> usize {
    COUNTRY.named(id).unwrap().index as usize
}

fn drawing(programme: Programme) -> impl Iterator<Item = (&'static Enrolment, &'static Person)> {
    let drawn = COUNTRY.enrolments().iter().filter(move |e| e.programme == programme);
    drawn.map(|enrolment| (enrolment, COUNTRY.person(enrolment.person)))
}

#[test]
fn ama_farms_maize_and_beans_on_140_ares() {
    let farm = COUNTRY.farms().iter().find(|farm| farm.farmer == index("ama")).unwrap();
    assert_eq!(farm.size().to_string(), "1.40");
    assert_eq!(farm.crops().collect::<Vec<_>>(), [Crop::Maize, Crop::Beans]);
    assert_eq!(farm.community.province().code(), "QN03");
}

#[test]
fn a_plot_lies_where_the_farmer_lives() {
    for farm in COUNTRY.farms() {
        let farmer = COUNTRY.person(farm.farmer);
        assert!(farmer.is_alive() && farmer.age() >= 18);
        assert_eq!(farm.community, farmer.community);
        assert!(farm.community.bounds().contains(farm.centre()));
    }
}

#[test]
fn about_two_hundred_farmers_of_altena_may_have_the_input_subsidy() {
    let farms = COUNTRY.farms().iter().filter(|farm| {
        let cereals = farm.crops().any(|crop| matches!(crop, Crop::Maize | Crop::Millet));
        farm.community.province().code() == "QN03" && farm.ares <= 200 && cereals
    });
    let count = farms.count();
    assert!((190..=235).contains(&count), "{count}");
}

#[test]
fn ravi_paid_19_of_24_months_and_was_dismissed_on_15_september() {
    let career = COUNTRY.career_of(index("ravi")).unwrap();
    assert_eq!((career.contributions(24), career.wage_minor), (19, 64_000));
    assert_eq!(career.ended, Some((date(2026, 9, 15), 1)));
    assert_eq!(career.contribution_months().next(), Some((2026, 9)));
    assert_eq!(career.contribution_months().last(), Some((2025, 3)));
}

#[test]
fn sara_paid_11_of_12_months_on_a_wage_of_520() {
    let career = COUNTRY.career_of(index("sara")).unwrap();
    assert_eq!((career.contributions(12), career.wage_minor), (11, 52_000));
    assert_eq!(career.ended, None);
}

#[test]
fn a_job_starts_after_16_and_contributions_are_paid_while_it_lasts() {
    for career in COUNTRY.careers() {
        let person = COUNTRY.person(career.person);
        assert!(person.age_on(career.started) >= 16, "{}", person.uin);
        let end = career.ended.map_or(TODAY, |(day, _)| day);
        assert!(career.started < end && end <= TODAY, "{}", person.uin);
        for (year, month) in career.contribution_months() {
            let month = date(year, month, 1);
            assert!(month.last_of_month() >= career.started && month <= end, "{}", person.uin);
        }
    }
}

#[test]
fn a_pension_goes_to_the_old_a_grant_to_the_young_and_an_allowance_to_the_widowed() {
    assert!(drawing(Programme::OldAgePension).all(|(e, p)| p.age_on(e.since) >= 65));
    assert!(drawing(Programme::ContributoryPension).all(|(e, p)| p.age_on(e.since) >= 60));
    assert!(drawing(Programme::ChildGrant).all(|(e, p)| p.age() < 6 && e.since > p.birth_date));
    assert!(
        drawing(Programme::GirlsSchooling)
            .all(|(e, p)| { p.sex == Sex::Female && p.age() < 18 && p.age_on(e.since) >= 11 })
    );
    assert!(
        drawing(Programme::SurvivorAllowance).all(|(e, p)| {
            p.marital_status == MaritalStatus::Widowed && p.age_on(e.since) >= 60
        })
    );
    for (_, head) in drawing(Programme::GeneralCashTransfer) {
        let household = COUNTRY.household_of(head).unwrap();
        assert!(household.score.tenths() < 300 && household.size() >= 2);
    }
}

#[test]
fn a_disability_is_registered_after_it_began() {
    let certified = COUNTRY.persons().iter().filter_map(|p| Some((p, p.disability?)));
    for (person, disability) in certified {
        let age = person.age_on(disability.registered);
        let began = [0, 0, 15, 60][usize::from(disability.onset)];
        assert!(person.birth_date <= disability.registered && age >= began, "{}", person.uin);
    }
}

#[test]
fn one_in_five_people_over_59_draws_a_contributory_pension() {
    let old = COUNTRY.living().filter(|person| person.age() >= 60).count();
    let share = drawing(Programme::ContributoryPension).count() * 100 / old;
    assert!((17..=23).contains(&share), "{share} of 100");
}

#[test]
fn nobody_is_twice_in_a_programme_and_every_enrolment_began_before_the_first_day() {
    let mut seen = BTreeSet::new();
    for enrolment in COUNTRY.enrolments() {
        assert!(seen.insert((enrolment.person, enrolment.programme)));
        assert!(enrolment.since < TODAY && COUNTRY.person(enrolment.person).is_alive());
        assert!(COUNTRY.enrolments_of(enrolment.person).contains(enrolment));
    }
}

#[test]
fn no_lead_of_a_pension_story_draws_anything_yet_but_those_whose_story_needs_it() {
    let drawn = |id: &str| -> Vec<_> {
        let all = COUNTRY.enrolments_of(index(id)).iter();
        all.filter(|e| e.status == EnrolmentStatus::Active).map(|e| e.programme.code()).collect()
    };
    for id in ["tomas", "grace", "oda", "elia", "pavel", "kemal", "ivo", "dina", "rosa", "daniel"] {
        assert!(drawn(id).is_empty(), "{id} draws {:?}", drawn(id));
    }
    assert_eq!((drawn("otto"), drawn("nadia")), (vec!["CPF"], vec!["GCT"]));
    assert_eq!((drawn("josef"), drawn("ravi").len()), (vec!["OAP"], 0));
}

#[test]
fn thirty_one_active_pairs_overlap_against_the_rules() {
    let pairs = [
        (Programme::OldAgePension, Programme::ContributoryPension),
        (Programme::DisabilitySupport, Programme::GeneralCashTransfer),
    ];
    let both = |(one, other): (Programme, Programme)| {
        drawing(one).filter(move |(e, _)| {
            let others = COUNTRY.enrolments_of(e.person).iter();
            others.filter(|e| e.status == EnrolmentStatus::Active).any(|e| e.programme == other)
        })
    };
    let counts = pairs.map(|pair| both(pair).count());
    assert_eq!(counts, [3, 28]);
}
