//! MOSIP's sealing of requests and e-KYC answers: AES-256-GCM with a 16-byte IV (ciphertext, tag, IV, in this order),
//! its key under RSA-OAEP with SHA-256, and the digest beside it.

use aes_gcm::aead::Aead as _;
use aes_gcm::aead::consts::U16;
use aes_gcm::aes::Aes256;
use aes_gcm::{AesGcm, KeyInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use rsa::{Oaep, RsaPublicKey};
use sha2::{Digest as _, Sha256};

use super::der::lenient_base64;
use crate::kit::trust::Keys;

/// The length of an IV.
const IV: usize = 16;

/// What arrives sealed, each part in base64.
#[derive(Debug, Clone)]
pub(super) struct Sealed {
    pub(super) request: String,
    pub(super) session_key: String,
    pub(super) hmac: String,
}

/// Why it could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unopened {
    /// The session key or the request cannot be decrypted.
    Key,
    /// The digest beside the request is not the request's.
    Digest,
}

/// Opens a sealed request. Private-key work: call it away from the server's threads.
pub(super) fn open(keys: &Keys, sealed: &Sealed) -> Result<Vec<u8>, Unopened> {
    let wrapped = lenient_base64(&sealed.session_key).ok_or(Unopened::Key)?;
    let mut random = rsa::rand_core::OsRng;
    let key = keys.rsa().decrypt_blinded(&mut random, Oaep::new::<Sha256>(), &wrapped);
    let key = key.map_err(|_| Unopened::Key)?;
    let request = decrypt(&key, &sealed.request).ok_or(Unopened::Key)?;
    let digest = decrypt(&key, &sealed.hmac).ok_or(Unopened::Digest)?;
    if digest != upper_hex(&Sha256::digest(&request)).into_bytes() {
        return Err(Unopened::Digest);
    }
    Ok(request)
}

/// An answer sealed to a partner: the text, and the session key under the partner's own key.
pub(super) fn seal(partner: &RsaPublicKey, text: &[u8]) -> Option<(String, String)> {
    let (mut key, mut iv) = ([0_u8; 32], [0_u8; IV]);
    getrandom::fill(&mut key).ok()?;
    getrandom::fill(&mut iv).ok()?;
    let sealed = encrypt(&key, &iv, text)?;
    let wrapped = partner.encrypt(&mut rsa::rand_core::OsRng, Oaep::new::<Sha256>(), &key).ok()?;
    Some((sealed, B64.encode(wrapped)))
}

/// Ciphertext, tag and IV in base64url.
pub(super) fn encrypt(key: &[u8], iv: &[u8; IV], text: &[u8]) -> Option<String> {
    let cipher = AesGcm::<Aes256, U16>::new_from_slice(key).ok()?;
    let mut sealed = cipher.encrypt(&(*iv).into(), text).ok()?;
    sealed.extend_from_slice(iv);
    Some(B64.encode(sealed))
}

/// The text that [`encrypt`] sealed.
pub(super) fn decrypt(key: &[u8], sealed: &str) -> Option<Vec<u8>> {
    let bytes = lenient_base64(sealed)?;
    let (text, iv) = bytes.split_at_checked(bytes.len().checked_sub(IV)?)?;
    let cipher = AesGcm::<Aes256, U16>::new_from_slice(key).ok()?;
    let iv: [u8; IV] = iv.try_into().ok()?;
    cipher.decrypt(&iv.into(), text).ok()
}

/// Bytes in capital hexadecimal digits, as MOSIP writes digests.
pub(super) fn upper_hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(b"0123456789ABCDEF"[usize::from(nibble)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_sealed_opens_and_what_was_touched_does_not() {
        let key = [7_u8; 32];
        let sealed = encrypt(&key, &[1; IV], b"yes").unwrap();
        assert_eq!(decrypt(&key, &sealed).as_deref(), Some(&b"yes"[..]));
        assert_eq!(decrypt(&[8; 32], &sealed), None);
        let mut bytes = B64.decode(&sealed).unwrap();
        bytes[0] ^= 1;
        assert_eq!(decrypt(&key, &B64.encode(bytes)), None);
    }
}
