//! The country as a whole: how many, how old, where, and the same every time.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::super::places::{Community, Province};
use super::super::{People, Person, Sex};
use super::COUNTRY;

fn per_mille(is: impl Fn(&Person) -> bool) -> usize {
    COUNTRY.living().filter(|person| is(person)).count() * 1000 / COUNTRY.population()
}

fn fingerprint(people: &People) -> u64 {
    let mut hasher = DefaultHasher::new();
    people.persons().hash(&mut hasher);
    people.households().hash(&mut hasher);
    people.marriages().hash(&mut hasher);
    people.farms().hash(&mut hasher);
    people.careers().hash(&mut hasher);
    people.payroll().hash(&mut hasher);
    people.enrolments().hash(&mut hasher);
    hasher.finish()
}

#[test]
fn twenty_thousand_people_live_in_about_4300_households() {
    assert_eq!(COUNTRY.population(), 20_000);
    assert!((4_200..4_450).contains(&COUNTRY.households().len()), "{}", COUNTRY.households().len());
}

#[test]
fn the_country_is_as_old_and_as_female_as_the_census_says() {
    let shares = [
        ("female", per_mille(|p| p.sex == Sex::Female), 510..530),
        ("65 or over", per_mille(|p| p.age() >= 65), 85..99),
        ("under 18", per_mille(|p| p.age() < 18), 370..390),
        ("with a disability", per_mille(|p| p.disability.is_some()), 55..65),
        ("with an account", per_mille(|p| p.account.is_some()), 390..450),
    ];
    for (what, share, expected) in shares {
        assert!(expected.contains(&share), "{what}: {share} of 1000, expected {expected:?}");
    }
    let dead = (COUNTRY.persons().len() - 20_000) * 1000 / 20_000;
    assert!((12..19).contains(&dead), "{dead} of 1000 dead");
}

#[test]
fn the_same_number_makes_the_same_people_and_another_number_makes_others() {
    let again = People::generate(42, 20_000);
    assert_eq!(fingerprint(&COUNTRY), fingerprint(&again));
    assert_ne!(
        fingerprint(&People::generate(42, 1_000)),
        fingerprint(&People::generate(43, 1_000))
    );
}

#[test]
fn a_country_of_any_size_has_exactly_as_many_living_people_as_asked_for() {
    for count in [100, 101, 102, 103, 777, 1_000] {
        assert_eq!(People::generate(7, count).living().count(), count);
    }
}

#[test]
fn the_places_are_4_provinces_of_4_districts_of_8_communities_with_names_of_their_own() {
    let codes: BTreeSet<_> = Community::all().map(Community::code).collect();
    let names: BTreeSet<_> = Community::all().map(Community::name).collect();
    assert_eq!((codes.len(), names.len()), (128, 128));
    assert_eq!(codes.first().map(String::as_str), Some("QN010101"));
    assert_eq!(codes.last().map(String::as_str), Some("QN040408"));
    let provinces: Vec<_> = Province::all().map(|p| (p.code(), p.name())).collect();
    assert_eq!(provinces[1], ("QN02".to_owned(), "Dellin"));
    assert_eq!(Community::all().filter(|c| c.on_the_flood_plain()).count(), 27);
    assert!(Community::all().all(|c| Community::parse(&c.code()) == Some(c)));
}

#[test]
fn every_house_stands_in_its_community_and_every_community_in_its_province() {
    for household in COUNTRY.households() {
        assert!(household.community.bounds().contains(household.location()));
    }
    for community in Community::all() {
        assert!(community.district().bounds().contains(community.centre()));
        assert!(community.province().bounds().contains(community.centre()));
        assert_eq!(community.district().province(), community.province());
    }
}

#[test]
fn those_who_were_made_to_apply_can() {
    let people = People::with_candidates(42, 1000, 200);
    assert_eq!((people.population(), people.candidates().len()), (1000, 200));
    for person in people.candidates() {
        assert!(person.is_alive() && person.age() >= 68 && person.phone.is_some());
        assert!(person.account.is_some_and(|account| !account.closed));
        assert!(people.enrolments_of(person.index as usize).is_empty());
        assert_eq!(people.by_uin(person.uin), Some(person));
    }
}
