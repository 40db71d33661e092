//! What a path asks for, with names for what varies. The server finds that out as well, but by trying the regular expression
//! of one route after the other: it is told which one to try.

/// The paths that are laid below one mount.
#[derive(Debug)]
pub(super) struct Patterns {
    /// Where they are laid: `/civil-registry`, `/crvs`, or nothing for a system that stands alone.
    below: String,
    /// What an action keeps of that: the mount of the system itself is left off.
    kept: String,
    /// In the order of laying, because the first that fits a path answers.
    laid: Vec<Pattern>,
}

/// A path with names for what varies.
#[derive(Debug)]
struct Pattern {
    text: String,
    words: Vec<Word>,
    /// Whether more may follow: `/old/{rest:.*}`.
    is_open: bool,
}

#[derive(Debug)]
enum Word {
    Is(String),
    /// `{id}`: any word that is not empty.
    Any,
}

impl Pattern {
    fn read(text: String) -> Self {
        let closed = text.split('/').take_while(|word| !word.ends_with(":.*}"));
        let named = |word: &str| {
            if word.starts_with('{') { Word::Any } else { Word::Is(word.to_owned()) }
        };
        let words: Vec<_> = closed.map(named).collect();
        Self { is_open: text.ends_with(":.*}"), words, text }
    }

    /// Whether a path of these words is one of those that this stands for.
    fn fits(&self, path: &[&str]) -> bool {
        let (asked, laid) = (path.len(), self.words.len());
        let fits = |(word, asked): (&Word, &&str)| match word {
            Word::Is(word) => word == asked,
            Word::Any => !asked.is_empty(),
        };
        (asked == laid || (self.is_open && asked > laid)) && self.words.iter().zip(path).all(fits)
    }
}

impl Patterns {
    /// Of a system whose own mount is `own`, laid at `below`.
    pub(super) fn new(own: &str, below: &str, laid: Vec<String>) -> Self {
        let kept = if below == own { String::new() } else { below.to_owned() };
        let laid = laid.into_iter().map(Pattern::read).collect();
        Self { below: below.to_owned(), kept, laid }
    }

    /// Which of the paths answers: the first that fits.
    pub(super) fn find(&self, path: &str) -> Option<usize> {
        let words: Vec<_> = self.within(path).split('/').collect();
        self.laid.iter().position(|laid| laid.fits(&words))
    }

    /// The action of a request, as the journal names it: `PUT /quotes/{id}`. What is laid nowhere is named as it was asked
    /// for.
    pub(super) fn action(&self, method: &str, path: &str, found: Option<usize>) -> String {
        let pattern = found.map_or_else(|| self.within(path), |number| &self.laid[number].text);
        [method, " ", &self.kept, pattern].concat()
    }

    fn within<'a>(&self, path: &'a str) -> &'a str {
        path.strip_prefix(&*self.below).unwrap_or(path)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::dev::ResourceDef;

    use super::*;
    use crate::kit::openapi::Routes;

    #[test]
    fn a_request_is_named_after_the_first_route_that_fits() {
        let laid = ["/quotes/{id}", "/quotes/{id}/error", "/quotes", "/old/{rest:.*}"];
        let laid = laid.map(str::to_owned).to_vec();
        let at = |below| Patterns::new("/payment-switch", below, laid.clone());
        let action =
            |patterns: &Patterns, method, path| patterns.action(method, path, patterns.find(path));
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
            assert_eq!(action(&own, "PUT", path), wanted, "{path}");
        }
        assert_eq!(action(&at("/switch"), "GET", "/switch/quotes/7"), "GET /switch/quotes/{id}");
        assert_eq!(action(&at(""), "GET", "/quotes/7"), "GET /quotes/{id}");
    }

    #[test]
    fn every_route_of_every_system_is_found_as_the_server_finds_it() {
        for system in crate::ALL {
            let mut routes = Routes::of(system);
            (system.routes)(&mut routes);
            crate::kit::control::system_routes(&mut routes);
            let laid = routes.paths();
            let patterns = Patterns::new("", "", laid.clone());
            let server: Vec<_> = laid.iter().map(|path| ResourceDef::new(path.as_str())).collect();
            for pattern in laid {
                let path = pattern.replace(":.*}", "}/b").replace(['{', '}'], "");
                for path in [&path, &format!("{path}/"), &format!("{path}/more")] {
                    let wanted = server.iter().position(|known| known.is_match(path));
                    assert_eq!(patterns.find(path), wanted, "{}: {path}", system.name);
                }
            }
        }
    }
}
