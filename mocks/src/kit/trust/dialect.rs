//! The three ways in which DCI messages carry a signature, told apart by their text: unsigned, draft-cavage (`OpenSPP2`,
//! and the published `Signature:` form), compact JWS (`OpenCRVS`; RFC 7515).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};
use jsonwebtoken::Algorithm;
use serde_json::Value;

/// A signature, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Signature<'a> {
    /// None, empty, or a text that says so itself (`unsigned-stub`).
    Unsigned,
    /// A text of examples and tests in the place of a signature, which nobody takes for one.
    Sample,
    Cavage(Cavage<'a>),
    Jws(Jws<'a>),
}

/// A draft-cavage signature over `(created)`, `(expires)` and the digest of the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cavage<'a> {
    /// Who signed, as the first part of `kidId` has it.
    pub sender_id: &'a str,
    pub kid: &'a str,
    pub algorithm: Algorithm,
    pub created: i64,
    pub expires: i64,
    /// What is covered, in the order of the signing string.
    headers: Vec<&'a str>,
    pub signature: Vec<u8>,
}

/// A compact JWS, with or without the payload inside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Jws<'a> {
    pub kid: Option<String>,
    pub algorithm: Algorithm,
    /// Header and payload as they stand: what the signature covers.
    pub covered: &'a str,
    pub header: &'a str,
    /// None where the payload is left out because the message itself is it.
    pub payload: Option<Vec<u8>>,
    pub signature: Vec<u8>,
}

/// What stands where nothing was signed: the published example of DCI and G2P Connect, which clients send as it is (it lacks
/// its last quotation mark), and the word of openIMIS' tests.
const SAMPLES: &[&str] =
    &["{sender_id}|{unique_key_id}|", "Base64(signing content", "NO_SIG_CHECK"];

/// Takes a signature text apart. The error says what would have been right.
pub fn read(text: &str) -> Result<Signature<'_>, String> {
    let text = text.trim();
    if text.is_empty() || text.starts_with("unsigned") {
        return Ok(Signature::Unsigned);
    }
    if SAMPLES.iter().any(|sample| text.contains(sample)) {
        return Ok(Signature::Sample);
    }
    if text.contains("kidId=") {
        return Cavage::read(text).map(Signature::Cavage);
    }
    let parts: Vec<_> = text.split('.').collect();
    if let [header, payload, signature] = parts[..] {
        return Jws::read(text, header, payload, signature).map(Signature::Jws);
    }
    Err("it is of no known form: write a compact JWS or namespace=\"dci\", kidId=\"...\", ..."
        .into())
}

impl Signature<'_> {
    /// The id of the key, where one is given, and the algorithm; none where nothing is signed.
    pub fn named(&self) -> Option<(Option<&str>, Algorithm)> {
        match self {
            Self::Unsigned | Self::Sample => None,
            Self::Cavage(cavage) => Some((Some(cavage.kid), cavage.algorithm)),
            Self::Jws(jws) => Some((jws.kid.as_deref(), jws.algorithm)),
        }
    }
}

impl<'a> Cavage<'a> {
    fn read(text: &'a str) -> Result<Self, String> {
        let text = text.strip_prefix("Signature:").unwrap_or(text);
        let field = |name: &str| {
            value(text, name).ok_or_else(|| format!("it lacks {name}=\"...\", which must be there"))
        };
        let number = |name: &str| {
            let text = field(name)?;
            text.parse::<i64>()
                .map_err(|_| format!("{name} must be seconds since 1970, not `{text}`"))
        };
        let kid_id = field("kidId")?;
        // A sender id may be an address, but neither of the other two parts holds a bar.
        let mut parts = kid_id.rsplitn(3, '|');
        let (Some(suite), Some(kid), Some(sender_id)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(format!("kidId must be sender|key|algorithm, not `{kid_id}`"));
        };
        let suite = value(text, "algorithm").unwrap_or(suite);
        let algorithm = match suite.to_ascii_lowercase().as_str() {
            "ed25519" | "eddsa" => Algorithm::EdDSA,
            "rs256" | "rsa-sha256" => Algorithm::RS256,
            "es256" | "ecdsa-sha256" => Algorithm::ES256,
            _ => return Err(format!("`{suite}` is none of ed25519, rs256, es256")),
        };
        let headers: Vec<_> = field("headers")?.split_whitespace().collect();
        if !["(created)", "(expires)", "digest"].iter().all(|h| headers.contains(h)) {
            return Err("headers must cover (created) (expires) digest".into());
        }
        let signature = STANDARD
            .decode(field("signature")?)
            .map_err(|_| String::from("signature=\"...\" must be Base64"))?;
        let (created, expires) = (number("created")?, number("expires")?);
        Ok(Self { sender_id, kid, algorithm, created, expires, headers, signature })
    }

