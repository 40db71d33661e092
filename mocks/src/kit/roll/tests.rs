//! A visitor who brings people as a file and takes them away again: only HTTP.

mod rows;
mod told;

use http::Method;
use serde_json::{Value, json};

use crate::kit::courier::Letter;
use crate::kit::registry::visitor::Visitor;
use crate::kit::server::{LONGEST_FILE, LONGEST_REQUEST};
use crate::kit::store::{Store, StoreError};
use crate::kit::system::System;
use crate::kit::trial::Trial;

const SYSTEMS: &[System] =
    &[crate::civil_registry::SYSTEM, crate::social_registry::SYSTEM, crate::gateway::SYSTEM];

/// Everybody in a registry, part by part.
async fn exported(trial: &Trial, system: &str) -> String {
    let (mut text, mut after) = (String::new(), String::from("0"));
    loop {
        let path = format!("/_arenoa/export?after={after}&limit=70");
        let reply = trial.send(Letter::get(system, path)).await;
        assert_eq!(reply.status, 200);
        text.push_str(std::str::from_utf8(&reply.body).unwrap());
        match reply.header(super::routes::NEXT) {
            Some(next) => next.clone_into(&mut after),
            None => return text,
        }
    }
}

async fn imported(trial: &Trial, system: &str, query: &str, text: &str) -> (u16, Value) {
    let path = format!("/_arenoa/import{query}");
    let letter = Letter::to(system, Method::POST, path).bytes("text/csv", text.to_owned());
    trial.ask(letter).await
}

fn emptied(store: &Store, tables: &[&str]) -> Result<(), StoreError> {
    store.write(|tx| {
        Ok(tables.iter().try_for_each(|table| tx.execute_batch(&format!("delete from {table}")))?)
    })
}

/// Empties tables for good, so that a file that is brought stays too.
fn empty(trial: &Trial, system: &str, tables: &[&str]) {
    let emptied = trial.office(system).for_good(&trial.cause(), |store| emptied(store, tables));
    emptied.unwrap();
}

#[actix_web::test]
async fn a_file_may_be_longer_than_a_message() {
    let trial = Trial::start(SYSTEMS, 50);
    let blank = "\n".repeat(LONGEST_REQUEST + 1);
    let text = format!("{HEADERS}\n{}\n{blank}", row("9000000001", "1990-02-03"));
    let (status, outcome) = imported(&trial, "civil_registry", "", &text).await;
    assert_eq!((status, &outcome["entered"]), (200, &json!(1)), "{outcome:#}");
    let longer = "\n".repeat(LONGEST_FILE + 1);
    let (status, told) = imported(&trial, "civil_registry", "", &longer).await;
    assert_eq!(status, 413);
    assert!(told.to_string().contains("33554432"), "{told}");
}

#[actix_web::test]
async fn whoever_leaves_as_a_file_comes_back_the_same() {
    let trial = Trial::start(SYSTEMS, 150);
    let visitor = Visitor::new(&trial).await;
    let registries: [(&str, &[&str]); 2] =
        [("civil_registry", &["person", "serial"]), ("social_registry", &["member", "household"])];
    for (system, tables) in registries {
        let before = visitor.find(system, "UIN", &visitor.uin("otto")).await["data"].clone();
        let text = exported(&trial, system).await;
        empty(&trial, system, tables);
        let (status, outcome) = imported(&trial, system, "", &text).await;
        assert_eq!(status, 200, "{system}: {outcome:#}");
        assert_eq!(outcome["entered"], text.lines().count() - 1, "{outcome:#}");
        assert_eq!(exported(&trial, system).await, text, "{system}");
        let after = visitor.find(system, "UIN", &visitor.uin("otto")).await["data"].clone();
        assert_eq!(after, before, "{system}: the record is the same to the letter");
    }
}

const HEADERS: &str = "uin,given_name,surname,sex,birth_date,birth_place,marital_status,locality,district,region,registration_date";

fn row(uin: &str, born: &str) -> String {
    format!("{uin},Ama,Doru,female,{born},Sarnada,S,Sarnada,QN0301,QN03,2020-01-01")
}

#[actix_web::test]
async fn numbers_that_came_with_a_file_are_given_to_nobody_else() {
    let trial = Trial::start(SYSTEMS, 50);
    let couple = format!(
        "brn,mrn,{HEADERS}\nBRN-2026-0001,MRN-2026-0001,{}\nBRN-2026-0002,MRN-2026-0001,{}\n",
        row("9000000001", "1990-02-03").replace(",S,", ",M,"),
        row("9000000002", "1991-02-03").replace(",S,", ",M,").replace("female", "male"),
    );
    let (status, outcome) = imported(&trial, "civil_registry", "", &couple).await;
    assert_eq!(status, 200, "{outcome:#}");
    trial.hall().room.clock.advance(jiff::SignedDuration::from_hours(24 * 5));
    let uin = |name: &str| trial.country.people.named(name).unwrap().uin.to_string();
    let birth = json!({"given_name": "Ada", "family_name": "Ortal", "sex": "female", "date": "2026-10-04",
        "place": "QN010101", "mother": uin("lena"), "father": uin("milan_ortal")});
    let (status, entered) =
        trial.ask(Letter::post("civil_registry", "/events/births").json(&birth)).await;
    assert_eq!((status, &entered["brn"]), (201, &json!("BRN-2026-0003")), "{entered:#}");
}

