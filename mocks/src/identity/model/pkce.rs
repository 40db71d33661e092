//! Proof Key for Code Exchange, method S256 (RFC 7636).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use sha2::{Digest as _, Sha256};

/// Whether `verifier` belongs to `challenge`.
pub(in crate::identity) fn fits(challenge: &str, verifier: &str) -> bool {
    let legal = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    (43..=128).contains(&verifier.len())
        && verifier.bytes().all(legal)
        && B64.encode(Sha256::digest(verifier)) == challenge
}

/// Whether `text` can be the S256 challenge of some verifier: a SHA-256 in base64url.
pub(in crate::identity) fn is_challenge(text: &str) -> bool {
    B64.decode(text).is_ok_and(|bytes| bytes.len() == 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    #[test]
    fn the_example_of_the_standard_fits() {
        assert!(fits(CHALLENGE, VERIFIER) && is_challenge(CHALLENGE));
    }

    #[test]
    fn another_verifier_and_a_short_one_do_not_fit() {
        assert!(!fits(CHALLENGE, &VERIFIER.replace('d', "e")));
        assert!(!fits(&B64.encode(Sha256::digest("short")), "short"));
    }
}