    /// What is signed, for a message with this digest. None where something is covered that is unknown here.
    pub fn signing_string(&self, digest: &str) -> Option<String> {
        let line = |header: &&str| match *header {
            "(created)" => Some(format!("(created): {}", self.created)),
            "(expires)" => Some(format!("(expires): {}", self.expires)),
            "digest" => Some(format!("digest: {digest}")),
            _ => None,
        };
        Some(self.headers.iter().map(line).collect::<Option<Vec<_>>>()?.join("\n"))
    }
}

/// The value of `name="value"` in a list of such pairs; the last one may lack its closing quotation mark.
fn value<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = text;
    loop {
        let (key, after) = rest.split_once("=\"")?;
        let (value, more) = after.split_once('"').unwrap_or((after.trim_end(), ""));
        if key.trim_matches([' ', ',']) == name {
            return Some(value);
        }
        rest = more;
    }
}

impl<'a> Jws<'a> {
    fn read(
        text: &'a str,
        header: &'a str,
        payload: &str,
        signature: &str,
    ) -> Result<Self, String> {
        let decode = |part: &str, name: &str| {
            B64.decode(part.trim_end_matches('='))
                .map_err(|_| format!("the {name} of the JWS is not base64url"))
        };
        let fields: Value = serde_json::from_slice(&decode(header, "header")?)
            .map_err(|_| String::from("the header of the JWS is not JSON"))?;
        let algorithm = match fields["alg"].as_str() {
            Some("EdDSA" | "Ed25519") => Algorithm::EdDSA,
            Some("RS256") => Algorithm::RS256,
            Some("ES256") => Algorithm::ES256,
            _ => return Err("alg of the JWS must be EdDSA, ES256 or RS256".into()),
        };
        let covered = &text[..text.len() - signature.len() - 1];
        let payload = (!payload.is_empty()).then(|| decode(payload, "payload")).transpose()?;
        let kid = fields["kid"].as_str().map(str::to_owned);
        let signature = decode(signature, "signature")?;
        Ok(Self { kid, algorithm, covered, header, payload, signature })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPENSPP: &str = "namespace=\"dci\", kidId=\"openspp.example|key-1|ed25519\", algorithm=\"ed25519\", \
        created=\"1700000000\", expires=\"1700000300\", headers=\"(created) (expires) digest\", signature=\"AAAA\"";

    #[test]
    fn the_text_decides_the_dialect() {
        for unsigned in ["", "  ", "unsigned", "unsigned-stub"] {
            assert_eq!(read(unsigned), Ok(Signature::Unsigned));
        }
        assert!(matches!(read(OPENSPP), Ok(Signature::Cavage(_))));
        assert!(matches!(read(&format!("Signature: {OPENSPP}")), Ok(Signature::Cavage(_))));
        let header = B64.encode(r#"{"alg":"EdDSA"}"#);
        assert!(matches!(read(&format!("{header}.AA.AA")), Ok(Signature::Jws(_))));
        let published = "Signature:  namespace=\"g2p\", kidId=\"{sender_id}|{unique_key_id}|{algorithm}\", \
            algorithm=\"ed25519\", created=\"1606970629\", expires=\"1607030629\", \
            headers=\"(created) (expires) digest\", signature=\"Base64(signing content)";
        for sample in [published, "signature=\"NO_SIG_CHECK\"", "NO_SIG_CHECK"] {
            assert_eq!(read(sample), Ok(Signature::Sample), "{sample}");
        }
        let open = OPENSPP.strip_suffix('"').unwrap();
        assert_eq!(read(open), read(OPENSPP), "the last quotation mark is missing");
        for wrong in ["invalid-signature", "mock-signature", "a.b.c", "x.y"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_sender_may_be_an_address() {
        let text = OPENSPP.replace("openspp.example", "http://127.0.0.1:9000");
        let Ok(Signature::Cavage(cavage)) = read(&text) else { panic!("not read") };
        assert_eq!((cavage.sender_id, cavage.kid), ("http://127.0.0.1:9000", "key-1"));
        assert_eq!(
            cavage.signing_string("D").as_deref(),
            Some("(created): 1700000000\n(expires): 1700000300\ndigest: D")
        );
    }

    #[test]
    fn a_signature_that_does_not_cover_the_message_is_refused() {
        let text = OPENSPP.replace("(created) (expires) digest", "(created)");
        assert!(read(&text).unwrap_err().contains("digest"));
    }
}
