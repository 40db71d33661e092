//! What `GovStack` and Payment Hub do with somebody who is to be paid: register, change, add a modality. One law for
//! both shapes; it ends in the same entries and facts as a link of G2P Connect.

use super::address::{Modality, fa_of};
use super::model::{self, Change, Entry, Facts, Verb};
use crate::kit::payee::id_of;

/// The longest ids that other clients send although the standard says less: UUIDs.
const LENIENT: usize = 36;

const REGISTERED: &str = "Beneficiary already registered";

/// A person who is to be paid, as the request names them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'a> {
    pub(super) payee: &'a str,
    pub(super) modality: Option<&'a str>,
    pub(super) address: Option<&'a str>,
    /// The bank.
    pub(super) bank: Option<&'a str>,
}

/// What is to be done with somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Deed {
    /// An entry with the same account stays as it is.
    Register,
    /// A person who is there already is refused, unless an account is named where there was none.
    RegisterNew,
    Update,
    /// For somebody who has no account yet.
    AddModality,
}

/// How long ids are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lengths {
    /// Exactly as long as the compliance suite has them.
    Strict,
    /// Up to the length of a UUID, which the USCT application sends.
    Lenient,
}

impl Lengths {
    /// Whether an id that the standard has `standard` characters long is right.
    pub(super) fn check(self, name: &str, text: &str, standard: usize) -> Result<(), String> {
        let length = text.chars().count();
        let right = match self {
            Self::Strict if length != standard => format!("write exactly {standard}"),
            Self::Lenient if length == 0 || length > LENIENT.max(standard) => {
                format!("write 1 to {}", LENIENT.max(standard))
            }
            _ => return Ok(()),
        };
        Err(format!("{name} has {length} characters: {right}"))
    }
}

/// Reads somebody into an entry; the error says what is wrong.
pub(super) fn entry(
    named: Named<'_>,
    source: &str,
    lengths: Lengths,
    (reference, at): (&str, &str),
) -> Result<Entry, String> {
    lengths.check("PayeeFunctionalID", named.payee, 20)?;
    let modality = Modality::of(named.modality.unwrap_or("00"))?;
    let entry = Entry {
        id: Some(id_of(named.payee, source)),
        fa: named.address.map(|address| fa_of(modality, address, named.bank)),
        institution: Some(source.to_owned()),
        ..Entry::named(reference, at)
    };
    if named.address.is_some_and(|address| address.is_empty() || address.chars().count() > 30) {
        return Err("FinancialAddress: write 1 to 30 characters".into());
    }
    if named.bank.is_some_and(|bank| bank.is_empty() || bank.chars().count() > 11) {
        return Err("bankingInstitutionCode: write 1 to 11 characters".into());
    }
    model::check(Verb::Link, &entry, false).map_err(|fault| fault.to_string())?;
    Ok(entry)
}

/// What becomes of somebody: what is to be written, or why not.
pub(super) fn decide(deed: Deed, entry: &Entry, facts: &Facts) -> Result<Change, &'static str> {
    let own = facts.holder.as_ref().map(|h| h.account.as_ref().map(|(fa, _)| fa));
    if facts.account == Some(false) && entry.fa.is_some() {
        return Err("the account is closed: name another");
    }
    match (deed, own) {
        (Deed::Register, Some(Some(own))) if Some(own) == entry.fa.as_ref() => Ok(Change::Nothing),
        (Deed::Register | Deed::RegisterNew, Some(Some(_))) => Err(REGISTERED),
        (Deed::RegisterNew, Some(None)) if entry.fa.is_none() => Err(REGISTERED),
        (Deed::AddModality, Some(Some(_))) => {
            Err("Beneficiary already registered with other Modality")
        }
        (Deed::Update | Deed::AddModality, None) => Err("Beneficiary is not registered"),
        _ => Ok(Change::Pay),
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Holder;
    use super::*;

    /// Nobody, somebody without an account (`""`), or the holder of an account.
    fn facts(own: Option<&str>) -> Facts {
        let account = |fa: &str| (!fa.is_empty()).then(|| (fa.to_owned(), true));
        let holder = own.map(|fa| Holder { id: "uin:1@arenoa".into(), account: account(fa) });
        Facts { holder, account: None, owner: None }
    }

    #[test]
    fn every_deed_is_done_or_refused_by_what_is_known() {
        let entry = |fa: &str| Entry {
            id: Some("uin:1@arenoa".into()),
            fa: Some(fa.into()),
            ..Entry::named("R", "2026-10-01T08:00:00Z")
        };
        let (a, b) = ("account:1@pinkbank", "account:2@pinkbank");
        let does = |deed, own, fa| decide(deed, &entry(fa), &facts(own)).is_ok();
        assert!(does(Deed::Register, None, a) && does(Deed::Register, Some(""), a));
        assert!(does(Deed::Register, Some(a), a) && !does(Deed::Register, Some(b), a));
        assert!(!does(Deed::RegisterNew, Some(a), a) && does(Deed::RegisterNew, Some(""), a));
        assert!(does(Deed::RegisterNew, None, a));
        assert!(does(Deed::Update, Some(b), a) && !does(Deed::Update, None, a));
        assert!(does(Deed::AddModality, Some(""), a));
        assert!(!does(Deed::AddModality, Some(b), a) && !does(Deed::AddModality, None, a));
    }

    #[test]
    fn strict_ids_are_exactly_as_long_as_the_suite_has_them_and_lenient_ones_up_to_a_uuid() {
        let check = |lengths: Lengths, n: usize| lengths.check("RequestID", &"x".repeat(n), 12);
        assert!(check(Lengths::Strict, 12).is_ok() && check(Lengths::Strict, 7).is_err());
        assert!(check(Lengths::Lenient, 7).is_ok() && check(Lengths::Lenient, 36).is_ok());
        let long = check(Lengths::Lenient, 37).unwrap_err();
        assert_eq!(long, "RequestID has 37 characters: write 1 to 36");
        assert!(check(Lengths::Lenient, 0).is_err());
    }
}
