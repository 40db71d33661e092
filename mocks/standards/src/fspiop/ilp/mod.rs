//! ILP in FSPIOP: the packet that describes a payment, the fulfilment only the payee's FSP can make, the condition the switch checks.

mod oer;
mod transaction;
mod v1;
mod v4;

pub use transaction::Transaction;
pub use v1::{Packet, build as build_packet, parse as parse_packet};
pub use v4::{Prepare, build as build_prepare, parse as parse_prepare};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// Why an ILP packet cannot be built or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IlpError {
    /// The amount has no minor units.
    #[error(transparent)]
    Amount(#[from] crate::money::MoneyError),
    /// The payee has no FSP, or the transaction has no JSON text.
    #[error("the packet cannot be built: {0}")]
    Incomplete(String),
    /// Not a packet.
    #[error("the ILP packet cannot be read: {0}")]
    Unreadable(String),
}

/// What the payee's FSP answers a quote with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreement {
    /// base64url of the packet.
    pub ilp_packet: String,
    /// What the switch will check: goes out with the quote.
    pub condition: String,
    /// What will prove the payment: kept until the transfer comes.
    pub fulfilment: String,
}

/// Packet, condition and fulfilment of a transaction, from the FSP's own secret (version 1).
pub fn agree(transaction: &Transaction, secret: &[u8]) -> Result<Agreement, IlpError> {
    let ilp_packet = v1::build(transaction)?;
    let fulfilment = fulfilment(secret, &ilp_packet);
    let condition = condition(&fulfilment)?;
    Ok(Agreement { ilp_packet, condition, fulfilment })
}

/// The fulfilment of a packet: HMAC-SHA256 over its base64url text, keyed with the base64 text of the secret.
pub fn fulfilment(secret: &[u8], ilp_packet: &str) -> String {
    let key = STANDARD.encode(secret);
    let block = block_key(key.as_bytes());
    let mut mac = <Hmac<Sha256> as hmac::digest::KeyInit>::new(&block.into());
    mac.update(ilp_packet.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// The key as HMAC wants it, one block long (RFC 2104): a longer one is hashed, a shorter one is filled with zeros.
fn block_key(key: &[u8]) -> [u8; 64] {
    let mut block = [0; 64];
    if key.len() > block.len() {
        block[..32].copy_from_slice(&Sha256::digest(key));
    } else {
        block[..key.len()].copy_from_slice(key);
    }
    block
}

/// The condition of a fulfilment: SHA-256 of its 32 decoded bytes.
pub fn condition(fulfilment: &str) -> Result<String, IlpError> {
    let preimage = preimage(fulfilment).ok_or_else(|| {
        IlpError::Unreadable("a fulfilment is base64url of 32 bytes, 43 characters".to_owned())
    })?;
    Ok(URL_SAFE_NO_PAD.encode(Sha256::digest(preimage)))
}

/// Whether a fulfilment meets a condition: what the switch checks before it commits.
///
/// ```
/// use standards::fspiop::ilp::is_fulfilled_by;
/// let condition = "PJCajHCSCLfdRBqHa2xdDL3Zl7nmv7SJxTtX3rpyhnw";
/// assert!(is_fulfilled_by(condition, "mGFsMLIX5fGmcrrfiulLzpyfVn7D7_8gN0GlklNMyKA"));
/// assert!(!is_fulfilled_by(condition, "mGFsMLIX5fGmcrrfiulLzpyfVn7D7_8gN0GlklNMyKB"));
/// ```
pub fn is_fulfilled_by(condition: &str, fulfilment: &str) -> bool {
    let expected = URL_SAFE_NO_PAD.decode(condition);
    match (preimage(fulfilment), expected) {
        (Some(preimage), Ok(expected)) => expected == Sha256::digest(preimage)[..],
        _ => false,
    }
}

fn preimage(fulfilment: &str) -> Option<[u8; 32]> {
    URL_SAFE_NO_PAD.decode(fulfilment).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests;
