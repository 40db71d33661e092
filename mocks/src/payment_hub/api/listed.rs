//! The transactions of a list of Payment Hub in the words of G2P Connect: who pays, and who is paid.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::StatusCode;
use serde_json::json;
use standards::g2p_connect::FinancialAddress;
use standards::g2p_connect::disburse::Disbursement;

use super::mapper;
use super::transactions::{Party, Refusal, Transaction};
use super::wish::Wish;
use super::words;
use crate::kit::payee::id_of;
use crate::kit::server::Call;
use crate::payment_hub::model::PAYER_BANK;

const PHONE: [&str; 4] = ["msisdn", "mobilenumber", "phone", "phonenumber"];
const ACCOUNT: [&str; 3] = ["accountnumber", "accountid", "account"];
const BANK: [&str; 3] = ["payeedfspid", "bankinginstitutioncode", "fspid"];

/// What a party says of itself; `N/A` says nothing.
fn said(party: &Party) -> Option<&str> {
    let value = party.value.trim();
    (!value.is_empty() && !value.eq_ignore_ascii_case("N/A")).then_some(value)
}

fn is_one_of(party: &Party, names: &[&str]) -> bool {
    names.contains(&party.key.to_ascii_lowercase().replace('_', "").as_str())
}

fn named<'a>(parties: &'a [Party], names: &[&str]) -> Option<&'a str> {
    parties.iter().filter(|party| is_one_of(party, names)).find_map(said)
}

/// The telephone or account number that a payee is called by, where no bank is named with it.
fn number(one: &Transaction) -> Option<&str> {
    let credit = &one.credit_party;
    let number = named(credit, &PHONE).or_else(|| named(credit, &ACCOUNT));
    number.filter(|_| named(credit, &BANK).is_none())
}

/// Those payees of a list who are called by a number that `institution` registered at the mapper: there such a number names
/// a person first, as in Payment Hub.
pub(super) async fn registered(
    call: &Call,
    transactions: &[Transaction],
    institution: &str,
) -> Result<BTreeSet<String>, Refusal> {
    let is_address = |id: &String| id.parse::<FinancialAddress>().is_ok();
    let ids = transactions.iter().filter_map(number).map(|number| id_of(number, institution));
    let ids: BTreeSet<String> = ids.filter(is_address).collect();
    let ids: Vec<String> = ids.into_iter().collect();
    let found = mapper::find(&call.errand, &ids).await.map_err(|error| {
        tracing::info!(%error, "payees of a list could not be looked up");
        let sentence = String::from("the account mapper does not answer; try again");
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Refusal { status, information: "Account mapper unavailable", sentence }
    })?;
    let is_known =
        |found: &mapper::Found| found.as_ref().err().is_none_or(|w| w != mapper::UNKNOWN);
    Ok(found.into_iter().filter(|(_, found)| is_known(found)).map(|(id, _)| id).collect())
}

/// The ways in which Payment Hub pays. All of them go through the switch here, and one that is not named too.
const MODES: [&str; 4] = ["GSMA", "MOJALOOP", "SLCB", "CLOSEDLOOP"];

/// The payments that fail for what they are in the list, by their place: in a mode that is none, or to a payee whom another
/// payment of the list pays already.
pub(super) fn refused(
    transactions: &[Transaction],
    entries: &[Disbursement],
) -> BTreeMap<usize, String> {
    let mut paid = BTreeSet::new();
    let mut is_new = |one: &Disbursement| {
        paid.insert((one.payee_fa.clone(), one.amount.clone(), one.currency_code.clone()))
    };
    let why = |(place, (asked, one)): (usize, (&Transaction, &Disbursement))| {
        let repeated = "Duplicate transaction: the list pays this payee this amount already";
        let why = in_no_mode(asked).or_else(|| (!is_new(one)).then(|| repeated.to_owned()))?;
        Some((place, why))
    };
    transactions.iter().zip(entries).enumerate().filter_map(why).collect()
}

fn in_no_mode(one: &Transaction) -> Option<String> {
    let mode = one.payment_mode.as_deref().map(str::trim).filter(|mode| !mode.is_empty())?;
    let is_known = MODES.iter().any(|known| known.eq_ignore_ascii_case(mode));
    (!is_known)
        .then(|| format!("paymentMode: write GSMA, MOJALOOP, SLCB or CLOSEDLOOP, not {mode}"))
}

