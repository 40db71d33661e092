//! The pages of paper credentials: what is printed, and the page that checks it. The checking page carries the public keys
//! and a script of its own, so that it works with the network off; the form works without the script.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Frame;
use crate::identity::model::paper::Birth;
use crate::identity::model::person::Person;

const SCRIPT: &str = include_str!("verify.js");

/// One line of a paper: what it is called, and what it says.
type Line = (&'static str, String);

/// An ID card, or a birth certificate where `birth` is known.
#[derive(Debug, Template)]
#[template(path = "identity/pages/paper.html")]
pub(in crate::identity) struct PaperPage {
    pub(in crate::identity) frame: Frame,
    pub(in crate::identity) title: String,
    /// `card` or `certificate`.
    form: &'static str,
    name: String,
    /// The name in Arabic letters.
    other_name: String,
    initials: String,
    number: String,
    lines: Vec<Line>,
    issued: String,
    qr: String,
    /// What the code holds, for those who cannot scan it.
    link: String,
}

impl PaperPage {
    pub(in crate::identity) fn new(
        frame: Frame,
        (person, birth): (&Person, Option<&Birth>),
        link: &str,
        issued: String,
    ) -> Self {
        let texts = frame.texts;
        let (given, family) = person.names_in("ara");
        let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
        let usual = Self {
            frame,
            title: texts.id_card.clone(),
            form: "card",
            name: person.name(),
            other_name: format!("{given} {family}"),
            initials: first(&person.given_name) + &first(&person.family_name),
            number: grouped(&person.uin),
            lines: vec![
                (texts.claim("birthdate"), person.birth_date.clone()),
                (texts.claim("gender"), texts.sex(&person.sex).to_owned()),
            ],
            issued,
            qr: qr_code(link),
            link: link.into(),
        };
        let Some(birth) = birth else { return usual };
        Self {
            title: texts.birth_certificate.clone(),
            form: "certificate",
            name: format!("{} {}", birth.given_name, birth.family_name),
            number: birth.number.clone(),
            lines: vec![
                (texts.claim("birthdate"), birth.date.clone()),
                (&texts.birth_place, birth.place.clone()),
                (texts.claim("gender"), texts.sex(&birth.sex).to_owned()),
                (&texts.registered_on, birth.registered.clone()),
            ],
            ..usual
        }
    }
}

/// Digits in groups that are easily read out: `2238 778 167`.
fn grouped(number: &str) -> String {
    match (number.get(..4), number.get(4..7), number.get(7..)) {
        (Some(first), Some(second), Some(third)) if number.len() == 10 => {
            format!("{first} {second} {third}")
        }
        _ => number.into(),
    }
}

/// A QR code as SVG; nothing where the text is too long for one.
fn qr_code(text: &str) -> String {
    let code = qrcode::QrCode::with_error_correction_level(text, qrcode::EcLevel::L);
    let svg = code.map(|code| code.render::<qrcode::render::svg::Color<'_>>().build());
    // The renderer begins with an XML declaration, which has no place inside HTML.
    svg.map_or_else(|_| String::new(), |svg| svg[svg.find("<svg").unwrap_or(0)..].to_owned())
}

/// The page that checks a paper.
#[derive(Debug, Template)]
#[template(path = "identity/pages/verify.html")]
pub(in crate::identity) struct VerifyPage {
    frame: Frame,
    title: String,
    action: String,
    pasted: String,
    /// `good`, `revoked`, `bad`; empty where nothing was checked yet.
    verdict: &'static str,
    sentences: Vec<String>,
    lines: Vec<(String, String)>,
    /// Keys and words for the script, as JSON that cannot end its element.
    data: String,
    script: &'static str,
}

impl VerifyPage {
    pub(in crate::identity) fn new(frame: Frame, issuer: &str, keys: &Value) -> Self {
        let data = json!({"issuer": issuer, "keys": keys["keys"], "words": words(&frame)});
        Self {
            frame,
            title: frame.texts.verify_title.clone(),
            action: format!("{issuer}/verify?lang={}", frame.texts.code),
            pasted: String::new(),
            verdict: "",
            sentences: Vec::new(),
            lines: Vec::new(),
            data: data.to_string().replace('<', "\\u003c"),
            script: SCRIPT,
        }
    }

    /// The same, telling that the signature does not hold.
    pub(in crate::identity) fn refused(mut self, pasted: &str) -> Self {
        self.pasted = pasted.into();
        self.verdict = "bad";
        self.sentences = vec![self.frame.texts.signature_bad.clone()];
        self
    }

    /// The same, telling what the paper says and whether it still counts.
    pub(in crate::identity) fn accepted(
        mut self,
        pasted: &str,
        claims: &Value,
        status: &Value,
    ) -> Self {
        let texts = self.frame.texts;
        self.pasted = pasted.into();
        self.verdict = if status["status"] == "valid" { "good" } else { "revoked" };
        let since = status["since"].as_str().unwrap_or_default();
        let sentence = match (status["status"].as_str(), status["reason"].as_str()) {
            (Some("valid"), _) => texts.still_counts.clone(),
            (_, Some("deceased")) => texts.registered_dead.replace("{date}", since),
            (Some("revoked"), _) => texts.revoked.clone(),
            _ => texts.unknown_paper.clone(),
        };
        self.sentences = vec![texts.signature_good.clone(), sentence];
        let value = |name: &str| {
            let text = claims[name].as_str()?;
            Some(if name == "sex" { texts.sex(text) } else { text }.to_owned())
        };
        let shown = labels(&self.frame).into_iter();
        self.lines = shown.filter_map(|(name, label)| Some((label, value(name)?))).collect();
        self
    }
}

/// What the members of a credential are called.
fn labels(frame: &Frame) -> [(&'static str, String); 7] {
    let texts = frame.texts;
    let claim = |name| texts.claim(name).to_owned();
    [
        ("gn", claim("given_name")),
        ("fn", claim("family_name")),
        ("dob", claim("birthdate")),
        ("sex", claim("gender")),
        ("uin", claim("individual_id")),
        ("rn", texts.entry_number.clone()),
        ("pob", texts.birth_place.clone()),
    ]
}

/// What the script says.
fn words(frame: &Frame) -> Value {
    let texts = frame.texts;
    let sexes = BTreeMap::from(["female", "male", "others"].map(|sex| (sex, texts.sex(sex))));
    json!({
        "labels": labels(frame), "sexes": sexes, "good": texts.signature_good, "bad": texts.signature_bad,
        "counts": texts.still_counts, "dead": texts.registered_dead, "revoked": texts.revoked,
        "unknown": texts.unknown_paper, "offline": texts.status_offline,
        "noReader": texts.no_reader, "noCode": texts.no_code_found,
    })
}

/// The page as an answer; its policy lets exactly its own script run and ask this server for the status.
pub(in crate::identity) fn show_verify(page: &VerifyPage) -> HttpResponse {
    static POLICY: OnceLock<String> = OnceLock::new();
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
    let policy = POLICY.get_or_init(|| {
        format!(
            "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; connect-src 'self'; \
             img-src blob:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
            hash(super::STYLE),
            hash(SCRIPT)
        )
    });
    match page.render() {
        Ok(html) => HttpResponse::Ok()
            .content_type("text/html; charset=utf-8")
            .insert_header((CONTENT_SECURITY_POLICY, policy.as_str()))
            .insert_header((CACHE_CONTROL, "no-store"))
            .insert_header((REFERRER_POLICY, "no-referrer"))
            .body(html),
        Err(error) => {
            tracing::error!(%error, "a page of Arenoa ID could not be written");
            HttpResponse::InternalServerError().body("the page could not be written; try again")
        }
    }
}
