//! Other systems' public keys: JWK Sets (RFC 7517) fetched from `{base}/.well-known/jwks.json` and kept for a while.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use ed25519_dalek::VerifyingKey;
use jsonwebtoken::{Algorithm, DecodingKey};
use reqwest::Method;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use rsa::{BigUint, RsaPublicKey};
use serde_json::Value;

use crate::kit::clock::Stopwatch;
use crate::kit::courier::{Errand, Letter, Undelivered};
use crate::kit::room::Room;

/// Keys of so many systems are remembered at once.
const MOST_OWNERS: usize = 256;
/// A longer set is not read, and one that takes longer to come is not waited for.
const LONGEST_SET: usize = 256 * 1024;
const LONGEST_WAIT: Duration = Duration::from_secs(5);
/// So many keys of one set are looked at.
const MOST_KEYS: usize = 32;
/// A set is fetched again for unknown key ids so many times ...
const MOST_REFETCHES: u32 = 4;
/// ... within this time: a stranger cannot make us fetch for ever.
const REFETCH_WINDOW: Duration = Duration::from_mins(1);
/// A stranger's set is trusted for so long before it is fetched anew. Systems of ours keep their keys: a story that is
/// shown slowly must not have more messages than one that is played fast.
const LONGEST_TRUST: Duration = Duration::from_mins(15);

/// Whose keys are meant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// A part of the cast, whoever plays it.
    Part(String),
    /// Somebody who names himself by an address.
    Address(String),
}

/// A public key that signatures are checked with.
#[derive(Debug, Clone)]
pub enum PublicKey {
    Ed25519(VerifyingKey),
    /// The uncompressed point.
    P256(Vec<u8>),
    /// Modulus and exponent.
    Rsa(Vec<u8>, Vec<u8>),
}

/// A public key that messages are encrypted to (RSA-OAEP-256), and its id.
#[derive(Debug, Clone)]
pub struct EncryptionKey {
    pub kid: String,
    pub key: RsaPublicKey,
}

/// Why there is no key to check with.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NoKey {
    #[error("`{0}` is neither a part of the cast nor an address: its keys cannot be found")]
    UnknownOwner(String),
    #[error("the keys of {0} could not be fetched: {1}")]
    Unreachable(String, Undelivered),
    #[error("{0} answered {1} when asked for its keys")]
    Refused(String, u16),
    #[error("the key `{kid}` is not among the keys that {owner} publishes")]
    UnknownKey { owner: String, kid: String },
    #[error("{0} publishes no key to encrypt to: an RSA key with use `enc` and alg `RSA-OAEP-256`")]
    NoEncryptionKey(String),
}

impl Owner {
    /// Who `sender_id` is: `programme-office.arenoa` is a part of the cast, a URL is itself.
    pub fn of(room: &Room, sender_id: &str) -> Result<Self, NoKey> {
        if sender_id.starts_with("http://") || sender_id.starts_with("https://") {
            return Ok(Self::Address(sender_id.trim_end_matches('/').into()));
        }
        let part = part_of(sender_id);
        match room.base_of(&part) {
            Some(_) => Ok(Self::Part(part)),
            None => Err(NoKey::UnknownOwner(sender_id.into())),
        }
    }

    fn letter(&self) -> Letter {
        const PATH: &str = "/.well-known/jwks.json";
        let letter = match self {
            Self::Part(part) => Letter::get(part, PATH),
            Self::Address(base) => {
                Letter::to_address(Method::GET, &format!("{base}{PATH}")).route(PATH)
            }
        };
        letter.bounded(LONGEST_SET, LONGEST_WAIT)
    }

    fn base(&self, room: &Room) -> Option<String> {
        match self {
            Self::Part(part) => room.base_of(part),
            Self::Address(base) => Some(base.clone()),
        }
    }

    /// What the owner is called in sentences.
    pub fn name(&self) -> &str {
        let (Self::Part(name) | Self::Address(name)) = self;
        name
    }
}

/// The part of the cast that a sender id names: `programme-office.arenoa` is `programme_office`.
pub fn part_of(sender_id: &str) -> String {
    sender_id.strip_suffix(".arenoa").unwrap_or(sender_id).replace('-', "_")
}

/// What a part calls itself in headers: `programme_office` is `programme-office.arenoa`.
pub fn sender_id_of(part: &str) -> String {
    format!("{}.arenoa", part.replace('_', "-"))
}

