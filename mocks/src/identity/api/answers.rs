//! Answers of Arenoa ID: errors as RFC 6749 5.2 and RFC 6750 3 write them, and the headers that browsers need.

use actix_web::http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    CACHE_CONTROL, WWW_AUTHENTICATE,
};
use actix_web::http::{Method, StatusCode};
use actix_web::{HttpResponse, HttpResponseBuilder};
use serde_json::{Value, json};

use crate::identity::chance::NoChance;
use crate::identity::model::client::Client;
use crate::identity::model::refusal::Refusal;
use crate::identity::signer::SignError;
use crate::identity::store::clients;
use crate::identity::store::records::{self, Release};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::kit::store::StoreError;

/// Why there is no answer of the wanted kind.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    #[error(transparent)]
    Refused(#[from] Refusal),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the archive: {0}")]
    Archive(#[from] rusqlite::Error),
    #[error(transparent)]
    Chance(#[from] NoChance),
    #[error(transparent)]
    Sign(#[from] SignError),
}

impl Failure {
    /// What the other side is told: of our own trouble only that there was some.
    pub(super) fn told(self) -> Refusal {
        match self {
            Self::Refused(refusal) => refusal,
            trouble => {
                tracing::error!(error = %trouble, "Arenoa ID could not answer");
                Refusal::new("server_error", "Arenoa ID could not answer; try again")
            }
        }
    }
}

/// The body of an error: `{"error": "...", "error_description": "..."}`.
pub(in crate::identity) fn refusal(status: u16, sentence: &str) -> Value {
    let error = match status {
        401 => "invalid_client",
        503 => "temporarily_unavailable",
        500.. => "server_error",
        _ => "invalid_request",
    };
    json!({"error": error, "error_description": sentence})
}

/// An answer that scripts of any origin may read; nothing here depends on cookies.
pub(super) fn open_to_all(mut answer: HttpResponseBuilder) -> HttpResponseBuilder {
    answer.insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    answer
}

/// A JSON answer that nobody may keep.
pub(super) fn fresh_json(body: &Value) -> HttpResponse {
    open_to_all(HttpResponse::Ok()).insert_header((CACHE_CONTROL, "no-store")).json(body)
}

/// A refusal at the token endpoint.
pub(super) fn refuse_client(call: &Call, failure: Failure) -> HttpResponse {
    let refusal = failure.told();
    let mut answer = start(call, &refusal);
    if refusal.error == "invalid_client" {
        answer.insert_header((WWW_AUTHENTICATE, r#"Basic realm="Arenoa ID""#));
    }
    answer.json(json!({"error": refusal.error, "error_description": refusal.sentence}))
}

/// A refusal at the userinfo endpoint.
pub(super) fn refuse_bearer(call: &Call, failure: Failure) -> HttpResponse {
    let refusal = failure.told();
    let mut answer = start(call, &refusal);
    if refusal.status() == 401 {
        let challenge = format!(
            r#"Bearer realm="Arenoa ID", error="{}", error_description="{}""#,
            refusal.error, refusal.sentence
        );
        answer.insert_header((WWW_AUTHENTICATE, challenge));
    }
    answer.json(json!({"error": refusal.error, "error_description": refusal.sentence}))
}

/// The challenge for who sent no token: no error code and no other word about an error (RFC 6750, 3.1).
pub(super) fn want_bearer(call: &Call) -> HttpResponse {
    call.remark("send the access token: `Authorization: Bearer ...`");
    open_to_all(HttpResponse::Unauthorized())
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((WWW_AUTHENTICATE, r#"Bearer realm="Arenoa ID""#))
        .finish()
}

fn start(call: &Call, refusal: &Refusal) -> HttpResponseBuilder {
    call.remark(&refusal.sentence);
    let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
    let mut answer = open_to_all(HttpResponse::build(status));
    answer.insert_header((CACHE_CONTROL, "no-store"));
    answer
}

/// What a browser asks before a script of another origin may send.
async fn preflight() -> HttpResponse {
    open_to_all(HttpResponse::NoContent())
        .insert_header((ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS"))
        .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, "authorization, content-type"))
        .finish()
}

/// Lays what a browser asks first at `path`.
pub(super) fn preflight_of(routes: &mut Routes, path: &str) {
    routes.aside(
        (Method::OPTIONS, path),
        preflight,
        "asked by browsers before they call from another site",
    );
}

/// Notes in the audit of the person `uin` who asked on what occasion, and what was told (names of claims, never values).
pub(super) fn note(
    call: &Call,
    (uin, asker): (&str, &str),
    occasion: impl Into<String>,
    released: impl Into<String>,
) -> Result<(), StoreError> {
    let line = Release {
        asker: asker.into(),
        occasion: occasion.into(),
        released: released.into(),
        at: call.errand.stamp(),
    };
    call.store().alter(|tx| records::audit(tx, uin, &line))
}

/// The relying party with this id, with its addresses in this room; nobody where it is unknown or switched off.
pub(super) fn client_of(call: &Call, id: &str) -> Result<Option<Client>, StoreError> {
    let found = call.store().read(|db| clients::find(db, id))?;
    Ok(found.filter(|client| client.active).map(|mut client| {
        for uri in &mut client.redirect_uris {
            let base = uri.strip_prefix('{').and_then(|rest| {
                let (system, path) = rest.split_once('}')?;
                Some(format!("{}{path}", call.room().base_of(system)?))
            });
            if let Some(address) = base {
                *uri = address;
            }
        }
        client
    }))
}
