//! How an office writes to each of its peers: dialect of the signature, encryption, spelling of records. A setting of the
//! office, made at `/_arenoa/peers`; the house's own way where nothing is set.

use std::collections::BTreeMap;

use bytes::Bytes;
use jsonwebtoken::Algorithm;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::jwe;
use super::jwks::{KeyRing, NoKey, Owner};
pub(crate) use super::peer_tokens::give_up;
use super::peer_tokens::{Grantor, Purses};
use super::sign::{self, Dialect};
use super::verify::complete;
use crate::kit::courier::Errand;
use crate::kit::room::Office;
use crate::kit::settings;
use crate::kit::store::StoreError;
use standards::dci::{DateTime, Header};

/// The name under which the peers are kept.
const SETTING: &str = "peers";
/// More peers than this are not kept.
const MOST: usize = 256;

/// The dialect in which messages to a peer are signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Signature {
    /// draft-cavage over header and message as they are sent.
    Cavage,
    /// draft-cavage over a header that is sent whole, with `null` for what it lacks: `OpenSPP2` checks what its models dump.
    Openspp2,
    /// draft-cavage with the published prefix `Signature:`.
    Published,
    /// Compact JWS, as `OpenCRVS` reads it.
    JwsRs256,
    JwsEs256,
    JwsEddsa,
    /// The text `unsigned-stub`.
    Unsigned,
}

/// The spelling of records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Records {
    #[serde(rename = "v1.0.0")]
    V1,
    #[serde(rename = "2026")]
    Y2026,
}

/// How an office writes to a peer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manners {
    /// The dialect of signatures; that of the message's family where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signature: Option<Signature>,
    /// Whether messages are encrypted also where the peer did not ask for it.
    #[serde(default)]
    pub encrypt: bool,
    /// The spelling of records where the peer does not ask for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub records: Option<Records>,
    /// The bearer token that a registry's callbacks and notices to the peer carry, at whatever address it names. It is not
    /// shown again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token: Option<String>,
    /// Who grants such a token, where none is set for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_from: Option<Grantor>,
}

/// Why a message could not be written.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Unsealed {
    #[error("the message cannot be written as JSON: {0}")]
    Unwritable(String),
    #[error("the message cannot be encrypted: {0}")]
    NoKey(#[from] NoKey),
    #[error("the message cannot be encrypted to {0}: its key is unfit")]
    Unfit(String),
}