/// The keys of others that an office remembers.
#[derive(Debug, Default)]
pub struct KeyRing {
    sets: Mutex<BTreeMap<Owner, Arc<KeySet>>>,
    /// One fetch at a time, so that a burst of messages from a new sender fetches once.
    fetching: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
struct KeySet {
    /// Where the set came from: another system that plays the part has other keys.
    base: Option<String>,
    keys: Vec<(String, Arc<PublicKey>)>,
    /// The key that messages to the owner are encrypted to.
    encryption: Option<Arc<EncryptionKey>>,
    fetched: Stopwatch,
    refetches: u32,
    window: Stopwatch,
}

impl KeyRing {
    /// The key `kid` of `owner` that fits `algorithm`; the first that fits where no id is given.
    pub async fn key(
        &self,
        errand: &Errand,
        owner: &Owner,
        kid: Option<&str>,
        algorithm: Algorithm,
    ) -> Result<Arc<PublicKey>, NoKey> {
        let room = &errand.office.room;
        if let Some(key) = self.known(room, owner).and_then(|set| set.find(kid, algorithm)) {
            return Ok(key);
        }
        let named = |set: &KeySet| set.find(kid, algorithm);
        let unknown = || NoKey::UnknownKey {
            owner: owner.name().into(),
            kid: kid.unwrap_or("(none given)").into(),
        };
        self.fetched(errand, owner, named, unknown).await
    }

    /// The key that messages to `owner` are encrypted to.
    pub async fn encryption(
        &self,
        errand: &Errand,
        owner: &Owner,
    ) -> Result<Arc<EncryptionKey>, NoKey> {
        let room = &errand.office.room;
        if let Some(key) = self.known(room, owner).and_then(|set| set.encryption.clone()) {
            return Ok(key);
        }
        let none = || NoKey::NoEncryptionKey(owner.name().into());
        self.fetched(errand, owner, |set| set.encryption.clone(), none).await
    }

    /// What `choose` takes out of the owner's set, which is fetched where it is not known or lacks it.
    async fn fetched<T>(
        &self,
        errand: &Errand,
        owner: &Owner,
        choose: impl Fn(&KeySet) -> Option<T>,
        missing: impl Fn() -> NoKey,
    ) -> Result<T, NoKey> {
        let _one_at_a_time = self.fetching.lock().await;
        let known = self.known(&errand.office.room, owner);
        if let Some(found) = known.as_deref().and_then(&choose) {
            return Ok(found);
        }
        let set = match known {
            Some(old) => old.again().ok_or_else(&missing)?,
            None => (0, Stopwatch::start()),
        };
        let set = Arc::new(fetch(errand, owner, set).await?);
        let found = choose(&set);
        self.remember(owner, set);
        found.ok_or_else(missing)
    }

    fn known(&self, room: &Room, owner: &Owner) -> Option<Arc<KeySet>> {
        let ours = matches!(owner, Owner::Part(part) if !room.is_guest(part));
        let base = owner.base(room);
        let fresh = |set: &&Arc<KeySet>| {
            set.base == base && (ours || set.fetched.elapsed() < LONGEST_TRUST)
        };
        let sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        sets.get(owner).filter(fresh).cloned()
    }

    fn remember(&self, owner: &Owner, set: Arc<KeySet>) {
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        if sets.len() >= MOST_OWNERS && !sets.contains_key(owner) {
            let oldest = sets.iter().max_by_key(|(_, s)| s.fetched.elapsed());
            if let Some(oldest) = oldest.map(|(owner, _)| owner.clone()) {
                sets.remove(&oldest);
            }
        }
        sets.insert(owner.clone(), set);
    }
}

impl KeySet {
    fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Option<Arc<PublicKey>> {
        let named = |(id, key): &&(String, Arc<PublicKey>)| {
            kid.is_none_or(|kid| kid == id) && key.fits(algorithm)
        };
        self.keys.iter().find(named).map(|(_, key)| Arc::clone(key))
    }

