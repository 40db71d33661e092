//! What JWTs are signed and checked with: ring for ES256 and RS256, which systems here use all the time and where it is
//! several times faster; the library's own choice for the rest.

use std::sync::LazyLock;

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, rust_crypto};
use jsonwebtoken::errors::{ErrorKind, Result};
use jsonwebtoken::signature::{Error, Signer, Verifier};
use jsonwebtoken::{Algorithm, DecodingKey, DecodingKeyKind, EncodingKey};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};

use super::jwks::PublicKey;

static PROVIDER: LazyLock<CryptoProvider> =
    LazyLock::new(|| CryptoProvider { signer_factory, verifier_factory, ..OTHER.clone() });
static OTHER: &CryptoProvider = &rust_crypto::DEFAULT_PROVIDER;

/// Has JWTs of this process signed and checked here from now on. A second call changes nothing.
pub fn install() {
    if PROVIDER.install_default().is_err() {
        tracing::debug!("JWTs had a provider already");
    }
}

struct Es256(EcdsaKeyPair);

impl Signer<Vec<u8>> for Es256 {
    fn try_sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, Error> {
        let signed = self.0.sign(&SystemRandom::new(), message).map_err(|_| Error::new())?;
        Ok(signed.as_ref().to_vec())
    }
}

impl JwtSigner for Es256 {
    fn algorithm(&self) -> Algorithm {
        Algorithm::ES256
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as the library asks for it")]
fn signer_factory(algorithm: &Algorithm, key: &EncodingKey) -> Result<Box<dyn JwtSigner>> {
    if *algorithm != Algorithm::ES256 {
        return (OTHER.signer_factory)(algorithm, key);
    }
    let (kind, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
    let pair = EcdsaKeyPair::from_pkcs8(kind, key.as_bytes(), &random);
    Ok(Box::new(Es256(pair.map_err(|_| ErrorKind::InvalidEcdsaKey)?)))
}

struct Checker(PublicKey, Algorithm);

impl Verifier<Vec<u8>> for Checker {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        if self.0.verifies(message, signature) { Ok(()) } else { Err(Error::new()) }
    }
}

impl JwtVerifier for Checker {
    fn algorithm(&self) -> Algorithm {
        self.1
    }
}

/// ring takes RSA keys from here on.
const SHORTEST_MODULUS: usize = 256;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as the library asks for it")]
fn verifier_factory(algorithm: &Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    let public = match (algorithm, key.kind()) {
        (Algorithm::ES256, DecodingKeyKind::SecretOrDer(point)) => PublicKey::P256(point.clone()),
        (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, e })
            if n.len() >= SHORTEST_MODULUS =>
        {
            PublicKey::Rsa(n.clone(), e.clone())
        }
        _ => return (OTHER.verifier_factory)(algorithm, key),
    };
    Ok(Box::new(Checker(public, *algorithm)))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
    use p256::pkcs8::EncodePrivateKey as _;

    use super::*;
    use crate::kit::trust::{Keys, sign};

    /// The two providers must be one to whoever reads a token.
    #[test]
    fn what_one_provider_signs_the_other_accepts() {
        let keys = Keys::generate();
        let der = keys.p256().to_pkcs8_der().unwrap();
        let private = EncodingKey::from_ec_der(der.as_bytes());
        let public = PublicKey::read(keys.p256_jwk()).unwrap().for_jwt().unwrap();
        let algorithm = Algorithm::ES256;
        for (signs, checks) in [(&*PROVIDER, OTHER), (OTHER, &*PROVIDER)] {
            let signer = (signs.signer_factory)(&algorithm, &private).unwrap();
            let signature = signer.try_sign(b"claims").unwrap();
            let checker = (checks.verifier_factory)(&algorithm, &public).unwrap();
            checker.verify(b"claims", &signature).unwrap();
            assert!(checker.verify(b"other claims", &signature).is_err());
        }
    }

    #[test]
    fn rsa_signatures_are_checked_too() {
        let keys = Keys::generate();
        let text = sign::jws(&keys, Algorithm::RS256, b"{}");
        let (covered, signature) = text.rsplit_once('.').unwrap();
        let signature = B64.decode(signature).unwrap();
        let public = PublicKey::read(keys.rsa_jwk()).unwrap().for_jwt().unwrap();
        let checker = (PROVIDER.verifier_factory)(&Algorithm::RS256, &public).unwrap();
        checker.verify(covered.as_bytes(), &signature).unwrap();
        assert!(checker.verify(b"something else", &signature).is_err());
    }
}
