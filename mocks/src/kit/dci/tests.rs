//! Two systems that speak DCI with each other over HTTP, and strangers who try.

use actix_web::HttpResponse;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD as B64};
use jsonwebtoken::Algorithm;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use standards::dci::canonical::canonical;
use standards::dci::{Action, Header, Status};

use super::{DciError, Strictness, answer, ask, receive};
use crate::kit::clock::wall;
use crate::kit::courier::{Errand, Letter};
use crate::kit::journal::{Kind, Verdict};
use crate::kit::openapi::{Routes, says};
use crate::kit::room::Policy;
use crate::kit::server::Call;
use crate::kit::store::Layout;
use crate::kit::system::System;
use crate::kit::trial::Trial;
use crate::kit::trust::jwks::sender_id_of;
use crate::kit::trust::outsider::{KID, Outsider};
use crate::kit::trust::sign::{Dialect, seal};

const SYSTEMS: &[System] = &[
    crate::gateway::SYSTEM,
    crate::messenger::SYSTEM,
    System {
        name: "echo_registry",
        folder: "none",
        title: "Echo",
        does: "answers with what it was asked",
        standard: "DCI",
        schema: "",
        layout: Layout::Rows,
        seed: |_, _| Ok(()),
        routes: echo_routes,
        refusal: |_, sentence| json!({"error": sentence}),
        secrets: &[],
        at_root: &[],
        wake: |_| {},
    },
];

fn echo_routes(routes: &mut Routes) {
    let told = || says("Answers with what it was asked");
    routes.post(PATH, strict, told()).post("/crvs/sync/search", lenient, told());
}

async fn strict(call: Call) -> HttpResponse {
    echo(call, Strictness::Strict).await
}

async fn lenient(call: Call) -> HttpResponse {
    echo(call, Strictness::Lenient).await
}

async fn echo(call: Call, strictness: Strictness) -> HttpResponse {
    match receive::<Value>(&call, strictness).await {
        Ok(asked) => {
            let own = sender_id_of("echo_registry");
            let id = call.errand.office.next_id("MSG");
            let header = asked.header.answer(Status::Succ, &own, id, call.errand.stamp());
            answer(&call, &header, &asked.message)
        }
        Err(refused) => refused.respond(&call),
    }
}

const PATH: &str = "/registry/sync/search";

fn errand(trial: &Trial) -> Errand {
    Errand { office: trial.office("messenger"), cause: trial.cause() }
}

fn header(sender: &str) -> Header {
    Header::request(Action::Search, sender, "M-1", "2026-10-01T08:00:00Z", 1)
}

fn question() -> Value {
    json!({"transaction_id": "T-1", "search_request": [{"name": "Zoë", "n": 1}]})
}

async fn token(trial: &Trial, client: &str) -> String {
    let form =
        [("grant_type", "client_credentials"), ("client_id", client), ("client_secret", client)];
    let (_, body) = trial.ask(Letter::post("gateway", "/oauth2/client/token").form(&form)).await;
    body["access_token"].as_str().unwrap().to_owned()
}

async fn send(trial: &Trial, token: &str, body: impl Into<bytes::Bytes>) -> (u16, Value) {
    let letter = Letter::post("echo_registry", PATH).bytes("application/json", body);
    trial.ask(letter.bearer(token)).await
}

async fn count(trial: &Trial, action: &str) -> usize {
    let journal = trial.journal().await;
    journal.iter().filter(|e| e.kind == Kind::Request && e.action == action).count()
}

/// The verdict on the last message that the registry answered.
async fn last_verdict(trial: &Trial) -> Verdict {
    let journal = trial.journal().await;
    let last = journal.iter().rfind(|e| e.kind == Kind::Answer && e.from == "echo_registry");
    last.unwrap().verdict
}

