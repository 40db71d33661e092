//! Other systems' public keys: JWK Sets (RFC 7517) fetched from `{base}/.well-known/jwks.json` and kept for a while.

mod owner;
mod public_key;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jsonwebtoken::Algorithm;
use serde_json::Value;

use super::TO_VERIFY;
use crate::kit::clock::Stopwatch;
use crate::kit::courier::{Errand, Undelivered};
use crate::kit::retry::is_outside;
use crate::kit::room::Room;

pub use owner::Owner;
pub use public_key::{EncryptionKey, PublicKey};

/// What the names of this country's systems end in.
const OURS: &str = ".arenoa";
/// Keys of so many systems are remembered at once.
const MOST_OWNERS: usize = 256;
/// Somebody outside whose keys could not be fetched is not asked again for so long: whoever waits for an answer is told at
/// once.
const SHORTEST_PAUSE: Duration = Duration::from_secs(5);
/// So many keys of one set are looked at.
const MOST_KEYS: usize = 32;
/// A set is fetched again for unknown key ids and signatures that fit none of its keys so many times ...
const MOST_REFETCHES: u32 = 4;
/// ... within this time: a stranger cannot make us fetch for ever.
const REFETCH_WINDOW: Duration = Duration::from_mins(1);
/// A stranger's set is trusted for so long before it is fetched anew. Systems of ours keep their keys: a story that is
/// shown slowly must not have more messages than one that is played fast.
const LONGEST_TRUST: Duration = Duration::from_mins(15);

/// Why there is no key to check with.
#[derive(Debug, Clone, thiserror::Error)]
pub enum NoKey {
    #[error(
        "`{0}` is neither a part of the cast nor an address: its keys cannot be found; name yourself by an address, or write one in sender_uri"
    )]
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

impl NoKey {
    /// Whether nothing is known of the owner's keys, because they could not be fetched.
    pub fn is_unfetched(&self) -> bool {
        matches!(self, Self::Unreachable(..) | Self::Refused(..))
    }

    fn unknown(owner: &Owner, kid: Option<&str>) -> Self {
        let kid = kid.unwrap_or("(none given)").into();
        Self::UnknownKey { owner: owner.name().into(), kid }
    }
}

/// The part of the cast that a sender id names: `programme-office.arenoa` is `programme_office`.
pub fn part_of(sender_id: &str) -> String {
    sender_id.strip_suffix(OURS).unwrap_or(sender_id).replace('-', "_")
}

/// What a part calls itself in headers: `programme_office` is `programme-office.arenoa`.
pub fn sender_id_of(part: &str) -> String {
    format!("{}.arenoa", part.replace('_', "-"))
}

/// The keys of others that an office remembers.
#[derive(Debug, Default)]
pub struct KeyRing {
    sets: Mutex<BTreeMap<Owner, Arc<KeySet>>>,
    fetching: Mutex<BTreeMap<Owner, Arc<Fetching>>>,
}

/// Held while the keys of one owner are fetched, so that a burst of messages from a new sender fetches once; and why that
/// failed the last time.
type Fetching = tokio::sync::Mutex<Option<Failure>>;

/// Whose keys are looked for, and which of them.
#[derive(Debug, Clone, Copy)]
struct Sought<'a> {
    owner: &'a Owner,
    query: &'static str,
}

impl<'a> Sought<'a> {
    fn to_verify(owner: &'a Owner) -> Self {
        Self { owner, query: TO_VERIFY }
    }
}

#[derive(Debug)]
struct Failure {
    why: NoKey,
    base: Option<String>,
    at: Stopwatch,
}

