//! The little of X.509 (RFC 5280) that MOSIP's messages need: a self-signed certificate of our RSA key, and the RSA key
//! inside somebody else's certificate. DER by hand, because a certificate library would double what is linked here.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use rsa::pkcs8::{DecodePublicKey as _, EncodePublicKey as _, LineEnding};
use rsa::{Pkcs1v15Sign, RsaPublicKey};
use sha2::{Digest as _, Sha256};

use super::Keys;

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const UTF8: u8 = 0x0c;
const UTC_TIME: u8 = 0x17;
const VERSION: u8 = 0xa0;
/// Until when our certificate says to hold, as eSignet writes it beside the key.
pub const VALID_UNTIL: &str = "2036-01-01T00:00:00.000Z";
/// `sha256WithRSAEncryption` with its empty parameters.
const RS256: &[u8] =
    &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b, 0x05, 0x00];
/// The object identifier of a common name, 2.5.4.3.
const COMMON_NAME: &[u8] = &[0x06, 0x03, 0x55, 0x04, 0x03];

/// A certificate of the RSA key, signed by itself; the same key gives the same certificate.
pub fn certificate(keys: &Keys, name: &str) -> Result<Vec<u8>, rsa::Error> {
    let key = keys.rsa();
    let public = key.to_public_key().to_public_key_der().map_err(|_| rsa::Error::Internal)?;
    let utf8 = wrap(UTF8, &[name.as_bytes()]);
    let named = wrap(SEQUENCE, &[&wrap(SET, &[&wrap(SEQUENCE, &[COMMON_NAME, &utf8])])]);
    let moment = |text: &[u8]| wrap(UTC_TIME, &[text]);
    let validity = wrap(SEQUENCE, &[&moment(b"260101000000Z"), &moment(b"360101000000Z")]);
    let version = wrap(VERSION, &[&wrap(INTEGER, &[&[2]])]);
    let serial = wrap(INTEGER, &[&[1]]);
    let content =
        wrap(SEQUENCE, &[&version, &serial, RS256, &named, &validity, &named, public.as_bytes()]);
    let signature = key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(&content))?;
    Ok(wrap(SEQUENCE, &[&content, RS256, &wrap(BIT_STRING, &[&[0], &signature])]))
}

/// A certificate as text.
pub fn pem(der: &[u8]) -> String {
    let text = STANDARD.encode(der);
    let lines: Vec<&str> =
        text.as_bytes().chunks(64).filter_map(|line| std::str::from_utf8(line).ok()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

/// The certificate in a text with its armour, or in bare base64.
pub fn from_pem(text: &str) -> Option<Vec<u8>> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.contains("-----")).collect();
    lenient_base64(&lines.concat()).filter(|der| !der.is_empty())
}

/// Our RSA key without its private half, as text.
pub fn public_pem(keys: &Keys) -> Option<String> {
    RsaPublicKey::from(keys.rsa()).to_public_key_pem(LineEnding::LF).ok()
}

/// The certificate inside an `x5c` entry as MOSIP's libraries write it: base64 (either alphabet, lines or not) of DER
/// or of the PEM text.
pub fn from_x5c(entry: &str) -> Option<Vec<u8>> {
    let bytes = lenient_base64(entry)?;
    match std::str::from_utf8(&bytes).ok().filter(|text| text.contains("BEGIN CERTIFICATE")) {
        Some(text) => {
            let body: Vec<&str> = text.lines().filter(|line| !line.contains("-----")).collect();
            lenient_base64(&body.concat())
        }
        None => Some(bytes),
    }
}

/// Base64 in either alphabet, padded or not, with white space anywhere.
pub fn lenient_base64(text: &str) -> Option<Vec<u8>> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '=')
        .map(|c| match c {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    STANDARD_NO_PAD.decode(plain).ok()
}

/// The RSA key that a certificate is about.
pub fn public_key_of(certificate: &[u8]) -> Option<RsaPublicKey> {
    let whole = Part::read(certificate)?;
    let content = Part::read(whole.content)?;
    let mut rest = content.content;
    if Part::read(rest)?.tag == VERSION {
        rest = Part::read(rest)?.rest;
    }
    // Serial number, algorithm, issuer, validity and subject come before the key.
    for _ in 0..5 {
        rest = Part::read(rest)?.rest;
    }
    let key = Part::read(rest)?;
    RsaPublicKey::from_public_key_der(key.whole).ok()
}

/// One element and what follows it.
struct Part<'a> {
    tag: u8,
    content: &'a [u8],
    whole: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Part<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&tag, &first) = (bytes.first()?, bytes.get(1)?);
        let (head, length) = if first < 0x80 {
            (2, usize::from(first))
        } else {
            let count = usize::from(first & 0x7f);
            let digits = bytes.get(2..2 + count).filter(|d| (1..=3).contains(&d.len()))?;
            (2 + count, digits.iter().fold(0, |n, d| n << 8 | usize::from(*d)))
        };
        let end = head + length;
        Some(Self {
            tag,
            content: bytes.get(head..end)?,
            whole: bytes.get(..end)?,
            rest: &bytes[end..],
        })
    }
}

fn wrap(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut bytes = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => bytes.push(short),
        _ => {
            let length = content.len().to_be_bytes();
            let digits: Vec<u8> = length.into_iter().skip_while(|d| *d == 0).collect();
            bytes.push(0x80 | u8::try_from(digits.len()).unwrap_or(8));
            bytes.extend(digits);
        }
    }
    bytes.extend(content);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_certificate_holds_our_key_however_it_is_carried() {
        let keys = Keys::generate();
        let der = certificate(&keys, "Arenoa ID").unwrap();
        let key = keys.rsa().to_public_key();
        assert_eq!(public_key_of(&der), Some(key.clone()));
        for carried in [
            STANDARD.encode(&der),
            STANDARD.encode(pem(&der)),
            pem(&der)
                .lines()
                .skip(1)
                .collect::<Vec<_>>()
                .join("\n")
                .replace("-----END CERTIFICATE-----", ""),
        ] {
            let read = from_x5c(&carried).unwrap();
            assert_eq!(public_key_of(&read), Some(key.clone()));
        }
    }

    #[test]
    fn a_certificate_that_breaks_off_is_no_certificate() {
        let der = certificate(&Keys::generate(), "Arenoa ID").unwrap();
        for end in [0, 1, 2, 40, der.len() - 300] {
            assert_eq!(public_key_of(&der[..end]), None);
        }
    }
}
