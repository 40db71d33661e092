//! Numbers: valid, unique, legible, and readable backwards.

use std::collections::BTreeSet;

use super::super::{Uin, verhoeff_holds};
use super::COUNTRY;

#[test]
fn the_check_digit_agrees_with_the_published_vectors() {
    for valid in ["236", "1234567890", "2154189532", "6580954839", "9830872690593682"] {
        assert!(verhoeff_holds(valid), "{valid}");
    }
    for invalid in ["1234567891", "8267411571", "", "7", "12a4567890"] {
        assert!(!verhoeff_holds(invalid), "{invalid}");
    }
}

#[test]
fn every_uin_has_ten_digits_is_valid_and_belongs_to_one_person() {
    let mut seen = BTreeSet::new();
    for person in COUNTRY.persons() {
        let text = person.uin.to_string();
        assert_eq!(text.len(), 10);
        assert!(text.as_str() >= "2000000000" && verhoeff_holds(&text), "{text}");
        assert!(seen.insert(person.uin), "{text} twice");
        assert_eq!(COUNTRY.by_uin(person.uin).map(|found| found.index), Some(person.index));
    }
}

#[test]
fn a_number_that_nobody_has_finds_nobody() {
    for text in ["2000000000", "1234567890", "6580954839", "abc", "é12345678"] {
        assert!(Uin::parse(text).and_then(|uin| COUNTRY.by_uin(uin)).is_none(), "{text}");
    }
}

#[test]
fn phones_accounts_and_entries_of_the_civil_register_are_unique() {
    let mut seen = BTreeSet::new();
    for person in COUNTRY.persons() {
        let numbers = [
            Some(person.brn().to_string()),
            person.death.map(|death| death.number().to_string()),
            person.phone.map(|phone| phone.to_string()),
            person.account.map(|account| account.to_string()),
        ];
        for number in numbers.into_iter().flatten() {
            assert!(!seen.contains(&number), "{number} twice");
            seen.insert(number);
        }
    }
    for marriage in COUNTRY.marriages() {
        assert!(seen.insert(marriage.number().to_string()), "{} twice", marriage.number());
    }
}

#[test]
fn an_entry_number_says_what_it_is_the_year_and_the_place_in_it() {
    let person = COUNTRY.living().find(|person| person.birth_date.year() == 1958);
    let brn = person.expect("somebody was born in 1958").brn().to_string();
    assert!(brn.starts_with("BRN-1958-") && brn.len() == "BRN-1958-0042".len(), "{brn}");
}
