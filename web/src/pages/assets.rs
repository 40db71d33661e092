//! Styles, scripts and pictures: part of the program, sent with a tag so that a browser asks only once what changed.

use std::fmt::Write as _;

use actix_web::http::header::{ETAG, IF_NONE_MATCH};
use actix_web::{HttpRequest, HttpResponse, web};
use askama::Template;
use rust_embed::RustEmbed;

use super::portrait::Portrait;

#[derive(RustEmbed)]
#[folder = "static"]
struct Static;

/// Where static files and portraits are.
pub fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/static/{path:.*}", web::get().to(file));
    cfg.route("/portrait/{id}.svg", web::get().to(portrait));
}

async fn file(req: HttpRequest, path: web::Path<String>) -> HttpResponse {
    let Some(found) = Static::get(&path) else {
        return HttpResponse::NotFound()
            .content_type("text/plain; charset=utf-8")
            .body("there is no such file in this program");
    };
    let hash = found.metadata.sha256_hash();
    let mut tag = String::from("\"");
    for byte in &hash[..12] {
        // Writing to a String cannot fail.
        let _ = write!(tag, "{byte:02x}");
    }
    tag.push('"');
    // The files of others have their version in their address.
    let keep = if path.starts_with("vendor/") { FOR_EVER } else { ASK_AGAIN };
    tagged(&req, (&tag, keep), content_type(&path), found.data.into_owned())
}

async fn portrait(req: HttpRequest, id: web::Path<String>) -> HttpResponse {
    let svg = Portrait::of(&id).render().unwrap_or_default();
    let tag = format!("\"{}-{}\"", env!("CARGO_PKG_VERSION"), svg.len());
    tagged(&req, (&tag, ASK_AGAIN), "image/svg+xml", svg.into_bytes())
}

/// Always asked for again, almost never sent again: a new program shows its new face at once.
const ASK_AGAIN: &str = "no-cache";
const FOR_EVER: &str = "public, max-age=31536000, immutable";

fn tagged(
    req: &HttpRequest,
    (tag, keep): (&str, &str),
    content_type: &str,
    data: Vec<u8>,
) -> HttpResponse {
    let asked = req.headers().get(IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or("");
    let same = asked.split(',').any(|one| one.trim().trim_start_matches("W/") == tag);
    let mut answer = if same { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer
        .insert_header((ETAG, tag))
        .insert_header(("cache-control", keep))
        .insert_header(("x-content-type-options", "nosniff"))
        .insert_header(("content-security-policy", "default-src 'none'; sandbox"));
    if same { answer.finish() } else { answer.content_type(content_type).body(data) }
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next().unwrap_or("") {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" => "application/json",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::StatusCode;
    use actix_web::{App, test};

    #[actix_web::test]
    async fn a_file_is_sent_once_and_then_only_confirmed() {
        let app = test::init_service(App::new().configure(routes)).await;
        let get = |tag: &str| {
            let req = test::TestRequest::get().uri("/static/css/tokens.css");
            if tag.is_empty() { req } else { req.insert_header((IF_NONE_MATCH, tag)) }.to_request()
        };
        let first = test::call_service(&app, get("")).await;
        assert_eq!(first.headers().get("content-type").unwrap(), "text/css; charset=utf-8");
        let tag = first.headers().get(ETAG).unwrap().to_str().unwrap().to_owned();
        let again = test::call_service(&app, get(&tag)).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    }

    #[actix_web::test]
    async fn the_files_of_others_are_as_they_were_published() {
        let sums: Vec<_> = Static::iter().filter(|path| path.ends_with("/SHA256SUMS")).collect();
        assert!(!sums.is_empty());
        for list in sums {
            let folder = list.strip_suffix("SHA256SUMS").unwrap();
            let text = Static::get(&list).unwrap().data.into_owned();
            let text = String::from_utf8(text).unwrap();
            let named: Vec<_> = text.lines().map(|line| line.split_once("  ").unwrap()).collect();
            let there = Static::iter().filter(|path| path.starts_with(folder)).count();
            assert_eq!(there, named.len() + 1, "{folder} holds what is listed and nothing else");
            for (sum, name) in named {
                let hash = Static::get(&format!("{folder}{name}")).unwrap().metadata.sha256_hash();
                let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
                assert_eq!(hash, sum, "{name}");
            }
        }
    }

    #[actix_web::test]
    async fn a_file_outside_the_program_is_not_found() {
        let app = test::init_service(App::new().configure(routes)).await;
        for path in ["/static/../Cargo.toml", "/static/%2e%2e/Cargo.toml", "/static/nothing.css"] {
            let answer =
                test::call_service(&app, test::TestRequest::get().uri(path).to_request()).await;
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{path}");
        }
    }
}
