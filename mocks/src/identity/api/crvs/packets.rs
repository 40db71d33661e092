//! `PUT /commons/v1/packetmanager/createPacket` takes a packet in, and `POST .../workflowinstance` sets it in motion
//! (MOSIP 1.2): `CRVS_NEW` issues an identity, `CRVS_DEATH` notes a death, `CRVS_DEATH_REVOKED` (ours) takes it back.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::births;
use super::hub;
use super::kernel::{MosipError, answer, client_of, request};
use crate::identity::api::answers::Failure;
use crate::identity::api::deaths;
use crate::identity::api::envelope::takes;
use crate::identity::model::civil::Told;
use crate::identity::model::packet::{Packet, Process, lacks_day};
use crate::identity::store::crvs;
use crate::kit::cause::Cause;
use crate::kit::courier::Errand;
use crate::kit::openapi::{Operation, Routes};
use crate::kit::room::{Office, Policy};
use crate::kit::server::Call;

/// Who tells us, as audits name it.
const ASKER: &str = "civil-registry";

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct NewPacket {
    id: String,
    process: String,
    #[serde(default)]
    ref_id: String,
    #[serde(default)]
    source: String,
    #[serde(default)]
    schema_version: String,
    fields: Value,
}

pub(super) fn routes(routes: &mut Routes, authorized: impl Fn(&'static str) -> Operation) {
    let packet = json!({
        "id": "100011234567890", "refId": "10001_10004", "process": "CRVS_NEW", "source": "OPENCRVS",
        "schemaVersion": "0.100", "fields": {
            "fullName": r#"[{"language":"eng","value":"Zoe Zamor"}]"#, "dateOfBirth": "2026/09/01",
            "gender": r#"[{"language":"eng","value":"Female"}]"#, "birthCertificateNumber": "2026ABCDEF",
        },
    });
    let start_it =
        json!({"registrationId": "100011234567890", "process": "CRVS_NEW", "source": "OPENCRVS"});
    routes
        .put(
            "/commons/v1/packetmanager/createPacket",
            create,
            takes::<NewPacket>(authorized("Takes a packet about a birth or a death"), &packet),
        )
        .post(
            "/registrationprocessor/v1/workflowmanager/workflowinstance",
            start,
            takes::<Start>(authorized("Works on a packet"), &start_it),
        );
}

async fn create(call: Call, http: HttpRequest) -> HttpResponse {
    let done = client_of(&call, &http).and_then(|_| {
        let new: NewPacket = request(&call)?;
        let process = process(&new.process)?;
        if new.id.is_empty() || new.id.len() > 64 {
            return Err(MosipError::input(
                "`request.id` is a registration id of 1 to 64 characters",
            ));
        }
        let day = (call.room().policy() == Policy::Open).then(|| call.room().clock.today());
        let packet = Packet::read(process, &new.fields, day).map_err(MosipError::input)?;
        if let Some(day) = day.filter(|_| lacks_day(process, &new.fields)) {
            call.remark(&format!(
                "`fields.dateOfDeath` is missing: {day} is taken, the packet's day"
            ));
        }
        call.correlation(&new.id);
        call.store().alter(|tx| crvs::keep_packet(tx, &new.id, &packet))?;
        Ok(json!([{"id": new.id, "packetName": format!("{}_id", new.id), "process": new.process,
            "refId": new.ref_id, "source": new.source, "schemaVersion": new.schema_version,
            "providerName": "Arenoa ID", "creationDate": call.errand.stamp()}]))
    });
    answer(&call, done)
}

fn process(word: &str) -> Result<Process, MosipError> {
    Process::read(word).ok_or_else(|| {
        MosipError::input(format!("`{word}` is no process here; use {}", Process::WORDS.join(", ")))
    })
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Start {
    registration_id: String,
    process: String,
}

/// The work itself comes after the answer, as it does in the field, where it takes seconds to days.
async fn start(call: Call, http: HttpRequest) -> HttpResponse {
    let done = client_of(&call, &http).and_then(|_| {
        let start: Start = request(&call)?;
        let process = process(&start.process)?;
        let id = start.registration_id;
        call.correlation(&id);
        let (parent, state) = call.errand.cause.headers(call.errand.office.system.name);
        let begun =
            call.store().alter(|tx| crvs::begin_packet(tx, &id, process, (&parent, &state)))?;
        let Some(is_new) = begun else {
            let message = format!("there is no packet {id} of the process {}", process.word());
            return Err(MosipError::new("RPR-WIN-001", message));
        };
        if is_new {
            call.later(work(call.errand.clone(), id));
        }
        Ok(json!({"workflowInstanceId": call.errand.office.next_uuid().to_string()}))
    });
    answer(&call, done)
}

/// Takes up packets that were set in motion and not finished when the program ended.
pub(super) fn take_up(office: &Arc<Office>) {
    let begun = office.store.read(crvs::begun_packets).unwrap_or_else(|error| {
        tracing::error!(%error, "packets under way could not be read");
        Vec::new()
    });
    for (id, parent, state) in begun {
        let told = Cause::from_headers(&parent, &state);
        let cause = told.map_or_else(|| office.room.stranger(), |(_, cause)| cause);
        let errand = Errand { office: Arc::clone(office), cause };
        errand.spawn(work(errand.clone(), id));
    }
}

/// Tells subscribers that a death was noted: `mosip-api` confirms a registration only on such a credential, and it names nobody.
async fn confirm(errand: &Errand, id: &str) -> Result<(), Failure> {
    let credential = format!("{}/credentials/{id}", errand.own_base());
    hub::publish_abroad(errand, id, &json!({"id": credential, "vcVer": "VC-V1"})).await
}

async fn work(errand: Errand, id: String) {
    let done = match errand.office.store.read(|db| crvs::begun_packet(db, &id)) {
        Ok(Some(Packet::Birth(newcomer))) => births::issue(&errand, &id, &newcomer).await,
        Ok(Some(Packet::Death { uin, date, number })) => {
            let told = Told { uin, date, number };
            match deaths::note(&errand, &told, ASKER) {
                Ok(_) => confirm(&errand, &id).await,
                Err(failure) => Err(failure),
            }
        }
        Ok(Some(Packet::Revoked { uin })) => deaths::take_back(&errand, &uin, ASKER).map(drop),
        Ok(None) => return,
        Err(error) => Err(error.into()),
    };
    let problem = done.err().map(|failure| failure.told().sentence).unwrap_or_default();
    if !problem.is_empty() {
        errand.event("packet rejected", &problem, &json!({"registration_id": id}));
    }
    let finished = errand.office.store.alter(|tx| crvs::finish_packet(tx, &id, &problem));
    if let Err(error) = finished {
        tracing::error!(%error, id, "a packet could not be finished");
    }
}
