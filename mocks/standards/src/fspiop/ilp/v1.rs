//! ILP version 1 payment packet: type 1, amount, address, data, no extensions; base64url of it all.

use super::oer::{Reader, put, unreadable};
use super::{IlpError, Transaction};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

const PAYMENT: u8 = 1;

/// What a packet says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packet {
    /// Minor units.
    pub amount: u64,
    /// To whom, as an ILP address.
    pub account: String,
    /// What payer and payee agreed on.
    pub transaction: Transaction,
}

/// The packet of a transaction as base64url. Its data is again base64url, of the transaction's JSON with sorted keys.
pub fn build(transaction: &Transaction) -> Result<String, IlpError> {
    let mut content = transaction.minor_units()?.to_be_bytes().to_vec();
    put(&mut content, transaction.address()?.as_bytes());
    put(&mut content, URL_SAFE_NO_PAD.encode(transaction.sorted_json()?).as_bytes());
    content.push(0);
    let mut packet = vec![PAYMENT];
    put(&mut packet, &content);
    Ok(URL_SAFE_NO_PAD.encode(packet))
}

/// Reads a packet: the payee's FSP compares it with its quote, and a stage shows it.
pub fn parse(ilp_packet: &str) -> Result<Packet, IlpError> {
    let bytes = URL_SAFE_NO_PAD
        .decode(ilp_packet.trim_end_matches('='))
        .map_err(|_| unreadable("it is not base64url"))?;
    let mut outer = Reader::new(&bytes);
    if outer.byte()? != PAYMENT {
        return Err(unreadable("it is not a payment packet of version 1"));
    }
    let mut content = Reader::new(outer.prefixed()?);
    let amount = content.u64()?;
    let account = content.text()?.to_owned();
    let json = URL_SAFE_NO_PAD
        .decode(content.text()?.trim_end_matches('='))
        .map_err(|_| unreadable("its data is not base64url"))?;
    let transaction = serde_json::from_slice(&json)
        .map_err(|error| unreadable(&format!("its data is not a transaction, {error}")))?;
    Ok(Packet { amount, account, transaction })
}
