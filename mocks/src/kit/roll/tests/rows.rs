//! The registries whose records stand on one row each: everything goes out and comes in again, and a wrong row enters nothing.

use serde_json::{Value, json};

use super::{empty, exported, imported};
use crate::kit::courier::Letter;
use crate::kit::roll::parsed;
use crate::kit::system::System;
use crate::kit::trial::Trial;

const SYSTEMS: &[System] = &[
    crate::beneficiary_registry::SYSTEM,
    crate::disability_registry::SYSTEM,
    crate::employment_service::SYSTEM,
    crate::farmer_registry::SYSTEM,
];

/// A registry: its system, its tables, and how a whole record is read from the first of them.
const REGISTRIES: [(&str, &[&str], &str); 4] = [
    ("beneficiary_registry", &["enrolment"], "record"),
    ("disability_registry", &["certificate", "impairment", "support"], "record"),
    ("employment_service", &["jobseeker", "job"], "json_array(json(record), json(enrolment))"),
    ("farmer_registry", &["farmer", "plot", "crop_word", "water_word", "serial"], "record"),
];

/// All records of a registry, and how many lines each table has.
async fn archived(trial: &Trial, (system, tables, record): (&str, &[&str], &str)) -> Value {
    let sql = format!("select {record} from {} order by number", tables[0]);
    let read = trial.office(system).store.read(|db| {
        let mut query = db.prepare(&sql)?;
        let records: rusqlite::Result<Vec<Value>> =
            query.query_map([], |row| parsed(row, 0))?.collect();
        records
    });
    let (_, state) = trial.ask(Letter::get(system, "/_arenoa/state")).await;
    json!([read.unwrap(), tables.iter().map(|table| &state[table]["count"]).collect::<Vec<_>>()])
}