/// How a list is read.
pub(super) struct Reading<'a> {
    /// Whose payees are meant.
    pub(super) source: &'a str,
    /// The account that pays where none of the government is named.
    pub(super) payer: String,
    /// The payees who are called by a number and known to the mapper.
    pub(super) registered: BTreeSet<String>,
    /// Whether a payer who is no account of the government is read as none.
    pub(super) is_open: bool,
}

impl Reading<'_> {
    /// A transaction in the words of G2P Connect. Where it names no account of the government, the room's own pays.
    pub(super) fn wish(&self, one: &Transaction) -> Wish {
        Wish {
            reference: one.request_id.clone(),
            payer: self.payer(one),
            payee: self.payee(&one.credit_party, one).unwrap_or_default(),
            amount: one.amount.clone(),
            currency: one.currency.clone(),
            note: one.description_text.clone(),
            own: json!({"requestId": one.request_id, "paymentMode": one.payment_mode,
                "creditParty": one.credit_party.first().map(|p| json!({"key": p.key, "value": p.value}))}),
        }
    }

    fn payee(&self, credit: &[Party], one: &Transaction) -> Option<String> {
        let person = number(one).map(|number| id_of(number, self.source));
        if let Some(person) = person.filter(|id| self.registered.contains(id)) {
            return Some(person);
        }
        let at = |nobody: &str| named(credit, &BANK).unwrap_or(nobody).to_owned();
        if let Some(phone) = named(credit, &PHONE) {
            return Some(format!(
                "msisdn:{}@{}",
                phone.trim_start_matches('+'),
                at(words::ANY_WALLET)
            ));
        }
        if let Some(number) = named(credit, &ACCOUNT) {
            return Some(format!("account:{number}@{}", at(words::ANY_BANK)));
        }
        let mut persons = credit.iter().filter(|party| !is_one_of(party, &BANK[..1]));
        persons.next().map(|party| id_of(&party.value, self.source))
    }

    fn payer(&self, one: &Transaction) -> String {
        if let Some(number) = named(&one.debit_party, &ACCOUNT) {
            return format!("account:{number}@{PAYER_BANK}");
        }
        match other_payer(one).filter(|_| !self.is_open) {
            // No account of the government is called so, and the engine says what would be right.
            Some(other) => format!("{}:{}", other.key, other.value),
            None => self.payer.clone(),
        }
    }

    /// What was read leniently.
    pub(super) fn remark(&self, transactions: &[Transaction]) -> Option<String> {
        let other = transactions.iter().find_map(other_payer).filter(|_| self.is_open)?;
        let payer = &self.payer;
        Some(format!("{} is no account of the government: {payer} pays", other.value))
    }
}

/// A payer who is named and is no account.
fn other_payer(one: &Transaction) -> Option<&Party> {
    let is_none = named(&one.debit_party, &ACCOUNT).is_none();
    one.debit_party.iter().find(|party| is_none && said(party).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_payer_who_is_no_account_is_read_as_none_in_an_open_room_only() {
        let payer = "account:GOV-SP-001@treasury";
        for (key, value, open, strict) in [
            ("MSISDN", "27713803912", payer, "MSISDN:27713803912"),
            ("msisdn", "N/A", payer, payer),
            ("accountNumber", " ", payer, payer),
            ("accountNumber", "GOV-2", "account:GOV-2@treasury", "account:GOV-2@treasury"),
        ] {
            let one = json!({"requestId": "R", "creditParty": [], "debitParty": [{"key": key, "value": value}]});
            let one: Transaction = serde_json::from_value(one).unwrap();
            for (is_open, right) in [(true, open), (false, strict)] {
                let registered = BTreeSet::new();
                let reading = Reading { source: "S", payer: payer.into(), registered, is_open };
                assert_eq!(reading.wish(&one).payer, right, "{key} {value} {is_open}");
                let remarked = reading.remark(std::slice::from_ref(&one)).is_some();
                assert_eq!(remarked, is_open && strict != payer && key == "MSISDN");
            }
        }
    }
}
