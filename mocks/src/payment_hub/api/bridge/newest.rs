//! The bridge as OpenG2P publishes it today: `request_header` and `request_body`, lists where one envelope is meant,
//! quantities of a unit in place of amounts of a currency, and disbursements that the programme names. It is put into the
//! words of the first bridge and back.

use actix_web::HttpResponse;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Refusal;
use super::envelopes::Declared;
use crate::kit::clock::wall;
use crate::kit::openapi::{Operation, Token};
use crate::kit::room::Policy;
use crate::kit::server::Call;
use crate::payment_hub::pipeline::CURRENCY;

/// The names of today, and those of the first bridge.
const NAMES: [(&str, &str); 4] = [
    ("id", "disbursement_envelope_id"),
    ("total_disbursement_quantity", "total_disbursement_amount"),
    ("disbursement_quantity", "disbursement_amount"),
    ("measurement_unit", "disbursement_currency_code"),
];

/// What has another code today.
const CODES: [(&str, &str); 4] = [
    ("INVALID_TOTAL_DISBURSEMENT_AMOUNT", "INVALID_DISBURSEMENT_QUANTITY"),
    ("INVALID_DISBURSEMENT_AMOUNT", "INVALID_DISBURSEMENT_QUANTITY"),
    ("TOTAL_DISBURSEMENT_AMOUNT_EXCEEDS_DECLARED", "TOTAL_DISBURSEMENT_QUANTITY_EXCEEDS_DECLARED"),
    ("ENVELOPE_ALREADY_CANCELLED", "DISBURSEMENT_ENVELOPE_ALREADY_CANCELED"),
];

/// The only benefit that the hub can pay.
const CASH: &str = "CASH_DIGITAL";

/// Whether a body is one of today's bridge.
pub(super) fn is_today(body: &Value) -> bool {
    body.get("request_header").is_some() || body.get("request_body").is_some()
}

/// Whether a call has a body of today's bridge.
pub(super) fn is_called(call: &Call) -> bool {
    sender(call).is_some()
}

/// Who sends a body of today's bridge, in letters that may stand in an id. Ids that name no issuer are the sender's, as at SPAR.
pub(super) fn sender(call: &Call) -> Option<String> {
    let body: Value = serde_json::from_slice(&call.body).ok().filter(is_today)?;
    let name = body["request_header"]["sender_app_mnemonic"].as_str().unwrap_or_default();
    Some(name.chars().filter(|c| c.is_ascii_alphanumeric() || "-_.+".contains(*c)).collect())
}

/// What clients of today's bridge send.
#[derive(JsonSchema)]
#[schemars(rename = "BridgeRequestOfToday_{M}")]
#[expect(dead_code, reason = "only its schema is read")]
struct Request<M> {
    request_header: Value,
    request_body: Payload<M>,
}

#[derive(JsonSchema)]
#[schemars(rename = "BridgePayloadOfToday_{M}")]
#[expect(dead_code, reason = "only its schema is read")]
struct Payload<M> {
    request_payload: M,
}

/// An operation that only today's bridge has.
pub(super) fn says<M: JsonSchema>(summary: &'static str, payload: &Value) -> Operation {
    crate::kit::openapi::says(summary)
        .tag("the bridge of OpenG2P")
        .more("Answered with 200 and `response_status`: `SUCCESS`, or `ERROR` with a code.")
        .with(Token::Strict)
        .takes::<Request<M>>(
            json!({"request_header": {"sender_app_mnemonic": "pbms", "sender_app_url": "",
            "request_id": "R-1", "request_timestamp": "2026-10-01T08:00:00Z", "instance_id": null},
            "request_body": {"request_payload": payload}}),
        )
        .gives::<Value>(200, "Done, or why not")
}

/// The payload of a request.
pub(super) fn open<M: DeserializeOwned>(call: &Call, body: &Value) -> Result<M, Refusal> {
    let wrong = |sentence: String| Refusal::new("REQUEST_VALIDATION_ERROR", sentence);
    let header = &body["request_header"];
    for name in ["request_id", "request_timestamp", "sender_app_mnemonic"] {
        if header[name].as_str().is_none_or(str::is_empty) {
            return Err(wrong(format!("request_header.{name} is missing: write a text")));
        }
    }
    call.correlation(header["request_id"].as_str().unwrap_or_default());
    let payload = renamed(body["request_body"]["request_payload"].clone());
    serde_path_to_error::deserialize(&payload).map_err(|error| {
        wrong(format!("request_body.request_payload.{}: {}", error.path(), error.inner()))
    })
}

/// A payload in the names of the first bridge.
fn renamed(mut payload: Value) -> Value {
    let items = payload.as_array_mut().into_iter().flatten();
    for item in items.filter_map(Value::as_object_mut) {
        for (today, first) in NAMES {
            if let Some(value) = item.remove(today) {
                item.insert(first.into(), value);
            }
        }
    }
    payload
}

/// The only envelope of a list.
pub(super) fn only(mut list: Vec<Declared>) -> Result<Declared, Refusal> {
    match list.len() {
        1 => Ok(list.swap_remove(0)),
        n => {
            let right = format!("request_payload: write one envelope, not {n}");
            Err(Refusal::new("REQUEST_VALIDATION_ERROR", right))
        }
    }
}

