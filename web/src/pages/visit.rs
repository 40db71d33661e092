//! Who visits: the room of the address, the language, the form token. Every handler begins here.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

use actix_web::cookie::Cookie;
use actix_web::http::{Method, StatusCode};
use actix_web::{Error, HttpRequest};
use mocks::kit::country::MAIN;
use mocks::kit::server::room_of;
use orchestrator::theatre::{Stage, Theatre};
use std::sync::Arc;

use super::frame::Frame;
use super::reply::{FORM_COOKIE, LANGUAGE_COOKIE, refusal};
use crate::texts::{Texts, choose};

/// A visit to a room.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    pub(super) room: String,
    /// Empty in the main room, `/r/{room}` in another.
    pub(super) prefix: String,
    pub(super) texts: &'static Texts,
    /// Path and query, where the page can be had again by asking for it.
    page: String,
    csrf: String,
}

impl Visit {
    /// Reads a request.
    pub(super) fn of(req: &HttpRequest) -> Self {
        let room = room_of(req).to_owned();
        let prefix = if room == MAIN { String::new() } else { format!("/r/{room}") };
        let wish = req.cookie(LANGUAGE_COOKIE);
        let accept = req.headers().get("accept-language").and_then(|v| v.to_str().ok());
        let texts = choose(wish.as_ref().map(Cookie::value), accept.unwrap_or(""));
        let csrf = form_cookie(req).unwrap_or_else(new_token);
        let asked = req.method() == Method::GET;
        let page = if asked { req.uri().path_and_query().map(ToString::to_string) } else { None };
        let page = page.unwrap_or_else(|| format!("{prefix}/"));
        Self { room, prefix, texts, page, csrf }
    }

    /// What the templates need.
    pub(super) fn frame(&self, here: &'static str) -> Frame {
        Frame {
            texts: self.texts,
            prefix: self.prefix.clone(),
            page: self.page.clone(),
            csrf: self.csrf.clone(),
            here,
        }
    }

    /// The stage of the room, or a page that says that there is no such room.
    pub(super) fn stage(&self, theatre: &Theatre) -> Result<Arc<Stage>, Error> {
        theatre.stage(&self.room).ok_or_else(|| {
            self.refuse(StatusCode::NOT_FOUND, &self.texts.one("error-room", "room", &self.room))
        })
    }

    /// A page that says what did not work.
    pub(super) fn refuse(&self, status: StatusCode, sentence: &str) -> Error {
        let frame = Frame { prefix: String::new(), ..self.frame("") };
        refusal(frame, status, sentence)
    }

    /// Refuses a form that does not carry the token of this browser's cookie: another site could have sent it.
    pub(super) fn check_form(&self, req: &HttpRequest, token: &str) -> Result<(), Error> {
        let site = req.headers().get("sec-fetch-site").and_then(|v| v.to_str().ok());
        let ours = site.is_none_or(|site| matches!(site, "same-origin" | "none"));
        if ours && form_cookie(req).is_some_and(|kept| kept == token) {
            return Ok(());
        }
        Err(self.refuse(StatusCode::FORBIDDEN, &self.texts.get("error-csrf")))
    }
}

fn form_cookie(req: &HttpRequest) -> Option<String> {
    let value = req.cookie(FORM_COOKIE)?.value().to_owned();
    let legal = value.len() == 32 && value.bytes().all(|b| b.is_ascii_hexdigit());
    legal.then_some(value)
}

/// A token that nobody can foresee: a counter under a keyed hash whose key the operating system gave at the start.
fn new_token() -> String {
    static KEYS: LazyLock<(RandomState, RandomState)> =
        LazyLock::new(|| (RandomState::new(), RandomState::new()));
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{:016x}{:016x}", KEYS.0.hash_one(count), KEYS.1.hash_one(!count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn with_cookie(token: &str) -> TestRequest {
        TestRequest::post().cookie(Cookie::new(FORM_COOKIE, token.to_owned()))
    }

    #[test]
    fn tokens_differ() {
        assert_ne!(new_token(), new_token());
    }

    #[test]
    fn a_form_needs_the_token_of_its_own_cookie() {
        let token = new_token();
        let req = with_cookie(&token).to_http_request();
        assert!(Visit::of(&req).check_form(&req, &token).is_ok());
        let refused = Visit::of(&req).check_form(&req, &new_token()).unwrap_err();
        assert_eq!(refused.error_response().status(), StatusCode::FORBIDDEN);
        let bare = TestRequest::post().to_http_request();
        assert!(
            Visit::of(&bare).check_form(&bare, "").is_err(),
            "no cookie and no token is no match"
        );
    }

    #[test]
    fn a_form_from_another_site_is_refused_even_with_the_token() {
        let token = new_token();
        let req = with_cookie(&token).insert_header(("sec-fetch-site", "cross-site"));
        let req = req.to_http_request();
        assert!(Visit::of(&req).check_form(&req, &token).is_err());
    }
}