#[actix_web::test]
async fn a_newborn_without_a_number_is_named_by_the_birth() {
    let trial = Trial::start(SYSTEMS, 50);
    let born = row("", "2026-09-30");
    let with = format!("brn,{HEADERS}\nBRN-2026-9001,{born}\n");
    let without = format!("{HEADERS}\n{born}\n");
    let (_, refused) = imported(&trial, "civil_registry", "", &without).await;
    assert!(refused.to_string().contains("only who has a brn may be without"), "{refused:#}");
    assert_eq!(imported(&trial, "civil_registry", "", &with).await.0, 200);
    let text = exported(&trial, "civil_registry").await;
    empty(&trial, "civil_registry", &["person", "serial"]);
    let (status, outcome) = imported(&trial, "civil_registry", "", &text).await;
    assert_eq!(status, 200, "{outcome:#}");
    assert_eq!(exported(&trial, "civil_registry").await, text);
}

#[actix_web::test]
async fn what_could_not_stay_when_a_story_begins_is_not_entered_and_says_so() {
    let trial = Trial::start(SYSTEMS, 50);
    let text = exported(&trial, "civil_registry").await;
    emptied(&trial.office("civil_registry").store, &["person", "serial"]).unwrap();
    for query in ["", "?dry_run=true"] {
        let (status, outcome) = imported(&trial, "civil_registry", query, &text).await;
        assert_eq!((status, &outcome["entered"]), (422, &json!(0)), "{query}");
        let told = outcome["problems"][0]["right"].as_str().unwrap();
        assert_eq!(told, "somebody who is not in the registry yet, also when a story begins");
    }
    assert_eq!(people(&trial).await[0], 0);
    trial.hall().begin().await.unwrap();
    assert_eq!(exported(&trial, "civil_registry").await, text);
}

async fn people(trial: &Trial) -> Value {
    let (_, state) = trial.ask(Letter::get("civil_registry", "/_arenoa/state")).await;
    json!([state["person"]["count"], state["serial"]["rows"]])
}

#[actix_web::test]
async fn a_file_with_one_wrong_row_enters_nobody_and_says_what_is_wrong_where() {
    let trial = Trial::start(SYSTEMS, 60);
    let visitor = Visitor::new(&trial).await;
    let before = people(&trial).await;
    let known = visitor.uin("tomas");
    let rows = [
        row("9000000001", "1990-02-03"),
        row("9000000002", "03.02.1990"),
        row("9000000001", "1990-02-03"),
        row(&known, "1990-02-03"),
        row("12", "1990-02-03"),
        String::from("9000000005,Ama"),
        row("9000000006", ""),
        row("9000000007", "1990-02-03").replace("QN0301", "QN0101"),
    ];
    let (status, outcome) =
        imported(&trial, "civil_registry", "", &format!("{HEADERS}\n{}\n", rows.join("\n"))).await;
    assert_eq!((status, &outcome["entered"], &outcome["rows"]), (422, &json!(0), &json!(8)));
    let told = outcome["problems"].as_array().unwrap().iter().map(|p| {
        (p["line"].as_u64().unwrap(), p["column"].as_str().unwrap(), p["right"].as_str().unwrap())
    });
    let told: Vec<_> = told.collect();
    let expected = [
        (3, "birth_date", "a date such as 1958-03-02"),
        (4, "uin", "each once; it stands on line 2 too"),
        (5, "uin", "somebody who is not in the registry yet"),
        (6, "uin", "ten digits"),
        (7, "", "11 cells, as the headers have"),
        (8, "birth_date", "a value: it may not be empty"),
    ];
    assert_eq!(told[..6], expected, "{outcome:#}");
    let as_spreadsheets_write = format!("{HEADERS}\r\n{}\r\n\r\n", rows.join("\r\n"));
    let (_, same) = imported(&trial, "civil_registry", "", &as_spreadsheets_write).await;
    assert_eq!(same, outcome, "lines are counted the same");
    assert_eq!(people(&trial).await, before, "nothing is half imported");
}

