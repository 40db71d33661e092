//! The pages of Arenoa ID: plain HTML forms that work without script and without cookies, in five languages.

pub(super) mod paper;
pub(super) mod texts;

use std::sync::OnceLock;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};
use url::Url;

pub(super) use texts::{LANGUAGES, Texts, language_of};

use super::store::records::Release;

const STYLE: &str = include_str!("style.css");

/// What every page shows around its own part.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) texts: &'static Texts,
    style: &'static str,
    languages: &'static [(&'static str, &'static str)],
    /// Whether the page can be shown again in another language by its own address.
    pub(super) switchable: bool,
}

impl Frame {
    /// The frame in `language`.
    pub(super) fn new(language: &str, switchable: bool) -> Self {
        Self { texts: texts::of(language), style: STYLE, languages: &LANGUAGES, switchable }
    }
}

/// Asks for the identity number, then for the one-time code; or for the number and a PIN or a password.
#[derive(Debug, Template)]
#[template(path = "identity/pages/login.html")]
pub(super) struct LoginPage {
    pub(super) frame: Frame,
    pub(super) title: String,
    /// The address of this login: `/identity/login/{ticket}`.
    pub(super) action: String,
    pub(super) number: String,
    /// `OTP`, `PIN` or `PWD`.
    pub(super) by: &'static str,
    /// The other ways that the relying party takes.
    pub(super) others: Vec<WayLine>,
    /// "We sent a code to +999 •••• 123 (demo code: 111111)"; empty before a code is sent.
    pub(super) sent: String,
    /// What went wrong, for the person to read.
    pub(super) trouble: String,
}

/// Another way of proving who one is.
#[derive(Debug, Clone)]
pub(super) struct WayLine {
    pub(super) by: &'static str,
    pub(super) label: &'static str,
}

/// One line of the consent page.
#[derive(Debug, Clone)]
pub(super) struct ClaimLine {
    pub(super) claim: &'static str,
    pub(super) label: &'static str,
    pub(super) value: String,
    pub(super) essential: bool,
}

/// Asks what may be told.
#[derive(Debug, Template)]
#[template(path = "identity/pages/consent.html")]
pub(super) struct ConsentPage {
    pub(super) frame: Frame,
    pub(super) title: String,
    pub(super) action: String,
    pub(super) greeting: String,
    pub(super) claims: Vec<ClaimLine>,
    /// What the client does then, and whom it asks.
    pub(super) purpose: Option<&'static str>,
}

/// Says that it ends here, and why.
#[derive(Debug, Template)]
#[template(path = "identity/pages/notice.html")]
pub(super) struct NoticePage {
    pub(super) frame: Frame,
    pub(super) title: String,
    pub(super) text: String,
    /// For whoever made the request: in English, as error descriptions are.
    pub(super) detail: String,
    /// The way back to the relying party, where there is one.
    pub(super) back: Option<String>,
}

impl NoticePage {
    /// A notice with a title and a text, and nothing else.
    pub(super) fn of(frame: Frame, title: &str, text: &str) -> Self {
        Self { frame, title: title.into(), text: text.into(), detail: String::new(), back: None }
    }
}

/// Shows a person who asked about them, the newest first.
#[derive(Debug, Template)]
#[template(path = "identity/pages/audit.html")]
pub(super) struct AuditPage {
    frame: Frame,
    title: String,
    lines: Vec<AuditLine>,
}

#[derive(Debug)]
struct AuditLine {
    /// `2026-10-01 08:00`.
    at: String,
    asker: String,
    occasion: String,
    /// What was told, in the person's words.
    told: String,
}

impl AuditPage {
    pub(super) fn new(frame: Frame, name: &str, lines: Vec<Release>) -> Self {
        let texts = frame.texts;
        let line = |release: Release| AuditLine {
            at: release.at.get(..16).unwrap_or(&release.at).replace('T', " "),
            asker: release.asker,
            occasion: release.occasion,
            told: release
                .released
                .split(' ')
                .map(|c| texts.claim(c))
                .collect::<Vec<_>>()
                .join(", "),
        };
        let title = texts.audit_title.replace("{name}", name);
        Self { frame, title, lines: lines.into_iter().rev().map(line).collect() }
    }
}

/// A page as an answer. Its forms may lead to this server and, after the consent, to `redirect_uri`.
pub(super) fn show(status: u16, page: &impl Template, redirect_uri: Option<&str>) -> HttpResponse {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match page.render() {
        Ok(html) => HttpResponse::build(code)
            .content_type("text/html; charset=utf-8")
            .insert_header((CONTENT_SECURITY_POLICY, policy(redirect_uri)))
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((REFERRER_POLICY, "no-referrer"))
            .body(html),
        Err(error) => {
            tracing::error!(%error, "a page of Arenoa ID could not be written");
            HttpResponse::InternalServerError().body("the page could not be written; try again")
        }
    }
}

/// Nothing but our own style, known by its hash, and forms to where they belong. Browsers hold redirects after a
/// form to `form-action` too, so the relying party's address must be in it.
fn policy(redirect_uri: Option<&str>) -> String {
    static HASH: OnceLock<String> = OnceLock::new();
    let hash = HASH.get_or_init(|| STANDARD.encode(Sha256::digest(STYLE)));
    let mut policy = format!(
        "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    );
    if let Some(url) = redirect_uri.and_then(|uri| Url::parse(uri).ok()) {
        let origin = url.origin();
        let target = if origin.is_tuple() {
            origin.ascii_serialization()
        } else {
            format!("{}:", url.scheme())
        };
        policy.push(' ');
        policy.push_str(&target);
    }
    policy
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_lets_a_form_end_at_the_relying_party_and_nowhere_else() {
        assert!(policy(Some("http://127.0.0.1:9/cb?x=1")).ends_with("'self' http://127.0.0.1:9"));
        assert!(policy(Some("arenoa.app:/cb")).ends_with("'self' arenoa.app:"));
        assert!(policy(None).ends_with("form-action 'self'"));
    }
}