#[actix_web::test]
async fn a_question_and_its_answer_are_signed_and_the_token_is_fetched_once() {
    let trial = Trial::start(SYSTEMS, 50);
    let errand = errand(&trial);
    for _ in 0..3 {
        let answer = ask::<Value>(&errand, "echo_registry", PATH, Action::Search, &question())
            .await
            .unwrap();
        assert_eq!(answer.verdict, Verdict::Valid);
        assert_eq!(answer.message, question());
        assert_eq!(answer.header.receiver_id.as_deref(), Some("messenger.arenoa"));
    }
    assert_eq!(last_verdict(&trial).await, Verdict::Valid);
    assert_eq!(count(&trial, "POST /oauth2/client/token").await, 1);
    // The registry fetched the keys of gateway and asker, the asker those of the registry; each once.
    assert_eq!(count(&trial, "GET /.well-known/jwks.json").await, 3);
}

#[actix_web::test]
async fn every_dialect_is_understood_also_when_the_body_is_written_in_another_way() {
    let trial = Trial::start(SYSTEMS, 50);
    let (token, office) = (token(&trial, "demo").await, trial.office("messenger"));
    let jws = [Algorithm::EdDSA, Algorithm::ES256].map(Dialect::Jws);
    for dialect in [Dialect::Cavage("dci"), Dialect::Published].into_iter().chain(jws) {
        let body = seal(&office, dialect, &header("messenger.arenoa"), &question()).unwrap();
        let (status, said) = send(&trial, &token, body.clone()).await;
        assert_eq!(
            (status, last_verdict(&trial).await),
            (200, Verdict::Valid),
            "{dialect:?} {said}"
        );
        let value: Value = serde_json::from_slice(&body).unwrap();
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        let (status, said) = send(&trial, &token, pretty).await;
        assert_eq!(
            (status, last_verdict(&trial).await),
            (200, Verdict::Valid),
            "{dialect:?} {said}"
        );
    }
}

#[actix_web::test]
async fn a_sender_may_name_itself_by_its_address() {
    let trial = Trial::start(SYSTEMS, 50);
    let (token, office) = (token(&trial, "demo").await, trial.office("messenger"));
    let address = errand(&trial).own_base();
    let body =
        seal(&office, Dialect::Jws(Algorithm::EdDSA), &header(&address), &question()).unwrap();
    assert_eq!(send(&trial, &token, body).await.0, 200);
}

#[actix_web::test]
async fn a_sender_that_began_anew_is_believed_also_where_its_key_is_called_as_before() {
    let trial = Trial::start(SYSTEMS, 50);
    let (token, outsider) = (token(&trial, "demo").await, Outsider::start());
    for keys_asked_for in [1, 2] {
        let covered = json!({"header": header(&outsider.base), "message": question()});
        let jws_header = B64.encode(json!({"alg": "ES256", "kid": KID}).to_string());
        let signed = format!("{jws_header}.{}", B64.encode(canonical(&covered)));
        let signature = B64.encode(outsider.keys().sign_p256(signed.as_bytes()));
        let mut body = covered.clone();
        body["signature"] = format!("{signed}.{signature}").into();
        let (status, said) = send(&trial, &token, body.to_string()).await;
        assert_eq!((status, last_verdict(&trial).await), (200, Verdict::Valid), "{said}");
        assert_eq!(outsider.asked(), keys_asked_for);
        outsider.makes_new_keys();
    }
}

