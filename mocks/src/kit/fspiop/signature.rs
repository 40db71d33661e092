//! FSPIOP 1.1, Signature: signing with ES256, verifying ES256 and RS256, and what becomes of the check. The texts are in
//! `standards::fspiop::jws`.

use jsonwebtoken::Algorithm;
use standards::fspiop::ErrorCode;
use standards::fspiop::jws::{
    JwsError, ProtectedHeader, SignatureHeader, signing_input, signing_inputs_to_try,
};

use super::header::Head;
use super::letter::To;
use super::refusal::Refusal;
use crate::kit::courier::Errand;
use crate::kit::journal::Verdict;
use crate::kit::room::{Office, Policy};
use crate::kit::server::Call;
use crate::kit::settings;
use crate::kit::store::StoreError;
use crate::kit::trust::Keys;
use crate::kit::trust::jwks::{KeyRing, NoKey, Owner, PublicKey};

/// The setting that turns signing off.
const SIGNING: &str = "fspiop signing";

/// Why a signature is not right.
#[derive(Debug, Clone, thiserror::Error)]
enum BadSignature {
    #[error(transparent)]
    Header(#[from] JwsError),
    #[error("`{0}` is no algorithm of FSPIOP; sign with RS256 or ES256")]
    Algorithm(String),
    #[error(transparent)]
    NoKey(#[from] NoKey),
    #[error("no key of {0} is known, because nobody of that name takes part")]
    Stranger(String),
    #[error("the header {0} is missing, and a signed message has it")]
    Missing(&'static str),
    #[error("it does not fit the message")]
    Wrong,
}

/// Whether this office signs what it sends. It does unless somebody turned it off.
pub(super) fn is_signing(office: &Office) -> bool {
    let set = settings::get(office, SIGNING);
    !matches!(set, Ok(Some(value)) if &*value == "off")
}

/// Turns the signing of this office's messages on or off.
pub fn set_signing(office: &Office, on: bool) -> Result<(), StoreError> {
    let value = if on { "on" } else { "off" };
    settings::set(office, SIGNING, value)
}

/// The value of `FSPIOP-Signature` for a message. `alg` of `protected` must be ES256.
pub(super) fn sign(keys: &Keys, protected: &ProtectedHeader, body: &[u8]) -> String {
    let input = signing_input(&protected.encoded(), body);
    SignatureHeader::new(protected, &keys.sign_p256(input.as_bytes())).to_header_value()
}

/// Checks the signature of a message whose sender is reached at `sender`, and tells the journal. An unsigned message
/// passes where the room is open, and so does one whose sender keeps its keys to itself.
pub async fn check_signature(call: &Call, head: &Head, sender: Option<&To>) -> Result<(), Refusal> {
    let Some(signature) = &head.signature else {
        if head.method == "GET" {
            return Ok(());
        }
        call.verdict(Verdict::Unsigned);
        if call.room().policy() == Policy::Open {
            return Ok(());
        }
        let sentence = "this room takes signed messages only; add FSPIOP-Signature";
        return Err(Refusal::new(ErrorCode::INVALID_SIGNATURE, sentence));
    };
    match verify(&call.errand, signature, head, sender, &call.body).await {
        Ok(()) => {
            call.verdict(Verdict::Valid);
            Ok(())
        }
        Err(BadSignature::NoKey(why))
            if why.is_unfetched() && call.room().policy() == Policy::Open =>
        {
            call.verdict(Verdict::Unsigned);
            call.remark(&format!(
                "its signature counts as none, which this open room allows: {why}"
            ));
            Ok(())
        }
        Err(bad) => {
            call.verdict(Verdict::Invalid);
            Err(Refusal::new(ErrorCode::INVALID_SIGNATURE, bad.to_string()))
        }
    }
}

async fn verify(
    errand: &Errand,
    header: &str,
    head: &Head,
    sender: Option<&To>,
    body: &[u8],
) -> Result<(), BadSignature> {
    let header = SignatureHeader::parse(header)?;
    let (protected, signature) = (header.protected()?, header.signature_bytes()?);
    protected.check(&head.method, &head.uri, &head.source, head.destination.as_deref())?;
    repeats(head, "FSPIOP-URI", &protected.uri)?;
    repeats(head, "FSPIOP-HTTP-Method", &protected.method)?;
    protected.check_date(&head.date)?;
    let algorithm = match protected.alg.as_str() {
        "ES256" => Algorithm::ES256,
        "RS256" => Algorithm::RS256,
        _ => return Err(BadSignature::Algorithm(protected.alg)),
    };
    let owner = match sender {
        Some(To::Part(part, _)) => Owner::Part(part.clone()),
        Some(To::Address(base) | To::Exactly(base)) => Owner::Address(base.clone()),
        None => return Err(BadSignature::Stranger(head.source.clone())),
    };
    // A bank that pays through another part of the cast signs with its own keys where it is paid.
    let itself = Owner::Part(head.source.clone());
    let is_other = matches!(&owner, Owner::Part(part) if *part != head.source)
        && is_part(errand, &head.source);
    let ring = errand.office.memory.of::<KeyRing>();
    let inputs = signing_inputs_to_try(&header.protected_header, body);
    let fits =
        |key: &PublicKey| inputs.iter().any(|input| key.verifies(input.as_bytes(), &signature));
    let owners = || [Some(&owner), is_other.then_some(&itself)].into_iter().flatten();
    for owner in owners() {
        if ring.has_signed(errand, owner, (None, algorithm), fits).await? {
            return Ok(());
        }
    }
    for owner in owners() {
        if ring.has_signed_anew(errand, owner, (None, algorithm), fits).await {
            return Ok(());
        }
    }
    Err(BadSignature::Wrong)
}

/// Whether an HTTP header says what the protected header says under the same name.
fn repeats(head: &Head, name: &'static str, protected: &str) -> Result<(), BadSignature> {
    let http = head.named(name).ok_or(BadSignature::Missing(name))?;
    if http == protected {
        return Ok(());
    }
    let (http, protected) = (http.to_owned(), protected.to_owned());
    Err(JwsError::Differs { name, http, protected }.into())
}

fn is_part(errand: &Errand, name: &str) -> bool {
    errand.office.room.base_of(name).is_some()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::super::header::Kind;
    use super::*;
    use crate::kit::trial::Trial;
    use crate::kit::trust::outsider::Outsider;

    const BODY: &[u8] = br#"{"fulfilment":"x","transferState":"COMMITTED"}"#;

    /// An office of a trial, and itself as the sender.
    fn office(trial: &Trial) -> (Errand, To) {
        let errand = Errand { office: trial.office("messenger"), cause: trial.cause() };
        (errand, To::Part(String::from("messenger"), String::new()))
    }

    fn signed(errand: &Errand) -> String {
        signed_with(errand, None)
    }

    /// As [`signed`], vouching for the date besides.
    fn dated(errand: &Errand) -> String {
        signed_with(errand, Some(String::from("Thu, 01 Oct 2026 08:00:00 GMT")))
    }

    fn signed_with(errand: &Errand, date: Option<String>) -> String {
        signed_by(&errand.office.keys, date)
    }

    fn signed_by(keys: &Keys, date: Option<String>) -> String {
        let protected = ProtectedHeader {
            alg: String::from("ES256"),
            uri: String::from("/transfers/7"),
            method: String::from("PUT"),
            source: String::from("greenbank"),
            destination: Some(String::from("treasury")),
            date,
        };
        sign(keys, &protected, BODY)
    }

    fn signs(outsider: &Outsider) -> String {
        signed_by(&outsider.keys(), None)
    }

    fn head(path: &str) -> Head {
        head_with(path, ("", ""))
    }

    /// As [`head`], but for one header; none where it says nothing.
    fn head_with(path: &str, (name, value): (&'static str, &'static str)) -> Head {
        let media = "application/vnd.interoperability.transfers+json;version=1.1";
        let request = TestRequest::put()
            .uri(path)
            .insert_header(("Date", "Thu, 01 Oct 2026 08:00:00 GMT"))
            .insert_header(("Content-Type", media))
            .insert_header(("FSPIOP-Source", "greenbank"))
            .insert_header(("FSPIOP-Destination", "treasury"))
            .insert_header(("FSPIOP-URI", "/transfers/7"))
            .insert_header(("FSPIOP-HTTP-Method", "PUT"));
        let request = if name.is_empty() { request } else { request.insert_header((name, value)) };
        Head::read(&request.to_http_request(), Kind::Callback).unwrap()
    }

    #[actix_web::test]
    async fn a_signed_message_verifies_below_any_prefix_and_with_its_names_in_another_order() {
        let trial = Trial::start(crate::ALL, 50);
        let (errand, sender) = office(&trial);
        let (header, sender) = (signed(&errand), Some(&sender));
        let prefixed = head("/payment-hub/fspiop/transfers/7");
        verify(&errand, &header, &prefixed, sender, BODY).await.unwrap();
        let unsorted = br#"{"transferState": "COMMITTED", "fulfilment": "x"}"#;
        verify(&errand, &header, &head("/transfers/7"), sender, unsorted).await.unwrap();
    }

    #[actix_web::test]
    async fn another_body_another_path_or_another_sender_does_not_verify() {
        let trial = Trial::start(crate::ALL, 50);
        let (errand, sender) = office(&trial);
        let (header, seven) = (signed(&errand), head("/transfers/7"));
        let body = verify(&errand, &header, &seven, Some(&sender), b"{}").await;
        assert!(matches!(body, Err(BadSignature::Wrong)), "{body:?}");
        let mut other_day = head("/transfers/7");
        other_day.date = String::from("Fri, 02 Oct 2026 08:00:00 GMT");
        let date = verify(&errand, &dated(&errand), &other_day, Some(&sender), BODY).await;
        assert!(matches!(date, Err(BadSignature::Header(_))), "{date:?}");
        verify(&errand, &dated(&errand), &seven, Some(&sender), BODY).await.unwrap();
        let path = verify(&errand, &header, &head("/transfers/8"), Some(&sender), BODY).await;
        assert!(matches!(path, Err(BadSignature::Header(_))), "{path:?}");
        let other = To::Part(String::from("gateway"), String::new());
        let other = verify(&errand, &header, &seven, Some(&other), BODY).await;
        assert!(matches!(other, Err(BadSignature::Wrong)), "{other:?}");
        let nobody = verify(&errand, &header, &seven, None, BODY).await;
        assert!(matches!(nobody, Err(BadSignature::Stranger(_))), "{nobody:?}");
    }

    #[actix_web::test]
    async fn a_signed_message_repeats_path_and_method_in_its_headers() {
        let trial = Trial::start(crate::ALL, 50);
        let (errand, sender) = office(&trial);
        for name in ["FSPIOP-URI", "FSPIOP-HTTP-Method"] {
            let without = head_with("/transfers/7", (name, ""));
            let missing = verify(&errand, &signed(&errand), &without, Some(&sender), BODY).await;
            assert!(matches!(missing, Err(BadSignature::Missing(_))), "{name}: {missing:?}");
            let other = head_with("/transfers/7", (name, "POST"));
            let differs = verify(&errand, &signed(&errand), &other, Some(&sender), BODY).await;
            assert!(matches!(differs, Err(BadSignature::Header(_))), "{name}: {differs:?}");
        }
    }

    #[actix_web::test]
    async fn a_sender_that_began_anew_with_other_keys_is_believed_and_a_forger_asks_for_them_a_few_times_only()
     {
        let trial = Trial::start(crate::ALL, 50);
        let (errand, _) = office(&trial);
        let (outsider, seven) = (Outsider::start(), head("/transfers/7"));
        let place = Some(&To::Address(outsider.base.clone()));
        verify(&errand, &signs(&outsider), &seven, place, BODY).await.unwrap();
        outsider.makes_new_keys();
        verify(&errand, &signs(&outsider), &seven, place, BODY).await.unwrap();
        verify(&errand, &signs(&outsider), &seven, place, BODY).await.unwrap();
        assert_eq!(outsider.asked(), 2, "at first, and after the change");

        let forged = signed_by(&Keys::generate(), None);
        for _ in 0..10 {
            let refused = verify(&errand, &forged, &seven, place, BODY).await;
            assert!(matches!(refused, Err(BadSignature::Wrong)), "{refused:?}");
        }
        assert_eq!(outsider.asked(), 5, "four times more in a minute");
        verify(&errand, &signs(&outsider), &seven, place, BODY).await.unwrap();
    }
}
