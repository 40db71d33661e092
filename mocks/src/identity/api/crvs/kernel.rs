//! MOSIP's kernel: its envelope, `POST /v1/authmanager/authenticate/clientidsecretkey`, whose token comes as a cookie,
//! and `POST /v1/partnermanager/partners/certificate/upload`.

use actix_web::http::header::{COOKIE, SET_COOKIE};
use actix_web::{HttpRequest, HttpResponse};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::identity::api::envelope::{of_kernel, takes};
use crate::identity::chance::digest;
use crate::identity::der;
use crate::identity::store::crvs;
use crate::kit::openapi::{Operation, Routes};
use crate::kit::server::Call;
use crate::kit::store::StoreError;
use crate::kit::trust::tokens::{self, sandbox_secret};

/// The cookie, and the scope of what is inside.
const AUTHORIZATION: &str = "Authorization";
const SCOPE: &str = "crvs";
/// Those who may send packets, and whose secret each shows: our civil registry, and whoever tries this out.
const CLIENTS: [(&str, &str); 2] = [("civil-registry", "civil_registry"), ("demo", "")];

/// A refusal of MOSIP: a code and a sentence, told with HTTP 200.
#[derive(Debug)]
pub(super) struct MosipError {
    pub(super) code: &'static str,
    pub(super) message: String,
}

impl MosipError {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    pub(super) fn input(message: impl Into<String>) -> Self {
        Self::new("KER-PKT-001", message)
    }
}

impl From<StoreError> for MosipError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "Arenoa ID's archive failed");
        Self::new("KER-MSG-500", "Arenoa ID could not keep this; try again")
    }
}

#[derive(Debug, Deserialize)]
struct Envelope<T> {
    request: T,
}

pub(super) fn routes(
    routes: &mut Routes,
    ours: impl Fn(&'static str) -> Operation,
    authorized: impl Fn(&'static str) -> Operation,
) {
    let demo = json!({"clientId": "demo", "secretKey": "demo", "appId": "regproc"});
    let upload = json!({"partnerId": "demo", "certificateData": "-----BEGIN CERTIFICATE-----..."});
    routes
        .post(
            "/v1/authmanager/authenticate/clientidsecretkey",
            authenticate,
            takes::<Credentials>(ours("A token, in the cookie `Authorization`"), &demo),
        )
        .post(
            "/v1/partnermanager/partners/certificate/upload",
            upload_certificate,
            takes::<Upload>(
                authorized("Takes the certificate that credentials are encrypted to"),
                &upload,
            ),
        );
}

/// The `request` of a kernel envelope.
pub(super) fn request<T: DeserializeOwned>(call: &Call) -> Result<T, MosipError> {
    let mut reader = serde_json::Deserializer::from_slice(&call.body);
    let read: Result<Envelope<T>, _> = serde_path_to_error::deserialize(&mut reader);
    let envelope = read
        .map_err(|error| MosipError::input(format!("at `{}`: {}", error.path(), error.inner())))?;
    Ok(envelope.request)
}

/// The kernel's answer, for whatever was asked.
pub(super) fn answer(call: &Call, done: Result<Value, MosipError>) -> HttpResponse {
    HttpResponse::Ok().json(body(call, done))
}

fn body(call: &Call, done: Result<Value, MosipError>) -> Value {
    let done = done.map_err(|error| {
        call.remark(&format!("{}: {}", error.code, error.message));
        (error.code, error.message)
    });
    of_kernel(call, done)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Credentials {
    client_id: String,
    secret_key: String,
}

async fn authenticate(call: Call) -> HttpResponse {
    let token = request::<Credentials>(&call).and_then(|shown| {
        let known = CLIENTS.iter().find(|(client, _)| *client == shown.client_id);
        let right = known.map(|(client, system)| {
            if system.is_empty() { (*client).to_owned() } else { sandbox_secret(system) }
        });
        // Digests are compared, so that the time it takes tells nothing.
        if right.is_none_or(|right| digest(&right) != digest(&shown.secret_key)) {
            let sentence = "the client is unknown here, or its secret is another";
            return Err(MosipError::new("KER-ATH-401", sentence));
        }
        let token = tokens::issue(&call.errand, &shown.client_id, SCOPE);
        token.ok_or_else(|| MosipError::new("KER-ATH-500", "our key cannot sign"))
    });
    match token {
        Ok(token) => {
            let cookie = format!("{AUTHORIZATION}={token}; Path=/; HttpOnly");
            let said = json!({"status": "success", "message": "the client is who it says it is"});
            HttpResponse::Ok().insert_header((SET_COOKIE, cookie)).json(body(&call, Ok(said)))
        }
        Err(error) => answer(&call, Err(error)),
    }
}

/// The client whose token a request carries: as a cookie, or as `Authorization` with or without `Bearer`.
pub(super) fn client_of(call: &Call, request: &HttpRequest) -> Result<String, MosipError> {
    let header = call.authorization.as_ref().and_then(|value| value.to_str().ok());
    let header = header.map(|text| text.strip_prefix("Bearer ").unwrap_or(text).to_owned());
    let cookies = request.headers().get(COOKIE).and_then(|value| value.to_str().ok());
    let cookie = cookies.and_then(|text| {
        let mut named = text.split(';').filter_map(|pair| pair.trim().split_once('='));
        named.find(|(name, _)| *name == AUTHORIZATION).map(|(_, value)| value.to_owned())
    });
    let refused = |sentence: &str| MosipError::new("KER-ATH-401", sentence);
    let token = cookie.or(header);
    let token = token.ok_or_else(|| refused("there is no token: get one from authmanager"))?;
    let wrong = || refused("the token is not ours or has expired: get another from authmanager");
    let keys = &call.errand.office.keys;
    let jwk = Jwk::deserialize(keys.p256_jwk()).map_err(|_| wrong())?;
    let key = DecodingKey::from_jwk(&jwk).map_err(|_| wrong())?;
    let mut rules = Validation::new(Algorithm::ES256);
    rules.set_issuer(&[call.errand.own_base()]);
    rules.validate_aud = false;
    let claims = jsonwebtoken::decode::<Value>(token.trim(), &key, &rules).map_err(|_| wrong())?;
    if claims.claims["scope"] != SCOPE {
        return Err(wrong());
    }
    Ok(claims.claims["sub"].as_str().ok_or_else(wrong)?.to_owned())
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Upload {
    partner_id: String,
    certificate_data: String,
}

/// Keeps the certificate that credentials for a partner are sealed to.
async fn upload_certificate(call: Call, http: HttpRequest) -> HttpResponse {
    let done = client_of(&call, &http).and_then(|client| {
        let upload: Upload = request(&call)?;
        if upload.partner_id != client {
            let sentence = format!("{client} may not speak for {}", upload.partner_id);
            return Err(MosipError::new("KER-PCM-005", sentence));
        }
        let certificate = der::from_pem(&upload.certificate_data);
        if certificate.as_deref().and_then(der::public_key_of).is_none() {
            let sentence = "`certificateData` is no PEM certificate with an RSA key";
            return Err(MosipError::new("KER-PCM-006", sentence));
        }
        call.store().alter(|tx| crvs::keep_certificate(tx, &client, &upload.certificate_data))?;
        Ok(json!({"partnerId": client, "signedCertificateData": upload.certificate_data,
            "timestamp": call.errand.stamp()}))
    });
    answer(&call, done)
}
