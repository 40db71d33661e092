//! Clients that register themselves (RFC 7591), and what they can do then.

use http::Method;
use serde_json::{Value, json};

use super::SYSTEMS;
use super::visitor::*;
use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

const BACK: &str = "https://rp.example/cb";

/// Registers at the address that discovery names.
async fn register(trial: &Trial, metadata: &Value) -> (u16, Value) {
    let (_, says) = trial.ask(Letter::get("identity", "/.well-known/openid-configuration")).await;
    let address = says["registration_endpoint"].as_str().unwrap();
    trial.ask(Letter::to_address(Method::POST, address).json(metadata)).await
}

/// Logs Tomas in at a client that was registered, and gives its tokens.
async fn log_in_at(trial: &Trial, client: &Value, proof: &[(&str, &str)]) -> (u16, Value) {
    let id = client["client_id"].as_str().unwrap();
    let ours = [("client_id", id), ("redirect_uri", BACK)];
    let answer = log_in(trial, &ours).await;
    redeem(trial, &answer["code"], &[&ours[..], proof].concat()).await
}

#[actix_web::test]
async fn a_plain_client_registers_itself_and_logs_in_as_openid_connect_has_it() {
    let trial = Trial::start(SYSTEMS, 50);
    let wish = json!({"client_name": "RP", "redirect_uris": [BACK], "contacts": ["a@rp.example"],
        "grant_types": ["authorization_code", "refresh_token"]});
    let (status, client) = register(&trial, &wish).await;
    assert_eq!(status, 201, "{client}");
    assert!(client["client_id_issued_at"].is_i64() && client["client_secret_expires_at"] == 0);
    assert_eq!(client["token_endpoint_auth_method"], "client_secret_basic");
    assert_eq!(
        client["grant_types"],
        json!(["authorization_code"]),
        "what is not served is not told"
    );
    let secret = client["client_secret"].as_str().unwrap();
    let (status, tokens) = log_in_at(&trial, &client, &[("client_secret", secret)]).await;
    assert_eq!(status, 200, "{tokens}");
    let person: Value = userinfo(&trial, &tokens["access_token"]).await.json().unwrap();
    assert_eq!((&person["birthdate"], &person["gender"]), (&json!("1959-02-11"), &json!("male")));
    let (status, refused) = log_in_at(&trial, &client, &[("client_secret", "another")]).await;
    assert_eq!((status, &refused["error"]), (401, &json!("invalid_client")));
}

#[actix_web::test]
async fn userinfo_is_signed_where_the_client_says_with_what() {
    let trial = Trial::start(SYSTEMS, 50);
    let wish = json!({"redirect_uris": [BACK], "token_endpoint_auth_method": "none",
        "userinfo_signed_response_alg": "ES256"});
    let (_, client) = register(&trial, &wish).await;
    assert!(
        client.get("client_secret").is_none() && client["userinfo_signed_response_alg"] == "ES256"
    );
    let (_, tokens) = log_in_at(&trial, &client, &[]).await;
    checked(&trial, tokens["id_token"].as_str().unwrap(), client["client_id"].as_str().unwrap())
        .await;
    let reply = userinfo(&trial, &tokens["access_token"]).await;
    assert_eq!(reply.header("content-type"), Some("application/jwt"));
    let header = jsonwebtoken::decode_header(text(&reply)).unwrap();
    assert_eq!(header.alg, jsonwebtoken::Algorithm::ES256);
}

#[actix_web::test]
async fn a_client_proves_itself_with_a_key_of_its_set_or_of_its_address() {
    let trial = Trial::start(SYSTEMS, 50);
    let keys = &trial.office("programme_office").keys;
    let published = format!("{}/programme-office/.well-known/jwks.json", trial.running.base);
    for theirs in [
        json!({"jwks": {"keys": [keys.rsa_jwk(), keys.p256_jwk()]}}),
        json!({"jwks_uri": published}),
    ] {
        let mut wish =
            json!({"redirect_uris": [BACK], "token_endpoint_auth_method": "private_key_jwt"});
        wish.as_object_mut().unwrap().extend(theirs.as_object().unwrap().clone());
        let (status, client) = register(&trial, &wish).await;
        assert_eq!(status, 201, "{client}");
        let id = &client["client_id"];
        let jwt = assertion(&trial, &json!({"iss": id, "sub": id}));
        let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
        let proof = [("client_assertion_type", kind), ("client_assertion", jwt.as_str())];
        let (status, tokens) = log_in_at(&trial, &client, &proof).await;
        assert_eq!(status, 200, "{theirs}: {tokens}");
    }
}

#[actix_web::test]
async fn what_could_never_work_is_refused_in_the_words_of_rfc_7591() {
    let trial = Trial::start(SYSTEMS, 50);
    let office = trial.office("programme_office");
    let key = office.keys.p256_jwk();
    let mut private = key.clone();
    private["d"] = "AAAA".into();
    for (change, error) in [
        (json!({"redirect_uris": []}), "invalid_redirect_uri"),
        (json!({"redirect_uris": ["/cb"]}), "invalid_redirect_uri"),
        (json!({"redirect_uris": ["https://rp.example/cb#x"]}), "invalid_redirect_uri"),
        (json!({"redirect_uris": "https://rp.example/cb"}), "invalid_client_metadata"),
        (json!({"token_endpoint_auth_method": "tls_client_auth"}), "invalid_client_metadata"),
        (json!({"token_endpoint_auth_method": "private_key_jwt"}), "invalid_client_metadata"),
        (json!({"grant_types": ["implicit"]}), "invalid_client_metadata"),
        (json!({"response_types": ["token"]}), "invalid_client_metadata"),
        (json!({"id_token_signed_response_alg": "HS256"}), "invalid_client_metadata"),
        (json!({"userinfo_signed_response_alg": "none"}), "invalid_client_metadata"),
        (json!({"jwks": {"keys": [private]}}), "invalid_client_metadata"),
        (json!({"jwks": {"keys": [key]}, "jwks_uri": BACK}), "invalid_client_metadata"),
    ] {
        let mut wish = json!({"redirect_uris": [BACK]});
        wish.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let (status, refused) = register(&trial, &wish).await;
        assert_eq!((status, refused["error"].as_str()), (400, Some(error)), "{change}: {refused}");
        assert!(refused["error_description"].is_string());
    }
}
