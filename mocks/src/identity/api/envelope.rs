//! The envelope of eSignet and mock-identity-system: `{requestTime, request}` in, `{responseTime, response, errors}`
//! out, HTTP 200 for refusals too; and the answers of MOSIP's kernel.

use actix_web::HttpResponse;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::answers::{Failure, open_to_all};
use crate::identity::model::ida::WINDOW;
use crate::identity::model::refusal::Refusal;
use crate::kit::clock::wall;
use crate::kit::openapi::Operation;
use crate::kit::server::Call;

#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(rename = "Request_{T}")]
#[serde(rename_all = "camelCase")]
pub(super) struct Envelope<T> {
    /// When it was asked, with date, time and zone; the kernel of MOSIP spells it `requesttime`.
    request_time: Option<String>,
    request: T,
}

/// `is` as it is asked in this envelope, or in the kernel's, with `request` as the example.
pub(super) fn takes<T: JsonSchema>(is: Operation, request: &Value) -> Operation {
    let time = "2026-10-01T08:00:00.000Z";
    is.takes::<Envelope<T>>(json!({"requestTime": time, "requesttime": time, "request": request}))
}

/// `is` as it is answered in this envelope.
pub(super) fn gives(is: Operation) -> Operation {
    is.more("Refusals are answered with 200 too, and listed in `errors`.")
        .gives::<Value>(200, "In the envelope")
}

/// The request inside the envelope.
pub(super) fn opened<T: DeserializeOwned>(call: &Call) -> Result<T, Failure> {
    let invalid = |sentence| Refusal::new("invalid_input", sentence);
    let unreadable = |e: serde_path_to_error::Error<serde_json::Error>| {
        invalid(format!("at `{}`: {}", e.path(), e.inner()))
    };
    let mut reader = serde_json::Deserializer::from_slice(&call.body);
    let opened: Result<Envelope<Value>, _> = serde_path_to_error::deserialize(&mut reader);
    let Envelope { request_time, request } = opened.map_err(unreadable)?;
    if let Some(time) = &request_time {
        timely(call, time)?;
    }
    let request = serde_path_to_error::deserialize(without_nulls(request));
    Ok(request.map_err(|e| invalid(format!("at `request.{}`: {}", e.path(), e.inner())))?)
}

/// That `requestTime` is a moment, and near the sandbox clock or the real one.
fn timely(call: &Call, time: &str) -> Result<(), Refusal> {
    let wrong = |sentence: String| Refusal::new("invalid_request", sentence);
    let read = time.parse::<Timestamp>().map_err(|_| {
        wrong(format!("`requestTime` {time} must be written 2026-10-01T08:00:00.000Z"))
    })?;
    let far = |now: Timestamp| now.duration_since(read).abs() > WINDOW;
    if far(call.errand.now()) && far(wall()) {
        let hours = WINDOW.as_hours();
        return Err(wrong(format!("`requestTime` {time} is more than {hours} hours from now")));
    }
    Ok(())
}

/// Clients in Java write every member of their models, `null` where there is nothing: it is read as if it were absent. What lies
/// deeper stays, because `null` has a meaning in the `claims` of OpenID Connect.
pub(super) fn without_nulls(mut request: Value) -> Value {
    if let Some(members) = request.as_object_mut() {
        members.retain(|_, member| !member.is_null());
    }
    request
}

/// An answer in the envelope; an error's sentence goes under the name `told_as`.
pub(super) fn sealed(call: &Call, told_as: &str, done: Result<Value, Failure>) -> HttpResponse {
    let time = call.errand.stamp();
    let body = match done {
        Ok(response) => json!({"responseTime": time, "response": response, "errors": []}),
        Err(failure) => {
            let refusal = failure.told();
            call.remark(&refusal.sentence);
            let error = json!({"errorCode": refusal.error, told_as: refusal.sentence});
            json!({"responseTime": time, "response": null, "errors": [error]})
        }
    };
    open_to_all(HttpResponse::Ok()).json(body)
}

/// An answer in the envelope of MOSIP's kernel; `id` stands where the request names none.
pub(super) fn sealed_by_kernel(
    call: &Call,
    id: &str,
    done: Result<Value, Failure>,
) -> HttpResponse {
    let done = done.map_err(|failure| {
        let refusal = failure.told();
        call.remark(&refusal.sentence);
        (refusal.error, refusal.sentence)
    });
    let mut body = of_kernel(call, done);
    for (member, usual) in [("id", id), ("version", "v1")] {
        if body[member].is_null() {
            body[member] = usual.into();
        }
    }
    open_to_all(HttpResponse::Ok()).json(body)
}

/// The envelope of MOSIP's kernel: `id` and `version` as they were sent.
pub(super) fn of_kernel(call: &Call, done: Result<Value, (&str, String)>) -> Value {
    let sent: Value = serde_json::from_slice(&call.body).unwrap_or_default();
    let (response, errors) = match done {
        Ok(response) => (response, json!([])),
        Err((code, message)) => (Value::Null, json!([{"errorCode": code, "message": message}])),
    };
    json!({"id": sent["id"], "version": sent["version"], "responsetime": call.errand.stamp(),
        "metadata": null, "response": response, "errors": errors})
}
