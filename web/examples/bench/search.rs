//! One synchronous search of one person by number at each registry, journal on, answer signed; and how the country
//! starts: until it is ready, and how much memory it holds then.

use std::path::Path;

use mocks::kit::seed::{People, Person};

use crate::Failure;
use crate::driver::cpu_per_request;
use crate::process::Server;
use crate::table::Table;

const PORT: u16 = 18092;

/// The numbers of people whom a registry knows.
type Known = fn(&People) -> Vec<String>;

/// The registries: name, path, and who is in them.
const REGISTRIES: [(&str, &str, Known); 6] = [
    ("civil registry", "/crvs/sync/search", |people| {
        // Some are not in its books, because their story says so.
        let told = |person: &&Person| people.quirks(person.index as usize).is_empty();
        uins(people.persons().iter().filter(told))
    }),
    ("social registry", "/sr/sync/search", |people| {
        uins(people.living().filter(|person| people.household_of(person).is_some()))
    }),
    ("beneficiary registry", "/ibr/sync/search", |people| {
        let lines = people.payroll().iter().filter(|line| !people.is_cast(line.person));
        uins(lines.map(|line| people.person(line.person)).filter(|person| person.is_alive()))
    }),
    ("disability registry", "/dr/sync/search", |people| {
        uins(people.living().filter(|person| person.disability.is_some()))
    }),
    ("farmer registry", "/fr/sync/search", |people| {
        let farmers = people.farms().iter().map(|farm| people.person(farm.farmer));
        uins(farmers.filter(|person| person.is_alive()))
    }),
    ("employment service", "/ess/sync/search", |people| {
        let ended = people.careers().iter().filter(|career| career.ended.is_some());
        uins(ended.map(|career| people.person(career.person)).filter(|person| person.is_alive()))
    }),
];

fn uins<'p>(persons: impl IntoIterator<Item = &'p Person>) -> Vec<String> {
    persons.into_iter().map(|person| person.uin.to_string()).collect()
}

/// The search with 20,000 people and with `large`.
pub(crate) async fn measure(table: &Table, arenoa: &Path, large: usize) -> Result<(), Failure> {
    for people in [20_000, large] {
        let dir = std::env::temp_dir().join(format!("arenoa-bench-{people}"));
        let result = at(table, arenoa, people, &dir).await;
        std::fs::remove_dir_all(dir)?;
        result?;
    }
    Ok(())
}

async fn at(table: &Table, arenoa: &Path, people: usize, dir: &Path) -> Result<(), Failure> {
    let (count, port, data) = (people.to_string(), PORT.to_string(), dir.display().to_string());
    let arguments = ["serve", "--port", &port, "--people", &count, "--data", &data];
    let server = Server::start(arenoa, &arguments, PORT).await?;
    let (first, memory_mb) = (server.ready_after, server.resident_mb()?);
    let note = format!("{memory_mb} MB of memory");
    table.line(&format!("first start, {people} people"), &format!("{first:.0?}"), &note);
    let everybody = People::generate(42, people);
    for (registry, path, of_it) in REGISTRIES {
        let uins = of_it(&everybody);
        let us = cpu_per_request(&server, |number| {
            // A stride without a common divisor visits people all over the country.
            (path, question(number, &uins[number * 7919 % uins.len()]))
        })?;
        let (known, what) = (uins.len(), "sync search, journal on");
        table.cpu(&format!("{registry}: {what}, {known} people of {people}"), us);
    }
    drop(server);
    let again = Server::start(arenoa, &arguments, PORT).await?;
    table.line(&format!("next start, {people} people"), &format!("{:.0?}", again.ready_after), "");
    Ok(())
}

fn question(number: usize, uin: &str) -> String {
    format!(
        r#"{{"signature":"","header":{{"version":"1.0.0","message_id":"B-{number}","message_ts":"2026-10-01T08:00:00Z","action":"search","sender_id":"bench","total_count":1}},"message":{{"transaction_id":"T-{number}","search_request":[{{"reference_id":"R-1","timestamp":"2026-10-01T08:00:00Z","search_criteria":{{"query_type":"idtype-value","query":{{"type":"UIN","value":"{uin}"}}}}}}]}}}}"#
    )
}
