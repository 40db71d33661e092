//! Paper credentials: printed, checked, and revoked by a death.

use serde_json::{Value, json};

use super::SYSTEMS;
use super::visitor::*;
use crate::kit::courier::Letter;
use crate::kit::trial::Trial;

async fn printed(trial: &Trial, kind: &str) -> (String, String) {
    let reply = trial.send(Letter::get("identity", format!("/desk/persons/{TOMAS}/{kind}"))).await;
    let page = text(&reply);
    assert_eq!(reply.status, 200, "{page}");
    let link = page.split(r#"class="qr" href=""#).nth(1).unwrap().split('"').next().unwrap();
    let credential = link.rsplit('#').next().unwrap().to_owned();
    (page, credential)
}

async fn checked_at(trial: &Trial, credential: &str) -> String {
    let form = Letter::post("identity", "/verify").form(&[("credential", credential)]);
    text(&trial.send(form).await)
}

fn claims_of(credential: &str) -> Value {
    jsonwebtoken::dangerous::insecure_decode_claims(credential).unwrap()
}

#[actix_web::test]
async fn a_card_is_valid_until_its_holders_death_is_registered_and_then_says_so() {
    let trial = Trial::start(SYSTEMS, 50);
    let (page, credential) = printed(&trial, "id-card").await;
    assert!(page.contains("Tomas Amaro") && page.contains("توماس أمارو") && page.contains("<svg"));
    assert!(credential.len() < 600, "a code of {} letters is hard to scan", credential.len());
    let claims = claims_of(&credential);
    assert_eq!((&claims["uin"], &claims["vct"]), (&json!(TOMAS), &json!("id-card")));
    assert_eq!(claims_of(&printed(&trial, "id-card").await.1)["jti"], claims["jti"], "one card");
    let good = checked_at(&trial, &credential).await;
    assert!(good.contains("The signature is valid") && good.contains("still counts"), "{good}");
    let form = Letter::post("identity", "/verify?lang=fr").form(&[("credential", &credential)]);
    let french = text(&trial.send(form).await);
    assert!(french.contains("<bdi>masculin</bdi>"), "{french}");
    let status = format!("/papers/{}/status", claims["jti"].as_str().unwrap());
    let (_, told) = trial.ask(Letter::get("identity", status.clone())).await;
    assert_eq!(told, json!({"status": "valid"}));

    let death = json!({"date": "2026-10-09", "registration_number": "DRN-2026-0001"});
    trial.ask(Letter::post("identity", format!("/desk/persons/{TOMAS}/death")).json(&death)).await;
    let (_, told) = trial.ask(Letter::get("identity", status)).await;
    assert_eq!(told, json!({"status": "revoked", "reason": "deceased", "since": "2026-10-09"}));
    let link = format!("{}/identity/verify#{credential}", trial.running.base);
    let dead = checked_at(&trial, &link).await;
    assert!(
        dead.contains("The signature is valid") && dead.contains("registered dead on 2026-10-09")
    );
    let (_, file) = trial.ask(Letter::get("identity", format!("/desk/persons/{TOMAS}"))).await;
    assert_eq!(file["audit"][0]["occasion"], "id-card issued");
}

#[actix_web::test]
async fn a_paper_that_was_changed_or_made_elsewhere_is_not_valid() {
    let trial = Trial::start(SYSTEMS, 50);
    let (_, credential) = printed(&trial, "id-card").await;
    let (head, rest) = credential.split_once('.').unwrap();
    let (body, signature) = rest.split_once('.').unwrap();
    let changed = format!("{head}.{}A.{signature}", &body[..body.len() - 1]);
    let elsewhere = printed(&Trial::start(SYSTEMS, 50), "id-card").await.1;
    for bad in [changed.as_str(), elsewhere.as_str(), "abc", "a.b.c"] {
        assert!(checked_at(&trial, bad).await.contains("The signature is not valid"), "{bad}");
    }
    let unknown = trial.ask(Letter::get("identity", "/papers/none/status")).await;
    assert_eq!(unknown.0, 404);
}

#[actix_web::test]
async fn a_birth_certificate_says_what_the_civil_registry_says_and_no_identity_number() {
    let trial = Trial::start(crate::ALL, 100);
    let (page, credential) = printed(&trial, "birth-certificate").await;
    let claims = claims_of(&credential);
    assert!(claims["rn"].as_str().unwrap().starts_with("BRN-1959-"), "{claims}");
    assert!(!claims["pob"].as_str().unwrap().is_empty(), "{claims}");
    assert!(!claims.to_string().contains(TOMAS) && !page.contains(TOMAS), "no identity number");
    let ivo = trial.country.people.named("ivo").unwrap().uin;
    let path = format!("/desk/persons/{ivo}/birth-certificate");
    let none = trial.send(Letter::get("identity", path)).await;
    assert_eq!(none.status, 404, "his birth was never registered");
    assert!(text(&none).contains("no entry of this birth"));
}

#[actix_web::test]
async fn the_checking_page_carries_the_keys_and_runs_its_own_script_only() {
    let trial = Trial::start(SYSTEMS, 50);
    let reply = trial.send(Letter::get("identity", "/verify?lang=ar")).await;
    let page = text(&reply);
    assert!(page.contains(r#"dir="rtl""#) && page.contains(r#""crv":"P-256""#));
    let policy = reply.header("content-security-policy").unwrap();
    let script = page.rsplit("<script>").next().unwrap().split("</script>").next().unwrap();
    let hash = {
        use base64::Engine as _;
        use sha2::Digest as _;
        base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(script))
    };
    assert!(policy.contains(&format!("script-src 'sha256-{hash}'")), "{policy}");
}
