//! The guard of a country that others on the network can reach: whoever is not on this machine shows the secret, or
//! only watches. Demo credentials are known to everybody, so they do not count here.

use std::sync::Arc;

use actix_web::body::BoxBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::rooms::split;
use crate::kit::secrets::CONTROL_SECRET;

/// What the audience may open without the secret: the first word of a path.
const FOR_ALL: [&str; 7] = ["", "play", "live", "static", "ready", "verify", "favicon.ico"];

/// Lets a request pass where it comes from this machine, only watches, or shows the secret.
pub(super) async fn guard(
    secret: Option<Arc<str>>,
    req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    if meddles(&req) {
        let sentence = "a page of another site may not steer this country: use one of its own pages, or a program";
        return Ok(req.into_response(HttpResponse::Forbidden().body(sentence)));
    }
    let Some(secret) = secret else { return next.call(req).await };
    let local = req.peer_addr().is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    let only_watches = req.method().is_safe() && is_for_all(routed(&req));
    if local || only_watches || shows(&req, &secret) {
        return next.call(req).await;
    }
    let sentence = "this country is not open to everybody: log in as `arenoa` with the secret that it was started \
                    with (programs: the header arenoa-secret)";
    let refusal = HttpResponse::Unauthorized()
        .insert_header((WWW_AUTHENTICATE, "Basic realm=\"Arenoa\", charset=\"UTF-8\""))
        .body(sentence);
    Ok(req.into_response(refusal))
}

/// Whether a browser sends this for a page of somebody else (Fetch Metadata, `Sec-Fetch-Site`): it would reset or break the
/// country of whoever opens that page. Programs send no such header.
fn meddles(req: &ServiceRequest) -> bool {
    let from = req.headers().get("sec-fetch-site").map(HeaderValue::as_bytes);
    let from_elsewhere = from.is_some_and(|from| from != b"same-origin" && from != b"none");
    from_elsewhere && !req.method().is_safe() && routed(req).contains("/_arenoa/")
}

/// The path as it is routed by: what is written with percent signs is decoded.
fn routed(req: &ServiceRequest) -> &str {
    req.match_info().as_str()
}

fn is_for_all(path: &str) -> bool {
    let (_, path) = split(path);
    let first = path.trim_start_matches('/').split('/').next().unwrap_or_default();
    FOR_ALL.contains(&first)
}

fn shows(req: &ServiceRequest, secret: &str) -> bool {
    let header = |name: &str| req.headers().get(name).and_then(|v| v.to_str().ok());
    // `Authorization` carries a program's bearer token, so that the secret has a header of its own.
    if header(CONTROL_SECRET).is_some_and(|shown| same(shown, secret)) {
        return true;
    }
    let basic = header(AUTHORIZATION.as_str()).and_then(|v| v.strip_prefix("Basic "));
    let decoded = basic.and_then(|text| STANDARD.decode(text.trim()).ok());
    let shown = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
    shown.is_some_and(|pair| same(&pair, &format!("arenoa:{secret}")))
}

/// Compares by digest, so that the time it takes tells nothing of where the texts differ.
fn same(shown: &str, secret: &str) -> bool {
    Sha256::digest(shown) == Sha256::digest(secret)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::Method;
    use actix_web::test::TestRequest;

    fn request(path: &str, header: Option<(&str, &str)>) -> ServiceRequest {
        let request = TestRequest::get().uri(path);
        header.into_iter().fold(request, TestRequest::insert_header).to_srv_request()
    }

    #[test]
    fn the_audience_may_watch_and_no_more() {
        assert!(is_for_all("/play/old-age-pension") && is_for_all("/r/blue/live/events"));
        assert!(!is_for_all("/_arenoa/clock") && !is_for_all("/civil-registry/_arenoa/state"));
    }

    #[test]
    fn a_page_of_another_site_steers_nothing() {
        let sent = |method: Method, path, site| {
            let request = TestRequest::with_uri(path).method(method);
            meddles(&request.insert_header(("sec-fetch-site", site)).to_srv_request())
        };
        assert!(sent(Method::POST, "/_arenoa/reset", "cross-site"));
        assert!(sent(Method::POST, "/%5Farenoa/reset", "cross-site"), "as it is routed by");
        assert!(sent(Method::POST, "/statistics/%5farenoa/f%61ults", "cross-site"));
        assert!(sent(Method::DELETE, "/r/blue/statistics/_arenoa/faults", "same-site"));
        assert!(!sent(Method::POST, "/_arenoa/reset", "same-origin"));
        assert!(!sent(Method::GET, "/_arenoa/cast", "cross-site"), "it may look");
        assert!(
            !sent(Method::POST, "/identity/authorize", "cross-site"),
            "a login comes from anywhere"
        );
        assert!(!meddles(&TestRequest::post().uri("/_arenoa/reset").to_srv_request()), "a program");
    }

    #[test]
    fn the_secret_is_shown_by_browsers_and_by_programs() {
        let basic = format!("Basic {}", STANDARD.encode("arenoa:correct horse"));
        assert!(shows(&request("/", Some(("authorization", &basic))), "correct horse"));
        assert!(shows(&request("/", Some((CONTROL_SECRET, "correct horse"))), "correct horse"));
        assert!(!shows(&request("/", Some((CONTROL_SECRET, "demo"))), "correct horse"));
        assert!(!shows(&request("/", None), "correct horse"));
    }
}
