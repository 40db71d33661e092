//! Encrypted messages (DCI v1.0.0, `EncryptedMessage`; RFC 7516): a flattened JWE whose header is not protected, with
//! RSA-OAEP-256 for the content key and A256GCM for the message. Header and signature of the envelope stay readable; the
//! signature covers what is sent, so the encrypted message.

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use bytes::Bytes;
use rsa::Oaep;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;
use sha2::Sha256;
use standards::dci::{EncryptedHeader, EncryptedMessage, Envelope, Header, Malformed, read};

use super::Keys;
use super::jwks::EncryptionKey;

/// How the content key is encrypted.
const ALG: &str = "RSA-OAEP-256";
/// How the message is encrypted.
const ENC: &str = "A256GCM";
/// The lengths of initialisation vector and tag in bytes.
const IV: usize = 12;
const TAG: usize = 16;

/// Why an encrypted message cannot be read, in a sentence (`err.encryption.invalid`).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unopened(String);

/// Why a body is not the message it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unread {
    #[error(transparent)]
    Malformed(#[from] Malformed),
    #[error(transparent)]
    Unopened(#[from] Unopened),
}

/// A message that was read.
#[derive(Debug)]
pub struct Read<M> {
    pub envelope: Envelope<M>,
    /// The body with the message in clear, where it came encrypted.
    pub opened: Option<Bytes>,
}

/// Encrypts `clear` to `key`. None where the machine has no chance to give, or the key is unfit.
pub fn seal(key: &EncryptionKey, clear: &[u8]) -> Option<EncryptedMessage> {
    let (mut content_key, mut iv) = ([0_u8; 32], [0_u8; IV]);
    getrandom::fill(&mut content_key).ok()?;
    getrandom::fill(&mut iv).ok()?;
    let cipher = Aes256Gcm::new_from_slice(&content_key).ok()?;
    let mut sealed = cipher.encrypt(&iv.into(), clear).ok()?;
    let tag = sealed.split_off(sealed.len().checked_sub(TAG)?);
    let mut random = rsa::rand_core::OsRng;
    let wrapped = key.key.encrypt(&mut random, Oaep::new::<Sha256>(), &content_key).ok()?;
    Some(EncryptedMessage {
        header: EncryptedHeader {
            alg: ALG.into(),
            enc: ENC.into(),
            kid: key.kid.clone(),
            other: std::collections::BTreeMap::new(),
        },
        ciphertext: B64.encode(sealed),
        encrypted_key: B64.encode(wrapped),
        tag: B64.encode(tag),
        iv: B64.encode(iv),
    })
}

/// Decrypts a message that was encrypted to the system of `keys`.
pub fn open(keys: &Keys, message: &EncryptedMessage) -> Result<Vec<u8>, Unopened> {
    let EncryptedHeader { alg, enc, kid, .. } = &message.header;
    if alg != ALG || enc != ENC {
        let sentence =
            format!("message.header names {alg} and {enc}; here {ALG} and {ENC} are read");
        return Err(Unopened(sentence));
    }
    let no_key = || {
        let sentence = "which is no key of ours; encrypt to the one of our jwks.json";
        Unopened(format!("message.header.kid is {kid}, {sentence}"))
    };
    let private = keys.published_encryption().ok_or_else(no_key)?;
    let own = keys.encryption_jwk();
    if own["kid"] != kid.as_str() {
        let sentence = format!(
            "message.header.kid is {kid}, which is no key of ours; encrypt to {} of our jwks.json",
            own["kid"]
        );
        return Err(Unopened(sentence));
    }
    let part = |name: &str, text: &str| {
        let bytes = B64.decode(text.trim_end_matches('='));
        bytes.map_err(|_| Unopened(format!("message.{name} is not base64url")))
    };
    let wrapped = part("encrypted_key", &message.encrypted_key)?;
    let mut random = rsa::rand_core::OsRng;
    let key = private.decrypt_blinded(&mut random, Oaep::new::<Sha256>(), &wrapped);
    let wrong = || {
        let sentence = "the message cannot be decrypted: key, tag and text do not belong together";
        Unopened(sentence.into())
    };
    let cipher = Aes256Gcm::new_from_slice(&key.map_err(|_| wrong())?).map_err(|_| wrong())?;
    let iv = part("iv", &message.iv)?;
    let iv: [u8; IV] = iv.try_into().map_err(|iv: Vec<u8>| {
        Unopened(format!("message.iv has {} bytes; write {IV}", iv.len()))
    })?;
    let mut sealed = part("ciphertext", &message.ciphertext)?;
    sealed.extend(part("tag", &message.tag)?);
    let payload = Payload { msg: &sealed, aad: &[] };
    cipher.decrypt(&iv.into(), payload).map_err(|_| wrong())
}

/// Reads a message that may be encrypted to the system of `keys`: `read_clear` reads it once it is in clear. In strict
/// reading `is_msg_encrypted` must say so.
pub fn read_either<M>(
    keys: &Keys,
    body: &[u8],
    strict: bool,
    read_clear: impl Fn(&[u8]) -> Result<Envelope<M>, Malformed>,
) -> Result<Read<M>, Unread> {
    let malformed = match read_clear(body) {
        Ok(envelope) if !envelope.header.is_msg_encrypted => {
            return Ok(Read { envelope, opened: None });
        }
        Ok(_) => None,
        Err(malformed) => Some(malformed),
    };
    let Ok(sealed) = read::<Envelope<EncryptedMessage>>(body) else {
        let said = read::<Envelope<IgnoredAny>>(body).is_ok_and(|e| e.header.is_msg_encrypted);
        return Err(match malformed {
            Some(malformed) if !said => malformed.into(),
            _ => Unopened(
                "header.is_msg_encrypted is true, and message is not {header, ciphertext, encrypted_key, tag, iv}"
                    .into(),
            )
            .into(),
        });
    };
    if strict && !sealed.header.is_msg_encrypted {
        let sentence = "message is encrypted, and header.is_msg_encrypted does not say so";
        return Err(Unopened(sentence.into()).into());
    }
    let clear = open(keys, &sealed.message)?;
    let body = rewritten(body, &clear)?;
    Ok(Read { envelope: read_clear(&body)?, opened: Some(body) })
}

/// The body with `clear` in place of its message.
fn rewritten(body: &[u8], clear: &[u8]) -> Result<Bytes, Unopened> {
    #[derive(serde::Deserialize)]
    struct Outside<'a> {
        #[serde(borrow)]
        header: &'a RawValue,
    }
    let text = std::str::from_utf8(clear);
    let text = text.map_err(|_| Unopened("what was encrypted is not UTF-8".into()))?;
    let outside: Outside<'_> =
        serde_json::from_slice(body).map_err(|e| Unopened(format!("the envelope: {e}")))?;
    Ok(format!(r#"{{"header":{},"message":{text}}}"#, outside.header.get()).into())
}

/// What the journal is told of a message that came encrypted: that it did, and with what; never what it says.
pub fn told(header: &Header) -> (String, serde_json::Value) {
    let sender = header.sender_id.as_deref().unwrap_or("somebody");
    let sentence = format!("A message of {sender} came encrypted and was opened");
    let facts = serde_json::json!({"alg": ALG, "enc": ENC, "message_id": header.message_id});
    (sentence, facts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn key_of(keys: &Keys) -> EncryptionKey {
        let kid = keys.encryption_jwk()["kid"].as_str().unwrap().to_owned();
        EncryptionKey { kid, key: keys.encryption().to_public_key() }
    }

    #[test]
    fn what_was_encrypted_is_read_by_its_receiver_and_by_nobody_else() {
        let (keys, other) = (Keys::generate(), Keys::generate());
        let message = json!({"transaction_id": "T"});
        let sealed = seal(&key_of(&keys), message.to_string().as_bytes()).unwrap();
        let opened = open(&keys, &sealed).unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&opened).unwrap(), message);
        assert!(open(&other, &sealed).unwrap_err().to_string().contains("no key of ours"));
        assert!(other.published_encryption().is_none(), "no key is made for what a stranger sent");
        let tampered = EncryptedMessage { tag: B64.encode([0; 16]), ..sealed.clone() };
        assert!(open(&keys, &tampered).unwrap_err().to_string().contains("cannot be decrypted"));
        let header = EncryptedHeader { alg: "dir".into(), ..sealed.header.clone() };
        let other_way = EncryptedMessage { header, ..sealed };
        assert!(open(&keys, &other_way).unwrap_err().to_string().contains("RSA-OAEP-256"));
    }

    #[test]
    fn the_flag_and_the_shape_must_agree() {
        let keys = Keys::generate();
        let header = |flag: bool| json!({"message_id": "1", "message_ts": "t", "action": "search", "is_msg_encrypted": flag});
        let read = |flag: bool, message: Value, strict: bool| {
            let body = json!({"header": header(flag), "message": message}).to_string();
            read_either(&keys, body.as_bytes(), strict, read::<Envelope<Value>>)
        };
        let clear = read(true, json!({"x": 1}), false).unwrap_err();
        assert!(matches!(clear, Unread::Unopened(_)), "{clear}");
        let sealed = json!(seal(&key_of(&keys), br#"{"x":1}"#).unwrap());
        let opened = read(true, sealed.clone(), true).unwrap();
        assert_eq!(opened.envelope.message, json!({"x": 1}));
        assert!(opened.opened.is_some());
        // An untyped reader takes the encrypted form for a message of its own where the header says nothing.
        assert_eq!(read(false, sealed.clone(), false).unwrap().envelope.message, sealed);
    }
}
