//! What a person who edits the programme file may do wrong, and is told.

use super::*;

fn complaint(from: &str, to: &str) -> String {
    assert!(BUILT_IN.contains(from), "the file no longer says {from}");
    Programmes::read(&BUILT_IN.replacen(from, to, 1)).unwrap_err().to_string()
}

#[test]
fn the_country_starts_with_thirteen_programmes() {
    let programmes = Programmes::read(BUILT_IN).unwrap();
    assert_eq!(programmes.codes().len(), 13);
    let pension = programmes.find("OAP").unwrap();
    assert_eq!(
        pension.rule_text(),
        r#"alive && age_years(birth_date) >= 65 && resident && !in_programme("CPF")"#
    );
    assert_eq!(pension.memberships_asked(), ["CPF", "OAP"]);
}

#[test]
fn a_rule_that_is_no_cel_is_refused_with_its_place() {
    let said = complaint("when: alive\n", "when: alive &&\n");
    let line = BUILT_IN.lines().position(|l| l.ends_with("when: alive")).unwrap() + 1;
    assert!(said.starts_with(&format!("line {line}, column 15: `alive &&` is no CEL")), "{said}");
    assert!(said.contains("it ends too soon, after character 8"), "{said}");
    for (wrong, right) in [
        ("alive and resident", "character 7 on (`and`): write && for and"),
        ("sex = 1", "write == to compare"),
        ("(alive", "brackets"),
    ] {
        let said = complaint("when: alive\n", &format!("when: {wrong}\n"));
        assert!(said.contains(right), "{said}");
        assert!(!said.contains("<EOF>") && !said.contains("Syntax"), "{said}");
    }
}

#[test]
fn an_unknown_fact_is_refused_with_the_known_ones() {
    let said = complaint("when: alive\n", "when: aliv\n");
    assert!(said.contains("`aliv` is no fact; known are alive, "), "{said}");
}

#[test]
fn a_fact_from_a_source_that_is_not_asked_is_refused() {
    let said = complaint("when: alive\n", "when: crop == \"maize\"\n");
    assert!(said.contains("`crop` comes from farmer_registry, which is not among"), "{said}");
}

#[test]
fn what_is_the_same_for_everybody_is_tried_at_once() {
    for amount in ["-5", "0", "10000.5", "'abc'"] {
        let said = complaint("amount_cents: \"2500\"", &format!("amount_cents: \"{amount}\""));
        assert!(said.contains("whole number above zero"), "{amount}: {said}");
    }
    let said = complaint("when: alive\n", "when: 1 + 1\n");
    assert!(said.contains("`1 + 1` is neither true nor false"), "{said}");
    for (clause, why) in [
        ("resident ? 1 : 2", "it gives the number"),
        ("marital_status", "it gives the text"),
        ("age_years(sex) > 3", "is no date"),
        ("alive && sex", "neither true nor false"),
        ("sex > 5", "neither true nor false"),
    ] {
        let said = complaint("when: alive\n", &format!("when: \"{clause}\"\n"));
        assert!(said.contains("`when` of D2 in OAP") && said.contains(why), "{clause}: {said}");
    }
    let said = complaint("amount_cents: \"10000\"", "amount_cents: \"sex\"");
    assert!(said.contains("`amount_cents`: the amount is the text \"female\""), "{said}");
    let said = complaint("every: month", "every: moon");
    assert!(said.contains("`moon` is no rhythm; write once, week, month"), "{said}");
}

#[test]
fn a_figure_is_changed_in_one_place_and_said_everywhere() {
    let changed = BUILT_IN.replacen("pension_age: 65", "pension_age: 60", 1);
    let programmes = Programmes::read(&changed).unwrap();
    let pension = programmes.find("OAP").unwrap();
    let old_enough = pension.clauses().iter().find(|clause| clause.id() == "D3").unwrap();
    assert_eq!(old_enough.when(), "age_years(birth_date) >= 60");
    assert!(old_enough.sentence(false).ends_with("the pension begins at 60."));
}

#[test]
fn a_limit_that_nothing_uses_is_no_number_or_bears_a_fact_s_name_is_refused() {
    let said = complaint("pension_age: 65", "pension_age: 65, most_age: 99");
    assert!(said.contains("nothing in OAP says {most_age}"), "{said}");
    let said = complaint("pension_age: 65", "pension_age: 65, alive: 1");
    assert!(said.contains("`alive` is the name of a fact already"), "{said}");
    let said = complaint("pension_age: 65", "pension_age: sixty");
    assert!(said.contains("sixty"), "{said}");
    let said = complaint(">= {pension_age}", ">= {pension_aeg}");
    assert!(
        said.contains("`pension_aeg` is no limit of OAP; its limits are: pension_age"),
        "{said}"
    );
}

#[test]
fn an_unknown_programme_a_twin_and_a_sentence_without_its_fact_are_refused() {
    assert!(complaint("in_programme(\"CPF\")", "in_programme(\"XYZ\")").contains("`XYZ`"));
    assert!(complaint("code: SUR", "code: OAP").contains("`OAP` is there twice"));
    assert!(
        complaint("on {death_date}.", "on {deth_date}.")
            .contains("{deth_date} is neither a fact nor a limit")
    );
    assert!(complaint("family: social", "famliy: social").contains("famliy"));
}

#[test]
fn a_unit_a_currency_and_a_fact_that_the_country_does_not_have_are_refused() {
    let said = complaint("unit: child", "unit: dragon");
    assert!(said.contains("`unit` dragon is unknown; write person, child"), "{said}");
    let said = complaint("currency: XTS", "currency: EUR");
    let line = BUILT_IN.lines().position(|l| l == "currency: XTS").unwrap() + 1;
    assert!(said.starts_with(&format!("line {line}, ")) && said.contains("write XTS"), "{said}");
    let with = BUILT_IN.replacen(
        "  alive: civil_registry",
        "  height: civil_registry\n  alive: civil_registry",
        1,
    );
    let said =
        Programmes::read(&with.replacen("when: alive\n", "when: height > 2\n", 1)).unwrap_err();
    assert!(said.to_string().contains("no office tells `height`"), "{said}");
}

#[test]
fn a_changed_programme_needs_a_higher_version() {
    let changed = BUILT_IN.replacen("pension_age: 65", "pension_age: 60", 1);
    let said = Programmes::read(&changed).unwrap().follows(&changed, BUILT_IN).unwrap_err();
    let line = BUILT_IN.lines().position(|l| l.ends_with("version: 1")).unwrap() + 1;
    assert!(said.to_string().starts_with(&format!("line {line}, ")), "{said}");
    assert!(said.to_string().ends_with("has changed since version 1: write 2"), "{said}");
    let raised = changed.replacen("version: 1", "version: 2", 1);
    assert_eq!(Programmes::read(&raised).unwrap().follows(&raised, BUILT_IN), Ok(()));
    assert_eq!(Programmes::read(BUILT_IN).unwrap().follows(BUILT_IN, BUILT_IN), Ok(()));
    assert_eq!(Programmes::changed(&raised, BUILT_IN), ["OAP"]);
    let back = Programmes::read(BUILT_IN).unwrap().follows(BUILT_IN, &raised).unwrap_err();
    assert!(back.to_string().ends_with("write 3"), "{back}");
}
