//! What nobody may guess: tickets, codes, token ids and one-time codes. Kept only as digests.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use sha2::{Digest as _, Sha256};

use super::model::factor::Factor;

/// 256 random bits, written in base64url: 43 characters that fit into a path.
pub(super) fn unguessable() -> Result<String, NoChance> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| NoChance(e.to_string()))?;
    Ok(B64.encode(bytes))
}

/// 96 random bits in base64url: short enough for a printed code.
pub(super) fn short() -> Result<String, NoChance> {
    let mut bytes = [0_u8; 12];
    getrandom::fill(&mut bytes).map_err(|e| NoChance(e.to_string()))?;
    Ok(B64.encode(bytes))
}

/// Six random digits for a person to type.
pub(super) fn six_digits() -> Result<String, NoChance> {
    let number = getrandom::u32().map_err(|e| NoChance(e.to_string()))?;
    Ok(format!("{:06}", number % 1_000_000))
}

/// What is kept of a secret.
pub(super) fn digest(secret: &str) -> String {
    B64.encode(Sha256::digest(secret))
}

/// What is kept of a PIN or a password of the person `uin`.
pub(super) fn secret_digest(uin: &str, factor: Factor, secret: &str) -> String {
    digest(&format!("{uin} {} {secret}", factor.word()))
}

/// The machine gave no random bytes.
#[derive(Debug, thiserror::Error)]
#[error("this machine gives no random bytes: {0}")]
pub(super) struct NoChance(String);
