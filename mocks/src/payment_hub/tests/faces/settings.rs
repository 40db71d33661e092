//! How the hub works is chosen, and what cannot work is not taken.

use super::*;

async fn choose(trial: &Trial, settings: Value) -> (u16, Value) {
    let letter = Letter::to("payment_hub", http::Method::PUT, "/settings").json(&settings);
    trial.ask(letter).await
}

#[actix_web::test]
async fn an_account_that_the_treasury_does_not_have_is_not_chosen_to_pay() {
    let trial = trial().await;
    for account in ["NOPE", ""] {
        let (status, said) = choose(&trial, json!({"payer_account": account})).await;
        let why = said["errors"][0]["message"].as_str().unwrap_or_default();
        assert!(status == 400 && why.starts_with("payer_account: "), "{account}: {status} {said}");
    }
    assert_eq!(get(&trial, "/settings").await.1["payer_account"], "GOV-SP-001");
    let new =
        json!({"kind": "ACCOUNT_ID", "number": "GOV-OAP", "given": "Old Age", "family": "Pension"});
    let (status, said) = trial.ask(Letter::post("treasury", "/accounts").json(&new)).await;
    assert_eq!(status, 201, "{said}");
    let (status, said) = choose(&trial, json!({"payer_account": "GOV-OAP"})).await;
    assert_eq!((status, &said["payer_account"]), (200, &json!("GOV-OAP")), "{said}");

    fault(&trial, "treasury", json!({"kind": "refusing", "status": 503, "times": 9})).await;
    let (status, said) = choose(&trial, json!({"payer_account": "GOV-SP-002"})).await;
    assert_eq!(status, 503, "nobody knows: {said}");
    let (status, _) =
        choose(&trial, json!({"payer_account": "GOV-OAP", "govstack_v1": "strict"})).await;
    assert_eq!(status, 200, "what stays as it is need not be asked about");
}
