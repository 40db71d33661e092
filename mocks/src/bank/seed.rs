//! Who has money where: the people's accounts and wallets, and the government's account with its funds.

use sha2::{Digest as _, Sha256};
use standards::fspiop::PartyIdType;
use standards::money::Money;

use super::model::Standing;
use super::{model, scheme, store};
use crate::kit::clock::D0;
use crate::kit::journal::stamp;
use crate::kit::seed::{Account, Bank, People, Person, Quirk};
use crate::kit::store::Transaction;

/// The government's account, `account:GOV-SP-001@treasury`.
const GOVERNMENT: &str = "GOV-SP-001";
/// One million, in cents.
const GOVERNMENT_FUNDS: i64 = 100_000_000;
/// The account that the pension payroll is paid from, `account:GOV-OAP-001@treasury`.
const PAYROLL: &str = "GOV-OAP-001";
/// 120,000, in cents.
const PAYROLL_FUNDS: i64 = 12_000_000;

/// Opens the account of everybody who is with `bank`, with nothing on it.
pub(super) fn people(people: &People, tx: &Transaction<'_>, bank: Bank) -> rusqlite::Result<()> {
    for person in people.persons() {
        let Some(account) = person.account.filter(|account| account.bank == bank) else { continue };
        if !is_unknown(people, person) {
            open(tx, person, account, standing(people, person))?;
        }
    }
    for line in people.payroll() {
        if let Some(account) = line.new_account.filter(|account| account.bank == bank) {
            open(tx, people.person(line.person), account, Standing::Open)?;
        }
    }
    Ok(())
}

fn open(
    tx: &Transaction<'_>,
    person: &Person,
    account: Account,
    standing: Standing,
) -> rusqlite::Result<()> {
    let kind = match account.bank {
        Bank::Pinkbank => PartyIdType::AccountId,
        Bank::Greenbank => PartyIdType::Msisdn,
    };
    store::keep_account(
        tx,
        &model::Account {
            number: account.number.to_string(),
            kind,
            given: person.given_name().into(),
            family: person.family_name().into(),
            birth_date: Some(person.birth_date.to_string()),
            phone: person.phone.map(|phone| phone.to_string()),
            standing,
        },
    )?;
    Ok(())
}

/// Whose account the stories need the bank not to have, whatever the mapper says.
fn is_unknown(people: &People, person: &Person) -> bool {
    let quirks = people.quirks(person.index as usize);
    quirks.iter().any(|quirk| matches!(quirk, Quirk::PayeeFails { code: 3204 }))
}

/// What the stories need to go wrong at the bank; everybody else's account takes money.
fn standing(people: &People, person: &Person) -> Standing {
    if person.account.is_some_and(|account| account.closed) {
        return Standing::Closed;
    }
    let fails = |quirk: &Quirk| match quirk {
        Quirk::PayeeFails { code: 5105 } => Some(Standing::Dormant),
        Quirk::PayeeFails { code: 5200 } => Some(Standing::Full),
        Quirk::PayeeFails { code: 5400 } => Some(Standing::Blocked),
        _ => None,
    };
    let quirks = people.quirks(person.index as usize);
    quirks.iter().find_map(fails).unwrap_or(Standing::Open)
}

/// Opens the government's accounts, with their funds on them.
pub(super) fn government(tx: &Transaction<'_>) -> rusqlite::Result<()> {
    for (number, funds) in [(GOVERNMENT, GOVERNMENT_FUNDS), (PAYROLL, PAYROLL_FUNDS)] {
        let account = model::Account {
            number: number.into(),
            kind: PartyIdType::AccountId,
            given: String::from("Government"),
            family: String::from("of Arenoa"),
            birth_date: None,
            phone: None,
            standing: Standing::Open,
        };
        store::keep_account(tx, &account)?;
        store::fund(tx, number, Money::new(funds, scheme::currency()), &stamp(D0))?;
    }
    Ok(())
}

/// What a bank's promises are proved with. Made from its name, so that the same story has the same conditions; a real
/// bank keeps it secret.
pub(super) fn ilp_secret(bank: &str) -> [u8; 32] {
    Sha256::digest(format!("what {bank} proves its payments with")).into()
}
