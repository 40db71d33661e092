//! The pension payroll: its numbers are those of the story.

use super::super::{Fate, MaritalStatus, PAYROLL_SIZE, People, Programme, Quirk};
use super::COUNTRY;

fn count(is: impl Fn(Fate) -> bool) -> usize {
    COUNTRY.payroll().iter().filter(|line| is(line.fate)).count()
}

#[test]
fn of_1012_pensioners_9_are_dead_3_conflict_7_are_held_15_fail_and_978_are_paid() {
    assert_eq!(COUNTRY.payroll().len(), PAYROLL_SIZE);
    assert_eq!(count(|fate| matches!(fate, Fate::DeadInCivilRegistry { .. })), 9);
    assert_eq!(count(|fate| fate == Fate::Conflict), 3);
    assert_eq!(count(|fate| fate == Fate::Unmapped), 4);
    assert_eq!(count(|fate| fate == Fate::AccountInactive), 3);
    for (code, expected) in [(3204, 6), (5105, 4), (5200, 3), (5400, 2)] {
        assert_eq!(count(|fate| fate == Fate::PayeeFails { code }), expected, "{code}");
    }
    assert_eq!(count(|fate| fate == Fate::Paid), 978);
}

#[test]
fn the_registers_already_say_what_the_payroll_will_find_out() {
    for line in COUNTRY.payroll() {
        let person = COUNTRY.person(line.person);
        let drawn = COUNTRY.enrolments_of(line.person);
        let has = |programme| drawn.iter().any(|e| e.programme == programme);
        assert!(person.is_alive() && person.age() >= 65 && has(Programme::OldAgePension));
        assert_eq!(has(Programme::ContributoryPension), line.fate == Fate::Conflict);
        assert_eq!(person.account.is_none(), line.fate == Fate::Unmapped);
        let closed = person.account.is_some_and(|account| account.closed);
        assert_eq!(closed, line.fate == Fate::AccountInactive);
        let quirks = COUNTRY.quirks(line.person);
        match line.fate {
            Fate::DeadInCivilRegistry { on } => {
                assert_eq!(quirks, [Quirk::DeadInCivilRegistryOnly { on }]);
            }
            Fate::PayeeFails { code } => assert_eq!(quirks, [Quirk::PayeeFails { code }]),
            Fate::Paid | Fate::Unmapped => assert!(quirks.is_empty()),
            Fate::Conflict => assert_eq!(quirks, [Quirk::OtherPension]),
            Fate::AccountInactive => assert_eq!(quirks, [Quirk::AccountClosed]),
        }
    }
}

#[test]
fn seventeen_of_the_22_who_were_not_paid_name_a_new_account_and_josef_is_not_among_them() {
    let mended = |is: &dyn Fn(Fate) -> bool| {
        let lines = COUNTRY.payroll().iter().filter(|line| is(line.fate));
        lines.filter(|line| line.new_account.is_some()).count()
    };
    assert_eq!(mended(&|fate| matches!(fate, Fate::PayeeFails { .. })), 12);
    assert_eq!(mended(&|fate| matches!(fate, Fate::Unmapped | Fate::AccountInactive)), 5);
    assert_eq!(mended(&|_| true), 17);
    let josef = COUNTRY.persona("josef").unwrap().person;
    let line = COUNTRY.payroll().iter().find(|line| line.person == josef).unwrap();
    assert_eq!(line.new_account, None);
    let old: std::collections::BTreeSet<u64> =
        COUNTRY.persons().iter().filter_map(|p| p.account).map(|account| account.number).collect();
    let mut new = COUNTRY.payroll().iter().filter_map(|line| line.new_account);
    assert!(new.all(|account| !old.contains(&account.number)));
}

#[test]
fn josef_is_one_of_the_payees_whom_the_switch_does_not_find() {
    let josef = COUNTRY.persona("josef").unwrap().person;
    let line = COUNTRY.payroll().iter().find(|line| line.person == josef);
    assert_eq!(line.map(|line| line.fate), Some(Fate::PayeeFails { code: 3204 }));
    assert_ne!(COUNTRY.person(josef).marital_status, MaritalStatus::Single);
}

#[test]
fn a_country_too_small_for_the_story_still_pays_josef_and_those_with_an_account() {
    let small = People::generate(42, 1_000);
    let fates: Vec<_> = small.payroll().iter().map(|line| line.fate).collect();
    assert_eq!(fates.first(), Some(&Fate::PayeeFails { code: 3204 }));
    assert!(fates.len() > 20 && fates[1..].iter().all(|fate| *fate == Fate::Paid));
}
