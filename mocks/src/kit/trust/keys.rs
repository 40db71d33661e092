//! The keys of one system: Ed25519 (DCI messages), P-256 (FSPIOP, tokens), RSA 2048 (`OpenID` Connect, MOSIP), and another
//! RSA key that others encrypt messages to. Made on this machine, kept in the data folder, published as a JWK Set (RFC 7517)
//! with thumbprints (RFC 7638).

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use actix_web::HttpResponse;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use ed25519_dalek::{Signer as _, SigningKey as Ed25519};
use p256::SecretKey as P256;
use p256::elliptic_curve::sec1::ToEncodedPoint as _;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding,
    RsaKeyPair,
};
use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, LineEnding};
use rsa::traits::PublicKeyParts as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::jwks::sender_id_of;
use crate::kit::room::Office;

/// A system's private keys.
pub struct Keys {
    ed25519: Ed25519,
    p256: P256,
    /// Slow to make, so it is made when first asked for.
    rsa: Slow,
    /// What messages to this system are encrypted to.
    encryption: Slow,
    public: Public,
    signers: Signers,
}

/// The public halves as JWKs, which every letter and many answers name.
#[derive(Default)]
struct Public {
    ed25519: OnceLock<Value>,
    p256: OnceLock<Value>,
    rsa: OnceLock<Value>,
    encryption: OnceLock<Value>,
}

/// The keys in the form in which ring signs: it is many times faster than the crates that make and keep the keys.
#[derive(Default)]
struct Signers {
    p256: OnceLock<Option<EcdsaKeyPair>>,
    rsa: OnceLock<Option<RsaKeyPair>>,
}

/// An RSA key that is made when it is first asked for, and kept in a file where there is one.
#[derive(Default)]
struct Slow {
    key: OnceLock<RsaPrivateKey>,
    file: Option<PathBuf>,
}

impl Slow {
    fn kept(file: PathBuf) -> Self {
        Self { key: OnceLock::new(), file: Some(file) }
    }

    fn get(&self) -> &RsaPrivateKey {
        self.key.get_or_init(|| self.read().unwrap_or_else(|| self.make()))
    }

    /// Whether there is one already.
    fn is_there(&self) -> bool {
        self.key.get().is_some() || self.file.as_ref().is_some_and(|file| file.exists())
    }

    fn read(&self) -> Option<RsaPrivateKey> {
        let pem = std::fs::read_to_string(self.file.as_ref()?).ok()?;
        RsaPrivateKey::from_pkcs8_pem(&pem).ok()
    }

    fn make(&self) -> RsaPrivateKey {
        let key = loop {
            if let Ok(key) = RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 2048) {
                break key;
            }
        };
        let (Some(file), Ok(pem)) = (&self.file, key.to_pkcs8_pem(LineEnding::LF)) else {
            return key;
        };
        match keep(file, &pem) {
            Ok(()) => key,
            // Somebody else was faster: one system has one key.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.read().unwrap_or(key)
            }
            Err(error) => {
                tracing::warn!(%error, "an RSA key could not be kept; the next start makes another");
                key
            }
        }
    }
}

impl Keys {
    /// New keys that are kept nowhere.
    pub fn generate() -> Self {
        let mut random = rsa::rand_core::OsRng;
        Self {
            ed25519: Ed25519::generate(&mut random),
            p256: P256::random(&mut random),
            rsa: Slow::default(),
            encryption: Slow::default(),
            public: Public::default(),
            signers: Signers::default(),
        }
    }

    /// The keys kept in `dir` for `name`, made where there are none.
    pub fn load_or_make(dir: &Path, name: &str) -> io::Result<Self> {
        std::fs::create_dir_all(dir)?;
        let file = |kind: &str| dir.join(format!("{name}.{kind}.pem"));
        let mut keys = Self::generate();
        let pem = keys.ed25519.to_pkcs8_pem(LineEnding::LF).map_err(io::Error::other)?;
        let pem = kept_or(&file("ed25519"), &pem)?;
        keys.ed25519 = Ed25519::from_pkcs8_pem(&pem).map_err(io::Error::other)?;
        let pem = keys.p256.to_pkcs8_pem(LineEnding::LF).map_err(io::Error::other)?;
        let pem = kept_or(&file("p256"), &pem)?;
        keys.p256 = P256::from_pkcs8_pem(&pem).map_err(io::Error::other)?;
        keys.rsa = Slow::kept(file("rsa"));
        keys.encryption = Slow::kept(file("enc"));
        Ok(keys)
    }

    /// The P-256 key: signs FSPIOP messages and bearer tokens (ES256).
    pub fn p256(&self) -> &P256 {
        &self.p256
    }

