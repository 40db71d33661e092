//! Virtual numbers, in the words of MOSIP's id-repository VID service: `POST /idrepository/v1/vid` issues one, `GET` and
//! `PATCH /idrepository/v1/vid/{vid}` read it and set its status, `GET /idrepository/v1/vid/uin/{uin}` lists a person's.
//! The desk does the same (`/desk/persons/{uin}/vids`).

use actix_web::HttpResponse;
use actix_web::web::Path;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, de};
use serde_json::{Value, json};

use super::answers::{Failure, fresh_json, note, refuse_client};
use super::desk::{self, DESK};
use super::envelope::{gives, opened, sealed_by_kernel, takes};
use crate::identity::model::refusal::Refusal;
use crate::identity::model::vid::{Kind, State, Vid};
use crate::identity::store::{people, vids};
use crate::kit::openapi::{Operation, Routes, says};
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;

/// What reading is called in the kernel's envelope, whose requests have no body to say so.
const READ: &str = "mosip.vid.read";
/// Who asks through MOSIP's route, as the audit names it.
const RESIDENT: &str = "resident-services";

pub(super) fn routes(routes: &mut Routes) {
    let tomas = cast_uin("tomas");
    let mosip = |summary| says(summary).tag("virtual numbers (MOSIP)");
    let of_vid = |is: Operation| is.path("vid", "...").after("a virtual number was issued");
    let wanted = json!({"UIN": tomas, "vidType": "Temporary"});
    let revoked = json!({"vidStatus": "REVOKED"});
    routes
        .post(
            "/idrepository/v1/vid",
            create,
            gives(takes::<Wanted>(mosip("Issues a virtual number"), &wanted)),
        )
        .get(
            "/idrepository/v1/vid/uin/{uin}",
            list,
            gives(mosip("The virtual numbers of a person").path("uin", tomas.clone())),
        )
        .get("/idrepository/v1/vid/{vid}", read, gives(of_vid(mosip("Whose virtual number it is"))))
        .patch(
            "/idrepository/v1/vid/{vid}",
            change,
            gives(takes::<Change>(of_vid(mosip("Changes a virtual number")), &revoked)),
        )
        .post(
            "/desk/persons/{uin}/vids",
            issue_at_desk,
            says("Issues a virtual number")
                .tag("desk")
                .path("uin", tomas)
                .takes::<AtDesk>(json!({"kind": "Temporary"}))
                .gives::<Value>(201, "The number"),
        )
        .post(
            "/desk/vids/{vid}",
            change_at_desk,
            of_vid(says("Changes a virtual number").tag("desk"))
                .takes::<Change>(revoked)
                .gives::<Value>(200, "The number"),
        );
}

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "VidWanted")]
struct Wanted {
    /// A text, or a number.
    #[serde(rename = "UIN", alias = "uin", alias = "individualId", deserialize_with = "digits")]
    #[schemars(with = "String")]
    uin: String,
    #[serde(rename = "vidType")]
    kind: String,
}

/// Some versions of MOSIP write a UIN as a number.
fn digits<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        other => Err(de::Error::custom(format!("{other} is no UIN"))),
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "VidChange")]
struct Change {
    #[serde(rename = "vidStatus", alias = "status")]
    status: String,
}

async fn create(call: Call) -> HttpResponse {
    let done = opened::<Wanted>(&call).and_then(|wanted| {
        let vid = issue(&call, &wanted.uin, &wanted.kind, RESIDENT)?;
        Ok(json!({"VID": vid.vid, "vidStatus": vid.set.word()}))
    });
    sealed_by_kernel(&call, "mosip.vid.create", done)
}

async fn read(call: Call, vid: Path<String>) -> HttpResponse {
    let done = known(&call, &vid).map(|vid| told(&call, &vid));
    sealed_by_kernel(&call, READ, done)
}

async fn list(call: Call, uin: Path<String>) -> HttpResponse {
    let now = call.errand.now();
    let vids = call.store().read(|db| vids::of(db, &uin));
    let active = vids.map(|mut vids| {
        vids.retain(|vid| vid.state(now) == State::Active);
        vids.iter().map(info).collect()
    });
    sealed_by_kernel(&call, READ, active.map_err(Failure::from))
}

