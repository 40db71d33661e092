//! How OpenG2P names people and accounts: an id that names no issuer, and an fa as its bridge constructs it,
//! `account_number:0012345.branch_code:001.bank_code:pinkbank.mobile_number:.email_address:.fa_type:BANK_ACCOUNT`. Both are
//! kept in the words of G2P Connect and told as they were said.

use serde_json::{Value, json};
use standards::g2p_connect::FinancialAddress;

use crate::kit::payee::id_of;

/// Who registers people where the sender has no name that can stand in an id.
const NOBODY: &str = "spar";

/// The id in the words of G2P Connect of somebody whom `source` calls `id`.
pub(super) fn id_in(id: &str, source: &str) -> String {
    let legal = |c: &char| c.is_ascii_alphanumeric() || "-_.+".contains(*c);
    let source: String = source.chars().filter(legal).collect();
    id_of(id, if source.is_empty() { NOBODY } else { &source })
}

/// The members of a constructed fa: each begins with its name in small letters and a colon, and ends before the next.
fn members(text: &str) -> Vec<(&str, String)> {
    let named = |part: &&str| part.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    let mut all: Vec<(&str, String)> = Vec::new();
    for part in text.split('.') {
        match (part.split_once(':').filter(|(name, _)| named(name)), all.last_mut()) {
            (Some((name, value)), _) => all.push((name, value.to_owned())),
            (None, Some((_, value))) => *value = format!("{value}.{part}"),
            (None, None) => {}
        }
    }
    all
}

/// What a constructed fa is in the words of G2P Connect; None where it is none.
pub(super) fn account_of(text: &str) -> Option<String> {
    let members = members(text);
    let said = |names: &[&str]| {
        let said = |(name, value): &&(&str, String)| names.contains(name) && !value.is_empty();
        members.iter().find(said).map(|(_, value)| value.as_str())
    };
    let wallet = ["wallet_provider_code", "mobile_wallet_provider", "wallet_provider_name"];
    let mail = ["wallet_provider_code", "email_wallet_provider", "wallet_provider_name"];
    let (token, value, provider) = match said(&["fa_type"])? {
        "BANK_ACCOUNT" | "BANK" => ("account", said(&["account_number"]), said(&["bank_code"])),
        "MOBILE_WALLET" => ("msisdn", said(&["mobile_number"]), said(&wallet)),
        "EMAIL_WALLET" => ("email", said(&["email_address"]), said(&mail)),
        _ => return None,
    };
    let address = FinancialAddress::new(token, value?.trim_start_matches('+'), provider?).ok()?;
    Some(address.as_str().to_owned())
}

/// What is kept of an fa that was constructed, beside what was said besides.
pub(super) fn kept(text: &str) -> Value {
    json!({"name": "fa", "value": text})
}

/// What was said of an account when it was linked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// The constructed fa, where the account was named so.
    pub(super) fa: Option<String>,
    /// The branch; empty where none was named.
    pub(super) branch: String,
}

/// Reads what was kept when `fa` was linked. What was kept of another account is not told.
pub(super) fn said_of(fa: &str, additional: &str) -> Said {
    let kept: Value = serde_json::from_str(additional).unwrap_or_default();
    let kept = &kept[0];
    let text = kept["value"].as_str().filter(|_| kept["name"] == "fa");
    if let Some(text) = text.filter(|text| account_of(text).as_deref() == Some(fa)) {
        let branch = members(text).into_iter().find(|(name, _)| *name == "branch_code");
        return Said { fa: Some(text.to_owned()), branch: branch.unwrap_or_default().1 };
    }
    let is_own = super::spar::construct(kept).is_ok_and(|text| text == fa);
    let branch = kept["branch_code"].as_str().filter(|_| is_own).unwrap_or_default();
    Said { fa: None, branch: branch.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BANK: &str = "account_number:97869572558.branch_code:001.bank_code:pinkbank.mobile_number:.email_address:.fa_type:BANK_ACCOUNT";

    #[test]
    fn a_constructed_fa_is_an_account_like_any_other() {
        assert_eq!(account_of(BANK).as_deref(), Some("account:97869572558@pinkbank"));
        let wallet =
            "mobile_number:+99912345678.wallet_provider_code:greenbank.fa_type:MOBILE_WALLET";
        assert_eq!(account_of(wallet).as_deref(), Some("msisdn:99912345678@greenbank"));
        let mail =
            "email_address:tala.reyn@example.org.wallet_provider_code:pay.fa_type:EMAIL_WALLET";
        assert_eq!(account_of(mail).as_deref(), Some("email:tala.reyn@example.org@pay"));
        for none in
            ["account:1@pinkbank", "fa_type:BANK_ACCOUNT", "fa_type:SHOE.account_number:1", ""]
        {
            assert_eq!(account_of(none), None, "{none}");
        }
    }

    #[test]
    fn what_was_said_of_an_account_is_told_of_that_account_only() {
        let additional = json!([kept(BANK)]).to_string();
        let said = said_of("account:97869572558@pinkbank", &additional);
        assert_eq!(said, Said { fa: Some(BANK.into()), branch: "001".into() });
        assert_eq!(said_of("account:1@pinkbank", &additional), Said::default());
        assert_eq!(said_of("account:1@pinkbank", "[]"), Said::default());
        let object = json!([{"strategy_id": 1, "fa_type": "BANK", "bank_code": "pinkbank",
            "branch_code": "A1", "account_number": "1"}]);
        assert_eq!(said_of("account:1@pinkbank", &object.to_string()).branch, "A1");
    }

    #[test]
    fn an_id_without_an_issuer_is_its_senders_own() {
        assert_eq!(id_in("A-1", "MIS"), "functional:A-1@MIS");
        assert_eq!(id_in("A-1", "http://my mis/"), "functional:A-1@httpmymis");
        assert_eq!(id_in("A-1", ""), "functional:A-1@spar");
        assert_eq!(id_in("vid:5@nid", "MIS"), "vid:5@nid");
    }
}
