//! A payment from a customer of one bank to one of another: lookup, quote and transfer with every callback, the journal on,
//! without signatures. How much CPU it takes, and how many there are in a second.

use std::sync::Arc;

use futures_util::future::join_all;
use mocks::kit::clock::Stopwatch;
use mocks::kit::country::{Country, Settings};
use mocks::kit::courier::{Letter, Reply, deliver};
use mocks::kit::fspiop::set_signing;
use mocks::kit::room::Hall;
use mocks::kit::seed::{Bank, People};
use mocks::kit::server::{Listen, serve};
use serde_json::{Value, json};

use crate::Failure;
use crate::process::cpu_us;
use crate::table::Table;

/// Payments that warm everything up, and payments that count.
const WARM: usize = 200;
const COUNTED: usize = 4_000;
/// So many are begun at once.
const AT_ONCE: usize = 100;
/// What the payer holds at first.
const FUNDS: &str = "50000.00";
const UNSIGNED: [&str; 3] = ["payment_switch", "pinkbank", "greenbank"];

/// Pays many times, and asks the kernel what it took.
pub(crate) async fn measure(table: &Table) -> Result<(), Failure> {
    let dir = std::env::temp_dir().join(format!("arenoa-bench-payment-{}", std::process::id()));
    let country = Country::open(Settings::new(&dir), mocks::ALL)?;
    let running = serve(&country, &Listen::default(), |_| {})?;
    let hall = country.main();
    for name in UNSIGNED {
        set_signing(hall.office(name).ok_or("a bank is missing")?, false)?;
    }
    let payers = accounts(&country.people, Bank::Greenbank);
    let payees = accounts(&country.people, Bank::Pinkbank);
    let payer = payers.first().ok_or("nobody has a wallet")?;
    fund(&hall, payer).await?;
    pay(&hall, (payer, &payees), 0..WARM).await?;
    let (cpu, watch) = (cpu_us("self")?, Stopwatch::start());
    pay(&hall, (payer, &payees), WARM..WARM + COUNTED).await?;
    let took = watch.elapsed();
    hall.room.journal.settled().await;
    let counted = f64::from(u32::try_from(COUNTED)?);
    let us = (cpu_us("self")? - cpu) / counted;
    let shown = ask(&hall, Letter::get("greenbank", format!("/accounts/{payer}"))).await?;
    let left = format!("{}.00", 50_000 - WARM - COUNTED);
    if shown["balance"] != left.as_str() {
        return Err(format!("{left} must be left of the payer's money: {shown}").into());
    }
    table.cpu("lookup, quote and transfer between two banks", us);
    let rate = format!("{:.0} a second", counted / took.as_secs_f64());
    table.line("the same, with the driver on the same machine", &rate, "");
    running.stop().await;
    Ok(std::fs::remove_dir_all(dir)?)
}

/// Accounts of a bank that take money.
fn accounts(people: &People, bank: Bank) -> Vec<String> {
    let quiet = people.living().filter(|p| people.quirks(p.index as usize).is_empty());
    let open = quiet.filter_map(|p| p.account).filter(|a| !a.closed && a.bank == bank);
    open.map(|account| account.number.to_string()).collect()
}

async fn send(hall: &Arc<Hall>, letter: Letter) -> Result<Reply, Failure> {
    let room = Arc::clone(&hall.room);
    let cause = room.stranger();
    Ok(deliver(&room, "bench", &cause, letter).await?)
}

async fn ask(hall: &Arc<Hall>, letter: Letter) -> Result<Value, Failure> {
    Ok(send(hall, letter).await?.json()?)
}

/// The government pays the payer, so that there is something to pay with.
async fn fund(hall: &Arc<Hall>, payer: &str) -> Result<(), Failure> {
    let wish = "grant_type=client_credentials&client_id=demo&client_secret=demo";
    let letter = Letter::post("gateway", "/oauth2/client/token")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(wish.to_owned());
    let token = ask(hall, letter).await?;
    let token = token["access_token"].as_str().ok_or("no token")?;
    let list = json!({"signature": "", "header": {"version": "1.0.0", "message_id": "M-1",
            "message_ts": "2026-10-01T08:00:00Z", "action": "disburse",
            "sender_id": "ministry.example", "total_count": 1},
        "message": {"transaction_id": "TXN-1", "disbursements": [{"reference_id": "PAY-1",
            "payer_fa": "account:GOV-SP-001@treasury", "payee_fa": format!("msisdn:{payer}@greenbank"),
            "amount": FUNDS, "currency_code": "XTS"}]}});
    let letter = Letter::post("payment_hub", "/disburse").json(&list);
    send(hall, letter.header("Authorization", &format!("Bearer {token}"))).await?;
    hall.room.clock.idle().await;
    Ok(())
}

async fn pay(
    hall: &Arc<Hall>,
    (payer, payees): (&str, &[String]),
    numbers: std::ops::Range<usize>,
) -> Result<(), Failure> {
    let numbers: Vec<usize> = numbers.collect();
    for part in numbers.chunks(AT_ONCE) {
        let begun = part.iter().map(|number| {
            let to = &payees[number % payees.len()];
            let ask = json!({"account": payer, "kind": "ACCOUNT_ID", "to": to, "amount": "1.00"});
            send(hall, Letter::post("greenbank", "/payments").json(&ask))
        });
        for reply in join_all(begun).await {
            let reply = reply?;
            if reply.status != 202 {
                return Err(String::from_utf8_lossy(&reply.body).into_owned().into());
            }
        }
        hall.room.clock.idle().await;
    }
    Ok(())
}
