//! Marriages, divorces and deaths: what they make of two people's records, and everything that cannot be.

use serde_json::json;

use super::{SYSTEMS, events, hand_in, record, refused, uin};
use crate::kit::registry::visitor::Visitor;
use crate::kit::trial::Trial;

#[actix_web::test]
async fn two_people_marry_and_part_and_their_records_say_so() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let (nadia, sami) = (uin(&trial, "nadia"), uin(&trial, "sami_oran"));
    let before = record(&visitor, "UIN", &sami).await;
    assert_eq!(before["marital_status"], "S", "the story needs somebody who is free");
    let form = |date: &str| json!({"spouse1": nadia, "spouse2": sami, "date": date});
    let (status, married) = hand_in(&trial, "marriages", &form("2026-09-12")).await;
    assert_eq!(status, 201, "{married:#}");
    let mrn = married["mrn"].as_str().unwrap();
    assert!(mrn.starts_with("MRN-2026-"), "{mrn}");
    let item = visitor.find("civil_registry", "MRN", mrn).await;
    let couple = item["data"]["reg_records"].as_array().unwrap();
    assert_eq!(couple.len(), 2);
    for person in couple {
        assert_eq!(person["marital_status"], "M");
        assert_eq!(person["marriage_date"].as_array().unwrap().last().unwrap(), "2026-09-12");
    }
    let twice = refused(&trial, "marriages", &form("2026-09-20"), 409).await;
    assert!(twice.contains(mrn) && twice.contains("a divorce or a death comes first"), "{twice}");
    let early = refused(&trial, "divorces", &form("2026-09-11"), 400).await;
    assert!(early.contains("before the marriage"), "{early}");
    let (status, parted) = hand_in(&trial, "divorces", &form("2026-09-30")).await;
    assert_eq!(status, 201, "{parted:#}");
    assert_eq!(parted["registration_number"], "DIV-2026-0001");
    let after = record(&visitor, "UIN", &sami).await;
    assert_eq!(
        (after["marital_status"].as_str(), &after["divorce_date"]),
        (Some("D"), &json!(["2026-09-30"]))
    );
    let again = refused(&trial, "divorces", &form("2026-10-01"), 409).await;
    assert!(again.contains("are not married to each other"), "{again}");
    let soon = refused(&trial, "marriages", &form("2026-09-30"), 409).await;
    assert!(soon.contains("still bound until 2026-09-30"), "{soon}");
    assert_eq!(hand_in(&trial, "marriages", &form("2026-10-01")).await.0, 201);
}

#[actix_web::test]
async fn a_widow_is_one_from_the_day_her_husbands_death_is_entered() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let (tomas, grace) = (uin(&trial, "tomas"), uin(&trial, "grace"));
    let death = json!({"uin": tomas, "date": "2026-10-01", "place": "Salmara"});
    let (status, entered) = hand_in(&trial, "deaths", &death).await;
    assert_eq!(status, 201, "{entered:#}");
    let drn = entered["drn"].as_str().unwrap();
    assert!(drn.starts_with("DRN-2026-"), "{drn}");
    let dead = record(&visitor, "DRN", drn).await;
    assert_eq!(
        (dead["death_date"].as_str(), dead["death_place"]["name"].as_str()),
        (Some("2026-10-01"), Some("Salmara"))
    );
    assert_eq!(record(&visitor, "UIN", &grace).await["marital_status"], "W");
    let twice = refused(&trial, "deaths", &death, 409).await;
    assert!(twice.contains(drn), "{twice}");
    let wedding = json!({"spouse1": tomas, "spouse2": uin(&trial, "nadia"), "date": "2026-10-01"});
    let sentence = refused(&trial, "marriages", &wedding, 409).await;
    assert!(sentence.contains("nothing more can be entered in their name"), "{sentence}");
    let again =
        json!({"spouse1": grace, "spouse2": uin(&trial, "sami_oran"), "date": "2026-10-01"});
    assert_eq!(hand_in(&trial, "marriages", &again).await.0, 201, "a widow may marry");
}

#[actix_web::test]
async fn a_death_or_a_wedding_that_cannot_be_is_refused_and_nothing_changes() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let of = |name: &str| uin(&trial, name);
    let before = events(&trial).await;
    let deaths = [
        (json!({"uin": of("tomas"), "date": "2026-10-02"}), 400, "lies ahead: today is 2026-10-01"),
        (json!({"uin": of("tomas"), "date": "1959-02-10"}), 400, "before the birth, 1959-02-11"),
        (json!({"uin": of("tomas"), "date": "1960-02-11"}), 409, "the marriage on "),
        (json!({"uin": of("pavel"), "date": "2026-10-01"}), 409, "the death was entered already"),
        (json!({"uin": "1234567890", "date": "2026-10-01"}), 404, "nobody in the register"),
        (json!({"uin": of("tomas")}), 400, r#"write {"uin":"..."#),
    ];
    for (form, status, words) in deaths {
        let sentence = refused(&trial, "deaths", &form, status).await;
        assert!(sentence.contains(words), "{form}: {sentence}");
    }
    let wed = |one: &str, other: &str, date: &str| json!({"spouse1": of(one), "spouse2": of(other), "date": date});
    let weddings = [
        (wed("nadia", "nadia", "2026-10-01"), 400, "takes two people"),
        (wed("nadia", "sami_oran", "2026-11-01"), 400, "lies ahead"),
        (wed("nadia", "sami_oran", "2005-10-01"), 400, "people marry from 18 years on"),
        (wed("hana", "sami_oran", "2026-10-01"), 400, "is 13 years old"),
        (wed("nadia", "sami_oran", "1980-10-01"), 400, "before the birth"),
        (wed("nadia", "pavel", "2025-01-01"), 409, "nothing more can be entered"),
        (wed("nadia", "tomas", "2026-10-01"), 409, "a divorce or a death comes first"),
        (wed("oda", "nora_brandt", "2026-10-01"), 400, "close kin"),
    ];
    for (form, status, words) in weddings {
        let (got, answer) = hand_in(&trial, "marriages", &form).await;
        let sentence = answer["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(got == status && sentence.contains(words), "{form}: {got} {answer}");
    }
    let tomas = record(&visitor, "UIN", &of("tomas")).await;
    assert_eq!((tomas["death_date"].as_str(), tomas["marital_status"].as_str()), (None, Some("M")));
    assert_eq!(events(&trial).await, before);
}
