//! The cast: the facts that the stories stand on.

use jiff::civil::date;

use super::super::{
    CertificateStatus, Impairment, IncomeLevel, Language, MaritalStatus, People, Person, Quirk,
    Role,
};
use super::COUNTRY;

fn person(id: &str) -> &'static Person {
    COUNTRY.named(id).unwrap_or_else(|| panic!("{id} is not in the roster"))
}

fn score(id: &str) -> String {
    COUNTRY.household_of(person(id)).unwrap().score.to_string()
}

fn size(id: &str) -> usize {
    COUNTRY.household_of(person(id)).unwrap().size()
}

fn quirks(id: &str) -> &'static [Quirk] {
    &COUNTRY.persona(id).unwrap().quirks
}

#[test]
fn every_persona_is_somebody_and_carries_the_name_the_stage_shows() {
    assert_eq!(COUNTRY.cast().len(), 25);
    for persona in COUNTRY.cast() {
        let person = COUNTRY.person(persona.person);
        assert_eq!(person.full_name(), persona.name);
        assert!(person.is_alive() && COUNTRY.is_cast(persona.person), "{}", persona.id);
    }
}

#[test]
fn neither_seed_nor_size_changes_the_cast() {
    for other in [People::generate(42, 1_000), People::generate(7, 500), People::generate(42, 0)] {
        assert_eq!(COUNTRY.cast(), other.cast());
        assert_eq!(
            COUNTRY.cast_cards(),
            other.cast_cards(),
            "stories are read with the cast alone"
        );
        for persona in COUNTRY.cast() {
            assert_eq!(COUNTRY.person(persona.person), other.person(persona.person));
        }
        assert_eq!(COUNTRY.expected_births(), other.expected_births());
    }
}

#[test]
fn tomas_is_67_a_retired_fisher_in_maresa_and_married_to_grace() {
    let (tomas, grace) = (person("tomas"), person("grace"));
    assert_eq!((tomas.birth_date, tomas.age()), (date(1959, 2, 11), 67));
    assert_eq!(tomas.trade.unwrap().title(), "fisher");
    assert_eq!(tomas.community.province().name(), "Maresa");
    assert_eq!(tomas.spouse(), Some(grace.index as usize));
    assert_eq!(tomas.marital_status, MaritalStatus::Married);
    assert!(tomas.account.unwrap().to_string().starts_with("msisdn:999"));
    assert_ne!(tomas.account, grace.account);
}

#[test]
fn grace_is_64_with_score_34_and_two_grandchildren_under_18() {
    assert_eq!((person("grace").age(), score("grace")), (64, "34".to_owned()));
    let members = COUNTRY.members(COUNTRY.household_of(person("grace")).unwrap());
    let young: Vec<_> = members.iter().filter(|member| member.age() < 18).collect();
    assert_eq!(young.len(), 2);
    for child in young {
        assert_eq!(child.role, Role::Grandchild);
        let father = COUNTRY.person(child.father().unwrap());
        assert_eq!(father.mother(), Some(person("grace").index as usize));
    }
}

#[test]
fn three_men_are_called_tomas_amaro_and_born_on_the_same_day_in_three_provinces() {
    let tomas = person("tomas");
    let namesakes: Vec<_> = COUNTRY
        .persons()
        .iter()
        .filter(|p| {
            (p.given, p.family, p.birth_date) == (tomas.given, tomas.family, tomas.birth_date)
        })
        .map(|p| p.community.province().name())
        .collect();
    assert_eq!(namesakes, ["Maresa", "Norra", "Altena"]);
}

#[test]
fn oda_is_65_on_the_first_day_and_elia_one_day_later() {
    assert_eq!((person("oda").age(), person("elia").age()), (65, 64));
    assert_eq!(person("elia").age_on(date(2026, 10, 2)), 65);
}

#[test]
fn every_applicant_for_the_pension_is_65_or_older_but_elia() {
    for (id, age) in
        [("pavel", 71), ("otto", 69), ("kemal", 68), ("ivo", 73), ("dina", 69), ("rosa", 66)]
    {
        assert_eq!(person(id).age(), age, "{id}");
    }
    assert_eq!((person("ines").age(), size("ines"), person("josef").age()), (82, 1, 70));
}

