//! What the journal costs a message (a request and its answer, 1 KB and 2 KB): putting both in line and writing them.

use mocks::kit::journal::{Entry, Journal, Kind};

use crate::Failure;
use crate::process::cpu_us;
use crate::table::Table;

const MESSAGES: u32 = 20_000;

/// Writes many messages, and asks the kernel what it took.
pub(crate) async fn measure(table: &Table) -> Result<(), Failure> {
    let dir = std::env::temp_dir().join(format!("arenoa-bench-journal-{}", std::process::id()));
    std::fs::create_dir_all(&dir)?;
    let journal = Journal::open(&dir.join("journal.db"))?;
    let before = cpu_us("self")?;
    for _ in 0..MESSAGES {
        let of = journal.write(entry(Kind::Request, 1024));
        journal.write(Entry { of, status: 200, ..entry(Kind::Answer, 2048) });
    }
    journal.settled().await;
    let us = (cpu_us("self")? - before) / f64::from(MESSAGES);
    table.cpu("journal, a message (two entries)", us);
    drop(journal);
    Ok(std::fs::remove_dir_all(dir)?)
}

fn entry(kind: Kind, body: usize) -> Entry {
    Entry {
        at: "2026-10-01T08:00:00.000Z".into(),
        kind,
        step: "ask-civil-registry".into(),
        from: "programme_office".into(),
        to: "civil_registry".into(),
        standard: "DCI CRVS".into(),
        action: "POST /registry/sync/search".into(),
        path: "/civil-registry/registry/sync/search".into(),
        headers: "content-type: application/json\n".repeat(6),
        body: "x".repeat(body),
        correlation: "T-000001".into(),
        trace: "0af7651916cd43dd8448eb211c80319c".into(),
        place: "6.1".into(),
        ..Entry::default()
    }
}
