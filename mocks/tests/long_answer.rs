//! An asynchronous search that means a hundred thousand records is answered page by page, and no more of it is in memory at
//! any time than a page. A program of its own, because it measures itself.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actix_web::web::{self, Bytes};
use actix_web::{App, HttpResponse, HttpServer};
use mocks::kit::clock::pause;
use mocks::kit::courier::Letter;
use mocks::kit::trial::Trial;
use serde_json::{Value, json};

const RECORDS: u64 = 100_000;
const PART: u64 = 2_000;
/// What the program may hold beside the pages of the database that it looks at: less than the budget of 200 MB, which
/// counts them too.
const MOST_KIB: u64 = 200 * 1024;

/// What the program holds in memory: all of it, and the part that is its own.
fn resident_kib() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name));
        line.and_then(|l| l.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
    };
    (line("VmRSS:"), line("RssAnon:"))
}

/// How many records and messages somebody outside has heard.
#[derive(Default)]
struct Heard {
    records: AtomicU64,
    messages: AtomicU64,
    done: AtomicU64,
}

fn listen() -> (Arc<Heard>, String) {
    let heard = Arc::new(Heard::default());
    let ears = Arc::clone(&heard);
    let server = HttpServer::new(move || {
        let ears = Arc::clone(&ears);
        let hear = move |body: Bytes| {
            let body: Value = serde_json::from_slice(&body).unwrap_or_default();
            let item = &body["message"]["search_response"][0];
            assert_eq!(item["pagination"]["total_count"], RECORDS, "every page says the same");
            let records = item["data"]["reg_records"].as_array().map_or(0, Vec::len);
            ears.records.fetch_add(records as u64, Ordering::Relaxed);
            ears.messages.fetch_add(1, Ordering::Relaxed);
            if body["header"]["status"] == "succ" {
                ears.done.fetch_add(1, Ordering::Relaxed);
            }
            async { HttpResponse::Ok().finish() }
        };
        let limit = web::PayloadConfig::new(4_000_000);
        App::new().app_data(limit).default_service(web::to(hear))
    });
    let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
    let base = format!("http://{}", server.addrs()[0]);
    drop(tokio::spawn(server.run()));
    (heard, base)
}

/// Copies of somebody, so that there are so many people whose name says that they are copies; in parts, because what one
/// great transaction needed would be counted as the search's.
fn fill(trial: &Trial) {
    let store = &trial.office("civil_registry").store;
    for first in (0..RECORDS).step_by(usize::try_from(PART).unwrap()) {
        let filled = store.alter(|tx| {
            tx.execute(
                "insert into person (number, uin, brn, given_name, surname, sex, birth_date, birth_place, marital_status,
                   region, district, locality, registered, updated, record)
                 with recursive n (i) as (select $1 + 1 union all select i + 1 from n where i < $1 + $2)
                 select 1000000 + i, 'U' || i, 'B' || i, given_name, 'copy', sex, birth_date, birth_place,
                   marital_status, region, district, locality, registered, updated, record
                 from n, (select * from person order by number limit 1)",
                [i64::try_from(first).unwrap(), i64::try_from(PART).unwrap()],
            )?;
            Ok(())
        });
        filled.unwrap();
    }
}

async fn token(trial: &Trial) -> String {
    let form =
        [("grant_type", "client_credentials"), ("client_id", "demo"), ("client_secret", "demo")];
    let (_, granted) = trial.ask(Letter::post("gateway", "/oauth2/client/token").form(&form)).await;
    granted["access_token"].as_str().unwrap().to_owned()
}

#[actix_web::test]
async fn a_hundred_thousand_records_are_paged_and_never_held() {
    let trial = Trial::start(mocks::ALL, 60);
    fill(&trial);
    let (heard, base) = listen();
    let at = "2026-10-01T08:00:00Z";
    let criteria = json!({"query_type": "expression", "query": {"surname": {"eq": "copy"}}});
    let item = json!({"reference_id": "R-1", "timestamp": at, "search_criteria": criteria});
    let asked = json!({
        "header": {"message_id": "M-1", "message_ts": at, "action": "search", "sender_id": "demo",
            "sender_uri": base, "total_count": 1},
        "message": {"transaction_id": "T-1", "search_request": [item]},
    });
    let letter = Letter::post("civil_registry", "/registry/search").json(&asked);
    let (_, ack) = trial.ask(letter.bearer(&token(&trial).await)).await;
    assert_eq!(ack["message"]["ack_status"], "ACK", "{ack:#}");
    let (mut most, mut own) = (0, 0);
    while heard.done.load(Ordering::Relaxed) == 0 {
        let (all, anonymous) = resident_kib();
        (most, own) = (most.max(all), own.max(anonymous));
        pause(Duration::from_millis(20)).await;
    }
    assert_eq!(heard.records.load(Ordering::Relaxed), RECORDS);
    assert_eq!(heard.messages.load(Ordering::Relaxed), RECORDS / 100);
    let told =
        format!("at most {} MiB were held, {} MiB of them our own\n", most / 1024, own / 1024);
    drop(std::io::Write::write_all(&mut std::io::stderr(), told.as_bytes()));
    assert!(own < MOST_KIB && most < MOST_KIB, "{told}");
}
