//! Relying parties that could never work are not registered; what discovery announces is.

use http::Method;
use serde_json::{Value, json};

use super::SYSTEMS;
use super::visitor::*;
use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

const DOORS: [&str; 5] = [
    "/v1/esignet/client-mgmt/client",
    "/v1/esignet/client-mgmt/oidc-client",
    "/v1/esignet/client-mgmt/oauth-client",
    "/client-mgmt/client",
    "/client-mgmt/oidc-client",
];

/// A registration that is right, with `changes`.
fn registration(trial: &Trial, id: &str, changes: &Value) -> Value {
    let mut request = json!({
        "clientId": id, "clientName": "Ministry", "relyingPartyId": "ministry",
        "redirectUris": ["https://rp.example/cb"], "userClaims": ["name"],
        "authContextRefs": ["mosip:idp:acr:generated-code"], "grantTypes": ["authorization_code"],
        "clientAuthMethods": ["private_key_jwt"],
        "publicKey": trial.office("programme_office").keys.p256_jwk(),
    });
    for (name, value) in changes.as_object().into_iter().flatten() {
        request[name] = value.clone();
    }
    json!({"request": request})
}

async fn register(trial: &Trial, door: &str, sent: &Value) -> Value {
    trial.ask(Letter::post("identity", door).json(sent)).await.1
}

fn code_of(answer: &Value) -> &str {
    answer["errors"][0]["errorCode"].as_str().unwrap_or("none")
}

#[actix_web::test]
async fn a_client_that_could_never_work_is_refused_at_every_door() {
    let endless = format!("idbb:acr:{}", "password-".repeat(400_000));
    let trial = Trial::start(SYSTEMS, 50);
    for door in DOORS {
        for (change, code) in [
            (json!({"publicKey": {"kty": "RSA"}}), "invalid_public_key"),
            (json!({"publicKey": null}), "invalid_public_key"),
            (json!({"grantTypes": ["implicit"]}), "invalid_grant_type"),
            (json!({"grantTypes": ["authorization_code", "password"]}), "invalid_grant_type"),
            (json!({"clientAuthMethods": ["foo"]}), "invalid_client_auth"),
            (json!({"clientAuthMethods": ["client_secret_jwt"]}), "invalid_client_auth"),
            (json!({"authContextRefs": ["zzz"]}), "invalid_acr"),
            (json!({"authContextRefs": [endless.as_str()]}), "invalid_acr"),
            (json!({"userClaims": ["name", "zzz"]}), "invalid_claim"),
        ] {
            let answer = register(&trial, door, &registration(&trial, "rp", &change)).await;
            assert_eq!(code_of(&answer), code, "{door} {change}: {answer}");
        }
    }
    let asked = [("client_id", "rp"), ("redirect_uri", "https://rp.example/cb")];
    assert_eq!(authorize(&trial, &asked).await.status, 400, "none of these was registered");
    let right = register(&trial, DOORS[0], &registration(&trial, "rp", &json!({}))).await;
    assert_eq!(right["response"]["status"], "ACTIVE", "{right}");
}

#[actix_web::test]
async fn a_client_stays_registered_when_a_story_begins() {
    let trial = Trial::start(SYSTEMS, 50);
    let sent = registration(&trial, "ministry", &json!({}));
    assert_eq!(code_of(&register(&trial, DOORS[0], &sent).await), "none");
    trial.hall().begin().await.unwrap();
    assert_eq!(code_of(&register(&trial, DOORS[0], &sent).await), "duplicate_client_id");
    trial.hall().reset().await.unwrap();
    assert_eq!(code_of(&register(&trial, DOORS[0], &sent).await), "none");
}

#[actix_web::test]
async fn a_change_that_a_client_could_not_be_registered_with_is_refused() {
    let trial = Trial::start(SYSTEMS, 50);
    register(&trial, DOORS[0], &registration(&trial, "rp", &json!({}))).await;
    for method in [Method::PUT, Method::PATCH] {
        for (change, code) in [
            (json!({"grantTypes": ["implicit"]}), "invalid_grant_type"),
            (json!({"clientAuthMethods": ["foo"]}), "invalid_client_auth"),
            (json!({"authContextRefs": ["zzz"]}), "invalid_acr"),
            (json!({"userClaims": ["zzz"]}), "invalid_claim"),
            (json!({"userClaims": ["name", "email"]}), "none"),
        ] {
            let letter = Letter::to("identity", method.clone(), "/client-mgmt/client/rp");
            let (_, answer) = trial.ask(letter.json(&json!({"request": change}))).await;
            assert_eq!(code_of(&answer), code, "{change}: {answer}");
        }
    }
}

#[actix_web::test]
async fn everything_that_discovery_announces_can_be_registered_and_what_esignet_knows() {
    let trial = Trial::start(SYSTEMS, 50);
    let (_, says) = trial.ask(Letter::get("identity", "/.well-known/openid-configuration")).await;
    let all = json!({
        "grantTypes": says["grant_types_supported"], "authContextRefs": says["acr_values_supported"],
        "userClaims": says["claims_supported"],
    });
    let methods = says["token_endpoint_auth_methods_supported"].as_array().unwrap();
    assert_eq!(methods.len(), 4);
    for (number, method) in methods.iter().enumerate() {
        let mut changes = all.clone();
        changes["clientAuthMethods"] = json!([method]);
        let sent = registration(&trial, &format!("rp-{number}"), &changes);
        let answer = register(&trial, DOORS[0], &sent).await;
        assert_eq!(answer["response"]["status"], "ACTIVE", "{method}: {answer}");
    }
    let others =
        json!({"userClaims": ["name", "picture"], "authContextRefs": ["mosip:idp:acr:biometrics"]});
    let answer = register(&trial, DOORS[0], &registration(&trial, "rp-other", &others)).await;
    assert_eq!(answer["response"]["status"], "ACTIVE", "as eSignet's clients come: {answer}");
}
