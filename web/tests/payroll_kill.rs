//! The real program is killed (SIGKILL) in the middle of a payroll of a thousand, ten times, and started again on the same
//! data: in the end everybody has the money once, and every book sums to zero.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use mocks::kit::clock::pause;
use mocks::kit::seed::People;
use serde_json::{Value, json};

/// How many live in the country; enough for a thousand who have an account.
const PEOPLE: usize = 3_000;
const SEED: u64 = 42;
const PAYEES: usize = 1_000;
const KILLS: u64 = 10;
/// From the moment when the program is up again to the next kill, in milliseconds: so many more each time.
const LONGER_MS: u64 = 45;

/// The program, with its data in a folder of its own.
struct Program {
    child: Child,
    base: String,
}

impl Program {
    fn start(data: &PathBuf) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_arenoa"))
            .args(["serve", "--port", "0", "--people", &PEOPLE.to_string(), "--data"])
            .arg(data)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let up = lines.find(|line| line.as_ref().is_ok_and(|l| l.contains("Arenoa is up")));
        let base = up.unwrap().unwrap().rsplit(' ').next().unwrap().to_owned();
        // What the program says later is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, base }
    }

    /// SIGKILL: nothing is flushed, nothing is closed.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    async fn ask(&self, path: &str, body: Option<String>, token: Option<&str>) -> (u16, Value) {
        let address = format!("{}{path}", self.base);
        let client = client();
        let mut request = match body {
            Some(body) => client.post(address).body(body),
            None => client.get(address),
        };
        request = request.header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let reply = request.send().await.unwrap();
        let status = reply.status().as_u16();
        let bytes = reply.bytes().await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    async fn token(&self) -> String {
        let client = client();
        let form = "grant_type=client_credentials&client_id=demo&client_secret=demo";
        let reply = client
            .post(format!("{}/oauth2/client/token", self.base))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(form)
            .send()
            .await
            .unwrap();
        let bytes = reply.bytes().await.unwrap();
        let answer: Value = serde_json::from_slice(&bytes).unwrap();
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// Counts of payments by state, over all lists.
    async fn states(&self) -> (i64, i64, i64) {
        let (_, shown) = self.ask("/payment-hub/lists", None, None).await;
        let lists = shown["lists"].as_array().unwrap();
        let sum = |at: &str| lists.iter().filter_map(|l| l.pointer(at)?.as_i64()).sum();
        (sum("/open/count"), sum("/states/paid/count"), sum("/states/failed/count"))
    }
}

#[expect(clippy::disallowed_methods, reason = "a test speaks to the program from outside")]
fn client() -> reqwest::Client {
    // Nothing here is encrypted, but a client is not made without; a second call finds it installed.
    drop(rustls::crypto::ring::default_provider().install_default());
    reqwest::Client::new()
}

/// A thousand accounts, by bank and number.
fn accounts() -> Vec<(&'static str, String)> {
    let people = People::generate(SEED, PEOPLE);
    let quiet = |index: u32| people.quirks(index as usize).is_empty();
    let open = people.living().filter(|person| quiet(person.index));
    let accounts = open.filter_map(|person| person.account).filter(|account| !account.closed);
    let accounts: Vec<_> =
        accounts.map(|a| (a.bank.code(), a.number.to_string())).take(PAYEES).collect();
    assert_eq!(accounts.len(), PAYEES, "the country is too small for the test");
    accounts
}

fn list(number: usize, accounts: &[(&str, String)]) -> String {
    let disbursements: Vec<Value> = accounts
        .iter()
        .enumerate()
        .map(|(i, (bank, account))| {
            let kind = if *bank == "greenbank" { "msisdn" } else { "account" };
            json!({"reference_id": format!("PAY-{number}-{i}"), "payer_fa": "account:GOV-SP-001@treasury",
                "payee_fa": format!("{kind}:{account}@{bank}"), "amount": "100.00", "currency_code": "XTS"})
        })
        .collect();
    json!({"signature": "", "header": {"version": "1.0.0", "message_id": format!("M-{number}"),
            "message_ts": "2026-10-01T08:00:00Z", "action": "disburse", "sender_id": "ministry.example",
            "total_count": accounts.len()},
        "message": {"transaction_id": format!("TXN-{number}"), "disbursements": disbursements}})
    .to_string()
}

#[actix_web::test]
async fn ten_kills_in_the_middle_of_a_payroll_lose_nothing_and_pay_nobody_twice() {
    let data = std::env::temp_dir().join(format!("arenoa-killed-{}", std::process::id()));
    let accounts = accounts();
    let mut program = Program::start(&data);
    let token = program.token().await;
    for (number, half) in accounts.chunks(PAYEES / 2).enumerate() {
        let handed = program.ask("/payment-hub/disburse", Some(list(number, half)), Some(&token));
        let (status, ack) = handed.await;
        assert_eq!((status, &ack["message"]["ack_status"]), (200, &json!("ACK")), "{ack}");
    }
    let mut struck_open = 0;
    for kill in 0..KILLS {
        pause(Duration::from_millis(kill * LONGER_MS)).await;
        if program.states().await.0 > 0 {
            struck_open += 1;
        }
        program.kill();
        program = Program::start(&data);
    }
    assert!(struck_open > 1, "the payroll was over before it was struck");
    end(&program).await;
    let (open, paid, failed) = program.states().await;
    assert_eq!((open, paid, failed), (0, 1_000, 0));
    everybody_has_the_money_once(&program, &accounts).await;
    program.kill();
    std::fs::remove_dir_all(&data).unwrap();
}

/// Lets the country work until nothing is open; what nobody answered is asked for when the clock moves.
async fn end(program: &Program) {
    for _ in 0..60 {
        for _ in 0..20 {
            if program.states().await.0 == 0 {
                return;
            }
            pause(Duration::from_millis(100)).await;
        }
        let advance = Some(json!({"advance": "PT20S"}).to_string());
        program.ask("/_arenoa/clock", advance, None).await;
    }
}

/// What is on an account. The payee's bank asks how a bulk ended, and credits when it is told: that may be a moment after the
/// payer's side knows it.
async fn balance(program: &Program, (bank, number): &(&str, String)) -> Value {
    let path = format!("/{bank}/accounts/{number}");
    for again in 0..100 {
        let (_, account) = program.ask(&path, None, None).await;
        if account["balance"] != "0.00" {
            return account["balance"].clone();
        }
        if again % 20 == 19 {
            let advance = Some(json!({"advance": "PT20S"}).to_string());
            program.ask("/_arenoa/clock", advance, None).await;
        }
        pause(Duration::from_millis(100)).await;
    }
    json!("0.00")
}

async fn everybody_has_the_money_once(program: &Program, accounts: &[(&str, String)]) {
    for account in accounts {
        assert_eq!(balance(program, account).await, "100.00", "{account:?}");
    }
    let (_, government) = program.ask("/treasury/accounts/GOV-SP-001", None, None).await;
    assert_eq!(government["balance"], "900000.00");
    let (_, ledger) = program.ask("/payment-switch/admin/ledger", None, None).await;
    assert_eq!(ledger["balanced"], true, "{ledger}");
    let (_, positions) =
        program.ask("/payment-switch/admin/participants/treasury/positions", None, None).await;
    assert_eq!(positions[0]["value"], json!(100_000), "{positions}");
}
