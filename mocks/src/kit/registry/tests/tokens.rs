//! The bearer tokens of callbacks and notices: what is set for a peer is carried, and what is brought is checked.

use http::Method;
use serde_json::{Value, json};

use super::SYSTEMS;
use super::later::{answered_at, die, subscribe};
use crate::kit::courier::Letter;
use crate::kit::registry::listener::Listener;
use crate::kit::registry::visitor::{Visitor, envelope};
use crate::kit::trial::Trial;

const TOKEN: &str = "s3cret-of-the-subscriber";

/// Sets the token that callbacks to the visitor carry.
async fn carry(trial: &Trial, token: &str) -> (u16, Value) {
    let manners = json!({"peer": "demo", "access_token": token});
    trial.ask(Letter::to("civil_registry", Method::PUT, "/_arenoa/peers").json(&manners)).await
}

#[actix_web::test]
async fn a_notice_that_is_not_let_in_is_told_once_its_token_is_set() {
    let trial = Trial::start(SYSTEMS, 50);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let grace = visitor.uin("grace");
    let wish = answered_at(subscribe(&grace), &listener.base);
    visitor.post("civil_registry", "/registry/subscribe", &wish).await;
    listener.hears(1).await;
    listener.insists_on(TOKEN);
    assert_eq!(die(&trial, &grace).await, 201);
    trial.hall().room.clock.idle().await;
    assert_eq!(listener.count(), 1, "it was refused with 401");
    let (status, set) = carry(&trial, TOKEN).await;
    assert_eq!((status, &set["peers"]["demo"]["access_token"]), (200, &json!("•••")), "{set}");
    let (path, _) = listener.hears(2).await.pop().unwrap();
    assert_eq!(path, "/registry/notify", "it was not lost");
    for entry in trial.journal().await {
        assert!(!entry.body.contains(TOKEN) && !entry.headers.contains(TOKEN), "{entry:?}");
    }
    for unfit in ["", "two words", "a\nb"] {
        assert_eq!(carry(&trial, unfit).await.0, 400, "no header carries {unfit:?}");
    }
}

#[actix_web::test]
async fn a_token_that_is_brought_is_checked_and_none_is_asked_for() {
    let trial = Trial::start(SYSTEMS, 50);
    let visitor = Visitor::new(&trial).await;
    let told = envelope("on-search", 1, &json!({"transaction_id": "T-1", "correlation_id": "C"}));
    let letter = || Letter::post("civil_registry", "/registry/on-search").json(&told);
    assert_eq!(trial.ask(visitor.signed_in(letter())).await.0, 200);
    assert_eq!(trial.ask(letter()).await.0, 200);
    let (status, refused) = trial.ask(letter().bearer("abc")).await;
    assert_eq!((status, &refused["code"]), (401, &json!("err.request.unauthorized")), "{refused}");
    let url = format!("{}/crvs/on-search", trial.running.base);
    let official = Letter::to_address(Method::POST, &url).json(&told).bearer("abc");
    assert_eq!(trial.ask(official).await.0, 200, "an open room does not look there");
}
