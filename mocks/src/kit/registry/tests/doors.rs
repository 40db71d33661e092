//! Every registry has every door that the standard and the official mocks give it, in both families, also where it stands alone.

use http::Method;
use serde_json::{Value, json};

use crate::kit::courier::Letter;
use crate::kit::registry::visitor::{Visitor, search};
use crate::kit::server::{Listen, serve};
use crate::kit::trial::Trial;

pub(super) const SYSTEMS: &[crate::kit::system::System] = &[
    crate::beneficiary_registry::SYSTEM,
    crate::civil_registry::SYSTEM,
    crate::disability_registry::SYSTEM,
    crate::employment_service::SYSTEM,
    crate::farmer_registry::SYSTEM,
    crate::social_registry::SYSTEM,
    crate::gateway::SYSTEM,
];

/// The mount, the official prefix, and what the registry has beside what all have.
pub(super) const REGISTRIES: [(&str, &str, &[&str]); 6] = [
    ("civil-registry", "crvs", &[]),
    ("social-registry", "sr", &[]),
    ("beneficiary-registry", "ibr", &["sync/enrolled", "sync/enrollment/updates"]),
    (
        "disability-registry",
        "dr",
        &[
            "sync/disabled",
            "sync/get-disability-status",
            "sync/get-disability-details",
            "sync/get-disability-support",
        ],
    ),
    ("farmer-registry", "fr", &[]),
    ("employment-service", "ess", &["sync/check-enrollment"]),
];

const ALL: [&str; 11] = [
    "search",
    "on-search",
    "subscribe",
    "on-subscribe",
    "unsubscribe",
    "on-unsubscribe",
    "notify",
    "txn/status",
    "txn/on-status",
    "sync/search",
    "sync/txn/status",
];

async fn post(trial: &Trial, url: &str, body: &str) -> (u16, Value) {
    let letter = Letter::to_address(Method::POST, url);
    trial.ask(letter.bytes("application/json", body.to_owned())).await
}

#[actix_web::test]
async fn every_door_of_the_table_is_there_in_both_families() {
    let trial = Trial::start(SYSTEMS, 50);
    let base = &trial.running.base;
    for (mount, prefix, own) in REGISTRIES {
        for path in ALL.iter().chain(own) {
            for body in ["", "{}"] {
                let (status, answer) = post(&trial, &format!("{base}/{prefix}/{path}"), body).await;
                assert_eq!(status, 200, "/{prefix}/{path}: {answer:#}");
                assert!(answer["message"].is_object(), "/{prefix}/{path}: {answer:#}");
            }
            let strict = format!("{base}/{mount}/registry/{path}");
            let (status, answer) = post(&trial, &strict, "{}").await;
            assert!(matches!(status, 400 | 401), "{strict}: {status} {answer:#}");
            assert!(answer["errors"][0]["message"].as_str().unwrap().len() > 10, "{answer:#}");
            let (status, _) = trial.ask(Letter::to_address(Method::GET, &strict)).await;
            assert!(matches!(status, 404 | 405), "{strict} is asked by POST only");
        }
    }
}

#[actix_web::test]
async fn a_registry_that_stands_alone_serves_both_families_at_its_root() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let criteria = json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": visitor.uin("ama")}});
    let asked = search(&[criteria]);
    for system in ["farmer_registry", "disability_registry", "employment_service", "civil_registry"]
    {
        let listen = Listen { alone: Some(system), ..Listen::default() };
        let alone = serve(&trial.country, &listen, |_| {}).unwrap();
        let mount = system.replace('_', "-");
        let (_, prefix, own) = REGISTRIES.into_iter().find(|(m, ..)| *m == mount).unwrap();
        for path in ALL.iter().chain(own) {
            let strict = format!("{}/registry/{path}", alone.base);
            assert!(matches!(post(&trial, &strict, "{}").await.0, 400 | 401), "{strict}");
            let lenient = format!("{}/{prefix}/{path}", alone.base);
            assert_eq!(post(&trial, &lenient, "").await.0, 200, "{lenient}");
        }
        let url = format!("{}/registry/sync/search", alone.base);
        let (status, refused) =
            trial.ask(Letter::to_address(Method::POST, &url).json(&asked)).await;
        assert_eq!(
            (status, &refused["errors"][0]["code"]),
            (401, &json!("err.request.unauthorized"))
        );
        let url = format!("{}/{prefix}/sync/search", alone.base);
        let (status, found) = trial.ask(Letter::to_address(Method::POST, &url).json(&asked)).await;
        assert_eq!(status, 200);
        let many = u64::from(matches!(system, "farmer_registry" | "civil_registry"));
        let item = &found["message"]["search_response"][0];
        assert_eq!(item["pagination"]["total_count"], many, "{system}: {found:#}");
        alone.stop().await;
    }
}
