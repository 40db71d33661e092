//! How a request to MOSIP IDA is opened: the detached signature over the body, and the sealed or readable request.

use actix_web::{HttpRequest, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use rsa::traits::PublicKeyParts as _;
use serde_json::Value;
use std::sync::Arc;

use crate::identity::der::{from_x5c, lenient_base64, public_key_of};
use crate::identity::model::ida::{IdaError, Sent, Shown, is_thumbprint};
use crate::identity::sealed::{self, Sealed, Unopened};
use crate::identity::signer;
use crate::kit::journal::Verdict;
use crate::kit::room::Policy as Trust;
use crate::kit::server::Call;
use crate::kit::trust::jwks::PublicKey;

/// Checks the `Signature` header and gives the partner's certificate, where one came. The payload is detached, yet
/// base64url-encoded in what is signed. Unsigned requests pass in an open room.
pub(super) fn certificate(call: &Call, request: &HttpRequest) -> Result<Option<Vec<u8>>, IdaError> {
    let refused = || IdaError::new("IDA-MPA-001", "Invalid Signature");
    let Some(header) = request.headers().get("signature").and_then(|v| v.to_str().ok()) else {
        call.verdict(Verdict::Unsigned);
        return if call.room().policy() == Trust::Strict { Err(refused()) } else { Ok(None) };
    };
    let holds = verified(header, &call.body);
    call.verdict(if holds.is_some() { Verdict::Valid } else { Verdict::Invalid });
    holds.map(Some).ok_or_else(refused)
}

fn verified(signature: &str, body: &[u8]) -> Option<Vec<u8>> {
    let mut parts = signature.trim().split('.');
    let (head, payload, signature) = (parts.next()?, parts.next()?, parts.next()?);
    let header: Value = serde_json::from_slice(&lenient_base64(head)?).ok()?;
    if !payload.is_empty() || header["alg"] != "RS256" {
        return None;
    }
    let entry = header["x5c"].as_str().or_else(|| header["x5c"][0].as_str())?;
    let certificate = from_x5c(entry)?;
    let signed = format!("{head}.{}", B64.encode(body));
    let key = public_key_of(&certificate)?;
    let key = PublicKey::Rsa(key.n().to_bytes_be(), key.e().to_bytes_be());
    key.verifies(signed.as_bytes(), &lenient_base64(signature)?).then_some(certificate)
}

/// A request that names the certificate which it is sealed to must name ours: another key cannot open it.
async fn sealed_to_us(call: &Call, sent: &Sent) -> Result<(), IdaError> {
    let Some(thumbprint) = sent.thumbprint.as_deref().filter(|t| !t.is_empty()) else {
        return Ok(());
    };
    let ours = signer::certificate(&call.errand.office).await;
    let ours = ours.map_err(|_| IdaError::new("IDA-MPA-003", "Unable to decrypt Request"))?;
    if is_thumbprint(thumbprint, &ours) {
        return Ok(());
    }
    let message =
        "Unable to decrypt Request: `thumbprint` is not that of the certificate of getCertificate";
    Err(IdaError::new("IDA-MPA-003", message))
}

/// What the person showed, and whether it came sealed. A plain object is the readable mode of workshops.
pub(super) async fn shown(call: &Call, sent: &Sent) -> Result<(Shown, bool), IdaError> {
    let invalid = |_| IdaError::new("IDA-MLC-009", "Invalid Input Parameter - request");
    let missing =
        |name: &str| IdaError::new("IDA-MLC-006", format!("Missing Input Parameter - {name}"));
    match &sent.request {
        None | Some(Value::Null) => Err(missing("request")),
        Some(Value::String(text)) => {
            sealed_to_us(call, sent).await?;
            let sealed = Sealed {
                request: text.clone(),
                session_key: sent
                    .request_session_key
                    .clone()
                    .ok_or_else(|| missing("requestSessionKey"))?,
                hmac: sent.request_hmac.clone().ok_or_else(|| missing("requestHMAC"))?,
            };
            let keys = Arc::clone(&call.errand.office.keys);
            let opened = web::block(move || sealed::open(&keys, &sealed)).await;
            let text = opened.unwrap_or(Err(Unopened::Key)).map_err(|why| match why {
                Unopened::Key => IdaError::new("IDA-MPA-003", "Unable to decrypt Request"),
                Unopened::Digest => IdaError::new("IDA-MPA-016", "HMAC Validation failed"),
            })?;
            Ok((serde_json::from_slice(&text).map_err(invalid)?, true))
        }
        Some(readable) => Ok((serde_json::from_value(readable.clone()).map_err(invalid)?, false)),
    }
}
