//! A credential for the civil registry (MOSIP `vercred`): signed with our RSA key (PS256 over sorted JSON), then sealed
//! to the partner's certificate: `VER_R2`, thumbprint, session key under RSA-OAEP (SHA-256), `#KEY_SPLITTER#`, 32 bytes
//! that are authenticated (the first 12 are the IV), AES-256-GCM.

use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};
use rsa::Oaep;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::der;
use crate::kit::trust::Keys;

/// The credential about `subject`, with its proof. Private-key work: call it away from the server's threads.
pub(super) fn issue(keys: &Keys, base: &str, id: &str, at: &str, subject: &Value) -> Option<Value> {
    let known = |name: &str| format!("{base}/.well-known/{name}");
    let mut credential = json!({
        "@context": ["https://www.w3.org/2018/credentials/v1", known("mosip-context.json"),
            {"sec": "https://w3id.org/security#"}],
        "credentialSubject": subject,
        "id": format!("{base}/credentials/{id}"),
        "issuanceDate": at,
        "issuer": known("controller.json"),
        "type": ["VerifiableCredential", "MOSIPVerifiableCredential"],
    });
    // Keys are sorted and nothing is spaced out: RFC 8785 for what stands here.
    let payload = credential.to_string();
    let header = B64.encode(r#"{"alg":"PS256"}"#);
    let signed = format!("{header}.{}", B64.encode(&payload));
    let signature = keys.sign_rsa_pss(signed.as_bytes());
    if signature.is_empty() {
        return None;
    }
    credential["proof"] = json!({
        "type": "RsaSignature2018",
        "created": at,
        "proofPurpose": "assertionMethod",
        "verificationMethod": known("public-key.json"),
        // The payload is left out (RFC 7515, appendix F).
        "jws": format!("{header}..{}", B64.encode(signature)),
    });
    Some(credential)
}

/// Seals a credential to the partner whose certificate (PEM) this is.
pub(super) fn seal(certificate: &str, text: &[u8]) -> Option<String> {
    let certificate = der::from_pem(certificate)?;
    let partner = der::public_key_of(&certificate)?;
    let (mut key, mut aad) = ([0_u8; 32], [0_u8; 32]);
    getrandom::fill(&mut key).ok()?;
    getrandom::fill(&mut aad).ok()?;
    let mut random = rsa::rand_core::OsRng;
    let wrapped = partner.encrypt(&mut random, Oaep::new::<Sha256>(), &key).ok()?;
    let cipher = Aes256Gcm::new_from_slice(&key).ok()?;
    let iv: [u8; 12] = aad[..12].try_into().ok()?;
    let sealed = cipher.encrypt(&iv.into(), Payload { msg: text, aad: &aad }).ok()?;
    let thumbprint = Sha256::digest(&certificate);
    let parts: [&[u8]; 6] = [b"VER_R2", &thumbprint, &wrapped, b"#KEY_SPLITTER#", &aad, &sealed];
    Some(STANDARD.encode(parts.concat()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rsa::{Pss, RsaPublicKey};

    #[test]
    fn a_proof_holds_for_the_credential_that_it_stands_in_and_for_no_other() {
        let keys = Keys::generate();
        let subject = json!({"UIN": "2238778167"});
        let at = "2026-10-01T08:00:00Z";
        let mut issued = issue(&keys, "http://id", "7", at, &subject).unwrap();
        let jws = issued["proof"]["jws"].as_str().unwrap().to_owned();
        issued.as_object_mut().unwrap().remove("proof");
        let key = RsaPublicKey::from(keys.rsa());
        let holds = |credential: &Value| {
            let (header, signature) = jws.split_once("..").unwrap();
            let signed = format!("{header}.{}", B64.encode(credential.to_string()));
            let signature = B64.decode(signature).unwrap();
            key.verify(Pss::new::<Sha256>(), &Sha256::digest(signed), &signature).is_ok()
        };
        assert!(holds(&issued));
        issued["credentialSubject"]["UIN"] = json!("3000000000");
        assert!(!holds(&issued));
    }

    #[test]
    fn only_the_partner_opens_what_is_sealed_and_what_is_no_certificate_seals_nothing() {
        let (partner, other) = (Keys::generate(), Keys::generate());
        let certificate = der::certificate(&partner, "Partner").unwrap();
        let sealed = seal(&der::pem(&certificate), b"text").unwrap();
        let bytes = STANDARD.decode(sealed).unwrap();
        let split = bytes.windows(14).position(|part| part == b"#KEY_SPLITTER#").unwrap();
        assert_eq!(&bytes[..6], b"VER_R2");
        assert_eq!(&bytes[6..38], &Sha256::digest(&certificate)[..]);
        let unwrap = |keys: &Keys| keys.rsa().decrypt(Oaep::new::<Sha256>(), &bytes[38..split]);
        assert!(unwrap(&other).is_err());
        let key = unwrap(&partner).unwrap();
        let (aad, msg) = bytes[split + 14..].split_at(32);
        let iv: [u8; 12] = aad[..12].try_into().unwrap();
        let cipher = Aes256Gcm::new_from_slice(&key).unwrap();
        assert_eq!(cipher.decrypt(&iv.into(), Payload { msg, aad }).unwrap(), b"text");
        assert!(cipher.decrypt(&iv.into(), msg).is_err(), "the 32 bytes are authenticated");
        assert_eq!(seal("-----BEGIN CERTIFICATE-----", b"text"), None);
    }
}