#[derive(Debug, Clone)]
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
        let sought = Sought::to_verify(owner);
        self.fetched(errand, sought, named, || NoKey::unknown(owner, kid)).await
    }

    /// Which of `owners`, who are all one sender, publishes the key `kid`: each next one is asked where the one before has no
    /// such key. The first where none has it.
    pub async fn publisher(
        &self,
        errand: &Errand,
        owners: Vec<Owner>,
        (kid, algorithm): (Option<&str>, Algorithm),
    ) -> Option<Owner> {
        let room = &errand.office.room;
        let has = |owner: &&Owner| {
            self.known(room, owner).is_some_and(|set| set.find(kid, algorithm).is_some())
        };
        if let [_] | [] = owners[..] {
            return owners.into_iter().next();
        }
        if let Some(owner) = owners.iter().find(has) {
            return Some(owner.clone());
        }
        for owner in &owners {
            match self.key(errand, owner, kid, algorithm).await {
                Ok(_) => return Some(owner.clone()),
                Err(NoKey::Refused(..) | NoKey::UnknownKey { .. }) => {}
                // Nobody is there, at whatever path.
                Err(_) => break,
            }
        }
        owners.into_iter().next()
    }

    /// Whether a key of `owner` signed something, of which `fits` tells for each that is named `kid` (each at all where no
    /// id is given) and fits `algorithm`.
    pub async fn has_signed(
        &self,
        errand: &Errand,
        owner: &Owner,
        (kid, algorithm): (Option<&str>, Algorithm),
        fits: impl Fn(&PublicKey) -> bool,
    ) -> Result<bool, NoKey> {
        self.key(errand, owner, kid, algorithm).await?;
        let known = self.known(&errand.office.room, owner);
        Ok(known.is_some_and(|set| set.named(kid, algorithm).any(|key| fits(key))))
    }

    /// As [`KeyRing::has_signed`], by the keys that `owner` has now: one that began anew has others than are known. They are
    /// fetched once more where the limit allows; of ours they are not, because ours keep their keys.
    pub async fn has_signed_anew(
        &self,
        errand: &Errand,
        owner: &Owner,
        (kid, algorithm): (Option<&str>, Algorithm),
        fits: impl Fn(&PublicKey) -> bool,
    ) -> bool {
        if owner.is_ours(&errand.office.room) {
            return false;
        }
        let signer = |set: &KeySet| set.named(kid, algorithm).any(|key| fits(key)).then_some(());
        let none = || NoKey::unknown(owner, kid);
        self.fetched(errand, Sought::to_verify(owner), signer, none).await.is_ok()
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
        let all = Sought { owner, query: "" };
        self.fetched(errand, all, |set| set.encryption.clone(), none).await
    }

    /// What `choose` takes out of the owner's set, which is fetched where it is not known or lacks it.
    async fn fetched<T>(
        &self,
        errand: &Errand,
        sought: Sought<'_>,
        choose: impl Fn(&KeySet) -> Option<T>,
        missing: impl Fn() -> NoKey,
    ) -> Result<T, NoKey> {
        let owner = sought.owner;
        let (room, fetching) = (&errand.office.room, self.fetching(owner));
        let mut failure = fetching.lock().await;
        let known = self.known(room, owner);
        if let Some(found) = known.as_deref().and_then(&choose) {
            return Ok(found);
        }
        let base = owner.base(room);
        if let Some(failure) = failure.as_ref().filter(|failure| failure.counts(base.as_deref())) {
            return Err(failure.why.clone());
        }
        let set = match known {
            Some(old) => {
                let (refetches, window) = old.again().ok_or_else(&missing)?;
                // It counts though nobody may answer.
                self.remember(owner, Arc::new(KeySet { refetches, window, ..KeySet::clone(&old) }));
                (refetches, window)
            }
            None => (0, Stopwatch::start()),
        };
        let fetched = fetch(errand, sought, set).await;
        // Our own answer at once, and what they say must not hang on how fast a story is played.
        let outside = base.filter(|base| is_outside(room, base));
        *failure = fetched.as_ref().err().zip(outside).map(|(why, base)| Failure {
            why: why.clone(),
            base: Some(base),
            at: Stopwatch::start(),
        });
        let set = Arc::new(fetched?);
        let found = choose(&set);
        self.remember(owner, set);
        found.ok_or_else(missing)
    }

    /// Who fetches the keys of `owner`, one after the other.
    fn fetching(&self, owner: &Owner) -> Arc<Fetching> {
        let mut all = self.fetching.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST_OWNERS && !all.contains_key(owner) {
            all.retain(|_, fetching| Arc::strong_count(fetching) > 1);
        }
        Arc::clone(all.entry(owner.clone()).or_default())
    }

    fn known(&self, room: &Room, owner: &Owner) -> Option<Arc<KeySet>> {
        let (ours, base) = (owner.is_ours(room), owner.base(room));
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

impl Failure {
    /// Whether it says something about the one who is there now.
    fn counts(&self, base: Option<&str>) -> bool {
        self.base.as_deref() == base && self.at.elapsed() < SHORTEST_PAUSE
    }
}

impl KeySet {
    fn find(&self, kid: Option<&str>, algorithm: Algorithm) -> Option<Arc<PublicKey>> {
        self.named(kid, algorithm).next().cloned()
    }

    /// The keys of that id (all where none is given) that fit `algorithm`.
    fn named(
        &self,
        kid: Option<&str>,
        algorithm: Algorithm,
    ) -> impl Iterator<Item = &Arc<PublicKey>> {
        let is = move |(id, key): &&(String, Arc<PublicKey>)| {
            kid.is_none_or(|kid| is_named(id, kid)) && key.fits(algorithm)
        };
        self.keys.iter().filter(is).map(|(_, key)| key)
    }

    /// Whether it may be fetched again for a key that it lacks: the new count and its window.
    fn again(&self) -> Option<(u32, Stopwatch)> {
        if self.window.elapsed() > REFETCH_WINDOW {
            return Some((1, Stopwatch::start()));
        }
        (self.refetches < MOST_REFETCHES).then_some((self.refetches + 1, self.window))
    }
}

/// Whether the published id `id` names the key `kid`: it is that, or `{sender}|{kid}|{algorithm}` as a signature's `kidId`
/// has it (`OpenSPP2`).
fn is_named(id: &str, kid: &str) -> bool {
    let mut parts = id.rsplitn(3, '|').skip(1);
    id == kid || (parts.next() == Some(kid) && parts.next().is_some())
}

async fn fetch(
    errand: &Errand,
    Sought { owner, query }: Sought<'_>,
    (refetches, window): (u32, Stopwatch),
) -> Result<KeySet, NoKey> {
    let unreachable = |error| NoKey::Unreachable(owner.name().into(), error);
    let reply = errand.send(owner.letter(query)).await.map_err(unreachable)?;
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

#[cfg(test)]
mod tests;
