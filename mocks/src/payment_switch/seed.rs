//! Who takes part from the start: the government's bank and the two banks of the people, with their funds; and which bank
//! holds which account or wallet.

use standards::fspiop::{PartyIdInfo, PartyIdType};
use standards::money::{Currency, Money};

use super::model::AccountKind;
use super::store;
use crate::kit::clock::D0;
use crate::kit::journal::stamp;
use crate::kit::seed::{Account, Bank, People, Person, Quirk};
use crate::kit::store::Transaction;

/// The currency of the country.
const CURRENCY: &str = "XTS";
/// Participant, cover and net debit cap in cents. The government pays; banks pay each other little.
const MEMBERS: [(&str, i64, i64); 3] = [
    ("treasury", 100_000_000, 100_000_000),
    ("pinkbank", 20_000_000, 10_000_000),
    ("greenbank", 20_000_000, 10_000_000),
];

pub(super) fn seed(people: &People, tx: &Transaction<'_>) -> rusqlite::Result<()> {
    let currency: Currency =
        CURRENCY.parse().map_err(|e| rusqlite::Error::ToSqlConversionFailure(Box::new(e)))?;
    let at = stamp(D0);
    for (name, cover, cap) in MEMBERS {
        store::add_participant(tx, name, &at)?;
        for kind in [AccountKind::Position, AccountKind::Settlement] {
            store::add_account(tx, name, currency, kind)?;
        }
        store::set_cap(tx, name, currency, (cap, 10))?;
        let reference = format!("opening funds of {name}");
        store::fund(tx, name, Money::new(cover, currency), (&reference, &at))?;
    }
    for person in people.persons() {
        let Some(account) = person.account.filter(|_| !is_unknown(people, person)) else {
            continue;
        };
        register(tx, account)?;
    }
    for account in people.payroll().iter().filter_map(|line| line.new_account) {
        register(tx, account)?;
    }
    Ok(())
}

fn register(tx: &Transaction<'_>, account: Account) -> rusqlite::Result<()> {
    let kind = match account.bank {
        Bank::Greenbank => PartyIdType::Msisdn,
        Bank::Pinkbank => PartyIdType::AccountId,
    };
    let party = PartyIdInfo::new(kind, account.number.to_string());
    store::register_party(tx, &party, account.bank.code())
}

/// Whose identifier the stories need to be unknown to the switch.
fn is_unknown(people: &People, person: &Person) -> bool {
    let quirks = people.quirks(person.index as usize);
    quirks.iter().any(|quirk| matches!(quirk, Quirk::PayeeFails { code: 3204 }))
}
