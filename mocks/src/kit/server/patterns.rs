//! What a path asks for, with names for what varies. The server knows that as well, but tells it before a handler runs
//! only by trying the regular expression of every route once more.

/// The paths that are laid below one mount.
#[derive(Debug)]
pub(super) struct Patterns {
    /// Where they are laid: `/civil-registry`, `/crvs`, or nothing for a system that stands alone.
    below: String,
    /// What an action keeps of that: the mount of the system itself is left off.
    kept: String,
    /// In the order of laying, because the first that fits a path answers.
    laid: Vec<String>,
}

impl Patterns {
    /// Of a system whose own mount is `own`, laid at `below`.
    pub(super) fn new(own: &str, below: &str, laid: Vec<String>) -> Self {
        let kept = if below == own { String::new() } else { below.to_owned() };
        Self { below: below.to_owned(), kept, laid }
    }

    /// The action of a request, as the journal names it: `PUT /quotes/{id}`. What is laid nowhere is named as it was asked
    /// for.
    pub(super) fn action(&self, method: &str, path: &str) -> String {
        let path = path.strip_prefix(&*self.below).unwrap_or(path);
        let pattern = self.laid.iter().find(|laid| fits(laid, path)).map_or(path, |laid| laid);
        format!("{method} {}{pattern}", self.kept)
    }
}

/// Whether `path` is one of those that `pattern` stands for: `{id}` is a word of a path, and `{rest:.*}` all that follows.
fn fits(pattern: &str, path: &str) -> bool {
    let (mut names, mut words) = (pattern.split('/'), path.split('/'));
    loop {
        match (names.next(), words.next()) {
            (None, None) => return true,
            (Some(name), Some(_)) if name.ends_with(":.*}") => return true,
            (Some(name), Some(word)) if name == word => {}
            (Some(name), Some(word)) if name.starts_with('{') && !word.is_empty() => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::App;
    use actix_web::test::{TestRequest, init_service};
    use actix_web::web;

    use super::*;
    use crate::kit::openapi::Routes;

    #[test]
    fn a_request_is_named_after_the_first_route_that_fits() {
        let laid = ["/quotes/{id}", "/quotes/{id}/error", "/quotes", "/old/{rest:.*}"];
        let laid = laid.map(str::to_owned).to_vec();
        let at = |below| Patterns::new("/payment-switch", below, laid.clone());
        let own = at("/payment-switch");
        for (path, wanted) in [
            ("/payment-switch/quotes/7", "PUT /quotes/{id}"),
            ("/payment-switch/quotes/7/error", "PUT /quotes/{id}/error"),
            ("/payment-switch/quotes", "PUT /quotes"),
            ("/payment-switch/quotes/", "PUT /quotes/"),
            ("/payment-switch/old/a/b", "PUT /old/{rest:.*}"),
            ("/payment-switch/new", "PUT /new"),
            ("/payment-switch", "PUT "),
        ] {
            assert_eq!(own.action("PUT", path), wanted, "{path}");
        }
        assert_eq!(at("/switch").action("GET", "/switch/quotes/7"), "GET /switch/quotes/{id}");
        assert_eq!(at("").action("GET", "/quotes/7"), "GET /quotes/{id}");
    }

    #[actix_web::test]
    async fn every_route_of_every_system_is_found_as_the_server_finds_it() {
        for system in crate::ALL {
            let lay = || {
                let mut routes = Routes::of(system);
                (system.routes)(&mut routes);
                crate::kit::control::system_routes(&mut routes);
                routes
            };
            let laid = lay().paths();
            let patterns = Patterns::new("", "", laid.clone());
            let app = App::new().configure(|config| lay().lay(config));
            let app = init_service(app.default_service(web::to(actix_web::HttpResponse::Ok))).await;
            for pattern in laid {
                let path = pattern.replace(":.*}", "}/b").replace(['{', '}'], "");
                let request = TestRequest::with_uri(&path).to_request();
                let answer = actix_web::test::call_service(&app, request).await;
                let found = answer.request().match_pattern();
                let wanted = format!("GET {}", found.as_deref().unwrap_or(&path));
                assert_eq!(patterns.action("GET", &path), wanted, "{}: {path}", system.name);
            }
        }
    }
}
