//! One synchronous search of one person by number at the civil registry, journal on, answer signed; and how the country
//! starts: until it is ready, and how much memory it holds then.

use std::path::Path;

use mocks::kit::seed::People;

use crate::Failure;
use crate::driver::cpu_per_request;
use crate::process::Server;
use crate::table::Table;

const PORT: u16 = 18092;

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
    let persons = everybody.persons();
    let us = cpu_per_request(&server, |number| {
        // A stride without a common divisor visits people all over the country.
        let uin = &persons[number * 7919 % persons.len()].uin;
        ("/crvs/sync/search", question(number, &uin.to_string()))
    })?;
    table.cpu(&format!("sync search, {people} people, journal on"), us);
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