/// The file with one cell of its first row said otherwise.
fn with(file: &str, column: &str, value: &str) -> String {
    let mut reader = csv::Reader::from_reader(file.as_bytes());
    let headers = reader.headers().unwrap().clone();
    let at = headers.iter().position(|header| header == column).unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&headers).unwrap();
    for (number, row) in reader.records().enumerate() {
        let row = row.unwrap();
        let changed = |(i, cell)| if number == 0 && i == at { value } else { cell };
        writer.write_record(row.iter().enumerate().map(changed)).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

#[actix_web::test]
async fn every_record_leaves_as_a_row_and_comes_back_the_same() {
    let trial = Trial::start(SYSTEMS, 300);
    for registry in REGISTRIES {
        let (system, tables, _) = registry;
        let before = archived(&trial, registry).await;
        assert!(before[0].as_array().unwrap().len() > 3, "{system} has some people");
        let file = exported(&trial, system).await;
        empty(&trial, system, tables);
        let (status, outcome) = imported(&trial, system, "", &file).await;
        assert_eq!(status, 200, "{system}: {outcome:#}");
        assert_eq!(outcome["entered"], before[0].as_array().unwrap().len(), "{system}");
        assert_eq!(archived(&trial, registry).await, before, "{system}");
        assert_eq!(exported(&trial, system).await, file, "{system}");
    }
}

#[actix_web::test]
async fn a_wrong_row_enters_nothing_anywhere() {
    let trial = Trial::start(SYSTEMS, 300);
    let elsewhere = r#"{"member":{"member_identifier":[{"identifier_value":"9999999999"}]}}"#;
    let wrong: [(&str, &str, &str, &str); 15] = [
        ("beneficiary_registry", "programme_identifier", "XYZ", "OAP (Old Age Pension)"),
        ("beneficiary_registry", "enrollment_date", "", "a value"),
        ("beneficiary_registry", "more", elsewhere, "only what the other columns do not say"),
        ("disability_registry", "uin", "12", "ten digits"),
        ("disability_registry", "impairment_type", "Wings", "one of"),
        ("disability_registry", "review_date", "soon", "a date such as"),
        ("disability_registry", "more", "[1]", "a JSON object"),
        ("employment_service", "enrollment_status", "9", "one of 1 (Active)"),
        ("employment_service", "job_title", "", "something is said of a job"),
        ("employment_service", "end_date", "1950-01-01", "not before the start"),
        ("farmer_registry", "land_size", "-1", "more than 0"),
        ("farmer_registry", "crops", "maize;bananas", "one of maize"),
        ("farmer_registry", "plot_community", "Atlantis", "a community"),
        ("farmer_registry", "measurment", "furlong", "one of"),
        ("farmer_registry", "sex", "F", "female (Female)"),
    ];
    for registry in REGISTRIES {
        let (system, tables, _) = registry;
        let file = exported(&trial, system).await;
        let (status, outcome) = imported(&trial, system, "", &file).await;
        let right = outcome["problems"][0]["right"].as_str().unwrap();
        assert!(status == 422 && right.contains("not in the registry yet"), "{outcome:#}");
        empty(&trial, system, tables);
        let before = archived(&trial, registry).await;
        for (_, column, value, expected) in wrong.iter().filter(|(of, ..)| *of == system) {
            let (status, outcome) = imported(&trial, system, "", &with(&file, column, value)).await;
            let problem = &outcome["problems"][0];
            let right = problem["right"].as_str().unwrap();
            assert_eq!((status, &outcome["entered"]), (422, &json!(0)), "{column}={value}");
            assert_eq!((&problem["line"], &problem["column"]), (&json!(2), &json!(column)));
            assert!(right.contains(expected), "{column}={value}: {right}");
            assert_eq!(archived(&trial, registry).await, before, "{column}={value}");
        }
    }
}

#[actix_web::test]
async fn an_approved_certificate_says_what_and_until_when() {
    let trial = Trial::start(SYSTEMS, 300);
    let file = exported(&trial, "disability_registry").await;
    let mut lines = file.lines();
    let head = lines.next().unwrap();
    let approved = lines.find(|line| line.contains(",0,")).unwrap();
    let file = format!("{head}\n{approved}\n");
    empty(&trial, "disability_registry", &["certificate", "impairment", "support"]);
    let without = with(&with(&file, "disability_status", "Approved"), "review_date", "");
    let (status, outcome) = imported(&trial, "disability_registry", "", &without).await;
    assert_eq!((status, &outcome["problems"][0]["column"]), (422, &json!("review_date")));
    let pending = with(&without, "disability_status", "Pending");
    assert_eq!(imported(&trial, "disability_registry", "", &pending).await.0, 200);
}

#[actix_web::test]
async fn nobody_is_changed_under_another_number_nor_loses_a_plot() {
    let trial = Trial::start(SYSTEMS, 300);
    let registry = REGISTRIES[3];
    let file = exported(&trial, registry.0).await;
    let (head, row) = (file.lines().next().unwrap(), file.lines().nth(1).unwrap());
    let uin = row.split(',').next().unwrap();
    let row = row.replace(uin, "9000000001").replace("FRM-00001", "FRM-90000");
    let row = row.replace("PLOT-00001", "PLOT-90000");
    let file = format!("{head}\n{row}\n");
    let before = archived(&trial, registry).await;
    // Somebody new by the first number, and somebody known by the one that counts.
    let hidden = json!({"farmer_personal_details": {"member_identifier": [
        {"identifier_type": "OLD", "identifier_value": "9000000001"},
        {"identifier_type": "FARMER_ID", "identifier_value": "FRM-90000"},
        {"identifier_type": "UIN", "identifier_value": uin}]}});
    let plots = json!({"farm_details": [
        {"@id": "urn:arenoa:farmer-registry:PLOT-90000", "land_size": 1.0},
        {"@id": "urn:arenoa:farmer-registry:PLOT-00001", "land_size": 1.0}]});
    for more in [hidden, plots] {
        let odd = with(&file, "more", &more.to_string());
        let (status, outcome) = imported(&trial, registry.0, "", &odd).await;
        assert_eq!(status, 422, "{outcome:#}");
        assert_eq!(archived(&trial, registry).await, before);
    }
    assert_eq!(imported(&trial, registry.0, "", &file).await.0, 200);
    let serial = trial.office(registry.0).store.read(|db| {
        db.query_row("select last from serial where name = 'plot'", [], |row| row.get::<_, i64>(0))
    });
    assert_eq!(serial.unwrap(), 90_000, "the next plot has a number of its own");
}