    /// Whether it may be fetched again for a key that it lacks: the new count and its window.
    fn again(&self) -> Option<(u32, Stopwatch)> {
        if self.window.elapsed() > REFETCH_WINDOW {
            return Some((1, Stopwatch::start()));
        }
        (self.refetches < MOST_REFETCHES).then_some((self.refetches + 1, self.window))
    }
}

async fn fetch(
    errand: &Errand,
    owner: &Owner,
    (refetches, window): (u32, Stopwatch),
) -> Result<KeySet, NoKey> {
    let unreachable = |error| NoKey::Unreachable(owner.name().into(), error);
    let reply = errand.send(owner.letter()).await.map_err(unreachable)?;
    if !reply.is_success() {
        return Err(NoKey::Refused(owner.name().into(), reply.status));
    }
    let set: Value = reply.json().map_err(unreachable)?;
    let jwks = set["keys"].as_array().map_or(&[][..], Vec::as_slice);
    let jwks = &jwks[..jwks.len().min(MOST_KEYS)];
    let encryption = jwks.iter().find_map(EncryptionKey::read).map(Arc::new);
    let keys = jwks.iter().filter(|jwk| jwk["use"] != "enc").filter_map(|jwk| {
        let kid = jwk["kid"].as_str().unwrap_or_default().to_owned();
        PublicKey::read(jwk).map(|key| (kid, Arc::new(key)))
    });
    let (base, keys) = (owner.base(&errand.office.room), keys.collect());
    Ok(KeySet { base, keys, encryption, fetched: Stopwatch::start(), refetches, window })
}

impl EncryptionKey {
    /// Reads a JWK; none where nothing is encrypted to it.
    fn read(jwk: &Value) -> Option<Self> {
        let number = |name: &str| {
            let bytes = B64.decode(jwk[name].as_str()?).ok()?;
            Some(BigUint::from_bytes_be(&bytes))
        };
        if jwk["kty"] != "RSA" || jwk["use"] != "enc" {
            return None;
        }
        let key = RsaPublicKey::new(number("n")?, number("e")?).ok()?;
        Some(Self { kid: jwk["kid"].as_str()?.to_owned(), key })
    }
}

impl PublicKey {
    /// Reads a JWK; none where it is of a kind that nothing here is signed with.
    pub fn read(jwk: &Value) -> Option<Self> {
        let part = |name: &str| jwk[name].as_str();
        let number = |name: &str| B64.decode(part(name)?).ok();
        match (part("kty")?, part("crv")) {
            ("OKP", Some("Ed25519")) => {
                let bytes = <[u8; 32]>::try_from(B64.decode(part("x")?).ok()?).ok()?;
                VerifyingKey::from_bytes(&bytes).ok().map(Self::Ed25519)
            }
            ("EC", Some("P-256")) => {
                let (x, y) = (number("x")?, number("y")?);
                (x.len() == 32 && y.len() == 32).then(|| Self::P256([&[4][..], &x, &y].concat()))
            }
            ("RSA", _) => Some(Self::Rsa(number("n")?, number("e")?)),
            _ => None,
        }
    }

    fn fits(&self, algorithm: Algorithm) -> bool {
        match self {
            Self::Ed25519(_) => algorithm == Algorithm::EdDSA,
            Self::P256(_) => algorithm == Algorithm::ES256,
            Self::Rsa(..) => algorithm == Algorithm::RS256,
        }
    }

    /// The key in the form that [`jsonwebtoken::decode`] takes; none for Ed25519.
    pub fn for_jwt(&self) -> Option<DecodingKey> {
        match self {
            Self::Ed25519(_) => None,
            Self::P256(point) => {
                let (x, y) = point.get(1..)?.split_at_checked(32)?;
                DecodingKey::from_ec_components(&B64.encode(x), &B64.encode(y)).ok()
            }
            Self::Rsa(n, e) => Some(DecodingKey::from_rsa_raw_components(n, e)),
        }
    }

    /// Whether `signature` is this key's over `message`.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            Self::Ed25519(key) => <[u8; 64]>::try_from(signature).is_ok_and(|bytes| {
                key.verify_strict(message, &ed25519_dalek::Signature::from_bytes(&bytes)).is_ok()
            }),
            Self::P256(point) => UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                .verify(message, signature)
                .is_ok(),
            Self::Rsa(n, e) => RsaPublicKeyComponents { n, e }
                .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
                .is_ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_sender_id_and_a_part_are_two_spellings_of_one_name() {
        assert_eq!(part_of("programme-office.arenoa"), "programme_office");
        assert_eq!(sender_id_of("programme_office"), "programme-office.arenoa");
    }

    #[test]
    fn a_key_that_is_too_short_is_no_key() {
        assert!(PublicKey::read(&json!({"kty": "OKP", "crv": "Ed25519", "x": "AAAA"})).is_none());
    }

    #[test]
    fn an_rsa_key_checks_what_its_private_half_signed() {
        use crate::kit::trust::{Keys, sign};
        let keys = Keys::generate();
        let text = sign::jws(&keys, Algorithm::RS256, b"{}");
        let (covered, signature) = text.rsplit_once('.').unwrap();
        let key = PublicKey::read(keys.rsa_jwk()).unwrap();
        let signature = B64.decode(signature).unwrap();
        assert!(key.verifies(covered.as_bytes(), &signature));
        assert!(!key.verifies(b"something else", &signature));
    }
}
