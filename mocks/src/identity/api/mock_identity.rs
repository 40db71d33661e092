//! mock-identity-system, `/v1/mock-identity-system/...`: plain JSON, so that a real eSignet can stand in front of this
//! archive. Records here; proofs and their exchange in `mock_identity_kyc.rs`.

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde_json::{Value, json};

use super::answers::{Failure, open_to_all, refuse_client};
use super::envelope::{gives, opened, sealed, takes};
use super::mock_identity_kyc as kyc;
use crate::identity::chance::secret_digest;
use crate::identity::model::factor::Factor;
use crate::identity::model::mock_identity::{self as model, Record};
use crate::identity::model::person::Person;
use crate::identity::model::refusal::Refusal;
use crate::identity::signer;
use crate::identity::store::{kyc_tokens, people, secrets};
use crate::kit::openapi::{Operation, Routes, says};
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;
use crate::kit::store::StoreError;

/// Under this name errors carry their sentence.
pub(super) const TOLD_AS: &str = "message";

pub(super) fn routes(routes: &mut Routes) {
    let path = |rest: &str| format!("/v1/mock-identity-system{rest}");
    let said = |text: &str| json!([{"language": "eng", "value": text}]);
    let new = json!({
        "individualId": "8267411571", "fullName": said("Siddharth Mansour"), "gender": said("Male"),
        "dateOfBirth": "1987/11/25", "phone": "+99955500002", "pin": "1234",
    });
    let moved = json!({"individualId": cast_uin("tomas"), "locality": said("Norra")});
    routes
        .post(&path("/identity"), create, gives(takes::<Record>(ours("Enters a person"), &new)))
        .put(&path("/identity"), change, gives(takes::<Record>(ours("Changes a person"), &moved)))
        .get(&path("/identity/ui-spec"), ui_spec, gives(ours("The fields of a form for people")))
        .get(
            &path("/identity/identity-schema"),
            schema,
            gives(ours("The schema of a person's record")),
        )
        .get(&path("/keys.json"), keys, gives(ours("The keys that records are signed with")))
        .get(
            &path("/identity/{id}"),
            read,
            gives(ours("A person's record").path("id", cast_uin("tomas"))),
        );
    kyc::routes(routes);
}

/// An operation of this chapter.
pub(super) fn ours(summary: &'static str) -> Operation {
    says(summary).tag("mock-identity-system")
}

async fn create(call: Call) -> HttpResponse {
    let created = record(&call).and_then(|(record, sent)| {
        let person = record.person()?;
        if found(&call, &person.uin)?.is_some() {
            return Err(
                Refusal::new("duplicate_individual_id", "this `individualId` is taken").into()
            );
        }
        call.store().alter(|tx| {
            people::add(tx, &person)?;
            keep(tx, &person.uin, (&record, &sent))
        })?;
        Ok(json!({"status": "mock identity data created successfully"}))
    });
    sealed(&call, TOLD_AS, created)
}

async fn change(call: Call) -> HttpResponse {
    let changed = record(&call).and_then(|(record, sent)| {
        let person = record.changed(known(&call, &record.individual_id)?)?;
        call.store().alter(|tx| {
            people::rewrite(tx, &person)?;
            keep(tx, &person.uin, (&record, &sent))
        })?;
        Ok(json!({"status": "mock Identity data updated successfully"}))
    });
    sealed(&call, TOLD_AS, changed)
}

/// The record as it was sent, and what of it is understood here.
fn record(call: &Call) -> Result<(Record, Value), Failure> {
    let record = opened::<Record>(call)?;
    Ok((record, opened::<Value>(call)?))
}

fn keep(
    tx: &rusqlite::Connection,
    uin: &str,
    (record, sent): (&Record, &Value),
) -> rusqlite::Result<()> {
    let kept = kyc_tokens::record_of(tx, uin)?;
    kyc_tokens::keep_record(tx, uin, &model::merged(kept, sent))?;
    for (factor, secret) in [(Factor::Pin, &record.pin), (Factor::Pwd, &record.password)] {
        if let Some(secret) = secret {
            secrets::set(tx, uin, factor, &secret_digest(uin, factor, secret))?;
        }
    }
    Ok(())
}

async fn read(call: Call, id: Path<String>) -> HttpResponse {
    let told = known(&call, &id).and_then(|person| {
        let kept = call.store().read(|db| kyc_tokens::record_of(db, &person.uin))?;
        Ok(model::told(&kept, &person))
    });
    sealed(&call, TOLD_AS, told)
}

pub(super) fn found(call: &Call, id: &str) -> Result<Option<Person>, StoreError> {
    call.store().read(|db| people::find(db, id))
}

pub(super) fn known(call: &Call, id: &str) -> Result<Person, Failure> {
    let unknown = || Refusal::new("invalid_individual_id", format!("nobody has the number {id}"));
    Ok(found(call, id)?.ok_or_else(unknown)?)
}

/// The keys that e-KYC answers are signed with.
async fn keys(call: Call) -> HttpResponse {
    match signer::jwks(&call.errand.office).await {
        Ok(set) => open_to_all(HttpResponse::Ok()).json(set),
        Err(error) => refuse_client(&call, Failure::Sign(error)),
    }
}

/// What a form that makes a record has to ask.
async fn ui_spec(call: Call) -> HttpResponse {
    let field = |(id, control, required): &(&str, &str, bool)| json!({"id": id, "controlType": control, "required": required});
    let fields: Vec<_> = FIELDS.iter().map(field).collect();
    sealed(&call, TOLD_AS, Ok(json!({"schema": fields})))
}

async fn schema(call: Call) -> HttpResponse {
    let property = |(id, _, _): &(&str, &str, bool)| {
        let kind = if TRANSLATED.contains(id) { "array" } else { "string" };
        ((*id).to_owned(), json!({"type": kind}))
    };
    let required: Vec<_> = FIELDS.iter().filter(|(_, _, needed)| *needed).map(|f| f.0).collect();
    let properties: serde_json::Map<_, _> = FIELDS.iter().map(property).collect();
    let schema = json!({"type": "object", "properties": properties, "required": required});
    sealed(&call, TOLD_AS, Ok(schema))
}

const FIELDS: [(&str, &str, bool); 14] = [
    ("individualId", "textbox", true),
    ("pin", "password", false),
    ("password", "password", false),
    ("fullName", "textbox", true),
    ("givenName", "textbox", false),
    ("familyName", "textbox", false),
    ("gender", "dropdown", true),
    ("dateOfBirth", "date", true),
    ("streetAddress", "textbox", false),
    ("locality", "textbox", false),
    ("region", "textbox", false),
    ("postalCode", "textbox", false),
    ("email", "textbox", false),
    ("phone", "phone", false),
];
/// Fields that are lists of a text in each language.
const TRANSLATED: [&str; 7] =
    ["fullName", "givenName", "familyName", "gender", "streetAddress", "locality", "region"];
