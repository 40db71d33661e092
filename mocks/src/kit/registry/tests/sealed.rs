//! Encrypted messages both ways, and the dialect in which each peer is written to.

use http::Method;
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use standards::dci::{Action, EncryptedMessage};

use super::SYSTEMS;
use super::later::{answered_at, die, subscribe};
use crate::kit::courier::{Errand, Letter};
use crate::kit::dci::ask;
use crate::kit::journal::{Kind, Verdict};
use crate::kit::registry::listener::Listener;
use crate::kit::registry::visitor::{Visitor, search};
use crate::kit::room::Policy;
use crate::kit::trial::Trial;
use crate::kit::trust::jwe;
use crate::kit::trust::jwks::{EncryptionKey, KeyRing, Owner};
use crate::kit::trust::sign::{Dialect, seal};
use crate::kit::trust::verify::verify;

const PATH: &str = "/registry/sync/search";
const ASKER: &str = "social-registry.arenoa";

fn errand(trial: &Trial) -> Errand {
    Errand { office: trial.office("social_registry"), cause: trial.cause() }
}

/// The key that the civil registry publishes for those who encrypt to it.
async fn published(trial: &Trial) -> std::sync::Arc<EncryptionKey> {
    let errand = errand(trial);
    let ring = errand.office.memory.of::<KeyRing>();
    ring.encryption(&errand, &Owner::Part("civil_registry".into())).await.unwrap()
}

/// The social registry asks for somebody: its message encrypted, the whole signed.
async fn encrypted(trial: &Trial, mut body: Value, change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let key = published(trial).await;
    let sealed = jwe::seal(&key, body["message"].to_string().as_bytes()).unwrap();
    body["header"]["sender_id"] = json!(ASKER);
    body["header"]["is_msg_encrypted"] = json!(true);
    body["message"] = json!(sealed);
    change(&mut body);
    let office = trial.office("social_registry");
    seal(&office, Dialect::default(), &body["header"], &body["message"]).unwrap().to_vec()
}

/// What the social registry reads in a message that is encrypted to it.
fn opened(trial: &Trial, body: &Value) -> Value {
    assert_eq!(body["header"]["is_msg_encrypted"], true, "{body:#}");
    let sealed: EncryptedMessage = serde_json::from_value(body["message"].clone()).unwrap();
    let clear = jwe::open(&trial.office("social_registry").keys, &sealed).unwrap();
    serde_json::from_slice(&clear).unwrap()
}

fn about(visitor: &Visitor<'_>) -> Value {
    let whom = visitor.uin("tomas");
    search(&[json!({"query_type": "idtype-value", "query": {"type": "UIN", "value": whom}})])
}

#[actix_web::test]
async fn an_encrypted_question_is_answered_encrypted_also_in_a_strict_room() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    let asked = encrypted(&trial, about(&visitor), |_| {}).await;
    let (status, answer) = visitor.raw("civil_registry", PATH, asked).await;
    assert_eq!(status, 200, "{answer:#}");
    let (errand, text) = (errand(&trial), answer.to_string());
    let checked = verify(&errand, text.as_bytes(), Some("civil_registry")).await;
    assert_eq!(checked.verdict, Verdict::Valid, "the signature covers what was sent");
    let message = opened(&trial, &answer);
    let record = &message["search_response"][0]["data"]["reg_records"][0];
    assert_eq!(record["birth_date"], "1959-02-11", "{message:#}");
    let journal = trial.journal().await;
    assert!(journal.iter().any(|e| e.kind == Kind::Event && e.action == "message opened"));
    let last = journal.iter().rfind(|e| e.kind == Kind::Answer && e.from == "civil_registry");
    assert_eq!(last.unwrap().verdict, Verdict::Valid);
    assert!(journal.iter().all(|e| !e.body.contains("1959-02-11")), "nobody else reads it");
}