#[actix_web::test]
async fn a_trial_run_enters_nobody_and_a_contradiction_is_found() {
    let trial = Trial::start(SYSTEMS, 60);
    let before = people(&trial).await;
    let text = format!("{HEADERS}\n{}\n", row("9000000001", "1990-02-03"));
    let (status, outcome) = imported(&trial, "civil_registry", "?dry_run=true", &text).await;
    assert_eq!((status, &outcome["rows"], &outcome["entered"]), (200, &json!(1), &json!(0)));
    let wrong = text.replace("QN0301", "QN0101");
    let (status, outcome) = imported(&trial, "civil_registry", "", &wrong).await;
    assert_eq!((status, &outcome["problems"][0]["right"]), (422, &json!("a district of QN03")));
    assert_eq!(people(&trial).await, before);
}

#[actix_web::test]
async fn a_life_that_cannot_be_is_told_by_row_and_cell() {
    let trial = Trial::start(SYSTEMS, 60);
    let before = people(&trial).await;
    let headers = format!("{HEADERS},marriage_date,divorce_date,parent1,parent2");
    let life = |born: &str, rest: &str| format!("{},{rest}", row("9000000001", born));
    let young = |uin: &str| format!("{},,,,", row(uin, "2015-01-01"));
    let twice = format!("{},,,9000000002,9000000002", row("9000000001", "1990-02-03"));
    let late = format!("{},,,9000000002,", row("9000000001", "2026-12-31"));
    let of_somebody_known = format!("{},,,,", row("9000000003", "2014-02-04"));
    let wrong = [
        (vec![life("2026-10-02", ",,,")], (2, "birth_date"), "a day not after today, 2026-10-01"),
        (vec![late], (2, "birth_date"), "a day not after today, 2026-10-01"),
        (
            vec![life("1990-02-03", "1990-02-02,,,")],
            (2, "marriage_date"),
            "not before the birth, 1990-02-03",
        ),
        (vec![life("1990-02-03", ",2010-01-01,,")], (2, "divorce_date"), "no more divorces"),
        (
            vec![life("1990-02-03", "2010-01-02,2010-01-01,,")],
            (2, "divorce_date"),
            "the marriage, 2010-01-02",
        ),
        (vec![life("1990-02-03", ",,9000000001,")], (2, "parent1"), "nobody is their own parent"),
        (vec![life("1990-02-03", ",,,9000000001")], (2, "parent2"), "nobody is their own parent"),
        (vec![twice], (2, "parent2"), "somebody else than parent1"),
        (
            vec![young("9000000004"), life("2026-02-03", ",,9000000002,"), young("9000000002")],
            (3, "parent1"),
            "12 years older; this person was born on 2015-01-01",
        ),
    ];
    for (rows, (line, column), right) in wrong {
        let text = format!("{headers}\n{}\n", rows.join("\n"));
        let (status, outcome) = imported(&trial, "civil_registry", "", &text).await;
        let problem = &outcome["problems"][0];
        assert_eq!((status, &problem["line"]), (422, &json!(line)), "{right}: {outcome:#}");
        assert_eq!(problem["column"], column, "{right}: {outcome:#}");
        assert!(problem["right"].as_str().unwrap().contains(right), "{right}: {outcome:#}");
        assert_eq!(people(&trial).await, before, "nothing is half imported");
    }
    // A parent may be unknown to the register, until somebody of that number comes who cannot be it.
    let orphan =
        format!("{headers}\n{}\n", life("2026-02-03", "2026-02-03,2026-02-03,9000000003,"));
    assert_eq!(imported(&trial, "civil_registry", "", &orphan).await.0, 200);
    let parent = format!("{headers}\n{of_somebody_known}\n");
    let (status, outcome) = imported(&trial, "civil_registry", "", &parent).await;
    let problem = &outcome["problems"][0];
    assert_eq!((status, &problem["column"]), (422, &json!("birth_date")), "{outcome:#}");
    assert!(
        problem["right"].as_str().unwrap().contains("12 years before the birth of the child BRN-")
    );
    let older = parent.replace("2014-02-04", "2014-02-03");
    assert_eq!(imported(&trial, "civil_registry", "", &older).await.0, 200);
}

#[actix_web::test]
async fn the_whole_country_leaves_and_comes_back() {
    let trial = Trial::start(SYSTEMS, 3000);
    let text = exported(&trial, "civil_registry").await;
    empty(&trial, "civil_registry", &["person", "serial"]);
    let (status, outcome) = imported(&trial, "civil_registry", "?dry_run=true", &text).await;
    assert_eq!((status, &outcome["problems"]), (200, &json!([])), "{outcome:#}");
}