/// Why manners could not be set.
#[derive(Debug, thiserror::Error)]
pub enum NotSet {
    #[error("{MOST} peers are kept, and no more fit; forget one first")]
    TooMany,
    #[error("the manners cannot be written as JSON: {0}")]
    Unwritable(#[from] serde_json::Error),
    #[error(transparent)]
    Archive(#[from] StoreError),
}

pub(super) type All = BTreeMap<String, Manners>;

/// Everything that is set.
fn all(office: &Office) -> All {
    let kept = settings::get(office, SETTING).unwrap_or_else(|error| {
        tracing::error!(%error, "the settings of peers could not be read");
        None
    });
    read(kept.as_deref())
}

fn read(kept: Option<&str>) -> All {
    kept.and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// The same, to be shown: with every secret masked.
pub(super) fn shown(office: &Office) -> All {
    all(office).into_iter().map(|(peer, manners)| (peer, manners.masked())).collect()
}

/// How `office` writes to `peer`, which is named as it names itself in `sender_id`.
pub fn of(office: &Office, peer: &str) -> Manners {
    all(office).get(peer).cloned().unwrap_or_default()
}

/// Sets for good how the office of `errand` writes to `peer`; nothing is set any more where `manners` is none.
pub fn set(errand: &Errand, peer: &str, manners: Option<&Manners>) -> Result<(), NotSet> {
    let set = settings::change(errand, SETTING, |kept| {
        let mut all = read(kept.as_deref());
        match manners {
            Some(manners) => all.insert(peer.into(), manners.clone()),
            None => all.remove(peer),
        };
        if all.len() > MOST {
            return Err(NotSet::TooMany);
        }
        Ok(serde_json::to_string(&all)?)
    });
    errand.office.memory.of::<Purses>().forget(peer);
    set
}

impl Manners {
    /// The dialect of a message that would be signed in `usual` otherwise.
    fn dialect(&self, usual: Dialect) -> Dialect {
        match self.signature {
            None | Some(Signature::Cavage | Signature::Openspp2) => usual,
            Some(Signature::Published) => Dialect::Published,
            Some(Signature::JwsRs256) => Dialect::Jws(Algorithm::RS256),
            Some(Signature::JwsEs256) => Dialect::Jws(Algorithm::ES256),
            Some(Signature::JwsEddsa) => Dialect::Jws(Algorithm::EdDSA),
            Some(Signature::Unsigned) => Dialect::Unsigned,
        }
    }

    fn sealed(
        &self,
        errand: &Errand,
        dialect: Dialect,
        header: &Header,
        message: &impl Serialize,
    ) -> Result<Bytes, serde_json::Error> {
        if self.signature == Some(Signature::Openspp2) {
            return sign::seal(&errand.office, dialect, &dumped(header)?, message);
        }
        sign::seal(&errand.office, dialect, header, message)
    }
}

/// The body of an envelope for `header.receiver_id`: encrypted where the header says so or the peer's setting does, and
/// signed as the peer reads it, in `usual` where nothing is set.
pub async fn seal(
    errand: &Errand,
    usual: Dialect,
    header: &Header,
    message: &impl Serialize,
) -> Result<Bytes, Unsealed> {
    let unwritable = |e: serde_json::Error| Unsealed::Unwritable(e.to_string());
    let peer = header.receiver_id.as_deref().unwrap_or_default();
    let manners = of(&errand.office, peer);
    let dialect = manners.dialect(usual);
    let mut header = plain(header);
    if !header.is_msg_encrypted && !manners.encrypt {
        return manners.sealed(errand, dialect, &header, message).map_err(unwritable);
    }
    let owner = Owner::of(&errand.office.room, peer)?;
    let key = errand.office.memory.of::<KeyRing>().encryption(errand, &owner).await?;
    let clear = serde_json::to_vec(message).map_err(unwritable)?;
    let sealed = jwe::seal(&key, &clear).ok_or_else(|| Unsealed::Unfit(peer.into()))?;
    header.is_msg_encrypted = true;
    let sealed: Value = serde_json::to_value(sealed).map_err(unwritable)?;
    manners.sealed(errand, dialect, &header, &sealed).map_err(unwritable)
}

/// A header with its moment as the models of others write it: without a fraction of a second that is zero. Some check a
/// signature over what they would have written.
pub fn plain(header: &Header) -> Header {
    Header { message_ts: without_zeros(&header.message_ts), ..header.clone() }
}

fn without_zeros(at: &DateTime) -> DateTime {
    let text = at.as_str();
    let short = text.split_once('.').and_then(|(before, fraction)| {
        let zone = fraction.trim_start_matches('0');
        let is_whole =
            zone.len() < fraction.len() && !zone.starts_with(|c: char| c.is_ascii_digit());
        is_whole.then(|| format!("{before}{zone}"))
    });
    short.map_or_else(|| at.clone(), DateTime::from)
}

/// A header as `OpenSPP2` dumps it: everything written out, and a fraction of a second in six digits.
fn dumped(header: &Header) -> Result<Value, serde_json::Error> {
    let mut dumped = serde_json::to_value(header)?;
    complete(&mut dumped);
    if let Some((before, fraction)) = header.message_ts.as_str().split_once('.') {
        let digits = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
        let (digits, zone) = fraction.split_at(digits);
        dumped["message_ts"] = format!("{before}.{digits:0<6}{zone}").into();
    }
    Ok(dumped)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use standards::dci::{Action, Status};

    #[test]
    fn a_moment_loses_only_the_zeros_behind_the_second() {
        for (written, sent, openspp2) in [
            ("2026-10-01T08:00:00.000Z", "2026-10-01T08:00:00Z", "2026-10-01T08:00:00Z"),
            ("2026-10-01T08:00:00Z", "2026-10-01T08:00:00Z", "2026-10-01T08:00:00Z"),
            (
                "2026-10-01T08:00:00.000+02:00",
                "2026-10-01T08:00:00+02:00",
                "2026-10-01T08:00:00+02:00",
            ),
            ("2026-10-01T08:00:00.120Z", "2026-10-01T08:00:00.120Z", "2026-10-01T08:00:00.120000Z"),
            ("2026-10-01T08:00:00.007Z", "2026-10-01T08:00:00.007Z", "2026-10-01T08:00:00.007000Z"),
        ] {
            let at = without_zeros(&written.into());
            assert_eq!(at.as_str(), sent);
            let header = Header::request(Action::Search, "a", "M", at, 1);
            assert_eq!(dumped(&header).unwrap()["message_ts"], openspp2);
        }
    }

    #[test]
    fn openspp2_reads_nothing_in_a_header_that_is_not_written() {
        let request = Header::request(Action::Search, "a", "M", "2026-10-01T08:00:00Z", 1).to("b");
        let mut whole = json!({
            "version": "1.0.0", "message_id": "M", "message_ts": "2026-10-01T08:00:00Z", "action": "search",
            "sender_id": "a", "sender_uri": null, "receiver_id": "b", "total_count": 1, "is_msg_encrypted": false,
            "meta": null,
        });
        assert_eq!(dumped(&request).unwrap(), whole);
        let answer = request.answer(Status::Succ, "b", "N", "2026-10-01T08:00:00Z");
        for (name, value) in [
            ("message_id", json!("N")),
            ("action", json!("on-search")),
            ("sender_id", json!("b")),
            ("receiver_id", json!("a")),
            ("status", json!("succ")),
            ("completed_count", json!(1)),
            ("status_reason_code", json!(null)),
            ("status_reason_message", json!(null)),
        ] {
            whole[name] = value;
        }
        assert_eq!(dumped(&answer).unwrap(), whole);
    }
}
