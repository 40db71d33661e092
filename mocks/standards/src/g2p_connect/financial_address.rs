//! `id` and `fa` of G2P Connect: `token:value@provider`, such as `vid:54321@nid` or `account:0005@BANK1`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// An identifier or account with whoever issued it. The published pattern refuses the colon of its own example; the colon
/// is taken here, and so is an address without it.
///
/// ```
/// use standards::g2p_connect::FinancialAddress;
/// let address: FinancialAddress = "token:12345@gtbank".parse().unwrap();
/// assert_eq!((address.token(), address.value(), address.provider()), (Some("token"), "12345", "gtbank"));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct FinancialAddress(String);

/// Something that is not an address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not an address: write token:value@provider, such as account:0005@BANK1")]
pub struct InvalidFinancialAddress(String);

impl FinancialAddress {
    /// An address out of its parts.
    pub fn new(token: &str, value: &str, provider: &str) -> Result<Self, InvalidFinancialAddress> {
        format!("{token}:{value}@{provider}").parse()
    }

    /// What kind of identifier or account, where it is said.
    pub fn token(&self) -> Option<&str> {
        self.0.split_once(':').map(|(token, _)| token)
    }

    /// The identifier or account.
    pub fn value(&self) -> &str {
        let before = self.0.rsplit_once('@').map_or(self.0.as_str(), |(before, _)| before);
        before.split_once(':').map_or(before, |(_, value)| value)
    }

    /// Who issued it, or where the account is.
    pub fn provider(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, provider)| provider)
    }

    /// As it stands on the wire.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for FinancialAddress {
    type Err = InvalidFinancialAddress;

    fn from_str(text: &str) -> Result<Self, InvalidFinancialAddress> {
        let refuse = || InvalidFinancialAddress(text.to_owned());
        let (before, provider) = text.rsplit_once('@').ok_or_else(refuse)?;
        let (token, value) = match before.split_once(':') {
            Some((token, value)) => (Some(token), value),
            None => (None, before),
        };
        // Beyond the published pattern, a telephone number may keep its plus and an identifier its underscore.
        let is_name = |part: &str| {
            !part.is_empty()
                && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_+".contains(&byte))
        };
        let is_value = match value.split_once('@') {
            // The address of a mail wallet holds an `@` of its own.
            Some((name, domain)) if token == Some("email") => is_name(name) && is_name(domain),
            _ => is_name(value),
        };
        if is_name(provider) && is_value && token.is_none_or(is_name) {
            Ok(Self(text.to_owned()))
        } else {
            Err(refuse())
        }
    }
}

impl TryFrom<String> for FinancialAddress {
    type Error = InvalidFinancialAddress;

    fn try_from(text: String) -> Result<Self, InvalidFinancialAddress> {
        text.parse()
    }
}

impl From<FinancialAddress> for String {
    fn from(address: FinancialAddress) -> Self {
        address.0
    }
}

impl fmt::Display for FinancialAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_value_and_a_provider_and_perhaps_a_token() {
        let plain: FinancialAddress = "12345@gtbank".parse().unwrap();
        assert_eq!((plain.token(), plain.value(), plain.provider()), (None, "12345", "gtbank"));
        let phone = FinancialAddress::new("msisdn", "27713803912", "blue-money").unwrap();
        assert_eq!(phone.as_str(), "msisdn:27713803912@blue-money");
        assert_eq!(
            (phone.token(), phone.value(), phone.provider()),
            (Some("msisdn"), "27713803912", "blue-money")
        );
    }

    #[test]
    fn a_mail_wallet_keeps_the_at_of_its_address() {
        let mail: FinancialAddress = "email:tala@example.org@pay".parse().unwrap();
        assert_eq!((mail.value(), mail.provider()), ("tala@example.org", "pay"));
    }

    #[test]
    fn an_address_with_a_part_missing_or_too_many_is_refused() {
        for bad in ["", "@", "a@", "@b", "a:@b", ":a@b", "a", "a@b@c", "a b@c", "a:b:c@d"] {
            let error = bad.parse::<FinancialAddress>().unwrap_err().to_string();
            assert!(error.contains("account:0005@BANK1"), "{bad}");
        }
    }
}
