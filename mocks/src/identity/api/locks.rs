//! What a holder locks: `POST /desk/persons/{uin}/locks` for one way of proving who they are, and
//! `PUT /idrepository/v1/authtypes/status` in MOSIP's own words.

use actix_web::HttpResponse;
use actix_web::web::Path;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::answers::{Failure, fresh_json, refuse_client};
use super::desk::{self, DESK};
use super::envelope::{gives, opened, sealed_by_kernel, takes};
use crate::identity::chance::secret_digest;
use crate::identity::model::factor::Factor;
use crate::identity::model::refusal::Refusal;
use crate::identity::store::{people, secrets};
use crate::kit::openapi::{Routes, says};
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;

pub(super) fn routes(routes: &mut Routes) {
    let desk = |summary| {
        says(summary)
            .tag("desk")
            .path("uin", cast_uin("grace"))
            .gives::<Value>(200, "The person's file")
    };
    let mosip = says("Locks ways of proving who one is").tag("virtual numbers (MOSIP)");
    let status = json!({"individualId": cast_uin("grace"), "authTypes": [{"authType": "otp", "locked": true}]});
    routes
        .post(
            "/desk/persons/{uin}/locks",
            at_desk,
            desk("Locks or unlocks a way of proving who one is")
                .takes::<Lock>(json!({"factor": "OTP", "locked": true})),
        )
        .post(
            "/desk/persons/{uin}/secrets",
            set_secret,
            desk("Sets a PIN or a password")
                .takes::<Secret>(json!({"factor": "PIN", "password": "545411"})),
        )
        .put(
            "/idrepository/v1/authtypes/status",
            as_mosip_does,
            gives(takes::<Status>(mosip, &status)),
        );
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Lock {
    factor: Factor,
    locked: Yes,
}

/// Forms send words.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(untagged)]
enum Yes {
    Flag(bool),
    Word(Word),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Word {
    Yes,
    No,
}

impl Yes {
    fn is(self) -> bool {
        matches!(self, Self::Flag(true) | Self::Word(Word::Yes))
    }
}

async fn at_desk(call: Call, uin: Path<String>) -> HttpResponse {
    let lock = desk::body::<Lock>(&call, r#"{"factor":"OTP","locked":true}"#);
    let done = lock.and_then(|lock| set(&call, (&uin, DESK), &[(lock.factor, lock.locked.is())]));
    match done {
        Ok(file) => fresh_json(&file),
        Err(failure) => refuse_client(&call, failure),
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Secret {
    /// `PIN` or `PWD`.
    factor: Factor,
    password: String,
}

async fn set_secret(call: Call, uin: Path<String>) -> HttpResponse {
    let example = r#"{"factor":"PIN","password":"545411"}"#;
    let done = desk::body::<Secret>(&call, example).and_then(|secret| {
        let digits = secret.password.bytes().all(|b| b.is_ascii_digit());
        let fits = match secret.factor {
            Factor::Pin => digits && (4..=12).contains(&secret.password.len()),
            Factor::Pwd => (8..=100).contains(&secret.password.len()),
            Factor::Otp | Factor::Bio => false,
        };
        if !fits {
            let sentence = "a PIN has 4 to 12 digits, a password (PWD) 8 to 100 characters";
            return Err(Refusal::request(format!("{sentence}; write {example}")).into());
        }
        let digest = secret_digest(&uin, secret.factor, &secret.password);
        let occasion = format!("{} set", secret.factor.word());
        desk::changed(&call, (&uin, DESK), &occasion, |tx| {
            secrets::set(tx, &uin, secret.factor, &digest)
        })
    });
    match done {
        Ok(file) => fresh_json(&file),
        Err(failure) => refuse_client(&call, failure),
    }
}

/// `{individualId, individualIdType, request: [{authType, authSubType, locked}]}` inside MOSIP's envelope.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "LockStatus")]
#[serde(rename_all = "camelCase")]
struct Status {
    individual_id: String,
    #[serde(alias = "request")]
    auth_types: Vec<AuthType>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct AuthType {
    auth_type: String,
    #[serde(default)]
    locked: bool,
}

async fn as_mosip_does(call: Call) -> HttpResponse {
    let done = opened::<Status>(&call).and_then(|status| {
        let factor = |auth: &AuthType| {
            let word = auth.auth_type.split('-').next().unwrap_or_default().to_uppercase();
            let unknown = || Refusal::new("IDR-IDC-002", "`authType` is otp, bio, pin or pwd");
            Ok::<_, Refusal>((Factor::read(&word).ok_or_else(unknown)?, auth.locked))
        };
        let changes: Vec<_> = status.auth_types.iter().map(factor).collect::<Result<_, _>>()?;
        set(&call, (&status.individual_id, "resident-services"), &changes)?;
        Ok(json!({"authTypes": changes.len()}))
    });
    sealed_by_kernel(&call, "mosip.identity.authtype.status.update", done)
}

fn set(
    call: &Call,
    (uin, asker): (&str, &str),
    changes: &[(Factor, bool)],
) -> Result<Value, Failure> {
    let word = |(factor, locked): &(Factor, bool)| {
        format!("{} {}", factor.word(), if *locked { "locked" } else { "unlocked" })
    };
    let occasion = changes.iter().map(word).collect::<Vec<_>>().join(", ");
    desk::changed(call, (uin, asker), &occasion, |tx| {
        let mut locked = people::find(tx, uin)?.map(|p| p.locked).unwrap_or_default();
        for (factor, lock) in changes {
            if *lock {
                locked.insert(*factor);
            } else {
                locked.remove(factor);
            }
        }
        people::set_locked(tx, uin, &locked)
    })
}
