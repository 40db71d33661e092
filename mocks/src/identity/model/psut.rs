//! Partner-specific user tokens: the same person is the same number to one partner, and an unrelated one to another.
//! Made as MOSIP makes them; also the pairwise `sub` of `OpenID Connect` Core 8.1.

use rsa::BigUint;
use sha2::{Digest as _, Sha256};

/// How many digits a token has.
const DIGITS: usize = 36;
/// Salts of a country that holds nobody real; a real one keeps them in its vault.
const UIN_SALT: &str = "arenoa-id/uin";
const PARTNER_SALT: &str = "arenoa-id/partner";

/// The token of the person `uin` for `partner`: 36 digits.
pub(in crate::identity) fn token(uin: &str, partner: &str) -> String {
    let person = upper_hex(&format!("{uin}{UIN_SALT}"));
    let both = upper_hex(&format!("{PARTNER_SALT}{partner}{person}"));
    let digits = BigUint::from_bytes_be(both.as_bytes()).to_string();
    digits.chars().take(DIGITS).collect()
}

fn upper_hex(text: &str) -> String {
    let digit = |nibble: u8| char::from(b"0123456789ABCDEF"[usize::from(nibble)]);
    Sha256::digest(text).iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_stable_for_one_partner_and_unrelated_for_another() {
        let first = token("6580954839", "programme-office");
        assert_eq!(first, token("6580954839", "programme-office"));
        assert_eq!(first.len(), 36);
        assert_ne!(first, token("6580954839", "pinkbank"));
        assert_ne!(first, token("2154189532", "programme-office"));
    }
}
