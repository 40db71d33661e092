//! What is written to MOSIP's routes: kernel envelope, packet, workflow (MOSIP 1.2, as `mosip-api` sends them).

use serde_json::{Value, json};

use crate::civil_registry::model::event::{Event, EventType};

/// Registration centre and machine, as MOSIP numbers them.
const REFERENCE: &str = "10001_10004";
/// The system that packets come from.
const SOURCE: &str = "OPENCRVS";

/// What a packet is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::civil_registry) enum Process {
    /// A child needs an identity.
    New,
    /// Somebody died.
    Death,
    /// A death was entered in error. MOSIP has no word for it; this one is ours.
    DeathRevoked,
}

impl Process {
    pub(in crate::civil_registry) fn word(self) -> &'static str {
        match self {
            Self::New => "CRVS_NEW",
            Self::Death => "CRVS_DEATH",
            Self::DeathRevoked => "CRVS_DEATH_REVOKED",
        }
    }

    pub(in crate::civil_registry) fn read(word: &str) -> Option<Self> {
        [Self::New, Self::Death, Self::DeathRevoked].into_iter().find(|p| p.word() == word)
    }
}

/// A kernel envelope.
pub(super) fn envelope(id: &str, at: &str, request: &Value) -> Value {
    json!({"id": id, "version": "v1", "requesttime": at, "metadata": {}, "request": request})
}

/// The request of `PUT /commons/v1/packetmanager/createPacket`.
pub(super) fn packet(id: &str, process: Process, event: &Event, at: &str) -> Value {
    json!({
        "id": id,
        "refId": REFERENCE,
        "offlineMode": false,
        "process": process.word(),
        "source": SOURCE,
        "schemaVersion": "0.100",
        "fields": fields(event),
        "metaInfo": {"metaData": [{"label": "centerId", "value": "10001"},
            {"label": "machineId", "value": "10004"}, {"label": "registrationId", "value": id}]},
        "audits": [{"createdBy": "civil-registry", "createdAt": at, "eventName": process.word(),
            "description": event.registration_number()}],
        "schemaJson": "",
    })
}

/// The request of `POST /registrationprocessor/v1/workflowmanager/workflowinstance`.
pub(super) fn workflow(id: &str, process: Process, event: &Event) -> Value {
    let name = if event.kind == EventType::Birth { "mother.name" } else { "deceased.name" };
    let name = whole_name(event.declaration().get(name).unwrap_or(&Value::Null));
    json!({
        "registrationId": id,
        "process": process.word(),
        "source": SOURCE,
        "additionalInfoReqId": "",
        "notificationInfo": {"name": name, "phone": "", "email": ""},
    })
}

/// The demographic fields. MOSIP writes texts in languages as a JSON text inside the JSON, dates with slashes, and
/// genders with a capital.
fn fields(event: &Event) -> Value {
    let declared = event.declaration();
    let text = |name: &str| declared.get(name).and_then(Value::as_str).unwrap_or_default();
    let number = event.registration_number().unwrap_or_default();
    if event.kind != EventType::Birth {
        return json!({
            "nationalIdNumber": text("deceased.nid"),
            "deceasedStatus": true,
            "dateOfDeath": text("eventDetails.date").replace('-', "/"),
            "deathCertificateNumber": number,
        });
    }
    let name = declared.get("child.name").unwrap_or(&Value::Null);
    let part = |part: &str| in_english(name[part].as_str().unwrap_or_default());
    let gender = text("child.gender");
    let gender: String = gender.chars().take(1).flat_map(char::to_uppercase).collect::<String>()
        + gender.get(1..).unwrap_or_default();
    let parent = ["mother.nid", "father.nid"].into_iter().map(text).find(|nid| !nid.is_empty());
    json!({
        "fullName": in_english(&whole_name(name)),
        "firstName": part("firstname"),
        "lastName": part("surname"),
        "dateOfBirth": text("child.dob").replace('-', "/"),
        "gender": in_english(&gender),
        "birthCertificateNumber": number,
        "introducerUIN": parent,
    })
}

fn in_english(text: &str) -> String {
    json!([{"language": "eng", "value": text}]).to_string()
}

fn whole_name(name: &Value) -> String {
    let parts = ["firstname", "middlename", "surname"];
    parts.into_iter().filter_map(|part| name[part].as_str()).collect::<Vec<_>>().join(" ")
}
