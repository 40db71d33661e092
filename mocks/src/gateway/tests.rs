//! A visitor to the gateway: only HTTP.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::kit::courier::Letter;
use crate::kit::room::Policy;
use crate::kit::trial::Trial;

const SYSTEMS: &[crate::kit::system::System] = &[super::SYSTEM];

type Fields = &'static [(&'static str, &'static str)];

fn token_for(fields: &[(&str, &str)]) -> Letter {
    Letter::post("gateway", "/oauth2/client/token").form(fields)
}

const GRANT: (&str, &str) = ("grant_type", "client_credentials");
const DEMO: Fields = &[GRANT, ("client_id", "demo"), ("client_secret", "demo")];

#[actix_web::test]
async fn a_client_gets_a_token_that_no_journal_ever_shows() {
    let trial = Trial::start(SYSTEMS, 50);
    let (status, answer) = trial.ask(token_for(DEMO)).await;
    assert_eq!((status, answer["token_type"].as_str()), (200, Some("Bearer")));
    assert_eq!(answer["expires_in"], 3600);
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(token.split('.').count(), 3);
    for entry in trial.journal().await {
        let text = format!("{}{}{}", entry.path, entry.headers, entry.body);
        assert!(!text.contains(token) && !text.contains("client_secret=demo"), "{text}");
    }
}

#[actix_web::test]
async fn the_secret_may_come_in_the_header() {
    let trial = Trial::start(SYSTEMS, 50);
    let letter = token_for(&[GRANT])
        .header("authorization", &format!("Basic {}", STANDARD.encode("demo:demo")));
    assert_eq!(trial.ask(letter).await.0, 200);
}

#[actix_web::test]
async fn an_open_room_takes_the_application_as_json_or_in_the_address() {
    let trial = Trial::start(crate::ALL, 50);
    let query = "grant_type=client_credentials&client_id=demo&client_secret=demo";
    let json = serde_json::json!({"grant_type": "client_credentials", "client_id": "demo", "client_secret": "demo"});
    for policy in [Policy::Open, Policy::Strict] {
        trial.hall().room.set_policy(policy).unwrap();
        for system in ["gateway", "farmer_registry"] {
            let path = "/oauth2/client/token";
            let in_address = Letter::post(system, format!("{path}?{query}"));
            for letter in [in_address, Letter::post(system, path).json(&json)] {
                let (status, answer) = trial.ask(letter).await;
                if policy == Policy::Open {
                    assert_eq!(
                        (status, &answer["token_type"]),
                        (200, &"Bearer".into()),
                        "{answer}"
                    );
                } else {
                    assert_eq!((status, &answer["error"]), (400, &"invalid_request".into()));
                }
            }
        }
    }
    let journal = trial.journal().await;
    for entry in &journal {
        let text = format!("{}{}{}{}", entry.path, entry.headers, entry.body, entry.remark);
        assert!(!text.contains("client_secret=demo"), "{text}");
        assert!(!text.contains("\"client_secret\":\"demo\""), "{text}");
    }
    assert!(journal.iter().any(|entry| entry.remark.contains("2.3.1")));
}

#[actix_web::test]
async fn wrong_requests_get_the_errors_of_rfc_6749() {
    let trial = Trial::start(SYSTEMS, 50);
    let cases: [(Fields, u16, &str); 5] = [
        (&[GRANT, ("client_id", "demo"), ("client_secret", "wrong")], 401, "invalid_client"),
        (&[GRANT, ("client_id", "nobody"), ("client_secret", "demo")], 401, "invalid_client"),
        (&[("grant_type", "password")], 400, "unsupported_grant_type"),
        (&[GRANT], 400, "invalid_request"),
        (
            &[
                GRANT,
                ("client_id", "reader"),
                ("client_secret", "reader"),
                ("scope", "mapper.link"),
            ],
            400,
            "invalid_scope",
        ),
    ];
    for (fields, status, code) in cases {
        let reply = trial.send(token_for(fields)).await;
        let body: Value = reply.json().unwrap();
        assert_eq!((reply.status, body["error"].as_str()), (status, Some(code)), "{fields:?}");
        assert_eq!(reply.header("www-authenticate").is_some(), status == 401);
    }
}

#[actix_web::test]
async fn the_keys_are_at_the_mount_and_at_the_root() {
    let trial = Trial::start(SYSTEMS, 50);
    let (_, mounted) = trial.ask(Letter::get("gateway", "/.well-known/jwks.json")).await;
    let root = format!("{}/.well-known/jwks.json", trial.running.base);
    let (status, at_root) = trial.ask(Letter::to_address(http::Method::GET, &root)).await;
    assert_eq!((status, &at_root), (200, &mounted));
    let kinds: Vec<_> = at_root["keys"].as_array().unwrap().iter().map(|k| &k["alg"]).collect();
    assert_eq!(kinds, ["EdDSA", "ES256", "RSA-OAEP-256", "EdDSA"]);
    let root = format!("{}/oauth2/client/token", trial.running.base);
    let letter = Letter::to_address(http::Method::POST, &root).form(DEMO);
    assert_eq!(trial.ask(letter).await.0, 200);
}

#[actix_web::test]
async fn the_places_are_a_tree_with_one_root() {
    let trial = Trial::start(SYSTEMS, 50);
    let root = format!("{}/.well-known/locations.json", trial.running.base);
    let (status, answer) = trial.ask(Letter::to_address(http::Method::GET, &root)).await;
    assert_eq!((status, &answer["@type"]), (200, &"LocationHierarchy".into()));
    let places = answer["locations"].as_array().unwrap();
    assert_eq!(places.len(), 1 + 4 + 16 + 128);
    assert!(places[0]["contained_in_place"].is_null());
    for (i, place) in places.iter().enumerate().skip(1) {
        let parent = &place["contained_in_place"];
        assert!(places[..i].iter().any(|p| p["id"] == *parent), "{place}");
    }
}
