//! The link to the civil registry (DCI v1.0.0): `POST /desk/civil-registry/follow` subscribes to every death, and
//! `POST /registry/{on-subscribe,notify}` receive what follows. A death that is told is noted; nothing is deleted.

use actix_web::HttpResponse;
use actix_web::web;
use serde_json::{Value, json};
use standards::dci::notify::NotifyRequest;
use standards::dci::search::QueryType;
use standards::dci::subscribe::{
    SubscribeCriteria, SubscribeItem, SubscribeRequest, SubscribeResponse,
};
use standards::dci::{Ack, Action, TransactionId};

use super::answers::{Failure, fresh_json, refuse_client};
use super::desk;
use crate::identity::model::civil::{Told, told};
use crate::identity::model::refusal::Refusal;
use crate::identity::store::people;
use crate::kit::dci::{self, Strictness};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::kit::trust::jwks::part_of;

/// Whose word on deaths counts.
const REGISTRY: &str = "civil_registry";

pub(super) fn routes(config: &mut Routes<'_>) {
    config
        .service(web::resource("/desk/civil-registry/follow").route(web::post().to(follow)))
        .service(web::resource("/registry/on-subscribe").route(web::post().to(on_subscribe)))
        .service(web::resource("/registry/notify").route(web::post().to(notify)));
}

async fn follow(call: Call) -> HttpResponse {
    let message = SubscribeRequest {
        transaction_id: TransactionId::from(call.errand.office.next_id("TXN").as_str()),
        subscribe_request: vec![SubscribeItem {
            reference_id: call.errand.office.next_id("REF"),
            timestamp: call.errand.stamp().into(),
            subscribe_criteria: SubscribeCriteria {
                version: Some("1.0.0".into()),
                reg_type: Some("ns:org:RegistryType:Civil".into()),
                reg_event_type: Some("Death".into()),
                frequency: None,
                filter_type: Some(QueryType::Expression),
                // A filter is needed, and this one fits everybody.
                filter: Some(json!({"birth_date": {"ge": "1800-01-01"}})),
                notify_record_type: Some("spdci-extensions-dci:Person".into()),
                authorize: None,
            },
            locale: Some("eng".into()),
        }],
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
        if event.data.reg_event_type.as_deref() != Some("Death") {
            call.remark("this notice tells of no death; nothing was changed");
            continue;
        }
        let done = told(&event.data.reg_records)
            .ok_or_else(|| Refusal::request("the notice has no UIN or no death_date").into())
            .and_then(|told| note(&call, &told));
        if let Err(failure) = done {
            call.remark(&failure.told().sentence);
        }
    }
    ack(&call)
}

/// Notes a death once; a notice that comes again changes nothing.
fn note(call: &Call, told: &Told) -> Result<(), Failure> {
    let known = call.store().read(|db| people::find(db, &told.uin))?;
    if known.is_some_and(|person| person.deceased_on.is_some()) {
        call.remark("this death was noted before");
        return Ok(());
    }
    let number = told.number.as_deref().unwrap_or_default();
    let occasion = format!("death on {}, told by the civil registry", told.date);
    let asker = "civil-registry";
    desk::changed(call, (&told.uin, asker), &occasion, |tx| {
        people::enter_death(tx, &told.uin, &told.date, number)
    })?;
    Ok(())
}

fn ack(call: &Call) -> HttpResponse {
    let correlation = call.errand.office.next_id("CORR");
    HttpResponse::Ok().json(Ack::accepted(correlation, call.errand.stamp()))
}
