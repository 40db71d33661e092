//! The portal and the officer's counter, beside what the branches show.

use serde_json::json;

use super::country::{
    apply, by_uin, called, come_back, look, parameter, post, requests_to, start, through,
};
use crate::kit::courier::Letter;

#[actix_web::test]
async fn the_login_asks_with_pkce_for_no_more_than_is_needed() {
    let trial = start();
    let (id, login) = apply(&trial, &by_uin(called("Tomas"))).await;
    assert_eq!(id, "APP-2026-000001");
    assert_eq!(parameter(&login, "code_challenge_method"), "S256");
    assert_eq!(parameter(&login, "scope"), "openid profile phone address");
    assert!(parameter(&login, "redirect_uri").ends_with("/programme-office/portal/callback"));
    assert_eq!(look(&trial, &id).await["state"], "draft");
}

#[actix_web::test]
async fn coming_back_twice_does_nothing_twice() {
    let trial = start();
    let tomas = called("Tomas");
    let (id, login) = apply(&trial, &by_uin(tomas)).await;
    assert_eq!(come_back(&trial, &login, tomas).await, 303);
    assert_eq!(come_back(&trial, &login, tomas).await, 303);
    assert_eq!(requests_to(&trial, "identity", "/oauth/v2/token").await, 1);
    assert_eq!(look(&trial, &id).await["state"], "enrolled");
}

#[actix_web::test]
async fn a_code_for_another_login_is_refused() {
    let trial = start();
    let (id, login) = apply(&trial, &by_uin(called("Tomas"))).await;
    let path = format!(
        "/portal/callback?code={}.stolen&state={}",
        called("Tomas").uin(),
        parameter(&login, "state")
    );
    trial.send(Letter::get("programme_office", path)).await;
    let application = look(&trial, &id).await;
    assert_eq!(application["state"], "draft");
    assert!(application["reason"].as_str().unwrap().contains("nonce"), "{application}");
    assert_eq!(requests_to(&trial, "civil_registry", "").await, 0);
}

#[actix_web::test]
async fn a_browser_gets_a_page_without_scripts() {
    let trial = start();
    let application = through(&trial, called("Tomas")).await;
    let path = format!("/portal/applications/{}", application["application_id"].as_str().unwrap());
    let page =
        trial.send(Letter::get("programme_office", path).header("accept", "text/html")).await;
    let html = String::from_utf8_lossy(&page.body);
    assert!(
        html.contains("<h1>Old Age Pension</h1>") && html.contains("PAY-2026-000001-1"),
        "{html}"
    );
    assert!(page.header("content-security-policy").unwrap().contains("default-src 'none'"));
}

#[actix_web::test]
async fn bad_applications_are_told_what_would_be_right() {
    let trial = start();
    let wishes = [
        (
            json!({"programme": "NONE", "uin": called("Tomas").uin(), "phone": "+99910000001"}),
            "there are AGR, CAR",
        ),
        (json!({"programme": "OAP", "phone": "+99910000001"}), "write the UIN"),
        (json!({"programme": "OAP", "uin": called("Tomas").uin(), "phone": "1"}), "8 to 15 digits"),
        (json!([]), "this is no application"),
    ];
    for (wish, sentence) in wishes {
        let (status, answer) = post(&trial, "/portal/applications", &wish).await;
        assert_eq!(status, 400, "{wish}");
        assert!(answer["error"].as_str().unwrap().contains(sentence), "{answer}");
    }
    let (status, _) =
        trial.ask(Letter::get("programme_office", "/applications/APP-2026-000009")).await;
    assert_eq!(status, 404);
}

#[actix_web::test]
async fn another_age_in_the_programme_file_decides_the_next_application() {
    let trial = start();
    let text = trial.send(Letter::get("programme_office", "/programmes")).await.body;
    let text = String::from_utf8_lossy(&text).replace("pension_age: 65", "pension_age: 64");
    let raised = text.replacen("version: 1", "version: 2", 1);
    let put = |text: String| {
        let to = http::Method::PUT;
        trial.ask(Letter::to("programme_office", to, "/programmes").bytes("application/yaml", text))
    };
    let (status, wrong) =
        put(text.replace("(birth_date) >= {pension_age}", "(birth_dat) >= {pension_age}")).await;
    assert_eq!(status, 400);
    assert!(wrong["error"].as_str().unwrap().contains("`birth_dat` is no fact"), "{wrong}");
    assert_eq!(
        through(&trial, called("Elia")).await["state"],
        "not_eligible",
        "a wrong file changes nothing"
    );
    let (status, unraised) = put(text).await;
    assert_eq!((status, unraised["error"].as_str().unwrap().contains("write 2")), (400, true));
    assert_eq!(put(raised).await.0, 200);
    assert_eq!(through(&trial, called("Elia")).await["state"], "enrolled");
}

#[actix_web::test]
async fn a_membership_is_paused_and_left_only_with_a_reason() {
    let trial = start();
    let application = through(&trial, called("Tomas")).await;
    let path =
        format!("/applications/{}/membership", application["application_id"].as_str().unwrap());
    let change = |change: &str, reason: &str| json!({"change": change, "reason": reason});
    assert_eq!(post(&trial, &path, &change("continue", "x")).await.0, 409);
    assert_eq!(post(&trial, &path, &change("pause", "a doubt")).await.1["state"], "paused");
    assert_eq!(post(&trial, &path, &change("exit", "")).await.0, 409);
    assert_eq!(post(&trial, &path, &change("exit", "Deceased")).await.1["state"], "exited");
}