#[actix_web::test]
async fn other_headers_are_mapped_and_nearly_right_ones_are_asked_about() {
    let trial = Trial::start(SYSTEMS, 60);
    let visitor = Visitor::new(&trial).await;
    let text = format!("{HEADERS},notes\n{},x\n", row("9000000001", "1990-02-03"))
        .replace("given_name", "vorname")
        .replace("surname", "surnmae")
        .replace(',', ";");
    let (status, outcome) = imported(&trial, "civil_registry", "", &text).await;
    assert_eq!(status, 422);
    let said = outcome["problems"].to_string();
    assert!(said.contains("did you mean surname?") && said.contains("notes=-"), "{said}");
    let map = "?map=vorname%3Dgiven_name%2Csurnmae%3Dsurname%2Cnotes%3D-";
    let marked = format!("\u{feff}{text}").replace('\n', "\r\n");
    let (status, outcome) = imported(&trial, "civil_registry", map, &marked).await;
    assert_eq!((status, &outcome["entered"]), (200, &json!(1)), "{outcome:#}");
    let found = visitor.find("civil_registry", "UIN", "9000000001").await;
    let record = &found["data"]["reg_records"][0];
    assert_eq!(record["name"]["given_name"], "Ama");
    assert_eq!(record["birth_place"]["contained_in_place"]["name"], "Sarnel");
    assert!(record["identifier"][1]["identifier_value"].as_str().unwrap().starts_with("BRN-1990-"));
}

#[actix_web::test]
async fn a_household_needs_one_head_and_rows_that_agree() {
    let trial = Trial::start(SYSTEMS, 60);
    let visitor = Visitor::new(&trial).await;
    let headers = "household_id,uin,relationship,given_name,surname,sex,birth_date,marital_status,employment_status,\
                   is_disabled,poverty_score,locality,district,region,registration_date,last_updated";
    let row = |uin: &str, role: &str, score: &str| {
        format!(
            "HX-1,{uin},{role},Ama,Doru,female,1980-01-01,S,1,no,{score},Sarnada,QN0301,QN03,2020-01-01,2020-01-01"
        )
    };
    let file = |rows: &[String]| format!("{headers}\n{}\n", rows.join("\n"));
    let wrong = [
        (file(&[row("9000000001", "SPS", "12.5")]), "a household with a head"),
        (file(&[row("9000000001", "SELF", "12.5"), row("9000000002", "SELF", "12.5")]), "one head"),
        (file(&[row("9000000001", "SELF", "12.5"), row("9000000002", "SPS", "13")]), "first row"),
        (file(&[row("9000000001", "SELF", "140")]), "0 (poorest) to 100"),
    ];
    for (text, why) in wrong {
        let (status, outcome) = imported(&trial, "social_registry", "", &text).await;
        let right = outcome["problems"][0]["right"].as_str().unwrap_or_default();
        assert!(status == 422 && right.contains(why), "{why}: {outcome:#}");
    }
    let right = file(&[row("9000000002", "Spouse", "12.5"), row("9000000001", "SELF", "12.5")]);
    let (status, outcome) = imported(&trial, "social_registry", "", &right).await;
    assert_eq!(status, 200, "{outcome:#}");
    let found = visitor.household("9000000002").await;
    let group = &found["data"]["reg_records"][0];
    assert_eq!((&group["group_size"], &group["poverty_score"]), (&json!(2), &json!(12.5)));
    let head = &group["group_head_info"]["member_identifier"][0]["identifier_value"];
    assert_eq!(head, "9000000001");
    let related = &group["member_list"][0]["related_person"][0];
    assert_eq!(related["relationship_type"], "SPS");
    assert_eq!(related["related_member"]["identifier"][0]["identifier_value"], "9000000001");
}

#[actix_web::test]
async fn what_is_no_file_of_people_is_refused() {
    let trial = Trial::start(SYSTEMS, 60);
    let before = people(&trial).await;
    for (query, text, status) in [
        ("", "", 422),
        ("", "hello", 422),
        ("?map=nonsense", HEADERS, 400),
        ("", "\u{0}\u{1}\n\n", 422),
    ] {
        let (answered, told) = imported(&trial, "civil_registry", query, text).await;
        assert_eq!(answered, status, "{text:?}: {told:#}");
    }
    let spoilt =
        format!("{HEADERS}\n{}\n", row("9000000001", "1990-02-03")).replace("Ama", "\u{7f}");
    assert_eq!(imported(&trial, "civil_registry", "", &spoilt).await.0, 422);
    let bytes = [
        HEADERS.as_bytes(),
        b"\n9000000001,\xff,Doru,female,1990-02-03,X,S,Y,QN0301,QN03,2020-01-01\n",
    ];
    let letter = Letter::to("civil_registry", Method::POST, "/_arenoa/import");
    let (status, told) = trial.ask(letter.bytes("text/csv", bytes.concat())).await;
    assert_eq!((status, &told["problems"][0]["right"]), (422, &json!("text in UTF-8")));
    assert_eq!(people(&trial).await, before);
}
