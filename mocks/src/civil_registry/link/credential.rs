//! Opening a credential that MOSIP's hub delivered: `VER_R2`, the thumbprint of our certificate, the session key under
//! RSA-OAEP (SHA-256), `#KEY_SPLITTER#`, 32 bytes that are authenticated too (the first 12 are the IV), AES-256-GCM.

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as B64;
use hmac::{Hmac, Mac};
use rsa::Oaep;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::kit::trust::{Keys, x509};

const VERSION: &[u8] = b"VER_R2";
const SPLITTER: &[u8] = b"#KEY_SPLITTER#";
/// What stands before the session key: version and thumbprint.
const HEAD: usize = 6 + 32;
const AAD: usize = 32;
const IV: usize = 12;

/// The name in our certificate.
const NAME: &str = "Arenoa Civil Registry";

/// Why a credential cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(in crate::civil_registry) enum Unopened {
    #[error("the credential is no base64 of a version VER_R2 with its #KEY_SPLITTER#")]
    Form,
    #[error("the credential is sealed to another certificate than ours")]
    Certificate,
    #[error("the credential cannot be decrypted")]
    Key,
    #[error("what was sealed is no JSON")]
    Json,
}

/// Our certificate in PEM. Private-key work: call it away from the server's threads.
pub(in crate::civil_registry) fn certificate(keys: &Keys) -> Option<String> {
    x509::certificate(keys, NAME).ok().map(|der| x509::pem(&der))
}

/// Opens a credential. Private-key work: call it away from the server's threads.
pub(in crate::civil_registry) fn open(keys: &Keys, sealed: &str) -> Result<Value, Unopened> {
    let bytes = B64.decode(sealed.trim()).map_err(|_| Unopened::Form)?;
    let at = bytes.windows(SPLITTER.len()).position(|part| part == SPLITTER);
    let (head, rest) = at.map(|at| bytes.split_at(at)).ok_or(Unopened::Form)?;
    let content = &rest[SPLITTER.len()..];
    if !head.starts_with(VERSION) || head.len() <= HEAD || content.len() <= AAD {
        return Err(Unopened::Form);
    }
    let own = x509::certificate(keys, NAME).map_err(|_| Unopened::Key)?;
    if head[VERSION.len()..HEAD] != Sha256::digest(&own)[..] {
        return Err(Unopened::Certificate);
    }
    let mut random = rsa::rand_core::OsRng;
    let key = keys.rsa().decrypt_blinded(&mut random, Oaep::new::<Sha256>(), &head[HEAD..]);
    let key = key.map_err(|_| Unopened::Key)?;
    let (aad, msg) = content.split_at(AAD);
    let iv: [u8; IV] = aad[..IV].try_into().map_err(|_| Unopened::Form)?;
    let cipher = Aes256Gcm::new_from_slice(&key).map_err(|_| Unopened::Key)?;
    let text = cipher.decrypt(&iv.into(), Payload { msg, aad }).map_err(|_| Unopened::Key)?;
    serde_json::from_slice(&text).map_err(|_| Unopened::Json)
}

/// Whether `signature` (`sha256=...`) is the hub's over `body`: anybody could seal something to our certificate, so
/// this is what tells that it came from the hub (W3C `WebSub` 7.1).
pub(in crate::civil_registry) fn is_from_hub(secret: &str, body: &[u8], signature: &str) -> bool {
    let of = signature.split_once('=').filter(|(method, _)| method.eq_ignore_ascii_case("sha256"));
    let Some((_, hex)) = of else { return false };
    let bytes: Option<Vec<u8>> = (0..hex.len() / 2)
        .map(|at| u8::from_str_radix(hex.get(at * 2..at * 2 + 2)?, 16).ok())
        .collect();
    let Ok(mut mac) = <Hmac<Sha256> as Mac>::new_from_slice(secret.as_bytes()) else {
        return false;
    };
    mac.update(body);
    bytes.is_some_and(|bytes| hex.len() == 64 && mac.verify_slice(&bytes).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_hubs_own_signature_counts() {
        // The example of RFC 4231, test case 2.
        let (key, data) = ("Jefe", b"what do ya want for nothing?");
        let right = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert!(is_from_hub(key, data, right));
        assert!(
            is_from_hub(key, data, &right.replace("sha256", "SHA256")),
            "as some hubs write it"
        );
        assert!(!is_from_hub("other", data, right));
        assert!(!is_from_hub(key, b"other", right));
        for wrong in ["", "sha256=", "sha1=5bdc", "sha256=zz", &right[..70]] {
            assert!(!is_from_hub(key, data, wrong), "{wrong}");
        }
    }

    #[test]
    fn what_is_no_credential_is_refused() {
        let keys = Keys::generate();
        for wrong in ["", "%%", "VkVSX1Iy", "VkVSX1IyI0tFWV9TUExJVFRFUiM="] {
            assert_eq!(open(&keys, wrong), Err(Unopened::Form), "{wrong}");
        }
        let mut foreign = [VERSION, &[7; 32], &[1; 256], SPLITTER, &[2; 64]].concat();
        assert_eq!(open(&keys, &B64.encode(&foreign)), Err(Unopened::Certificate));
        let own = x509::certificate(&keys, NAME).unwrap();
        foreign[6..38].copy_from_slice(&Sha256::digest(own));
        assert_eq!(open(&keys, &B64.encode(&foreign)), Err(Unopened::Key));
    }
}
