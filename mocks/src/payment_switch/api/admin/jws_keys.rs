//! The key that a participant signs with, handed over by its operator, for clients that publish none: as Mojaloop's
//! connection manager takes it (`/dfsps/{id}/jwscerts`).

use actix_web::HttpResponse;
use actix_web::web::Path;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{Name, answer, for_good, member, ours, wrong};
use crate::kit::fspiop::read;
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::payment_switch::directory;
use crate::payment_switch::model::key_of_pem;
use crate::payment_switch::store;

const PATH: &str = "/admin/dfsps/{name}/jwscerts";

/// A public key with the armour of PEM.
#[derive(Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct JwsKey {
    public_key: String,
}

/// A P-256 key of an example.
const EXAMPLE: &str = "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt\n6zOg9KE5RdiYwpZP40Li/hp/m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q==\n-----END PUBLIC KEY-----\n";

pub(super) fn routes(routes: &mut Routes) {
    let keeps = |summary| {
        let example = json!({"publicKey": EXAMPLE});
        ours(summary)
            .path("name", "bluebank")
            .takes::<JwsKey>(example)
            .gives::<Value>(200, "Kept, in place of the one before")
            .after("bluebank was added")
    };
    routes.post(PATH, keep, keeps("Says which key a participant signs with")).put(
        PATH,
        keep,
        keeps("Says that a participant signs with another key"),
    );
}

async fn keep(call: Call, path: Path<Name>) -> HttpResponse {
    let kept = read::<JwsKey>(&call.body).and_then(|key| {
        member(&call, &path.name)?;
        let right = "publicKey: write an RSA key of 2048 bits or more, or a P-256 key, in PEM";
        let jwk = key_of_pem(&key.public_key, &path.name).ok_or_else(|| wrong(right))?;
        let set = json!({"keys": [jwk]}).to_string();
        for_good(&call, |tx| Ok(store::keep_keys(tx, &path.name, &set)?))?;
        directory::forget(&call.errand.office);
        Ok(json!({"dfspId": path.name, "publicKey": key.public_key}))
    });
    answer(&call, 200, kept)
}
