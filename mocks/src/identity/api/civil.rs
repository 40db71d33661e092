//! The link to the civil registry (DCI v1.0.0): `POST /desk/civil-registry/follow` subscribes to deaths and annulments, and
//! `POST /registry/{on-subscribe,notify}` receive what follows. A death that is told is noted; nothing is
//! deleted, and an annulled death is taken back.

use actix_web::HttpResponse;
use serde_json::{Value, json};
use standards::dci::notify::NotifyRequest;
use standards::dci::search::QueryType;
use standards::dci::subscribe::{
    SubscribeCriteria, SubscribeItem, SubscribeRequest, SubscribeResponse,
};
use standards::dci::{Ack, Action, Envelope, TransactionId};

use super::answers::{Failure, fresh_json, refuse_client};
use super::deaths;
use crate::identity::model::civil::{alive, told};
use crate::identity::model::refusal::Refusal;
use crate::kit::dci::{self, Strictness};
use crate::kit::openapi::{Routes, says};
use crate::kit::registry::message;
use crate::kit::server::Call;
use crate::kit::trust::jwks::part_of;

/// What it is told of: deaths, and entries that were made in error.
const EVENTS: [&str; 2] = ["Death", "Annulment"];
/// Whose word on deaths counts.
const REGISTRY: &str = "civil_registry";
/// How audits name it.
const ASKER: &str = "civil-registry";

pub(super) fn routes(routes: &mut Routes) {
    let told = |summary| says(summary).tag("the civil registry").gives::<Ack>(200, "Heard");
    let answered =
        json!({"transaction_id": "T-1", "correlation_id": "C-1", "subscribe_response": []});
    let death = json!({"transaction_id": "T-1", "correlation_id": "C-1", "notify_event": [{
        "reference_id": "R-1", "timestamp": "2026-10-01T08:00:00Z",
        "data": {"reg_type": "ns:org:RegistryType:Civil", "reg_event_type": "Death", "reg_records": []},
    }]});
    routes
        .post(
            "/desk/civil-registry/follow",
            follow,
            says("Subscribes to deaths and annulments")
                .tag("the civil registry")
                .gives::<Value>(200, "Asked; the answer comes later"),
        )
        .post(
            "/registry/on-subscribe",
            on_subscribe,
            told("Takes the answer to a subscription")
                .takes::<Envelope<SubscribeResponse>>(message("on-subscribe", None, &answered)),
        )
        .post(
            "/registry/notify",
            notify,
            told("Takes notice of a death")
                .more("Only the civil registry's word counts; what others say is acknowledged and changes nothing.")
                .takes::<Envelope<NotifyRequest>>(message("notify", None, &death)),
        );
}

async fn follow(call: Call) -> HttpResponse {
    let message = SubscribeRequest {
        transaction_id: TransactionId::from(call.errand.office.next_id("TXN").as_str()),
        subscribe_request: EVENTS.map(|event| wish(&call, event)).into(),
    };
    let path = "/registry/subscribe";
    match dci::submit(&call.errand, REGISTRY, path, Action::Subscribe, &message).await {
        Ok(_) => fresh_json(&json!({"status": "asked", "event": "Death"})),
        Err(error) => {
            let refusal = Refusal::new("temporarily_unavailable", error.to_string());
            refuse_client(&call, Failure::Refused(refusal))
        }
    }
}

fn wish(call: &Call, event: &str) -> SubscribeItem {
    SubscribeItem {
        reference_id: call.errand.office.next_id("REF"),
        timestamp: call.errand.stamp().into(),
        subscribe_criteria: SubscribeCriteria {
            version: Some("1.0.0".into()),
            reg_type: Some("ns:org:RegistryType:Civil".into()),
            reg_event_type: Some(event.into()),
            frequency: None,
            filter_type: Some(QueryType::Expression),
            // A filter is needed, and this one fits everybody.
            filter: Some(json!({"birth_date": {"ge": "1800-01-01"}})),
            notify_record_type: Some("spdci-extensions-dci:Person".into()),
            authorize: None,
        },
        locale: Some("eng".into()),
    }
}

async fn on_subscribe(call: Call) -> HttpResponse {
    let envelope = match dci::receive::<SubscribeResponse>(&call, Strictness::Callback).await {
        Ok(envelope) => envelope,
        Err(refused) => return refused.respond(&call),
    };
    let codes: Vec<String> = envelope
        .message
        .subscribe_response
        .iter()
        .flat_map(|result| result.subscriptions.iter().map(|s| s.code.clone()))
        .collect();
    let sentence = if codes.is_empty() {
        "The civil registry refused the subscription."
    } else {
        "The civil registry will tell of deaths."
    };
    call.errand.event("subscription answered", sentence, &json!({"codes": codes}));
    ack(&call)
}

async fn notify(call: Call) -> HttpResponse {
    let envelope = match dci::receive::<NotifyRequest<Value>>(&call, Strictness::Callback).await {
        Ok(envelope) => envelope,
        Err(refused) => return refused.respond(&call),
    };
    let sender = envelope.header.sender_id.as_deref().map(part_of);
    if sender.as_deref() != Some(REGISTRY) {
        call.remark("only the civil registry's word on deaths counts here; nothing was changed");
        return ack(&call);
    }
    for event in &envelope.message.notify_event {
        let records = &event.data.reg_records;
        let done = match event.data.reg_event_type.as_deref() {
            Some("Death") => told(records)
                .ok_or_else(|| Refusal::request("the notice has no UIN or no death_date").into())
                .and_then(|told| deaths::note(&call.errand, &told, ASKER)),
            Some("Annulment") => alive(records)
                .ok_or_else(|| Refusal::request("the notice has no UIN, or a death_date").into())
                .and_then(|uin| deaths::take_back(&call.errand, &uin, ASKER)),
            _ => {
                call.remark("this notice tells of no death; nothing was changed");
                continue;
            }
        };
        match done {
            Ok(true) => {}
            Ok(false) => call.remark("this was noted before"),
            Err(failure) => call.remark(&failure.told().sentence),
        }
    }
    ack(&call)
}

fn ack(call: &Call) -> HttpResponse {
    let correlation = call.errand.office.next_id("CORR");
    HttpResponse::Ok().json(Ack::accepted(correlation, call.errand.stamp()))
}