#[actix_web::test]
async fn a_signature_over_a_body_with_blanks_between_its_parts_is_right() {
    let trial = Trial::start(SYSTEMS, 50);
    let (token, outsider) = (token(&trial, "demo").await, Outsider::start());
    let header = serde_json::to_value(header(&outsider.base)).unwrap();
    let members =
        header.as_object().unwrap().iter().map(|(name, value)| format!("\"{name}\": {value}"));
    let header = format!("{{{}}}", members.collect::<Vec<_>>().join(", "));
    // As Python's `json.dumps` writes it.
    let covered = format!(r#"{{"header": {header}, "message": {}}}"#, question());
    let jws_header = B64.encode(json!({"alg": "ES256", "kid": KID}).to_string());
    let signed = format!("{jws_header}.{}", B64.encode(&covered));
    let signature = B64.encode(outsider.keys().sign_p256(signed.as_bytes()));
    let body =
        covered.replacen('{', &format!(r#"{{"signature": "{jws_header}..{signature}", "#), 1);
    let (status, said) = send(&trial, &token, body).await;
    assert_eq!((status, last_verdict(&trial).await), (200, Verdict::Valid), "{said}");
}

#[actix_web::test]
async fn a_signature_over_sorted_utf8_is_right_however_the_body_is_written() {
    let trial = Trial::start(SYSTEMS, 50);
    let (token, outsider) = (token(&trial, "demo").await, Outsider::start());
    let mut message = question();
    message["reason"] = "Renée asks".into();
    // As RFC 8785 has it: sorted, without blanks, and an accent is an accent.
    let mut body = json!({"header": header(&outsider.base), "message": message});
    let jws_header = B64.encode(json!({"alg": "ES256", "kid": KID}).to_string());
    let signed = format!("{jws_header}.{}", B64.encode(body.to_string()));
    let signature = B64.encode(outsider.keys().sign_p256(signed.as_bytes()));
    body["signature"] = format!("{jws_header}..{signature}").into();
    let (status, said) = send(&trial, &token, serde_json::to_string_pretty(&body).unwrap()).await;
    assert_eq!((status, last_verdict(&trial).await), (200, Verdict::Valid), "{said}");
}

#[actix_web::test]
async fn whoever_is_not_let_in_is_told_why() {
    let trial = Trial::start(SYSTEMS, 50);
    let body = json!({"header": header("x"), "message": question()});
    let letter = || Letter::post("echo_registry", PATH).json(&body);
    let code = |answer: &Value| answer["errors"][0]["code"].as_str().unwrap_or("").to_owned();

    let (status, answer) = trial.ask(letter()).await;
    assert_eq!((status, code(&answer).as_str()), (401, "err.request.unauthorized"));
    let (status, answer) = trial.ask(letter().bearer("not.a.token")).await;
    assert_eq!((status, code(&answer).as_str()), (401, "err.request.unauthorized"));

    let good = token(&trial, "reader").await;
    let (head, signature) = good.rsplit_once('.').unwrap();
    let other = if signature.starts_with('A') { "B" } else { "A" };
    let forged = format!("{head}.{other}{}", &signature[1..]);
    let (status, answer) = trial.ask(letter().bearer(&forged)).await;
    assert_eq!(status, 401);
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("not signed"), "{answer}");

    assert_eq!(trial.ask(letter().bearer(&good)).await.0, 200);
    let mut wish = body.clone();
    wish["header"]["action"] = "subscribe".into();
    let (status, answer) =
        trial.ask(Letter::post("echo_registry", PATH).json(&wish).bearer(&good)).await;
    assert_eq!((status, code(&answer).as_str()), (403, "err.request.forbidden"));
}

#[actix_web::test]
async fn a_token_of_one_room_opens_no_other() {
    let trial = Trial::start(SYSTEMS, 50);
    trial.country.open_room("team-1").unwrap();
    let token = token(&trial, "demo").await;
    let url = format!("{}/r/team-1/echo-registry{PATH}", trial.running.base);
    let body = json!({"header": header("x"), "message": question()});
    let letter = Letter::to_address(http::Method::POST, &url).json(&body).bearer(&token);
    let (status, answer) = trial.ask(letter).await;
    assert_eq!(status, 401);
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("issued by"), "{answer}");
}

#[actix_web::test]
async fn a_system_that_serves_strangers_takes_the_tokens_of_their_gateways() {
    let (trial, other) = (Trial::start(SYSTEMS, 50), Trial::start(SYSTEMS, 50));
    let token = token(&other, "demo").await;
    let body = json!({"header": header("x"), "message": question()});
    let letter = || Letter::post("echo_registry", PATH).json(&body);
    assert_eq!(trial.ask(letter().bearer(&token)).await.0, 401);
    trial.hall().room.serve_strangers();
    assert_eq!(trial.ask(letter().bearer(&token)).await.0, 200);
    let forged = token.rsplit_once('.').unwrap().0.to_owned() + ".c2lnbmVk";
    assert_eq!(trial.ask(letter().bearer(&forged)).await.0, 401, "signed it must be all the same");
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    let (status, answer) = trial.ask(letter().bearer(&token)).await;
    assert_eq!(status, 401, "a strict room serves no strangers");
    assert!(answer.to_string().contains("not the gateway of this room"), "{answer}");
}

#[actix_web::test]
async fn the_tokens_of_a_guest_gateway_end_with_its_part() {
    let (trial, other) = (Trial::start(SYSTEMS, 50), Trial::start(SYSTEMS, 50));
    let (own, token) = (token(&trial, "demo").await, token(&other, "demo").await);
    let body = json!({"header": header("x"), "message": question()}).to_string();
    assert_eq!(send(&trial, &own, body.clone()).await.0, 200);
    let room = &trial.hall().room;
    room.invite("gateway", other.hall().room.base_of("gateway"));
    assert_eq!(send(&trial, &token, body.clone()).await.0, 200);
    room.invite("gateway", None);
    assert_eq!(send(&trial, &token, body.clone()).await.0, 401);
    assert_eq!(send(&trial, &own, body).await.0, 200);
}

#[actix_web::test]
async fn unsigned_messages_pass_in_an_open_room_and_are_seen_and_not_in_a_strict_one() {
    let trial = Trial::start(SYSTEMS, 50);
    let token = token(&trial, "demo").await;
    let stub = json!({"signature": "unsigned-stub", "header": header("x"), "message": question()});
    assert_eq!(send(&trial, &token, stub.to_string()).await.0, 200);
    assert_eq!(last_verdict(&trial).await, Verdict::Unsigned);

    trial.hall().room.set_policy(Policy::Strict).unwrap();
    let (status, answer) = send(&trial, &token, stub.to_string()).await;
    assert_eq!(status, 401);
    assert_eq!(answer["errors"][0]["code"], "err.signature.missing");
    let lenient = Letter::post("echo_registry", "/crvs/sync/search").json(&stub);
    assert_eq!(trial.ask(lenient).await.0, 401, "a strict room is strict on every path");
}

#[actix_web::test]
async fn a_message_that_was_changed_on_its_way_is_refused() {
    let trial = Trial::start(SYSTEMS, 50);
    let fault = json!({"kind": "tampering", "on": "POST /registry/sync/search", "times": 1});
    trial.ask(Letter::post("echo_registry", "/_arenoa/faults").json(&fault)).await;
    let asked =
        ask::<Value>(&errand(&trial), "echo_registry", PATH, Action::Search, &question()).await;
    let Err(DciError::Refused { status, code, .. }) = asked else { panic!("{asked:?}") };
    assert_eq!((status, code.as_str()), (401, "err.signature.invalid"));
    assert_eq!(last_verdict(&trial).await, Verdict::Invalid);
}

#[actix_web::test]
async fn a_wrong_signature_is_refused_whatever_is_wrong_with_it() {
    let trial = Trial::start(SYSTEMS, 50);
    let (token, office) = (token(&trial, "demo").await, trial.office("messenger"));
    let now = wall().as_second();
    let signed = |created: i64, sender: &str, kid: &str| {
        let covered =
            canonical(&json!({"header": header("messenger.arenoa"), "message": question()}));
        let (expires, digest) = (created + 300, STANDARD.encode(Sha256::digest(&covered)));
        let text = format!("(created): {created}\n(expires): {expires}\ndigest: {digest}");
        let signature = STANDARD.encode(office.keys.sign_ed25519(text.as_bytes()));
        let text = format!(
            "namespace=\"dci\", kidId=\"{sender}|{kid}|ed25519\", algorithm=\"ed25519\", created=\"{created}\", \
             expires=\"{expires}\", headers=\"(created) (expires) digest\", signature=\"{signature}\""
        );
        json!({"signature": text, "header": header("messenger.arenoa"), "message": question()})
    };
    let (own, kid) = ("messenger.arenoa", office.keys.ed25519_kid().to_owned());
    let right = signed(now, own, &kid);
    assert_eq!(send(&trial, &token, right.to_string()).await.0, 200);
    assert_eq!(send(&trial, &token, signed(now + 50, own, &kid).to_string()).await.0, 200);
    let placeholder =
        json!({"signature": "invalid-signature", "header": header(own), "message": {}});
    for (wrong, why) in [
        (signed(now - 400, own, &kid), "expired"),
        (signed(now + 100, own, &kid), "future"),
        (signed(now, "gateway.arenoa", &kid), "in the name of"),
        (signed(now, own, "no-such-key"), "not among the keys"),
        (placeholder, "no known form"),
    ] {
        let (status, answer) = send(&trial, &token, wrong.to_string()).await;
        let error = &answer["errors"][0];
        assert_eq!((status, error["code"].as_str()), (401, Some("err.signature.invalid")), "{why}");
        assert!(error["message"].as_str().unwrap().contains(why), "{why}: {answer}");
    }
    // The sender's keys were fetched at first, and once more for the key that nobody knew.
    let journal = trial.journal().await;
    let fetched = |e: &&crate::kit::journal::Entry| {
        e.kind == Kind::Request && e.to == "messenger" && e.action == "GET /.well-known/jwks.json"
    };
    assert_eq!(journal.iter().filter(fetched).count(), 2);

    // A guest in another country meets senders of that country, who have the names of ours and other keys.
    trial.hall().room.serve_strangers();
    let stranger = signed(now, own, "no-such-key").to_string();
    assert_eq!(send(&trial, &token, stranger).await.0, 200);
    assert_eq!(last_verdict(&trial).await, Verdict::Unsigned, "it could not be checked");
    assert_eq!(send(&trial, &token, signed(now - 400, own, &kid).to_string()).await.0, 401);
}

#[actix_web::test]
async fn a_malformed_envelope_is_answered_with_an_ack_that_names_the_field() {
    let trial = Trial::start(SYSTEMS, 50);
    let token = token(&trial, "demo").await;
    let (status, answer) = send(&trial, &token, r#"{"header": {"message_id": 5}}"#).await;
    assert_eq!((status, answer["message"]["ack_status"].as_str()), (400, Some("ERR")));
    let said = answer["message"]["error"]["message"].as_str().unwrap();
    assert!(said.starts_with("header.message_id"), "{said}");
}

#[actix_web::test]
async fn a_token_ends_by_the_clock_on_the_wall_and_not_by_the_sandbox() {
    let trial = Trial::start(SYSTEMS, 50);
    let body = json!({"header": header("x"), "message": question()}).to_string();
    let good = token(&trial, "demo").await;
    let clock = &trial.hall().room.clock;
    clock.advance(jiff::SignedDuration::from_hours(48));
    assert_eq!(send(&trial, &good, body.clone()).await.0, 200);

    let gateway = trial.office("gateway");
    let key = p256::pkcs8::EncodePrivateKey::to_pkcs8_der(gateway.keys.p256()).unwrap();
    let key = jsonwebtoken::EncodingKey::from_ec_der(key.as_bytes());
    let kid = gateway.keys.p256_jwk()["kid"].as_str().map(str::to_owned);
    let head = jsonwebtoken::Header { kid, ..jsonwebtoken::Header::new(Algorithm::ES256) };
    let iss = trial.hall().room.base_of("gateway");
    for exp in [wall().as_second() - 30, i64::MIN] {
        let claims = json!({"iss": iss, "sub": "demo", "scope": "registry.search", "exp": exp});
        let old = jsonwebtoken::encode(&head, &claims, &key).unwrap();
        let (status, answer) = send(&trial, &old, body.clone()).await;
        assert_eq!(status, 401);
        assert!(answer["errors"][0]["message"].as_str().unwrap().contains("expired"), "{answer}");
    }
}