    /// The RSA key. The first call takes up to a second where none is kept: call it away from the server's threads.
    pub fn rsa(&self) -> &RsaPrivateKey {
        self.rsa.get()
    }

    /// The RSA key that messages to this system are encrypted to. As slow to make as the other.
    pub fn encryption(&self) -> &RsaPrivateKey {
        self.encryption.get()
    }

    /// The RSA key that messages to this system are encrypted to, where it was ever made: nobody encrypts to a key that
    /// was never published.
    pub fn published_encryption(&self) -> Option<&RsaPrivateKey> {
        self.encryption.is_there().then(|| self.encryption())
    }

    /// The signature EdDSA over `message` (RFC 8032), of DCI and G2P Connect envelopes. Here ring would take twice as long.
    pub fn sign_ed25519(&self, message: &[u8]) -> Vec<u8> {
        self.ed25519.sign(message).to_vec()
    }

    /// The signature ES256 over `message` (RFC 7518): 64 bytes, or none where the key cannot sign.
    pub fn sign_p256(&self, message: &[u8]) -> Vec<u8> {
        let signer = self.signers.p256.get_or_init(|| {
            let point = self.p256.public_key().to_encoded_point(false);
            EcdsaKeyPair::from_private_key_and_public_key(
                &ECDSA_P256_SHA256_FIXED_SIGNING,
                &self.p256.to_bytes(),
                point.as_bytes(),
                &SystemRandom::new(),
            )
            .ok()
        });
        let signed = signer.as_ref().and_then(|key| key.sign(&SystemRandom::new(), message).ok());
        signed.map_or_else(Vec::new, |signature| signature.as_ref().to_vec())
    }

    /// The signature RS256 over `message` (RFC 7518), or none where the key cannot sign. The first call may have to
    /// make the key, see [`Keys::rsa`].
    pub fn sign_rsa(&self, message: &[u8]) -> Vec<u8> {
        self.sign_padded(&RSA_PKCS1_SHA256, message)
    }

    /// The signature PS256 over `message` (RFC 7518), otherwise as [`Keys::sign_rsa`].
    pub fn sign_rsa_pss(&self, message: &[u8]) -> Vec<u8> {
        self.sign_padded(&RSA_PSS_SHA256, message)
    }

    fn sign_padded(&self, padding: &'static dyn RsaEncoding, message: &[u8]) -> Vec<u8> {
        let signer = self.signers.rsa.get_or_init(|| {
            let der = self.rsa().to_pkcs1_der().ok()?;
            RsaKeyPair::from_der(der.as_bytes()).ok()
        });
        let Some(signer) = signer else { return Vec::new() };
        let mut signature = vec![0; signer.public().modulus_len()];
        match signer.sign(padding, &SystemRandom::new(), message, &mut signature) {
            Ok(()) => signature,
            Err(_) => Vec::new(),
        }
    }

    /// The public Ed25519 key as a JWK.
    pub fn ed25519_jwk(&self) -> &Value {
        self.public.ed25519.get_or_init(|| {
            let x = B64.encode(self.ed25519.verifying_key().as_bytes());
            with_kid(json!({"crv": "Ed25519", "kty": "OKP", "x": x}), "EdDSA")
        })
    }

    /// The id of the Ed25519 key, which every message names.
    pub fn ed25519_kid(&self) -> &str {
        self.ed25519_jwk()["kid"].as_str().unwrap_or_default()
    }

    /// The public P-256 key as a JWK.
    pub fn p256_jwk(&self) -> &Value {
        self.public.p256.get_or_init(|| {
            let point = self.p256.public_key().to_encoded_point(false);
            let part =
                |bytes: Option<&p256::FieldBytes>| B64.encode(bytes.map_or(&[][..], |b| &b[..]));
            let members =
                json!({"crv": "P-256", "kty": "EC", "x": part(point.x()), "y": part(point.y())});
            with_kid(members, "ES256")
        })
    }

    /// The public RSA key as a JWK.
    pub fn rsa_jwk(&self) -> &Value {
        self.public.rsa.get_or_init(|| with_kid(rsa_members(self.rsa()), "RS256"))
    }

    /// The public half of the key for encrypted messages as a JWK, with `use: enc`.
    pub fn encryption_jwk(&self) -> &Value {
        self.public.encryption.get_or_init(|| {
            let mut jwk = with_kid(rsa_members(self.encryption()), "RSA-OAEP-256");
            jwk["use"] = "enc".into();
            jwk
        })
    }

    /// The keys that signatures of this system are checked with; RSA is among them where something was signed with it.
    pub fn signing_jwks(&self) -> Vec<Value> {
        let rsa = self.rsa.is_there().then(|| self.rsa_jwk());
        [self.ed25519_jwk(), self.p256_jwk()].into_iter().chain(rsa).cloned().collect()
    }

