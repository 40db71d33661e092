//! The page of a system that is served alone (`arenoa mock NAME`), at the root of its port: what it is, one call that works
//! as it stands, and the way to all others.

use std::sync::Arc;

use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mocks::kit::openapi::{Sample, Token, described};
use mocks::kit::system::System;
use orchestrator::theatre::Theatre;

use super::frame::{Frame, Lane, system_lane};
use super::opened::quoted;
use super::reply;
use super::visit::Visit;
use super::{api, assets};

/// The name under which these pages know that nothing else is served: they have no menu.
pub(super) const ALONE: &str = "alone";

/// The system that is served alone.
#[derive(Debug, Clone, Copy)]
pub(super) struct Alone(&'static System);

#[derive(Debug, Template)]
#[template(path = "alone.html")]
struct AlonePage {
    f: Frame,
    lane: Lane,
    /// Its name in addresses: `civil-registry`.
    mount: String,
    base: String,
    curl: String,
    people: usize,
    is_identity: bool,
}

/// The pages beside `system`, which stands alone: its own, and the one on which its calls are tried.
pub fn alone(
    theatre: &Arc<Theatre>,
    system: &'static System,
) -> impl Fn(&mut ServiceConfig) + Send + Sync + 'static + use<> {
    let theatre = Data::from(Arc::clone(theatre));
    move |cfg| {
        cfg.app_data(theatre.clone()).app_data(Data::new(Alone(system)));
        cfg.route("/", web::get().to(page));
        assets::routes(cfg);
        api::routes(cfg);
    }
}

async fn page(req: HttpRequest, theatre: Data<Theatre>, alone: Data<Alone>) -> HttpResponse {
    let (visit, system) = (Visit::of(&req), alone.0);
    let asked = req.connection_info().clone();
    let base = format!("{}://{}", asked.scheme(), asked.host());
    let page = AlonePage {
        f: visit.frame(ALONE),
        lane: system_lane(visit.texts, system.name, system.title, system.does, system.standard),
        mount: system.mount(),
        curl: curl(system, &base),
        base,
        people: theatre.country.people.population(),
        is_identity: system.name == "identity",
    };
    reply::page(&page.f, &page)
}

/// Gets a token of the demo client within a command.
const TOKEN: &str = "$(curl -s -d 'grant_type=client_credentials&client_id=demo&client_secret=demo' \
     {base}/oauth2/client/token | sed 's/.*\"access_token\":\"\\([^\"]*\\)\".*/\\1/')";

/// A call that works as it stands: the example of a route that needs nothing before it. What asks something comes first; a
/// system without such a route is asked whether it is up.
fn curl(system: &'static System, base: &str) -> String {
    let laid = described(system, system.routes);
    let samples = laid.operations.iter().map(|operation| operation.sample());
    let works = |sample: &Sample<'_>| {
        let is_json = sample.body.is_none_or(|(media, _)| media == "application/json");
        is_json && sample.needs.is_none() && !matches!(sample.token, Some(Token::Own(_)))
    };
    let rank = |sample: &Sample<'_>| {
        let asks = ["/sync/search", "/sync/resolve", "/check_funds", "/sms", "/indicators"];
        let told = asks.iter().position(|end| sample.path.ends_with(end));
        (told.unwrap_or(asks.len()), sample.method != "GET", sample.path.contains(".well-known"))
    };
    let Some(sample) = samples.filter(works).min_by_key(rank) else {
        return format!("curl {}", quoted(&format!("{base}/_arenoa/health")));
    };
    let method = match sample.method.as_str() {
        "GET" => String::new(),
        method => format!(" -X {method}"),
    };
    let mut parts = vec![format!("curl{method} {}", quoted(&format!("{base}{}", sample.path)))];
    let named = sample.headers.iter().map(|(name, value)| quoted(&format!("{name}: {value}")));
    parts.extend(named.map(|header| format!("-H {header}")));
    if sample.token == Some(Token::Country) {
        let token = TOKEN.replace("{base}", base);
        parts.push(format!("-H \"authorization: Bearer {token}\""));
    }
    if let Some((media, body)) = sample.body {
        parts.push(format!("-H {}", quoted(&format!("content-type: {media}"))));
        parts.push(format!("-d {}", quoted(&body.to_string())));
    }
    parts.join(" \\\n  ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registry_is_searched_and_a_system_without_a_question_is_asked_for_something_else() {
        let of = |name: &str| {
            let system = mocks::ALL.iter().find(|system| system.name == name).unwrap();
            curl(system, "http://localhost:9001")
        };
        let search = of("civil_registry");
        assert!(search.starts_with("curl -X POST 'http://localhost:9001/registry/sync/search'"));
        assert!(search.contains("-H 'content-type: application/json'"), "{search}");
        assert!(search.contains("Bearer $(curl -s -d 'grant_type=client_credentials"), "{search}");
        for system in mocks::ALL {
            assert!(of(system.name).contains("'http://localhost:9001/"), "{}", system.name);
        }
    }
}
