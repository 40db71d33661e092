//! `POST /client-mgmt/client` (eSignet 1.x): registers a relying party. Anybody may in the sandbox.

use actix_web::HttpResponse;
use serde_json::{Value, json};

use super::answers::Failure;
use super::envelope::{opened, sealed};
use crate::identity::chance;
use crate::identity::model::refusal::Refusal;
use crate::identity::model::registration::Registration;
use crate::identity::store::clients;
use crate::kit::server::Call;
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
    let mut answer = json!({"clientId": client.id, "status": "ACTIVE"});
    if let Some(secret) = secret {
        answer["client_secret"] = secret.into();
    }
    Ok(answer)
}
