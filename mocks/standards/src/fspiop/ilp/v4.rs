//! ILP version 4 prepare packet (adapter setting `ILP_VERSION=4`): amount, expiry, condition, destination, data.

use super::oer::{Reader, put, unreadable};
use super::{IlpError, Transaction, fulfilment};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

const PREPARE: u8 = 12;
const DESTINATION: &str = "g.mojaloop";

/// What a prepare packet says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepare {
    /// Minor units.
    pub amount: u64,
    /// Until when, as 17 digits down to the millisecond.
    pub expires_at: String,
    /// The condition inside the packet.
    pub condition: String,
    /// Where to: always the scheme.
    pub destination: String,
    /// What payer and payee agreed on.
    pub transaction: Transaction,
}

/// The prepare packet of a transaction, which must have an expiration. The fulfilment covers base64url of the transaction's
/// sorted JSON, because the packet itself carries the condition.
pub fn build(transaction: &Transaction, secret: &[u8]) -> Result<super::Agreement, IlpError> {
    let expiration = transaction
        .expiration
        .as_ref()
        .ok_or_else(|| IlpError::Incomplete("version 4 needs an expiration".to_owned()))?;
    let data = URL_SAFE_NO_PAD.encode(transaction.sorted_json()?);
    let fulfilment = fulfilment(secret, &data);
    let condition = super::condition(&fulfilment)?;
    let digest = URL_SAFE_NO_PAD
        .decode(&condition)
        .map_err(|_| unreadable("its condition is not base64url"))?;

    let mut content = transaction.minor_units()?.to_be_bytes().to_vec();
    content.extend_from_slice(digits(expiration.instant()).as_bytes());
    content.extend_from_slice(&digest);
    put(&mut content, DESTINATION.as_bytes());
    put(&mut content, data.as_bytes());
    let mut packet = vec![PREPARE];
    put(&mut packet, &content);
    Ok(super::Agreement { ilp_packet: URL_SAFE_NO_PAD.encode(packet), condition, fulfilment })
}

fn digits(instant: Timestamp) -> String {
    instant.strftime("%Y%m%d%H%M%S%.3f").to_string().replace('.', "")
}

/// Reads a prepare packet.
pub fn parse(ilp_packet: &str) -> Result<Prepare, IlpError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(ilp_packet.trim_end_matches('='))
        .map_err(|_| unreadable("it is not base64url"))?;
    let mut outer = Reader::new(&bytes);
    if outer.byte()? != PREPARE {
        return Err(unreadable("it is not a prepare packet of version 4"));
    }
    let mut content = Reader::new(outer.prefixed()?);
    let amount = content.u64()?;
    let expires_at = std::str::from_utf8(content.take(17)?)
        .map_err(|_| unreadable("its expiry is not ASCII"))?
        .to_owned();
    let condition = URL_SAFE_NO_PAD.encode(content.take(32)?);
    let destination = content.text()?.to_owned();
    let json = URL_SAFE_NO_PAD
        .decode(content.text()?.trim_end_matches('='))
        .map_err(|_| unreadable("its data is not base64url"))?;
    let transaction = serde_json::from_slice(&json)
        .map_err(|error| unreadable(&format!("its data is not a transaction, {error}")))?;
    Ok(Prepare { amount, expires_at, condition, destination, transaction })
}
