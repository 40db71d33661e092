//! Decisions as a clerk would check them: facts in, verdict out.

use jiff::civil::date;
use serde_json::json;

use super::*;
use crate::programme_office::model::facts::Told;
use crate::programme_office::model::programmes::{BUILT_IN, Programmes};

const TODAY: Date = date(2026, 10, 1);

fn pension() -> Programme {
    Programmes::read(BUILT_IN).unwrap().find("OAP").unwrap().clone()
}

fn facts(known: &Value) -> Facts {
    let told = Told { source: "civil_registry", message_id: "MSG-1".into(), at: "t".into() };
    let mut facts = Facts::default();
    facts.learn(known.as_object().unwrap().iter().map(|(n, v)| told.fact(n, v.clone())));
    facts
}

fn decide(id: &str, known: &Value) -> Decision {
    let pension = pension();
    let clause = pension.clauses().iter().find(|c| c.id() == id).unwrap();
    by_clause(&pension, clause, &facts(known), TODAY)
}

#[test]
fn a_recorded_death_fails_d2_and_names_the_day() {
    let decision = decide("D2", &json!({"alive": false, "death_date": "2025-12-02"}));
    assert_eq!(decision.verdict, Verdict::Fail);
    assert_eq!(decision.sentence, "The civil registry records a death on 2025-12-02.");
    assert_eq!(decision.facts.len(), 2, "what it rests on is kept with it");
}

#[test]
fn one_day_decides_d3() {
    assert_eq!(decide("D3", &json!({"birth_date": "1961-10-01"})).verdict, Verdict::Pass);
    let elia = decide("D3", &json!({"birth_date": "1961-10-02"}));
    assert_eq!(elia.verdict, Verdict::Fail);
    assert!(elia.sentence.starts_with("64 years old on 2026-10-01"), "{}", elia.sentence);
}

#[test]
fn a_missing_fact_is_reviewed_and_never_refused() {
    let decision = decide("D5", &json!({}));
    assert_eq!(decision.verdict, Verdict::Review);
    assert_eq!(decision.clauses[0].holds, Holds::Undetermined);
}

#[test]
fn d6_names_the_programme_in_the_way_and_not_the_amount() {
    let both = |cpf: bool, oap: bool| {
        decide("D6", &json!({"in_programme:CPF": cpf, "in_programme:OAP": oap}))
    };
    assert_eq!(both(false, false).verdict, Verdict::Pass);
    assert_eq!(both(true, false).other.as_deref(), Some("CPF"));
    let again = both(false, true);
    assert_eq!((again.verdict, again.other.as_deref()), (Verdict::Fail, Some("OAP")));
    let one_answer = decide("D6", &json!({"in_programme:CPF": false}));
    assert_eq!(one_answer.verdict, Verdict::Review, "both answers are needed");
}

#[test]
fn a_swapped_day_and_month_is_reviewed() {
    let known = |civil: &str| {
        facts(&json!({"verified_name": "Kemal Torres", "civil_name": "Torres Kemal",
            "verified_birth_date": "1958-05-07", "birth_date": civil}))
    };
    assert_eq!(same_person(&pension(), &known("1958-05-07"), false).verdict, Verdict::Pass);
    let swapped = same_person(&pension(), &known("1958-07-05"), false);
    assert_eq!(swapped.verdict, Verdict::Review);
    assert!(swapped.sentence.contains("1958-05-07") && swapped.sentence.contains("1958-07-05"));
}

#[test]
fn another_name_is_another_person() {
    let known = facts(&json!({"verified_name": "Oda Brandt", "civil_name": "Otto Reyn",
        "verified_birth_date": "1957-01-09", "birth_date": "1957-01-09"}));
    assert_eq!(same_person(&pension(), &known, false).verdict, Verdict::Review);
}

#[test]
fn among_namesakes_the_home_decides() {
    let known = |home: &str| {
        facts(&json!({"verified_name": "Tomas Amaro", "civil_name": "Tomas Amaro",
            "verified_birth_date": "1959-02-11", "birth_date": "1959-02-11",
            "verified_locality": "Port Sal", "civil_locality": home}))
    };
    let decide = |home: &str, several| same_person(&pension(), &known(home), several).verdict;
    assert_eq!(decide("Port Sal", true), Verdict::Pass);
    assert_eq!(decide("High Meadow", true), Verdict::Review);
    assert_eq!(decide("High Meadow", false), Verdict::Pass, "people move");
}

#[test]
fn somebody_else_s_login_fails_d1() {
    let known = facts(&json!({"verified_sub": "abc"}));
    let d1 = |released| authenticated(&pension(), &known, Some("6580954839"), released).verdict;
    assert_eq!(d1(None), Verdict::Pass, "the identity system need not release the number");
    assert_eq!(d1(Some("6580954839")), Verdict::Pass);
    assert_eq!(d1(Some("2154189532")), Verdict::Fail);
}

#[test]
fn a_twin_fails_d7_and_is_named() {
    assert_eq!(no_duplicate(&pension(), &[]).verdict, Verdict::Pass);
    let twin = Twin { application: "APP-2026-000001".into(), by: "UIN".into() };
    let decision = no_duplicate(&pension(), &[twin]);
    assert_eq!(decision.verdict, Verdict::Fail);
    assert_eq!(decision.sentence, "APP-2026-000001 has the same UIN.");
}
