//! `POST /client-mgmt/client`, `PUT` and `PATCH /client-mgmt/client/{id}` (eSignet 1.x): registers a relying party, and
//! changes it. Anybody may in the sandbox.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::answers::Failure;
use super::envelope::{opened, sealed};
use crate::identity::chance;
use crate::identity::model::client::Client;
use crate::identity::model::refusal::Refusal;
use crate::identity::model::registration::{Change, Registration};
use crate::identity::store::clients;
use crate::kit::server::{Call, Part};
use crate::kit::store::StoreError;

pub(super) async fn register(call: Call) -> HttpResponse {
    let done = registered(&call);
    sealed(&call, "errorMessage", done)
}

fn registered(call: &Call) -> Result<Value, Failure> {
    let registration: Registration = opened(call)?;
    let secret = if registration.wants_secret() { Some(chance::unguessable()?) } else { None };
    let client = registration.client(secret.as_deref().map(chance::digest))?;
    let added = call.store().write(|tx| Ok::<_, StoreError>(clients::add(tx, &client)?))?;
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

pub(super) async fn change(call: Call, id: Part) -> HttpResponse {
    let done = opened::<Change>(&call).and_then(|change| {
        let unknown = || Refusal::new("invalid_client_id", format!("`{}` is not registered", &*id));
        let known = call.store().read(|db| clients::find(db, &id))?.ok_or_else(unknown)?;
        let client = change.of(known)?;
        call.store().write(|tx| Ok::<_, StoreError>(clients::rewrite(tx, &client)?))?;
        Ok(told(&client))
    });
    sealed(&call, "errorMessage", done)
}

fn told(client: &Client) -> Value {
    let status = if client.active { "ACTIVE" } else { "INACTIVE" };
    json!({"clientId": client.id, "status": status})
}
