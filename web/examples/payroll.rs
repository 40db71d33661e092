//! Measures a payroll of 100,000 through bulk transfers, in the real program: time from the first list handed in to the
//! last payment ended, and the most memory that the program took. Usage: `payroll PATH_TO_ARENOA [PAYMENTS]`.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use mocks::kit::clock::{Stopwatch, pause};
use mocks::kit::seed::People;
use serde_json::{Value, json};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const PORT: u16 = 18_097;
const PEOPLE: usize = 20_000;
const SEED: u64 = 42;
/// Payments of one list; a list of the hub may have so many.
const LIST: usize = 5_000;
const PAYMENTS: usize = 100_000;

/// The program that is measured; it ends with the measurement.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // Whoever measures has what was wanted by now.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    // Without one there is no HTTP client at all. Whoever set one before did no harm.
    drop(rustls::crypto::ring::default_provider().install_default());
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arenoa = arguments.first().ok_or("usage: payroll PATH_TO_ARENOA [PAYMENTS]")?;
    let payments = arguments.get(1).map_or(Ok(PAYMENTS), |text| text.parse())?;
    let data = std::env::temp_dir().join(format!("arenoa-payroll-{}", std::process::id()));
    let server = start(Path::new(arenoa), &data)?;
    let measured = measure(&server, payments).await;
    drop(server);
    // A folder that cannot be removed is the temporary folder's own matter.
    drop(std::fs::remove_dir_all(&data));
    measured
}

fn start(arenoa: &Path, data: &Path) -> Result<Server, Failure> {
    let child = Command::new(arenoa)
        .args(["serve", "--port", &PORT.to_string(), "--people", &PEOPLE.to_string(), "--data"])
        .arg(data)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    Ok(Server(child))
}

async fn measure(server: &Server, payments: usize) -> Result<(), Failure> {
    let accounts = accounts();
    while ask("/ready", None, None).await.is_err() {
        pause(Duration::from_millis(50)).await;
    }
    let token = token().await?;
    let before = memory_mb(&server.0, "VmRSS:")?;
    let watch = Stopwatch::start();
    let mut made = 0;
    while made < payments {
        let count = LIST.min(payments - made);
        let handed =
            ask("/payment-hub/disburse", Some(list(made, count, &accounts)), Some(&token)).await?;
        if handed["message"]["ack_status"] != "ACK" {
            return Err(format!("a list was not taken: {handed}").into());
        }
        made += count;
    }
    let paid = loop {
        let shown = ask("/payment-hub/lists", None, None).await?;
        let sum = |at: &str| -> i64 {
            let lists = shown["lists"].as_array().into_iter().flatten();
            lists.filter_map(|list| list.pointer(at)?.as_i64()).sum()
        };
        if sum("/open/count") == 0 {
            break sum("/states/paid/count");
        }
        pause(Duration::from_millis(250)).await;
    };
    let seconds = watch.micros() / 1_000;
    let most = memory_mb(&server.0, "VmHWM:")?;
    say(&format!(
        "{paid} of {payments} payments are paid in {}.{:03} s",
        seconds / 1000,
        seconds % 1000
    ));
    say(&format!("memory: {before} MB before, {most} MB at the most"));
    let ledger = ask("/payment-switch/admin/ledger", None, None).await?;
    if ledger["balanced"] != true || usize::try_from(paid) != Ok(payments) {
        return Err(format!("not everybody was paid, or a book is wrong: {ledger}").into());
    }
    Ok(())
}

/// Addresses that take money.
fn accounts() -> Vec<String> {
    let people = People::generate(SEED, PEOPLE);
    let quiet = people.living().filter(|p| people.quirks(p.index as usize).is_empty());
    let open = quiet.filter_map(|p| p.account).filter(|account| !account.closed);
    open.map(|account| account.to_string()).collect()
}

fn list(first: usize, count: usize, accounts: &[String]) -> String {
    let disbursements: Vec<Value> = (first..first + count)
        .map(|n| {
            json!({"reference_id": format!("PAY-{n}"), "payer_fa": "account:GOV-SP-001@treasury",
                "payee_fa": accounts[n % accounts.len()], "amount": "1.00", "currency_code": "XTS"})
        })
        .collect();
    json!({"signature": "", "header": {"version": "1.0.0", "message_id": format!("M-{first}"),
            "message_ts": "2026-10-01T08:00:00Z", "action": "disburse",
            "sender_id": "ministry.example", "total_count": count},
        "message": {"transaction_id": format!("TXN-{first}"), "disbursements": disbursements}})
    .to_string()
}

#[expect(clippy::disallowed_methods, reason = "the driver speaks to the program from outside")]
fn client() -> reqwest::Client {
    reqwest::Client::new()
}

async fn ask(path: &str, body: Option<String>, token: Option<&str>) -> Result<Value, Failure> {
    let address = format!("http://127.0.0.1:{PORT}{path}");
    let client = client();
    let mut request = match body {
        Some(body) => client.post(address).body(body),
        None => client.get(address),
    };
    request = request.header("content-type", "application/json");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    let bytes = request.send().await?.bytes().await?;
    Ok(serde_json::from_slice(&bytes).unwrap_or_default())
}

async fn token() -> Result<String, Failure> {
    let request = client()
        .post(format!("http://127.0.0.1:{PORT}/oauth2/client/token"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("grant_type=client_credentials&client_id=demo&client_secret=demo");
    let bytes = request.send().await?.bytes().await?;
    let answer: Value = serde_json::from_slice(&bytes)?;
    Ok(answer["access_token"].as_str().ok_or("no token")?.to_owned())
}

/// A line of the kernel's book about a process, in megabytes.
fn memory_mb(child: &Child, line: &str) -> Result<u64, Failure> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id()))?;
    let found = status.lines().find_map(|l| l.strip_prefix(line));
    let kb: u64 = found.and_then(|l| l.split_whitespace().next()).ok_or("no such line")?.parse()?;
    Ok(kb / 1024)
}

#[expect(clippy::print_stdout, reason = "what was measured is this program's output")]
fn say(line: &str) {
    println!("{line}");
}