#[actix_web::test]
async fn callbacks_and_notices_of_what_was_asked_encrypted_are_encrypted() {
    let trial = Trial::start(SYSTEMS, 100);
    let (visitor, listener) = (Visitor::new(&trial).await, Listener::start());
    let uin = visitor.uin("tomas");
    for (path, body) in
        [("/registry/search", about(&visitor)), ("/registry/subscribe", subscribe(&uin))]
    {
        let asked = encrypted(&trial, answered_at(body, &listener.base), |_| {}).await;
        let (_, ack) = visitor.raw("civil_registry", path, asked).await;
        assert_eq!(ack["message"]["ack_status"], "ACK", "{ack:#}");
        trial.hall().room.clock.idle().await;
    }
    assert_eq!(die(&trial, &uin).await, 201);
    let heard = listener.hears(3).await;
    let read = |n: usize| opened(&trial, &heard[n].1);
    assert_eq!(read(0)["search_response"][0]["pagination"]["total_count"], 1);
    assert_eq!(read(1)["subscribe_response"][0]["status"], "succ");
    assert_eq!(read(2)["notify_event"][0]["data"]["reg_records"]["death_date"], "2026-10-01");
}

#[actix_web::test]
async fn what_cannot_be_opened_or_answered_is_refused_with_its_own_code() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let change = |pointer: &'static str, value: Value| {
        move |body: &mut Value| *body.pointer_mut(pointer).unwrap() = value
    };
    let question = || about(&visitor);
    let wrong = [
        (change("/message/header/kid", json!("somebody-else")), "no key of ours"),
        (change("/message/header/alg", json!("RSA1_5")), "RSA-OAEP-256"),
        (change("/message/tag", json!("AAAAAAAAAAAAAAAAAAAAAA")), "cannot be decrypted"),
        (change("/message/iv", json!("AAAA")), "12"),
        (change("/message/ciphertext", json!("*")), "base64url"),
        (change("/message", json!({"transaction_id": "T"})), "is_msg_encrypted is true"),
    ];
    for (change, why) in wrong {
        let body = encrypted(&trial, question(), change).await;
        for path in [PATH, "/registry/search"] {
            let (status, answer) = visitor.raw("civil_registry", path, body.clone()).await;
            let error = &answer["errors"][0];
            assert_eq!((status, &error["code"]), (400, &json!("err.encryption.invalid")), "{why}");
            assert!(error["message"].as_str().unwrap().contains(why), "{why}: {error}");
        }
    }
    let mut nameless: Value =
        serde_json::from_slice(&encrypted(&trial, question(), |_| {}).await).unwrap();
    nameless["header"]["sender_id"] = json!("demo");
    nameless["signature"] = json!("unsigned");
    let (status, answer) = visitor.post("civil_registry", PATH, &nameless).await;
    assert_eq!((status, &answer["errors"][0]["code"]), (400, &json!("err.encryption.invalid")));
}

/// Sets how `system` writes to a peer.
async fn manners(trial: &Trial, system: &str, manners: &Value) -> u16 {
    let letter = Letter::to(system, Method::PUT, "/_arenoa/peers").json(manners);
    trial.ask(letter).await.0
}

#[actix_web::test]
async fn a_peer_may_be_written_to_encrypted_always() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let always = |peer: &str| json!({"peer": peer, "encrypt": true});
    assert_eq!(manners(&trial, "social_registry", &always("civil-registry.arenoa")).await, 200);
    let question = about(&visitor)["message"].clone();
    let errand = errand(&trial);
    let answer = ask::<Value>(&errand, "civil_registry", PATH, Action::Search, &question).await;
    let answer = answer.unwrap();
    assert_eq!(answer.verdict, Verdict::Valid);
    assert_eq!(answer.message["search_response"][0]["pagination"]["total_count"], 1);
    let journal = trial.journal().await;
    let sent = journal.iter().find(|e| e.kind == Kind::Request && e.action.ends_with(PATH));
    assert!(sent.unwrap().body.contains("\"ciphertext\""));

    assert_eq!(manners(&trial, "civil_registry", &always(ASKER)).await, 200);
    let mut clear = about(&visitor);
    clear["header"]["sender_id"] = json!(ASKER);
    let (_, answer) = visitor.post("civil_registry", PATH, &clear).await;
    assert_eq!(opened(&trial, &answer)["search_response"][0]["status"], "succ");
}

