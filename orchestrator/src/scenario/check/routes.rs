//! The messages that systems take, as the code that serves them describes itself.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use mocks::kit::openapi::actions as taken;

use super::super::problem::offer;

/// What each system takes: method and route as the journal names them, `PUT /quotes/{id}`.
static TAKEN: LazyLock<BTreeMap<&str, BTreeSet<String>>> =
    LazyLock::new(|| mocks::ALL.iter().map(|system| (system.name, taken(system))).collect());

/// Whether a system takes messages with this action; any system where none is named.
pub(super) fn serves(system: Option<&str>, action: &str) -> bool {
    actions(system).any(|one| one == action)
}

/// Whether a system takes this request: method and path, with `${...}` where a value goes.
pub(super) fn takes(system: &str, request: &str) -> bool {
    actions(Some(system)).any(|action| fits(action, request))
}

/// What would have been right, or is most like it.
pub(super) fn offer_route(system: Option<&str>, request: &str) -> String {
    let all: BTreeSet<&str> = actions(system).map(String::as_str).collect();
    offer(request, all)
}

fn actions(system: Option<&str>) -> impl Iterator<Item = &'static String> {
    let of = TAKEN.iter().filter(move |(name, _)| system.is_none_or(|one| one == **name));
    of.flat_map(|(_, actions)| actions)
}

/// Whether a request is one of an action. A name in the route and a value of the story stand for anything; a path that a
/// value begins with is known only when the story plays.
fn fits(action: &str, request: &str) -> bool {
    let (Some((method, route)), Some((asked, target))) =
        (action.split_once(' '), request.split_once(' '))
    else {
        return false;
    };
    let path = target.split('?').next().unwrap_or_default();
    if method != asked {
        return false;
    }
    if !path.starts_with('/') {
        return true;
    }
    let (mut of_route, mut of_path) = (route.split('/'), path.split('/'));
    loop {
        match (of_route.next(), of_path.next()) {
            // What is left of a path goes into the last name of some routes.
            (None, None) | (Some("{rest}"), Some(_)) => return true,
            (Some(name), Some(value)) => {
                let any = name.starts_with('{') || value.contains("${");
                if !any && name != value {
                    return false;
                }
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_fits_a_route_name_by_name() {
        let route = "POST /cycles/{id}/verify";
        assert!(fits(route, "POST /cycles/${cycle}/verify"));
        assert!(fits(route, "POST /cycles/C-1/verify?slow=true"));
        assert!(!fits(route, "GET /cycles/C-1/verify"));
        assert!(!fits(route, "POST /cycles/C-1/verified"));
        assert!(!fits(route, "POST /cycles/C-1"));
    }

    #[test]
    fn every_system_says_what_it_takes() {
        assert_eq!(TAKEN.len(), mocks::ALL.len());
        assert!(serves(Some("payment_hub"), "POST /disburse"));
        assert!(!serves(None, "POST /disbours"));
        assert_eq!(offer_route(None, "POST /disbours"), "did you mean `POST /disburse`?");
    }
}
