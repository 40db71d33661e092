//! `POST /client-mgmt/client`, `PUT` and `PATCH /client-mgmt/client/{id}` (eSignet 1.x): registers a relying party, and
//! changes it. Anybody may in the sandbox.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde_json::{Value, json};

use super::answers::Failure;
use super::envelope::{gives, opened, sealed, takes};
use crate::identity::chance;
use crate::identity::model::client::Client;
use crate::identity::model::refusal::Refusal;
use crate::identity::model::registration::{Change, Registration};
use crate::identity::store::clients;
use crate::kit::openapi::{Operation, Routes, says};
use crate::kit::server::Call;
use crate::kit::store::Store;

/// Where clients are registered.
const REGISTRATION: [&str; 5] = [
    "/v1/esignet/client-mgmt/client",
    "/v1/esignet/client-mgmt/oidc-client",
    "/v1/esignet/client-mgmt/oauth-client",
    "/client-mgmt/client",
    "/client-mgmt/oidc-client",
];

pub(super) fn routes(routes: &mut Routes) {
    let new = json!({
        "clientId": "rp-1", "clientName": "A ministry", "relyingPartyId": "ministry",
        "redirectUris": ["http://127.0.0.1:54321/callback"], "userClaims": ["name", "birthdate"],
        "grantTypes": ["authorization_code"], "clientAuthMethods": ["client_secret_basic"],
    });
    for (number, path) in REGISTRATION.into_iter().enumerate() {
        let mut new = new.clone();
        new["clientId"] = json!(format!("rp-{}", number + 1));
        let registers = takes::<Registration>(ours("Registers a relying party"), &new);
        let changes = takes::<Change>(
            ours("Changes a relying party")
                .path("id", "rp-1")
                .after("a client of this name was registered"),
            &json!({"clientName": "The ministry", "status": "ACTIVE"}),
        );
        let one = format!("{path}/{{id}}");
        routes
            .post(path, register, gives(registers))
            .put(&one, change, gives(changes.clone()))
            .patch(&one, change, gives(changes));
    }
}

fn ours(summary: &'static str) -> Operation {
    says(summary).tag("relying parties (eSignet)")
}

async fn register(call: Call) -> HttpResponse {
    let done = registered(&call);
    sealed(&call, "errorMessage", done)
}

fn registered(call: &Call) -> Result<Value, Failure> {
    let registration: Registration = opened(call)?;
    let secret = if registration.wants_secret() { Some(chance::unguessable()?) } else { None };
    let client = registration.client(secret.as_deref().map(chance::digest))?;
    let add = |store: &Store| store.alter(|tx| clients::add(tx, &client));
    let added = call.for_good(add)?;
    if !added {
        let sentence = format!("`{}` is registered already; choose another `clientId`", client.id);
        return Err(Refusal::new("duplicate_client_id", sentence).into());
    }
    let mut answer = told(&client);
    if let Some(secret) = secret {
        answer["client_secret"] = secret.into();
    }
    Ok(answer)
}

async fn change(call: Call, id: Path<String>) -> HttpResponse {
    let done = opened::<Change>(&call).and_then(|change| {
        let unknown = || Refusal::new("invalid_client_id", format!("`{}` is not registered", &*id));
        let known = call.store().read(|db| clients::find(db, &id))?.ok_or_else(unknown)?;
        let client = change.of(known)?;
        let rewrite = |store: &Store| store.alter(|tx| clients::rewrite(tx, &client));
        call.for_good(rewrite)?;
        Ok(told(&client))
    });
    sealed(&call, "errorMessage", done)
}

fn told(client: &Client) -> Value {
    let status = if client.active { "ACTIVE" } else { "INACTIVE" };
    json!({"clientId": client.id, "status": status})
}
