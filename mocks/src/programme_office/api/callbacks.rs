//! What others tell the office later: DCI `/registry/on-subscribe`, `/registry/on-search`, `/registry/notify` and G2P
//! Connect `/on-disburse`. Each is answered with an Ack; one that comes twice changes nothing the second time.

use actix_web::HttpResponse;
use serde_json::{Value, json};
use standards::dci::notify::NotifyRequest;
use standards::dci::search::SearchResponse;
use standards::dci::subscribe::SubscribeResponse;
use standards::dci::{Ack, Envelope, Header, ReasonCode, Status};
use standards::g2p_connect::disburse::{DisburseResponse, DisbursementStatus};

use crate::kit::courier::Errand;
use crate::kit::dci::{self, Strictness};
use crate::kit::openapi::{Routes, says};
use crate::kit::registry::message;
use crate::kit::server::Call;
use crate::programme_office::api::failed;
use crate::programme_office::cycle::{self, Heard};
use crate::programme_office::model::amounts;
use crate::programme_office::model::payment::{Payment, PaymentState};
use crate::programme_office::store::{self, Trouble};
use crate::programme_office::work::counts::{self, Happened};
use crate::programme_office::work::letters::{self, News};
use crate::programme_office::work::outcome::tell;
use crate::programme_office::work::{departures, duties};

/// What registries and the hub tell this office.
pub(in crate::programme_office) fn routes(routes: &mut Routes) {
    let told = |summary| says(summary).tag("callbacks").gives::<Ack>(200, "Heard");
    let (at, then) = ("2026-10-01T08:00:00Z", "succ");
    let both = |message: &mut Value| {
        message["transaction_id"] = json!("T-1");
        message["correlation_id"] = json!("C-1");
    };
    let mut subscribed = json!({"subscribe_response": []});
    let mut found = json!({"search_response": []});
    let mut happened = json!({"notify_event": [{
        "reference_id": "R-1", "timestamp": at,
        "data": {"reg_type": "ns:org:RegistryType:Civil", "reg_event_type": "Death", "reg_records": []},
    }]});
    let mut paid = json!({"disbursements_status": [{"reference_id": "PAY-1", "timestamp": at, "status": then}]});
    [&mut subscribed, &mut found, &mut happened, &mut paid].into_iter().for_each(both);
    routes
        .post(
            "/registry/on-subscribe",
            on_subscribe,
            told("Takes the answer to a subscription")
                .takes::<Envelope<SubscribeResponse>>(message("on-subscribe", None, &subscribed)),
        )
        .post(
            "/registry/on-search",
            on_search,
            told("Takes the answer to a search").takes::<Envelope<SearchResponse>>(message(
                "on-search",
                None,
                &found,
            )),
        )
        .post(
            "/registry/notify",
            notify,
            told("Takes notice of an event")
                .takes::<Envelope<NotifyRequest>>(message("notify", None, &happened)),
        )
        .post(
            "/on-disburse",
            on_disburse,
            told("Takes what became of payments").takes::<Envelope<DisburseResponse>>(message(
                "on-disburse",
                None,
                &paid,
            )),
        );
}

/// `POST /registry/on-subscribe`.
async fn on_subscribe(call: Call) -> HttpResponse {
    let envelope = match dci::receive::<SubscribeResponse>(&call, Strictness::Callback).await {
        Ok(envelope) => envelope,
        Err(refused) => return refused.respond(&call),
    };
    let message = &envelope.message;
    for result in &message.subscribe_response {
        let code = result.subscriptions.first().map(|s| s.code.as_str());
        let state = if result.status == Status::Succ { "active" } else { "refused" };
        let transaction = message.transaction_id.to_string();
        match store::settle_subscription(call.store(), &transaction, code, state) {
            Ok(Some(application)) => {
                let body = json!({"application": application, "code": code, "state": state});
                let sentence = match code {
                    Some(code) => {
                        format!("The civil registry will tell of a death; subscription {code}.")
                    }
                    None => String::from("The civil registry refused the subscription."),
                };
                call.errand.event(&format!("subscription {state}"), &sentence, &body);
            }
            Ok(None) => call.remark("no subscription was asked for with this transaction id"),
            Err(error) => return failed(&call, &error.to_string()),
        }
    }
    ack(&call, &envelope.header)
}

/// `POST /registry/on-search`: cycles ask about many people this way. An answer to a question that nobody asked is
/// acknowledged and kept in the journal only.
async fn on_search(call: Call) -> HttpResponse {
    let envelope = match dci::receive::<SearchResponse>(&call, Strictness::Callback).await {
        Ok(envelope) => envelope,
        Err(refused) => return refused.respond(&call),
    };
    match cycle::answered(&call.errand, &envelope.header, &envelope.message) {
        Ok(Heard::Whole(id)) => {
            let errand = call.errand.clone();
            call.later(async move { cycle::verify(&errand, &id).await });
        }
        Ok(Heard::Part) => {}
        Ok(Heard::Nothing) => call.remark("nothing here waits for this answer"),
        Err(error) => return failed(&call, &error),
    }
    ack(&call, &envelope.header)
}

