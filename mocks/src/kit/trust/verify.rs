//! Checking the signature of a DCI or G2P Connect message with the keys that its sender publishes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use jsonwebtoken::Algorithm;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use standards::dci::canonical::canonical;
use std::borrow::Cow;

use super::dialect::{self, Cavage, Jws, Signature};
use super::jwks::{KeyRing, NoKey, Owner, PublicKey};
use super::sign::digest;
use crate::kit::clock::wall;
use crate::kit::courier::Errand;
use crate::kit::journal::Verdict;
use crate::kit::room::Policy;

/// Clocks of two systems may differ by so much.
const SKEW_SECONDS: i64 = 60;

/// What is remarked of a text of examples where an open room takes it.
const SAMPLE: &str = "the signature is the text of an example: the message is taken as unsigned";

/// What became of a signature, and in a sentence why (empty where it is right, or where nothing was signed).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    pub verdict: Verdict,
    pub reason: String,
}

/// What a signature that is not wrong was found to be.
enum Found {
    Verdict(Verdict),
    /// Nothing was signed, and the text only looks so.
    Sample,
}

/// The parts of an envelope as they stand in the body.
#[derive(Deserialize)]
struct Parts<'a> {
    #[serde(default, borrow)]
    signature: Option<Cow<'a, str>>,
    #[serde(borrow)]
    header: &'a RawValue,
    #[serde(borrow)]
    message: &'a RawValue,
}

#[derive(Deserialize)]
struct Sender<'a> {
    #[serde(default, borrow)]
    sender_id: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    sender_uri: Option<Cow<'a, str>>,
}

/// Checks the signature of the envelope `body`. Where `expected` names a part of the cast, only that part's keys count,
/// whatever the sender calls itself: who was asked must have answered.
pub async fn verify(errand: &Errand, body: &[u8], expected: Option<&str>) -> Checked {
    match check(errand, body, expected).await {
        Ok(Found::Sample) => Checked { verdict: Verdict::Unsigned, reason: SAMPLE.into() },
        Ok(Found::Verdict(verdict)) => Checked { verdict, reason: String::new() },
        Err(reason) => Checked {
            verdict: Verdict::Invalid,
            reason: format!("the signature is wrong: {reason}"),
        },
    }
}

async fn check(errand: &Errand, body: &[u8], expected: Option<&str>) -> Result<Found, String> {
    let parts: Parts<'_> =
        serde_json::from_slice(body).map_err(|e| format!("there is no envelope to check: {e}"))?;
    let text = parts.signature.as_deref().unwrap_or_default();
    let signature = match dialect::read(text)? {
        Signature::Unsigned => return Ok(Found::Verdict(Verdict::Unsigned)),
        Signature::Sample if errand.office.room.policy() == Policy::Open => {
            return Ok(Found::Sample);
        }
        Signature::Sample => return Err("it is the text of an example, and nobody signed".into()),
        signature => signature,
    };
    let sender: Sender<'_> = serde_json::from_str(parts.header.get())
        .map_err(|e| format!("the header is no object with a sender_id: {e}"))?;
    let sender_id = sender.sender_id.as_deref().unwrap_or_default();
    let owner = if let Some(part) = expected {
        Owner::Part(part.into())
    } else {
        signer(errand, (sender_id, sender.sender_uri.as_deref()), &signature).await?
    };
    if expected.is_none() && is_of_a_stranger(errand, &owner, &signature).await {
        return Ok(Found::Verdict(Verdict::Unsigned));
    }
    let valid = match signature {
        Signature::Unsigned | Signature::Sample => false,
        Signature::Cavage(cavage) => {
            if cavage.sender_id != sender_id {
                return Err(format!("{} signed in the name of {sender_id}", cavage.sender_id));
            }
            check_time(&cavage)?;
            verifies_cavage(errand, &owner, &cavage, &parts).await?
        }
        Signature::Jws(jws) => verifies_jws(errand, &owner, &jws, &parts).await?,
    };
    if !valid {
        return Err("it does not fit header and message".into());
    }
    Ok(Found::Verdict(Verdict::Valid))
}