    /// The JWK Set of a system: what it signs with, and what others encrypt to. The first call on a machine makes the key
    /// for encryption: call it away from the server's threads.
    pub fn jwks(&self) -> Value {
        let mut keys = self.signing_jwks();
        keys.push(self.encryption_jwk().clone());
        json!({"keys": keys})
    }
}

/// The query of who asks for the keys that signatures are checked with and for no other (RFC 7517, 4.2: `use`). The key for
/// encryption is slow to make, and most who ask have no need of it.
pub const TO_VERIFY: &str = "use=sig";

/// The answer to `GET /.well-known/jwks.json`: the keys of `office`, of which the `query` may leave some away.
pub async fn published(office: &Office, query: &str) -> HttpResponse {
    let (keys, sender) = (Arc::clone(&office.keys), sender_id_of(office.system.name));
    let to_verify = query.split('&').any(|part| part == TO_VERIFY);
    match tokio::task::spawn_blocking(move || key_set(&keys, &sender, to_verify)).await {
        Ok(jwks) => HttpResponse::Ok().json(jwks),
        Err(error) => {
            tracing::error!(%error, "the keys of a system could not be published");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// The key for DCI messages stands there twice, the second time by the `kidId` of our signatures, under which `OpenSPP2`
/// looks for it.
fn key_set(keys: &Keys, sender: &str, to_verify: bool) -> Value {
    let mut again = keys.ed25519_jwk().clone();
    again["kid"] = format!("{sender}|{}|ed25519", keys.ed25519_kid()).into();
    let mut set = if to_verify { json!({"keys": keys.signing_jwks()}) } else { keys.jwks() };
    if let Some(all) = set["keys"].as_array_mut() {
        all.push(again);
    }
    set
}

fn rsa_members(key: &RsaPrivateKey) -> Value {
    let (e, n) = (B64.encode(key.e().to_bytes_be()), B64.encode(key.n().to_bytes_be()));
    json!({"e": e, "kty": "RSA", "n": n})
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(secret)")
    }
}

/// Adds `kid` (the RFC 7638 thumbprint of the required members, which are given in order), `use` and `alg`.
fn with_kid(mut jwk: Value, alg: &str) -> Value {
    let kid = B64.encode(Sha256::digest(jwk.to_string()));
    if let Some(members) = jwk.as_object_mut() {
        members.insert("kid".into(), kid.into());
        members.insert("use".into(), "sig".into());
        members.insert("alg".into(), alg.into());
    }
    jwk
}

/// What is kept in `file`, or `pem` where nothing is, which is kept from now on.
fn kept_or(file: &Path, pem: &str) -> io::Result<String> {
    if let Ok(kept) = std::fs::read_to_string(file) {
        return Ok(kept);
    }
    match keep(file, pem) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => std::fs::read_to_string(file),
        kept => kept.map(|()| pem.to_owned()),
    }
}

/// Writes a private key that only its owner can read, whole or not at all; never over one that is there.
fn keep(file: &Path, pem: &str) -> io::Result<()> {
    use std::io::Write as _;
    use std::sync::atomic::{AtomicU32, Ordering};
    static DRAFTS: AtomicU32 = AtomicU32::new(0);
    let number = DRAFTS.fetch_add(1, Ordering::Relaxed);
    let draft = file.with_extension(format!("{}-{number}.draft", std::process::id()));
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    // Elsewhere than on Unix, what stands in somebody's own folder is theirs alone as it is.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&draft)?.write_all(pem.as_bytes())?;
    let linked = std::fs::hard_link(&draft, file);
    std::fs::remove_file(&draft)?;
    linked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_only_checks_signatures_waits_for_no_key_to_encrypt_to() {
        let keys = Keys::generate();
        let uses = |to_verify| {
            let set = key_set(&keys, "messenger.arenoa", to_verify);
            let uses = set["keys"].as_array().unwrap().iter().map(|key| key["use"].clone());
            uses.collect::<Vec<_>>()
        };
        assert_eq!(uses(true), ["sig", "sig", "sig"]);
        assert!(keys.published_encryption().is_none(), "it was made for nobody");
        assert_eq!(uses(false), ["sig", "sig", "enc", "sig"]);
    }

    #[test]
    fn kept_keys_come_back() {
        let dir = std::env::temp_dir().join(format!("arenoa-keys-{}", std::process::id()));
        let first = Keys::load_or_make(&dir, "office").unwrap();
        let again = Keys::load_or_make(&dir, "office").unwrap();
        assert_eq!(first.jwks(), again.jwks());
        std::fs::remove_dir_all(dir).unwrap();
    }
}
