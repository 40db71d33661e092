//! Paper credentials: `GET /desk/persons/{uin}/id-card` and `.../birth-certificate` (pages to print, each with a signed
//! QR code), `GET` and `POST /verify` (checks one; its script does so with the network off), and
//! `GET /papers/{id}/status` (whether one still counts).

use std::collections::BTreeMap;

use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use super::answers::{Failure, fresh_json, note, refuse_client};
use super::birth;
use crate::identity::chance;
use crate::identity::model::client::SigningAlg;
use crate::identity::model::fields::Fields;
use crate::identity::model::paper::{self, Kind};
use crate::identity::model::person::Person;
use crate::identity::model::refusal::Refusal;
use crate::identity::pages::paper::{PaperPage, VerifyPage, show_verify};
use crate::identity::pages::{self, Frame, NoticePage, language_of};
use crate::identity::signer;
use crate::identity::store::{papers, people};
use crate::kit::openapi::{Routes, says};
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;

/// Who asks whether a paper counts, as the audit names them: nobody tells.
const VERIFIER: &str = "somebody with the paper";

pub(super) fn routes(routes: &mut Routes) {
    let ours = |summary| says(summary).tag("papers");
    for (kind, summary) in [
        (Kind::IdCard, "An ID card to print"),
        (Kind::BirthCertificate, "A birth certificate to print"),
    ] {
        let path = format!("/desk/persons/{{uin}}/{}", kind.word());
        let show = move |call: Call, uin: Path<String>, request: HttpRequest| {
            paper(call, uin, request, kind)
        };
        let is = ours(summary).path("uin", cast_uin("tomas")).gives_page(200, "With a signed code");
        routes.get(&path, show, is);
    }
    let read = json!({"credential": "eyJ..."});
    routes
        .get("/verify", verify, ours("The page that checks papers").gives_page(200, "The page"))
        .post(
            "/verify",
            verify,
            ours("Checks a paper")
                .takes_as::<BTreeMap<String, String>>("application/x-www-form-urlencoded", read)
                .gives_page(200, "What is right, and what is not"),
        )
        .get(
            "/papers/{id}/status",
            status,
            ours("Whether a paper still counts")
                .gives::<Value>(200, "Valid or revoked")
                .after("this paper was printed"),
        );
}

fn frame(request: &HttpRequest, fields: &Fields) -> Frame {
    let accepted = request.headers().get("accept-language").and_then(|v| v.to_str().ok());
    Frame::new(language_of(&fields.words("lang"), accepted.unwrap_or_default()), true)
}

async fn paper(call: Call, uin: Path<String>, request: HttpRequest, kind: Kind) -> HttpResponse {
    let frame = frame(&request, &Fields::read(request.query_string()));
    match printed(&call, &uin, frame, kind).await {
        Ok(page) => pages::show(200, &page, None),
        Err(failure) => {
            let refusal = failure.told();
            call.remark(&refusal.sentence);
            let page = NoticePage::of(frame, &frame.texts.no_paper, &refusal.sentence);
            pages::show(refusal.status(), &page, None)
        }
    }
}

async fn printed(call: &Call, uin: &str, frame: Frame, kind: Kind) -> Result<PaperPage, Failure> {
    let found = call.store().read(|db| people::find(db, uin))?;
    let unknown = || Refusal::new("not_found", format!("nobody has the number {uin}"));
    let person = found.ok_or_else(unknown)?;
    let birth = match kind {
        Kind::IdCard => None,
        Kind::BirthCertificate => Some(birth::of(call, uin).await?),
    };
    let (id, issued) = issued(call, &person, kind)?;
    let mut claims =
        birth.as_ref().map_or_else(|| paper::card_claims(&person), paper::birth_claims);
    let issuer = call.errand.own_base();
    claims["iss"] = issuer.clone().into();
    claims["jti"] = id.into();
    claims["vct"] = kind.word().into();
    claims["iat"] = issued.as_second().into();
    let credential = signer::sign(&call.errand.office, SigningAlg::Es256, ("JWT", claims)).await?;
    let day = issued.strftime("%Y-%m-%d").to_string();
    Ok(PaperPage::new(
        frame,
        (&person, birth.as_ref()),
        &format!("{issuer}/verify#{credential}"),
        day,
    ))
}

/// The id of the person's paper of a kind and when it was issued: now, where there was none.
fn issued(call: &Call, person: &Person, kind: Kind) -> Result<(String, jiff::Timestamp), Failure> {
    let (id, now) = (chance::short()?, call.errand.now());
    let stamp = now.to_string();
    let (kept, stamp, is_new) = call.store().alter(|tx| {
        if let Some((id, stamp)) = papers::of(tx, &person.uin, kind.word())? {
            return Ok((id, stamp, false));
        }
        papers::add(tx, (&id, &stamp), &person.uin, kind.word())?;
        Ok((id, stamp, true))
    })?;
    if is_new {
        let occasion = format!("{} issued", kind.word());
        note(call, (&person.uin, super::desk::DESK), occasion, "")?;
    }
    Ok((kept, stamp.parse().unwrap_or(now)))
}

async fn status(call: Call, id: Path<String>) -> HttpResponse {
    let unknown = || Refusal::new("not_found", "no paper with this id was issued here");
    match status_of(&call, &id).and_then(|status| Ok(status.ok_or_else(unknown)?)) {
        Ok(status) => fresh_json(&status),
        Err(failure) => refuse_client(&call, failure),
    }
}

fn status_of(call: &Call, id: &str) -> Result<Option<Value>, Failure> {
    let found = call.store().read(|db| {
        let uin = papers::about(db, id)?;
        uin.map_or(Ok(None), |uin| people::find(db, &uin))
    })?;
    let Some(person) = found else { return Ok(None) };
    let status = paper::status(&person);
    let told = status["status"].as_str().unwrap_or_default();
    note(call, (&person.uin, VERIFIER), "paper checked", told)?;
    Ok(Some(status))
}

async fn verify(call: Call, request: HttpRequest) -> HttpResponse {
    let fields = Fields::read(&String::from_utf8_lossy(&call.body));
    let frame = frame(&request, &Fields::read(request.query_string()));
    let page = match checked(&call, &fields, frame).await {
        Ok(page) => page,
        Err(failure) => {
            let refusal = failure.told();
            let page = NoticePage::of(frame, &frame.texts.verify_title, &refusal.sentence);
            return pages::show(refusal.status(), &page, None);
        }
    };
    show_verify(&page)
}

async fn checked(call: &Call, fields: &Fields, frame: Frame) -> Result<VerifyPage, Failure> {
    let keys = signer::jwks(&call.errand.office).await?;
    let issuer = call.errand.own_base();
    let page = VerifyPage::new(frame, &issuer, &keys);
    let Some(pasted) = fields.get("credential") else { return Ok(page) };
    let credential = paper::pasted(pasted);
    let claims = signer::read_paper(&call.errand.office, credential)
        .filter(|claims| claims["iss"].as_str() == Some(&issuer));
    Ok(match claims {
        None => {
            call.remark("the signature of this paper does not hold");
            page.refused(pasted)
        }
        Some(claims) => {
            let id = claims["jti"].as_str().unwrap_or_default();
            let status = status_of(call, id)?.unwrap_or_else(|| json!({"status": "unknown"}));
            page.accepted(pasted, &claims, &status)
        }
    })
}
