//! What the published files of a DCI server hold beside its registry, at the same address: a token, and the country's places
//! (DCI `authz_core` and `locations_core` v1.0.0). The trust gateway answers both; a registry passes them on.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::{Value, json};

use crate::kit::courier::Letter;
use crate::kit::openapi::{Operation, Routes, says};
use crate::kit::server::Call;
use crate::kit::trust::tokens::GATEWAY;

/// What passes here and is nobody's to read in the journal.
pub const SECRETS: &[&str] = &["client_secret", "access_token"];

const TOKEN: &str = "/oauth2/client/token";
const PLACES: &str = "/.well-known/locations.json";
const FORM: &str = "application/x-www-form-urlencoded";

pub(super) fn routes(routes: &mut Routes) {
    let wish = json!({
        "grant_type": "client_credentials", "client_id": "demo", "client_secret": "demo", "scope": "registry.search",
    });
    let token = passed_on("A bearer token for a client, from the trust gateway")
        .more("RFC 6749, section 4.4; DCI authz core API 1.0.0.")
        .takes_as::<BTreeMap<String, String>>(FORM, wish)
        .gives::<BTreeMap<String, Value>>(200, "The token")
        .gives::<BTreeMap<String, String>>(401, "No client by this name and secret");
    let places = passed_on("Provinces, districts and communities, from the trust gateway")
        .more("DCI locations core API 1.0.0.")
        .gives::<BTreeMap<String, Value>>(200, "Each within another");
    routes.post(TOKEN, pass_on_wish, token).get(
        PLACES,
        |call: Call| pass_on(Letter::get(GATEWAY, PLACES), call),
        places,
    );
}

fn passed_on(summary: &'static str) -> Operation {
    says(summary).tag("tokens and places")
}

async fn pass_on_wish(call: Call, http: HttpRequest) -> HttpResponse {
    let letter = match http.query_string() {
        "" => Letter::post(GATEWAY, TOKEN),
        query => Letter::post(GATEWAY, format!("{TOKEN}?{query}")),
    };
    pass_on(letter, call).await
}

/// Asks the gateway what was asked here, and gives what it answers.
async fn pass_on(letter: Letter, call: Call) -> HttpResponse {
    let mut letter = letter.bytes(FORM, call.body.clone());
    if let Some(shown) = call.authorization.as_ref().and_then(|shown| shown.to_str().ok()) {
        letter = letter.header("authorization", shown);
    }
    match call.errand.send(letter).await {
        Ok(reply) => {
            let status = StatusCode::from_u16(reply.status).unwrap_or(StatusCode::BAD_GATEWAY);
            let mut response = HttpResponse::build(status);
            for name in ["content-type", "cache-control", "pragma", "www-authenticate"] {
                if let Some(value) = reply.header(name) {
                    response.insert_header((name, value));
                }
            }
            response.body(reply.body)
        }
        Err(error) => {
            let sentence = format!("the trust gateway did not answer: {error}; try again");
            call.remark(&sentence);
            HttpResponse::ServiceUnavailable()
                .json(json!({"error": "temporarily_unavailable", "error_description": sentence}))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::kit::courier::Letter;
    use crate::kit::trial::Trial;

    #[actix_web::test]
    async fn a_client_that_knows_one_address_gets_its_token_there() {
        let trial = Trial::start(crate::ALL, 50);
        let form = |secret| [("grant_type", "client_credentials"), ("client_id", "demo"), secret];
        let ask = |secret| {
            trial.ask(
                Letter::post("farmer_registry", super::TOKEN)
                    .form(&form(("client_secret", secret))),
            )
        };
        let (status, granted) = ask("demo").await;
        assert_eq!((status, &granted["token_type"]), (200, &"Bearer".into()), "{granted}");
        let (status, refused) = ask("guessed").await;
        assert_eq!((status, &refused["error"]), (401, &"invalid_client".into()), "{refused}");
        let (status, told) = trial.ask(Letter::get("farmer_registry", super::PLACES)).await;
        assert_eq!((status, &told["@type"]), (200, &"LocationHierarchy".into()));
        let token = granted["access_token"].as_str().unwrap();
        for entry in trial.journal().await {
            assert!(!entry.body.contains("client_secret=demo"), "{entry:?}");
            assert!(!entry.body.contains(token), "{entry:?}");
        }
    }
}
