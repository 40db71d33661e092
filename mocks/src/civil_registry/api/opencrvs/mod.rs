//! The event API in the shape of OpenCRVS 2 (`/api/events/...`; its gateway puts `/api/events` before `/events`), and
//! the tokens for it. Declaring and registering are tRPC there; here they are plain routes beside the others.

mod acts;
mod form;
mod input;
mod notify;
mod places;
mod read;
mod refusal;
mod search;
pub(super) mod tokens;

use serde_json::{Value, json};

use crate::kit::openapi::{Operation, Routes, Token, says};

pub(super) fn routes(routes: &mut Routes) {
    let credentials =
        json!({"grant_type": "client_credentials", "client_id": "demo", "client_secret": "demo"});
    routes
        .post(
            "/auth/token",
            tokens::issue,
            ours("A bearer token of ten minutes")
                .more("Client credentials as JSON, form or query; or the exchange for a token of a single record (RFC 8693).")
                .takes::<tokens::Asked>(credentials)
                .gives::<Value>(200, "The token"),
        )
        .get("/.well-known", tokens::key, ours("The key of the tokens").gives_as::<String>(200, "text/plain", "In PEM"));
    event_routes(routes);
    routes
        .get(
            "/api/events/locations",
            places::locations,
            with_token("Areas, offices of the civil registry, health facilities")
                .query("locationType", "CRVS_OFFICE")
                .gives::<Value>(200, "Each with the area around it"),
        )
        .get(
            "/location",
            places::bundle,
            ours("The same places as a FHIR bundle")
                .more("As OpenCRVS 1.x has it.")
                .query("type", "HEALTH_FACILITY")
                .gives::<Value>(200, "The bundle"),
        );
}

/// `/api/events/events/...`.
fn event_routes(routes: &mut Routes) {
    let event = |summary| with_token(summary).gives::<Value>(200, "The event with its actions");
    let known = |summary| event(summary).after("an event with this id was opened");
    let birth = json!({
        "type": "birth", "transactionId": "TX-1",
        "declaration": {"child.dob": "2026-09-28", "child.name": {"firstname": "Ada", "surname": "Ortal"}},
    });
    routes.post(
        "/api/events/events",
        notify::create,
        event("Opens an event").takes::<Value>(birth.clone()),
    );
    let at_once = || event("Opens and notifies an event in one call").takes::<Value>(birth.clone());
    routes
        .post("/api/events/events/notify", notify::notify_at_once, at_once())
        .post(
            "/api/events/events/notifications",
            acts::notification,
            at_once().more("With `eventId`, as OpenCRVS 1.9 sends it: notifies that event."),
        )
        .post(
            "/api/events/events/search",
            search::search,
            event("Searches the index of events").takes::<Value>(json!({
                "query": {"type": "and", "clauses": [{"eventType": "birth"}]}, "limit": 10, "offset": 0,
            })),
        )
        .get("/api/events/events/{id}", read::event, known("One event"))
        .post(
            "/api/events/events/{id}/{act}",
            acts::act,
            known("Notifies, declares, registers, rejects or archives an event")
                .path("act", "declare")
                .takes::<Value>(birth),
        )
        .post(
            "/api/events/events/{id}/{act}/{step}",
            acts::step,
            known("Accepts or rejects a registration; requests, approves or rejects a correction")
                .path("act", "register")
                .path("step", "accept")
                .takes::<Value>(json!({"transactionId": "TX-2"})),
        );
}

fn ours(summary: &'static str) -> Operation {
    says(summary).tag("OpenCRVS 2")
}

fn with_token(summary: &'static str) -> Operation {
    ours(summary).with(Token::Own("/auth/token"))
}