/// What an envelope of today must say besides, and what it leaves open. A client outside plans by the clock on the wall:
/// its today is today in an open room.
pub(super) fn whole(mut declared: Declared, call: &Call, today: Date) -> Result<Declared, Refusal> {
    let is_empty = |value: &Value| value.is_null() || value == "";
    if is_empty(&declared.benefit_program_id) {
        return Err(Refusal::new("INVALID_PROGRAM_ID", "benefit_program_id: write a number"));
    }
    if is_empty(&declared.benefit_code_id) {
        return Err(Refusal::new("INVALID_BENEFIT_CODE_ID", "benefit_code_id: write a number"));
    }
    if declared.target_registry.as_deref().is_none_or(str::is_empty) {
        return Err(Refusal::new("INVALID_TARGET_REGISTRY", "target_registry: write farmer"));
    }
    if declared.benefit_type.as_deref().is_some_and(|kind| kind != CASH) {
        let right = format!("benefit_type: write {CASH}, this hub pays nothing else");
        return Err(Refusal::new("INVALID_BENEFIT_TYPE", right));
    }
    if declared.benefit_program_mnemonic.as_deref().is_none_or(str::is_empty) {
        declared.benefit_program_mnemonic =
            Some(format!("PROGRAM-{}", declared.benefit_program_id));
    }
    declared.disbursement_currency_code.get_or_insert_with(|| CURRENCY.to_owned());
    let outside = wall().to_zoned(TimeZone::UTC).date().to_string();
    if call.room().policy() != Policy::Strict
        && declared.disbursement_schedule_date.as_ref() == Some(&outside)
    {
        call.remark(&format!("{outside} is today by the clock on the wall: read as {today}"));
        declared.disbursement_schedule_date = Some(today.to_string());
    }
    Ok(declared)
}

/// The answer in the envelope of today: what was sent, with what became of it.
pub(super) fn answered(
    call: &Call,
    asked: &Value,
    outcome: Result<Value, Refusal>,
) -> HttpResponse {
    let (status, code, sentence, message) = match outcome {
        Ok(message) => ("SUCCESS", None, None, message),
        Err(refused) => {
            ("ERROR", Some(of_today(refused.code)), Some(refused.sentence), refused.message)
        }
    };
    if let Some((code, sentence)) = code.zip(sentence.as_ref()) {
        call.remark(&format!("{code}: {sentence}"));
    }
    let body = &asked["request_body"];
    let mut response_body = json!({"pagination_response": null,
        "response_payload": payload(&body["request_payload"], message)});
    if let Some(control) = body.get("disbursement_batch_control_id") {
        response_body["disbursement_batch_control_id"] = control.clone();
    }
    HttpResponse::Ok().json(json!({
        "response_header": {"request_id": asked["request_header"]["request_id"].as_str().unwrap_or_default(),
            "response_status": status, "response_error_code": code,
            "response_error_message": sentence, "response_timestamp": call.errand.stamp()},
        "response_body": response_body}))
}

fn of_today(code: &str) -> &str {
    CODES.iter().find(|(first, _)| *first == code).map_or(code, |(_, today)| today)
}

/// What is told in the names of today. Of envelopes and disbursements that were sent, what was sent comes back.
fn payload(sent: &Value, told: Value) -> Value {
    let (Some(sent), Value::Array(told)) = (sent.as_array(), &told) else { return told };
    if sent.len() != told.len() {
        return Value::Array(told.clone());
    }
    sent.iter().zip(told).map(|(sent, told)| item(sent, told)).collect()
}

fn item(sent: &Value, told: &Value) -> Value {
    let (Some(sent), Some(told)) = (sent.as_object(), told.as_object()) else {
        return told.clone();
    };
    let mut whole = sent.clone();
    for (name, value) in told {
        let is_envelope = told.contains_key("disbursement_frequency");
        let today = NAMES.iter().find(|(_, first)| first == name).map(|(today, _)| *today);
        let today = today.filter(|today| is_envelope || *today != "id");
        match (name.as_str(), today) {
            ("response_error_codes", _) => {
                let codes = value.as_array().into_iter().flatten().filter_map(Value::as_str);
                let codes = codes.map(of_today).collect::<Vec<_>>();
                whole.insert(name.clone(), json!(codes));
            }
            // The programme's own name of a disbursement stays; ours is not told.
            ("disbursement_id" | "id", _) if !is_envelope => {}
            ("mis_reference_number", _) => {}
            // Of disbursements it is written otherwise than of envelopes.
            ("cancellation_status", _) if !is_envelope => {
                let word = value.as_str().unwrap_or_default().to_ascii_uppercase();
                whole.insert(name.clone(), json!(word));
            }
            (_, Some("measurement_unit")) if sent.contains_key("measurement_unit") => {}
            (_, Some(today)) => {
                whole.insert(today.into(), value.clone());
            }
            (_, None) => {
                whole.insert(name.clone(), value.clone());
            }
        }
    }
    Value::Object(whole)
}