async fn change(call: Call, vid: Path<String>) -> HttpResponse {
    let done = opened::<Change>(&call).and_then(|change| {
        let vid = set(&call, &vid, &change.status, RESIDENT)?;
        Ok(json!({"VID": vid.vid, "vidStatus": vid.set.word()}))
    });
    sealed_by_kernel(&call, "mosip.vid.update", done)
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct AtDesk {
    kind: String,
}

async fn issue_at_desk(call: Call, uin: Path<String>) -> HttpResponse {
    let wanted = desk::body::<AtDesk>(&call, r#"{"kind":"Perpetual"}"#);
    let done = wanted.and_then(|wanted| {
        let vid = issue(&call, &uin, &wanted.kind, DESK)?;
        Ok(told(&call, &vid))
    });
    match done {
        Ok(vid) => HttpResponse::Created().json(vid),
        Err(failure) => refuse_client(&call, failure),
    }
}

async fn change_at_desk(call: Call, vid: Path<String>) -> HttpResponse {
    let change = desk::body::<Change>(&call, r#"{"status":"REVOKED"}"#);
    match change.and_then(|change| set(&call, &vid, &change.status, DESK)) {
        Ok(vid) => fresh_json(&told(&call, &vid)),
        Err(failure) => refuse_client(&call, failure),
    }
}

/// What is told of a virtual number.
pub(super) fn told(call: &Call, vid: &Vid) -> Value {
    json!({
        "VID": vid.vid, "UIN": vid.uin, "vidType": vid.kind.word(),
        "vidStatus": vid.state(call.errand.now()).word(),
        "expiryTimestamp": vid.until.map(|t| t.to_string()), "issued": vid.issued,
    })
}

/// A line of MOSIP's list (`VidInfoDTO`, with its spelling): it has only numbers that count, so none tells where it stands.
fn info(vid: &Vid) -> Value {
    json!({
        "vid": vid.vid, "vidType": vid.kind.word(),
        "expiryTimestamp": vid.until.map(|t| t.to_string()), "genratedOnTimestamp": vid.issued,
        "transactionLimit": vid.kind.once().then_some(1), "hashAttributes": {},
    })
}

/// All virtual numbers of a person.
pub(super) fn all_of(call: &Call, uin: &str) -> Result<Value, Failure> {
    let vids = call.store().read(|db| vids::of(db, uin))?;
    Ok(vids.iter().map(|vid| told(call, vid)).collect())
}

fn known(call: &Call, vid: &str) -> Result<Vid, Failure> {
    let unknown = || Refusal::new("IDR-VID-002", format!("the VID {vid} was never issued"));
    Ok(call.store().read(|db| vids::find(db, vid))?.ok_or_else(unknown)?)
}

/// Issues a virtual number under the policy of its kind.
fn issue(call: &Call, uin: &str, kind: &str, asker: &str) -> Result<Vid, Failure> {
    let kind = Kind::read(kind).ok_or_else(|| {
        Refusal::new("IDR-IDC-002", format!("`{kind}` is no kind; write Perpetual or Temporary"))
    })?;
    let now = call.errand.now();
    let stamp = call.errand.stamp();
    let vid = call.store().write(|tx| {
        let nobody = || Refusal::new("IDR-IDC-007", format!("nobody has the number {uin}"));
        let person = people::find(tx, uin)?.ok_or_else(nobody)?;
        if person.barred().is_some() {
            let sentence = "this identity is blocked, deactivated, or its owner has died";
            return Err(Failure::from(Refusal::new("IDR-VID-004", sentence)));
        }
        let active = vids::of(tx, uin)?;
        let of_kind = |v: &&Vid| v.kind == kind && v.state(now) == State::Active;
        if active.iter().filter(of_kind).count() >= kind.instances() {
            let sentence = format!(
                "{} {} VIDs at a time is the most; revoke one first",
                kind.instances(),
                kind.word()
            );
            return Err(Refusal::new("IDR-VID-003", sentence).into());
        }
        Ok(vids::issue(tx, uin, (kind, kind.until(now)), &stamp)?)
    })?;
    note(call, (uin, asker), format!("{} VID issued, ending {}", kind.word(), tail(&vid.vid)), "")?;
    Ok(vid)
}

fn set(call: &Call, vid: &str, status: &str, asker: &str) -> Result<Vid, Failure> {
    let next = State::read(status).ok_or_else(|| {
        let sentence = format!("`{status}` is no status; write REVOKED, DEACTIVATED or ACTIVE");
        Refusal::new("IDR-IDC-002", sentence)
    })?;
    let mut found = known(call, vid)?;
    let now = found.state(call.errand.now());
    if !now.may_become(next) {
        let sentence = format!("a VID that is {} cannot become {}", now.word(), next.word());
        return Err(Refusal::new("IDR-VID-001", sentence).into());
    }
    call.store().alter(|tx| vids::set(tx, vid, next))?;
    note(call, (&found.uin, asker), format!("VID ending {} {}", tail(vid), next.word()), "")?;
    found.set = next;
    Ok(found)
}

fn tail(vid: &str) -> &str {
    vid.get(12..).unwrap_or(vid)
}