#[actix_web::test]
async fn every_peer_is_written_to_in_the_dialect_that_is_set_for_it() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let dialects = [
        ("cavage", Verdict::Valid),
        ("openspp2", Verdict::Valid),
        ("published", Verdict::Valid),
        ("jws-rs256", Verdict::Valid),
        ("jws-es256", Verdict::Valid),
        ("jws-eddsa", Verdict::Valid),
        ("unsigned", Verdict::Unsigned),
    ];
    for (dialect, verdict) in dialects {
        let set = json!({"peer": "demo", "signature": dialect});
        assert_eq!(manners(&trial, "civil_registry", &set).await, 200);
        let (_, answer) = visitor.post("civil_registry", PATH, &about(&visitor)).await;
        let signature = answer["signature"].as_str().unwrap();
        let written = match dialect {
            "cavage" | "openspp2" => signature.starts_with("namespace=\"dci\""),
            "published" => signature.starts_with("Signature: namespace=\"spdci\""),
            "unsigned" => signature == "unsigned-stub",
            _ => signature.split('.').count() == 3,
        };
        assert!(written, "{dialect}: {signature}");
        let body = answer.to_string();
        let checked = verify(&errand(&trial), body.as_bytes(), Some("civil_registry")).await;
        assert_eq!(checked.verdict, verdict, "{dialect}: {}", checked.reason);
    }
    for wrong in [json!({"peer": "demo", "signature": "wax"}), json!({"encrypt": true})] {
        assert_eq!(manners(&trial, "civil_registry", &wrong).await, 400);
    }
    let url = "/_arenoa/peers?peer=demo";
    let (_, left) = trial.ask(Letter::to("civil_registry", Method::DELETE, url)).await;
    assert_eq!(left, json!({"peers": {}}));
}

#[actix_web::test]
async fn every_dialect_is_checked_on_the_paths_of_the_registry() {
    let trial = Trial::start(SYSTEMS, 100);
    let visitor = Visitor::new(&trial).await;
    let office = trial.office("social_registry");
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    let jws = [Algorithm::EdDSA, Algorithm::ES256, Algorithm::RS256].map(Dialect::Jws);
    let dialects = [Dialect::default(), Dialect::Published].into_iter().chain(jws);
    for (number, dialect) in dialects.enumerate() {
        let mut body = about(&visitor);
        body["header"]["sender_id"] = json!(ASKER);
        body["header"]["message_id"] = json!(format!("D-{number}"));
        let sealed = seal(&office, dialect, &body["header"], &body["message"]).unwrap();
        let text = String::from_utf8(sealed.to_vec()).unwrap();
        let spoilt = text.replace("T-1", "T-2").into_bytes();
        let (status, answer) = visitor.raw("civil_registry", PATH, spoilt).await;
        assert_eq!((status, &answer["errors"][0]["code"]), (401, &json!("err.signature.invalid")));
        let (status, answer) = visitor.raw("civil_registry", PATH, text.into_bytes()).await;
        assert_eq!((status, &answer["header"]["status"]), (200, &json!("succ")), "{dialect:?}");
    }
}

#[actix_web::test]
async fn what_a_registry_publishes_is_what_the_standard_wants_of_keys() {
    let trial = Trial::start(SYSTEMS, 50);
    let (_, jwks) = trial.ask(Letter::get("civil_registry", "/.well-known/jwks.json")).await;
    let keys = jwks["keys"].as_array().unwrap();
    for key in keys {
        assert!(["kty", "kid", "use", "alg"].iter().all(|name| key[*name].is_string()), "{key}");
        assert!(["d", "p", "q"].iter().all(|name| key[*name].is_null()), "only public parts");
    }
    let uses: Vec<_> = keys.iter().filter(|key| key["use"] == "enc").collect();
    assert_eq!((uses.len(), &uses[0]["alg"]), (1, &json!("RSA-OAEP-256")));
}