/// `POST /registry/notify`: something happened to somebody. It is kept, once.
async fn notify(call: Call) -> HttpResponse {
    let envelope = match dci::receive::<NotifyRequest<Value>>(&call, Strictness::Callback).await {
        Ok(envelope) => envelope,
        Err(refused) => return refused.respond(&call),
    };
    for event in &envelope.message.notify_event {
        let kind = event.data.reg_event_type.as_deref().unwrap_or("event");
        let body = event.data.reg_records.to_string();
        let at = call.errand.stamp();
        match store::keep_notice(call.store(), &event.reference_id, kind, &body, &at) {
            Ok(true) => {
                let sentence = format!("A registry tells of a {kind}.");
                call.errand.event("notice kept", &sentence, &event.data.reg_records);
                if kind == "Death" {
                    let (of, records) =
                        (event.reference_id.clone(), event.data.reg_records.clone());
                    call.later(departures::follow(call.errand.clone(), of, records));
                }
            }
            Ok(false) => call.remark("this notice has come before"),
            Err(error) => return failed(&call, &error.to_string()),
        }
    }
    ack(&call, &envelope.header)
}

/// `POST /on-disburse`: what became of payments.
async fn on_disburse(call: Call) -> HttpResponse {
    let envelope = match dci::receive::<DisburseResponse>(&call, Strictness::Callback).await {
        Ok(envelope) => envelope,
        Err(refused) => return refused.respond(&call),
    };
    match cycle::told(&call.errand, &envelope.message) {
        Ok(true) => return ack(&call, &envelope.header),
        Ok(false) => {}
        Err(error) => return failed(&call, &error),
    }
    let mut changed = Vec::new();
    for status in &envelope.message.disbursements_status {
        match told(&call, status) {
            Ok(payment) => changed.extend(payment),
            Err(trouble) => return failed(&call, &trouble.to_string()),
        }
    }
    if changed.is_empty() {
        call.remark("this changes nothing: the payments are unknown or settled already");
    } else {
        call.later(follow_up(call.errand.clone(), changed));
    }
    ack(&call, &envelope.header)
}

fn told(call: &Call, status: &DisbursementStatus) -> Result<Option<Payment>, Trouble> {
    let code = status.status_reason_code.as_ref().map(ToString::to_string);
    let remark = status.status_reason_message.clone().or(code).unwrap_or_default();
    // "You sent this before" is said of the second message, not of the payment: that is under way.
    let repeated = status.status_reason_code == Some(ReasonCode::ReferenceIdDuplicate);
    let said = if repeated { Status::Pdng } else { status.status };
    let changed = store::told(call.store(), &status.reference_id, said, &remark)?;
    if let Some(payment) = &changed {
        call.correlation(&payment.application);
        let sentence = match payment.state {
            PaymentState::Paid => format!(
                "{} {} for {} have arrived.",
                amounts::decimal(payment.amount_cents),
                payment.currency,
                payment.cycle
            ),
            PaymentState::Failed => format!("The payment failed: {remark}"),
            other => format!("The payment is {}.", other.as_str()),
        };
        let action = format!("payment {}", payment.state.as_str());
        call.errand.event(&action, &sentence, &json!(payment));
    }
    Ok(changed)
}

/// What follows, after the receipt has been written.
async fn follow_up(errand: Errand, payments: Vec<Payment>) {
    for payment in payments {
        let done = match payment.state {
            PaymentState::Paid => duties::after_payment(&errand, &payment.application).await,
            PaymentState::Failed => tell_failure(&errand, &payment).await,
            _ => Ok(()),
        };
        if let Err(trouble) = done {
            tracing::error!(%trouble, payment = payment.reference_id, "what follows a payment was not done");
        }
    }
}

async fn tell_failure(errand: &Errand, payment: &Payment) -> Result<(), Trouble> {
    let archive = &errand.office.store;
    let application = store::application(archive, &payment.application)?;
    let programmes = store::programmes(&errand.office)?;
    tell(errand, &application, &letters::write(&programmes, &application, News::Failed)).await;
    let happened = [Happened::Enrolled, Happened::PaymentFailed(payment)];
    counts::mention(errand, &application, &happened).await;
    Ok(())
}

/// The handle follows from the message: callbacks come at the same time as other work, and a count would depend on which
/// is first.
fn ack(call: &Call, header: &Header) -> HttpResponse {
    let correlation: String = format!("CORR-{}", header.message_id).chars().take(99).collect();
    HttpResponse::Ok().json(Ack::accepted(correlation, call.errand.stamp()))
}
