//! How pages are sent: escaped HTML with headers that let nothing run or load but what this program serves itself.

use actix_web::cookie::{Cookie, SameSite};
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::{Error, HttpResponse};
use askama::Template;

use super::frame::Frame;

/// Nothing inline, nothing from elsewhere, and no other page may frame us.
pub(super) const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The cookie that holds the form token.
pub(super) const FORM_COOKIE: &str = "arenoa_form";
/// The cookie that holds the chosen language.
pub(super) const LANGUAGE_COOKIE: &str = "arenoa_language";

/// A page that says what did not work.
#[derive(Debug, Template)]
#[template(path = "error.html")]
struct ErrorPage {
    f: Frame,
    sentence: String,
}

/// Sends a page, and keeps its form token in a cookie of the same name and value.
pub(super) fn page(f: &Frame, template: &impl Template) -> HttpResponse {
    match template.render() {
        Ok(html) => html_with(StatusCode::OK, &f.csrf, html),
        Err(error) => {
            tracing::error!(%error, "a page could not be rendered");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// A page that says in one sentence what did not work, as an error that a handler ends with.
pub(super) fn refusal(f: Frame, status: StatusCode, sentence: &str) -> Error {
    let csrf = f.csrf.clone();
    let html = ErrorPage { f, sentence: sentence.to_owned() }.render().unwrap_or_default();
    InternalError::from_response(sentence.to_owned(), html_with(status, &csrf, html)).into()
}

fn html_with(status: StatusCode, csrf: &str, html: String) -> HttpResponse {
    HttpResponse::build(status)
        .content_type("text/html; charset=utf-8")
        .insert_header(("content-security-policy", POLICY))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("x-frame-options", "DENY"))
        .insert_header(("referrer-policy", "same-origin"))
        .insert_header(("cross-origin-opener-policy", "same-origin"))
        .insert_header(("permissions-policy", "camera=(), microphone=(), geolocation=()"))
        .insert_header(("cache-control", "no-store"))
        .insert_header(("vary", "accept-language, cookie"))
        .cookie(kept(FORM_COOKIE, csrf))
        .body(html)
}

/// A cookie that scripts cannot read and other sites cannot send.
pub(super) fn kept(name: &'static str, value: &str) -> Cookie<'static> {
    Cookie::build(name, value.to_owned())
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .finish()
}

/// Back to a page after a plain form.
pub(super) fn back_to(address: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header(("location", address)).finish()
}
