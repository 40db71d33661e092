//! What an applicant sees: where the application stands, what was decided and on which facts, and the money.

use std::sync::OnceLock;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::programme_office::model::application::Application;
use crate::programme_office::model::programmes::Programmes;

const STYLE: &str = include_str!("../page.css");

#[derive(Debug, Template)]
#[template(path = "programme_office/page.html")]
struct Page<'a> {
    style: &'static str,
    application: &'a Application,
    programme: &'a str,
    state: String,
    person: &'a str,
    payments: Vec<Line>,
}

/// A payment as it is shown.
#[derive(Debug)]
struct Line {
    reference: String,
    amount: String,
    state: String,
    sentence: String,
}

/// The page of an application.
pub(in crate::programme_office) fn show(
    application: &Application,
    programmes: &Programmes,
    whole: &Value,
) -> HttpResponse {
    let code = application.programme.as_str();
    let payments = whole["payments"].as_array().map_or(&[][..], Vec::as_slice);
    let page = Page {
        style: STYLE,
        application,
        programme: programmes.find(code).map_or(code, |p| p.name("en")),
        state: application.state().replace('_', " "),
        person: application.person().unwrap_or("Not logged in yet"),
        payments: payments.iter().map(line).collect(),
    };
    match page.render() {
        Ok(html) => HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((CONTENT_SECURITY_POLICY, policy()))
            .insert_header((CACHE_CONTROL, "no-store"))
            .body(html),
        Err(error) => {
            tracing::error!(%error, "the page of an application could not be written");
            HttpResponse::InternalServerError().body("the page could not be written; try again")
        }
    }
}

fn line(payment: &Value) -> Line {
    let text = |name: &str| payment[name].as_str().unwrap_or_default().to_owned();
    let cents = payment["amount_cents"].as_i64().unwrap_or_default();
    let amount =
        format!("{} {}", crate::programme_office::model::amounts::decimal(cents), text("currency"));
    Line {
        reference: text("reference_id"),
        amount,
        state: text("state"),
        sentence: text("sentence"),
    }
}

/// Nothing but our own style, known by its hash.
fn policy() -> &'static str {
    static POLICY: OnceLock<String> = OnceLock::new();
    POLICY.get_or_init(|| {
        let hash = STANDARD.encode(Sha256::digest(STYLE));
        format!(
            "default-src 'none'; style-src 'sha256-{hash}'; base-uri 'none'; frame-ancestors 'self'"
        )
    })
}

/// A fact's value as people read it.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
