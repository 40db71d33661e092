//! The language of a browser: chosen at the foot of a page or in the menu of the stage, and kept in a cookie.

use actix_web::web::{self, Form};
use actix_web::{Error, HttpRequest, HttpResponse};
use serde::Deserialize;

use super::reply::{LANGUAGE_COOKIE, back_to, kept};
use super::visit::Visit;

/// What the form of languages sends.
#[derive(Debug, Deserialize)]
struct Choice {
    csrf: String,
    /// A code such as `fr`.
    language: String,
    /// Where to go on: a path of ours.
    #[serde(default)]
    page: String,
}

/// The one route; the rooms share it, as the cookie holds in all of them.
pub(super) fn routes(cfg: &mut web::ServiceConfig) {
    cfg.route("/language", web::post().to(choose));
}

async fn choose(req: HttpRequest, choice: Form<Choice>) -> Result<HttpResponse, Error> {
    Visit::of(&req).check_form(&req, &choice.csrf)?;
    let mut answer = back_to(ours(&choice.page));
    // A language that does not exist is not found again, and the browser's own wish counts.
    drop(answer.add_cookie(&kept(LANGUAGE_COOKIE, &choice.language)));
    Ok(answer)
}

/// The page, where it is one of this server: `//elsewhere` and `/\\elsewhere` lead browsers away.
fn ours(page: &str) -> &str {
    let mut letters = page.chars();
    let begins_here = letters.next() == Some('/') && !matches!(letters.next(), Some('/' | '\\'));
    if begins_here && !page.contains(char::is_control) { page } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_led_to_another_site() {
        for page in ["/play/x?branch=F1", "/", "/r/blue/desk"] {
            assert_eq!(ours(page), page);
        }
        for page in ["", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nx: y"]
        {
            assert_eq!(ours(page), "/", "{page}");
        }
    }
}
