//! The bearer tokens of callbacks and notices: what is set for a peer is carried, and what is brought is checked.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};

use super::SYSTEMS;
use super::later::{answered_at, die, subscribe};
use crate::kit::clock::pause;
use crate::kit::courier::Letter;
use crate::kit::journal::{Entry, Kind};
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
async fn a_token_is_asked_for_where_the_subscriber_says_and_anew_once_it_is_refused() {
    let trial = Trial::start(SYSTEMS, 50);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let manners = |client_secret: &str| {
        let url = format!("{}/gateway/oauth2/client/token", trial.running.base);
        let token_from =
            json!({"token_url": url, "client_id": "demo", "client_secret": client_secret});
        json!({"peer": "demo", "token_from": token_from})
    };
    let set = |manners: Value| {
        trial.ask(Letter::to("civil_registry", Method::PUT, "/_arenoa/peers").json(&manners))
    };
    let (status, kept) = set(manners("demo")).await;
    let shown = &kept["peers"]["demo"]["token_from"];
    assert_eq!((status, &shown["client_secret"]), (200, &json!("•••")), "{kept}");
    listener.insists_on("the-token-of-later");
    let wish = answered_at(subscribe(&visitor.uin("grace")), &listener.base);
    visitor.post("civil_registry", "/registry/subscribe", &wish).await;
    let granted = async || {
        let journal = trial.journal().await;
        let asks = |e: &&Entry| e.kind == Kind::Request && e.action.ends_with("/client/token");
        let asked: Vec<_> = journal.iter().filter(asks).collect();
        assert!(asked.iter().all(|e| !e.body.contains("client_secret=demo")), "{asked:#?}");
        asked.iter().filter(|e| e.from == "civil_registry").count()
    };
    while granted().await < 2 {
        pause(Duration::from_millis(50)).await;
    }
    assert_eq!(listener.count(), 0, "none of them was the right one");
    // Whom the grantor does not know is tried again too, and is told once that is mended.
    assert_eq!(set(manners("guessed")).await.0, 200);
    pause(Duration::from_millis(600)).await;
    assert_eq!(set(json!({"peer": "demo", "access_token": "the-token-of-later"})).await.0, 200);
    assert_eq!(listener.hears(1).await[0].0, "/registry/on-subscribe");
    let mut both = manners("demo");
    both["access_token"] = json!("abc");
    let mut nowhere = manners("demo");
    nowhere["token_from"]["token_url"] = json!("token");
    for unfit in [both, nowhere] {
        assert_eq!(set(unfit).await.0, 400);
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
