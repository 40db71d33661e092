//! What Arenoa ID is as an OpenID provider (OpenID Connect Core 1.0, RFC 6749, RFC 8414), and where it serves that.
//! eSignet's paths lead to the same places as the short ones.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::answers::preflight_of;
use super::{TOKEN, authorize, consent, discovery, login, token, userinfo};
use crate::kit::openapi::{Operation, Routes, says};
use crate::kit::seed::cast_uin;

pub(super) const USERINFO: [&str; 2] = ["/oidc/userinfo", "/v1/esignet/oidc/userinfo"];
const CONFIGURATION: [&str; 5] = [
    "/.well-known/openid-configuration",
    "/.well-known/oauth-authorization-server",
    "/v1/esignet/oidc/.well-known/openid-configuration",
    "/v1/esignet/oauth/.well-known/openid-configuration",
    "/v1/esignet/.well-known/oauth-authorization-server",
];
const KEYS: [&str; 2] = ["/.well-known/jwks.json", "/v1/esignet/oauth/.well-known/jwks.json"];

/// What browsers send.
const FORM: &str = "application/x-www-form-urlencoded";
/// The fields of a form.
type Fields = BTreeMap<String, String>;

pub(super) fn routes(routes: &mut Routes) {
    let ours = |summary| says(summary).tag(TAG);
    for path in CONFIGURATION {
        let is = ours("What this provider can do").more("OpenID Connect Discovery 1.0; RFC 8414.");
        routes.get(path, discovery::configuration, is.gives::<Value>(200, "The configuration"));
        preflight_of(routes, path);
    }
    for path in KEYS {
        routes.get(
            path,
            discovery::keys,
            ours("The keys of this provider").gives::<Value>(200, "A key set"),
        );
        preflight_of(routes, path);
    }
    for path in TOKEN {
        let code = json!({
            "grant_type": "authorization_code", "code": "...", "redirect_uri": BACK, "client_id": "demo-portal",
            "code_verifier": "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        });
        let is = ours("Tokens for a code")
            .takes_as::<Fields>(FORM, code)
            .gives::<Value>(200, "Both tokens");
        routes.post(path, token::token, is.after("somebody has logged in and allowed it"));
        preflight_of(routes, path);
    }
    for path in USERINFO {
        let is = ours("Who has logged in")
            .more("With the access token as bearer. Signed where the client wants it so.")
            .gives::<Value>(200, "The claims that were allowed")
            .after("a client has got an access token");
        routes.get(path, userinfo::userinfo, is.clone()).post(path, userinfo::userinfo, is);
        preflight_of(routes, path);
    }
    pages(routes);
}

/// The chapter.
const TAG: &str = "OpenID Connect";
/// Where the example's relying party waits.
const BACK: &str = "http://127.0.0.1:54321/callback";

/// The pages of a login.
fn pages(routes: &mut Routes) {
    let wish = [
        ("client_id", "demo-portal"),
        ("response_type", "code"),
        ("redirect_uri", BACK),
        ("scope", "openid profile"),
        ("state", "s"),
        ("nonce", "n"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let asked = wish.iter().fold(page("Begins a login"), |is, (name, value)| is.asks(name, *value));
    let fields: Value =
        wish.iter().map(|(name, value)| ((*name).to_owned(), json!(value))).collect();
    let posted = page("Begins a login").takes_as::<Fields>(FORM, fields);
    let to_login = |is: Operation| is.gives_nothing(303, "To the page of the login");
    let ticket = |summary| page(summary).path("ticket", "...").after("a login was begun");
    let next = |is: Operation| is.gives_nothing(303, "To the next page");
    routes
        .get("/authorize", authorize::authorize, to_login(asked))
        .post("/authorize", authorize::authorize, to_login(posted))
        .post(
            "/login/{ticket}/code",
            login::send_code,
            next(ticket("Sends a one-time code"))
                .takes_as::<Fields>(FORM, json!({"individual_id": cast_uin("tomas")})),
        )
        .get(
            "/login/{ticket}",
            login::show,
            ticket("The page of a login").gives_page(200, "Asks for a proof"),
        )
        .post(
            "/login/{ticket}",
            login::check,
            next(ticket("Takes a proof")).takes_as::<Fields>(FORM, json!({"otp": "111111"})),
        )
        .get(
            "/consent/{ticket}",
            consent::show,
            ticket("The page of a consent").gives_page(200, "Asks what may be told"),
        )
        .post(
            "/consent/{ticket}",
            consent::decide,
            next(ticket("Takes a decision"))
                .takes_as::<Fields>(FORM, json!({"decision": "allow", "claims": "name"})),
        );
}

fn page(summary: &'static str) -> Operation {
    says(summary).tag("pages for people")
}