/// Whose keys the signature of `sender_id` is checked with.
async fn signer(
    errand: &Errand,
    (sender_id, sender_uri): (&str, Option<&str>),
    signature: &Signature<'_>,
) -> Result<Owner, String> {
    let owners = Owner::signing(&errand.office.room, sender_id, sender_uri);
    let owners = owners.map_err(|e| e.to_string())?;
    let ring = errand.office.memory.of::<KeyRing>();
    let named = signature.named().ok_or("there is none")?;
    ring.publisher(errand, owners, named).await.ok_or_else(|| "nobody signed".into())
}

/// Whether a system of another country signed: it has the name of one of ours, and a key that ours does not have. Where
/// strangers are served, messages without a signature pass, and so do those whose signature nobody here can check.
async fn is_of_a_stranger(errand: &Errand, owner: &Owner, signature: &Signature<'_>) -> bool {
    if !errand.office.room.serves_strangers() {
        return false;
    }
    let Some((kid, algorithm)) = signature.named() else { return false };
    let ring = errand.office.memory.of::<KeyRing>();
    matches!(ring.key(errand, owner, kid, algorithm).await, Err(NoKey::UnknownKey { .. }))
}

fn check_time(cavage: &Cavage<'_>) -> Result<(), String> {
    // Both times are numbers of a stranger's: they may be any.
    let now = wall().as_second();
    if cavage.created > now + SKEW_SECONDS {
        return Err(format!(
            "it was created {} s in the future",
            cavage.created.saturating_sub(now)
        ));
    }
    if cavage.expires < now - SKEW_SECONDS {
        return Err(format!("it expired {} s ago", now.saturating_sub(cavage.expires)));
    }
    Ok(())
}

async fn verifies_cavage(
    errand: &Errand,
    owner: &Owner,
    cavage: &Cavage<'_>,
    parts: &Parts<'_>,
) -> Result<bool, String> {
    let fits = |key: &PublicKey, covered: &[u8]| {
        cavage
            .signing_string(&digest(covered))
            .is_some_and(|signed| key.verifies(signed.as_bytes(), &cavage.signature))
    };
    has_signed(errand, owner, (Some(cavage.kid), cavage.algorithm), |key| {
        parts.are_covered(|covered| fits(key, covered))
    })
    .await
}

async fn verifies_jws(
    errand: &Errand,
    owner: &Owner,
    jws: &Jws<'_>,
    parts: &Parts<'_>,
) -> Result<bool, String> {
    let named = (jws.kid.as_deref(), jws.algorithm);
    if let Some(payload) = &jws.payload {
        let said: Option<Value> = serde_json::from_slice(payload).ok();
        if said.is_none() || said != parts.as_value() {
            return Err("the JWS carries another message than the body".into());
        }
        let fits = |key: &PublicKey| key.verifies(jws.covered.as_bytes(), &jws.signature);
        return has_signed(errand, owner, named, fits).await;
    }
    let fits = |key: &PublicKey, covered: &[u8]| {
        let signed = format!("{}.{}", jws.header, B64.encode(covered));
        key.verifies(signed.as_bytes(), &jws.signature)
    };
    has_signed(errand, owner, named, |key| parts.are_covered(|covered| fits(key, covered))).await
}

/// Whether a key signed that `owner` has, or that it has since it began anew.
async fn has_signed(
    errand: &Errand,
    owner: &Owner,
    named: (Option<&str>, Algorithm),
    fits: impl Fn(&PublicKey) -> bool,
) -> Result<bool, String> {
    let ring = errand.office.memory.of::<KeyRing>();
    let known = ring.has_signed(errand, owner, named, &fits).await.map_err(|e| e.to_string())?;
    Ok(known || ring.has_signed_anew(errand, owner, named, fits).await)
}