#[test]
fn what_a_single_system_believes_is_written_down() {
    assert_eq!(quirks("pavel"), [Quirk::DeadInCivilRegistryOnly { on: date(2025, 12, 2) }]);
    assert_eq!(quirks("ivo"), [Quirk::NoCivilRecord]);
    assert_eq!(quirks("dina"), [Quirk::RefusesConsent]);
    assert_eq!(quirks("otto"), [Quirk::OtherPension]);
    assert_eq!(quirks("martha"), [Quirk::DuplicateOf("marta")]);
    assert!(quirks("kemal").contains(&Quirk::CivilBirthDate(date(1958, 7, 5))));
    assert!(quirks("kemal").contains(&Quirk::IdBirthDate(person("kemal").birth_date)));
    assert!(quirks("tomas").is_empty());
    let [Quirk::FormerUin(former)] = quirks("nadia") else { panic!("Nadia has an older number") };
    assert!(COUNTRY.by_uin(*former).is_none() && *former != person("nadia").uin);
}

#[test]
fn an_account_is_closed_where_the_persona_says_so_and_nowhere_else_in_the_cast() {
    for persona in COUNTRY.cast() {
        let closed = COUNTRY.person(persona.person).account.is_some_and(|account| account.closed);
        assert_eq!(closed, persona.quirks.contains(&Quirk::AccountClosed), "{}", persona.id);
    }
}

#[test]
fn daniel_is_certified_severe_after_a_work_accident_and_poor_in_a_household_of_four() {
    let disability = person("daniel").disability.unwrap();
    assert_eq!(disability.impairment, Impairment::Mobility);
    assert_eq!((disability.level, disability.cause), (2, 5));
    assert_eq!(disability.status, CertificateStatus::Approved);
    assert_eq!(disability.review.year(), 2028);
    let household = COUNTRY.household_of(person("daniel")).unwrap();
    assert_eq!((household.size(), household.income_level()), (4, IncomeLevel::Low));
    assert!(household.score.tenths() >= 300, "the general cash transfer would take him");
}

#[test]
fn nadia_may_have_the_cash_transfer_or_the_disability_support() {
    let household = COUNTRY.household_of(person("nadia")).unwrap();
    assert!(household.score.tenths() < 300 && household.size() >= 2);
    assert_eq!(household.community.province().name(), "Norra");
    let disability = person("nadia").disability.unwrap();
    assert!(disability.status == CertificateStatus::Approved && disability.level <= 2);
}

#[test]
fn the_nimri_household_is_five_poor_people_on_the_flood_plain() {
    let household = COUNTRY.household_of(person("yara")).unwrap();
    assert!(household.community.on_the_flood_plain());
    assert!(household.size() == 5 && household.score.tenths() < 450);
}

#[test]
fn the_younger_stories_have_their_ages_and_their_families() {
    for (id, age) in [("lena", 28), ("daniel", 31), ("ravi", 38), ("ama", 44), ("leo", 19)] {
        assert_eq!(person(id).age(), age, "{id}");
    }
    assert_eq!((person("hana").age(), person("sara").age(), person("nadia").age()), (13, 29, 35));
    assert_eq!(person("ama").community.province().code(), "QN03");
    assert_eq!(person("lena").community.district().code(), "QN0101");
    let leos_father = COUNTRY.person(person("leo").father().unwrap());
    assert_eq!(leos_father.mother(), Some(person("ines").index as usize));
    assert!(COUNTRY.household_of(person("hana")).unwrap().score.tenths() < 350);
}

#[test]
fn ada_is_expected_on_the_fourth_and_nobody_has_her_number_yet() {
    let births = COUNTRY.expected_births();
    let ada = births.iter().find(|birth| birth.id == "ada").unwrap();
    assert_eq!((ada.on, ada.mother), (date(2026, 10, 4), person("lena").index as usize));
    assert!(births.iter().all(|birth| COUNTRY.by_uin(birth.uin).is_none()));
}

#[test]
fn names_are_written_in_the_script_of_the_reader() {
    assert_eq!(person("tomas").name_in(Language::Ar), "توماس أمارو");
    assert_eq!(person("grace").name_in(Language::Fr), "Grâce Amaro");
    assert_eq!(person("grace").name_in(Language::Pt), "Grace Amaro");
}