impl Parts<'_> {
    /// Whether a signature that `fits` tells of covers header and message, as they were sent or in canonical form: in ASCII, or in
    /// UTF-8 (RFC 8785), at last with a header that is written whole. Who writes canonical JSON, as we do, signed exactly what
    /// was sent.
    fn are_covered(&self, fits: impl Fn(&[u8]) -> bool) -> bool {
        let (header, message) = (self.header.get(), self.message.get());
        let sent = format!(r#"{{"header":{header},"message":{message}}}"#);
        // Some writers, such as that of Python, leave blanks between the parts unless they are told not to.
        let spaced = || format!(r#"{{"header": {header}, "message": {message}}}"#);
        let sorted = || self.as_value().map(|value| (canonical(&value), value.to_string()));
        fits(sent.as_bytes())
            || (header.contains("\": ") && fits(spaced().as_bytes()))
            || sorted().is_some_and(|(ascii, utf8)| {
                let differs = |covered: &[u8]| covered != sent.as_bytes();
                (differs(&ascii) && fits(&ascii))
                    || (utf8.as_bytes() != ascii
                        && differs(utf8.as_bytes())
                        && fits(utf8.as_bytes()))
            })
            || self.completed().is_some_and(|all| all.iter().any(|covered| fits(covered)))
    }

    /// Canonical forms in which members that were left out have the values that they are read as: `is_msg_encrypted` alone,
    /// then the others too. `OpenSPP2` signs its whole model, and sends of it what was set.
    fn completed(&self) -> Option<[Vec<u8>; 2]> {
        let mut value = self.as_value()?;
        let header = value["header"].as_object_mut()?;
        header.entry("is_msg_encrypted").or_insert(Value::Bool(false));
        let first = canonical(&value);
        complete(&mut value["header"]);
        Some([first, canonical(&value)])
    }

    fn as_value(&self) -> Option<Value> {
        let read = |raw: &RawValue| serde_json::from_str::<Value>(raw.get()).ok();
        let (header, message) = (read(self.header)?, read(self.message)?);
        Some(serde_json::json!({"header": header, "message": message}))
    }
}

/// Writes out what a header of requests or, where it has a `status`, of answers leaves away, as `OpenSPP2` dumps its models.
pub(super) fn complete(header: &mut Value) {
    let is_answer = !header["status"].is_null();
    let Some(members) = header.as_object_mut() else { return };
    let (always, of_answers) = (
        [
            ("is_msg_encrypted", Value::Bool(false)),
            ("total_count", 0.into()),
            ("sender_uri", Value::Null),
            ("meta", Value::Null),
        ],
        [
            ("completed_count", 0.into()),
            ("status_reason_code", Value::Null),
            ("status_reason_message", Value::Null),
        ],
    );
    for (name, value) in always.into_iter().chain(of_answers.into_iter().filter(|_| is_answer)) {
        members.entry(name).or_insert(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::engine::general_purpose::STANDARD;

    use crate::kit::trial::Trial;
    use crate::kit::trust::outsider::{KID, Outsider};
    use serde_json::json;

    #[actix_web::test]
    async fn a_plain_name_has_its_keys_below_the_address_it_wants_to_be_answered_at() {
        let trial = Trial::start(&[crate::civil_registry::SYSTEM, crate::gateway::SYSTEM], 20);
        let errand = Errand { office: trial.office("civil_registry"), cause: trial.cause() };
        let outsider = Outsider::start();
        let signed = |header: Value| {
            let covered = json!({"header": header, "message": {"transaction_id": "T-1"}});
            let jws_header = B64.encode(json!({"alg": "ES256", "kid": KID}).to_string());
            let text = format!("{jws_header}.{}", B64.encode(canonical(&covered)));
            let signature = B64.encode(outsider.keys().sign_p256(text.as_bytes()));
            let mut body = covered;
            body["signature"] = format!("{jws_header}..{signature}").into();
            body.to_string()
        };
        let uri = format!("{}/callbacks/on-search?of=1", outsider.base);
        let named = signed(json!({"sender_id": "ministry-of-fish", "sender_uri": uri}));
        let checked = verify(&errand, named.as_bytes(), None).await;
        assert_eq!(checked.verdict, Verdict::Valid, "{checked:?}");
        for header in [
            json!({"sender_id": "ministry-of-fish"}),
            json!({"sender_id": "ministry-of-fish", "sender_uri": "mailto:fish@example.org"}),
            json!({"sender_id": "", "sender_uri": uri}),
            // Nobody outside bears a name of this country.
            json!({"sender_id": "school-registry.arenoa", "sender_uri": uri}),
            json!({"sender_id": "civil-registry.arenoa", "sender_uri": uri}),
        ] {
            let checked = verify(&errand, signed(header.clone()).as_bytes(), None).await;
            assert_eq!(checked.verdict, Verdict::Invalid, "{header}");
        }
    }

    const SPP: &str = "openspp.example.org";

    /// What `OpenSPP2` signs: the digest of `covered`.
    fn as_openspp2(outsider: &Outsider, covered: &Value) -> String {
        let (created, expires) = (wall().as_second(), wall().as_second() + 300);
        let digest = digest(&canonical(covered));
        let signed = format!("(created): {created}\n(expires): {expires}\ndigest: {digest}");
        let signature = STANDARD.encode(outsider.keys().sign_ed25519(signed.as_bytes()));
        format!(
            "namespace=\"dci\", kidId=\"{SPP}|{KID}|ed25519\", algorithm=\"ed25519\", created=\"{created}\", \
             expires=\"{expires}\", headers=\"(created) (expires) digest\", signature=\"{signature}\""
        )
    }

    #[actix_web::test]
    async fn openspp2_is_known_by_its_key_below_a_path_whatever_it_leaves_away_in_its_header() {
        let trial = Trial::start(&[crate::civil_registry::SYSTEM, crate::gateway::SYSTEM], 20);
        let errand = Errand { office: trial.office("civil_registry"), cause: trial.cause() };
        let outsider = Outsider::openspp2(SPP);
        let uri = format!("{}/api/dci/callback", outsider.base);
        let header =
            json!({"sender_id": SPP, "sender_uri": uri, "status": "succ", "total_count": 1});
        let with = |more: Value| {
            let mut whole = header.clone();
            whole.as_object_mut().unwrap().append(more.clone().as_object_mut().unwrap());
            whole
        };
        let nulls = json!({
            "is_msg_encrypted": false, "meta": null, "completed_count": 0, "status_reason_code": null,
            "status_reason_message": null,
        });
        for (signed, verdict) in [
            (header.clone(), Verdict::Valid),
            (with(json!({"is_msg_encrypted": false})), Verdict::Valid),
            (with(nulls), Verdict::Valid),
            (with(json!({"is_msg_encrypted": true})), Verdict::Invalid),
            (with(json!({"total_count": 2})), Verdict::Invalid),
        ] {
            let covered = json!({"header": signed, "message": {"transaction_id": "T-1"}});
            let mut body = covered.clone();
            body["signature"] = as_openspp2(&outsider, &covered).into();
            body["header"] = header.clone();
            let checked = verify(&errand, body.to_string().as_bytes(), None).await;
            assert_eq!(checked.verdict, verdict, "{signed}: {}", checked.reason);
        }
    }

    #[actix_web::test]
    async fn an_open_room_takes_the_text_of_examples_as_no_signature() {
        let trial = Trial::start(&[crate::civil_registry::SYSTEM, crate::gateway::SYSTEM], 20);
        let errand = Errand { office: trial.office("civil_registry"), cause: trial.cause() };
        let body =
            json!({"signature": "NO_SIG_CHECK", "header": {"sender_id": "demo"}, "message": {}});
        let body = body.to_string();
        let checked = verify(&errand, body.as_bytes(), None).await;
        assert_eq!((checked.verdict, checked.reason.as_str()), (Verdict::Unsigned, SAMPLE));
        trial.hall().room.set_policy(Policy::Strict).unwrap();
        assert_eq!(verify(&errand, body.as_bytes(), None).await.verdict, Verdict::Invalid);
    }

    #[test]
    fn a_signature_from_before_or_after_all_time_is_refused() {
        let times = [(i64::MIN, i64::MIN), (i64::MAX, i64::MAX), (0, i64::MIN), (i64::MAX, 0)];
        for (created, expires) in times {
            let text = format!(
                "kidId=\"x|key-1|ed25519\", created=\"{created}\", expires=\"{expires}\", \
                 headers=\"(created) (expires) digest\", signature=\"AAAA\""
            );
            let Ok(Signature::Cavage(cavage)) = dialect::read(&text) else { panic!("not read") };
            assert!(check_time(&cavage).is_err(), "{created} to {expires}");
        }
    }
}
