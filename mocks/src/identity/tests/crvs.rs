//! Somebody else's civil registry, as `mosip-api` is one: its own key, its own listener, its own reading of what comes.

use std::sync::{Arc, Mutex};

use actix_web::web::{self, Bytes};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};
use aes_gcm::aead::{Aead as _, Payload};
use aes_gcm::{Aes256Gcm, KeyInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use http::Method;
use rsa::pkcs8::DecodePublicKey as _;
use rsa::{Oaep, Pss, RsaPublicKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use super::SYSTEMS;
use super::visitor::TOMAS;
use crate::kit::courier::{Letter, Reply};
use crate::kit::room::Policy;
use crate::kit::trial::Trial;
use crate::kit::trust::{Keys, x509};

const SECRET: &str = "a secret of the test";

/// Signature and body of everything that was delivered.
type Heard = Arc<Mutex<Vec<(String, Bytes)>>>;

/// Listens as a subscriber: says yes to the hub, and keeps what comes.
fn listen() -> (String, Heard) {
    let heard = Heard::default();
    let ears = Arc::clone(&heard);
    let server = HttpServer::new(move || {
        let ears = Arc::clone(&ears);
        App::new().default_service(web::to(move |request: HttpRequest, body: Bytes| {
            let url = Url::parse(&format!("http://x{}", request.uri())).unwrap();
            let challenge = url.query_pairs().find(|(name, _)| name == "hub.challenge");
            let answer = challenge.map(|(_, value)| value.into_owned());
            if answer.is_none() {
                let signature = request.headers().get("x-hub-signature").unwrap();
                ears.lock().unwrap().push((signature.to_str().unwrap().to_owned(), body));
            }
            async move { HttpResponse::Ok().body(answer.unwrap_or_default()) }
        }))
    });
    let server = server.workers(1).disable_signals().bind(("127.0.0.1", 0)).unwrap();
    let base = format!("http://{}/websub/callback", server.addrs()[0]);
    drop(tokio::spawn(server.run()));
    (base, heard)
}

fn envelope(request: &Value) -> Value {
    json!({"id": "string", "version": "string", "requesttime": "2026-10-01T08:00:00.000Z",
        "metadata": {}, "request": request})
}

/// The token, from the cookie as `mosip-api` takes it.
async fn token(trial: &Trial) -> String {
    let shown = json!({"clientId": "demo", "secretKey": "demo", "appId": "regproc"});
    let path = "/v1/authmanager/authenticate/clientidsecretkey";
    let reply: Reply = trial.send(Letter::post("identity", path).json(&envelope(&shown))).await;
    let cookie = reply.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    cookie.split_once('=').unwrap().1.to_owned()
}

async fn put(trial: &Trial, token: &str, (method, path): (Method, &str), request: &Value) -> Value {
    let letter = Letter::to("identity", method, path)
        .header("cookie", &format!("Authorization={token};"))
        .json(&envelope(request));
    let (status, answer) = trial.ask(letter).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

const CREATE: (Method, &str) = (Method::PUT, "/commons/v1/packetmanager/createPacket");
const START: (Method, &str) =
    (Method::POST, "/registrationprocessor/v1/workflowmanager/workflowinstance");
const UPLOAD: (Method, &str) = (Method::POST, "/v1/partnermanager/partners/certificate/upload");

/// Opens a credential by the published layout, without any code of ours.
fn decrypt(keys: &Keys, sealed: &str) -> Value {
    let bytes = STANDARD.decode(sealed).unwrap();
    let split = bytes.windows(14).position(|part| part == b"#KEY_SPLITTER#").unwrap();
    let key = keys.rsa().decrypt(Oaep::new::<Sha256>(), &bytes[6 + 32..split]).unwrap();
    let (aad, msg) = bytes[split + 14..].split_at(32);
    let iv: [u8; 12] = aad[..12].try_into().unwrap();
    let cipher = Aes256Gcm::new_from_slice(&key).unwrap();
    serde_json::from_slice(&cipher.decrypt(&iv.into(), Payload { msg, aad }).unwrap()).unwrap()
}

#[actix_web::test]
async fn a_foreign_registry_sends_a_birth_and_opens_the_credential_that_comes_back() {
    let trial = Trial::start(SYSTEMS, 50);
    let (callback, heard) = listen();
    let keys = Keys::generate();
    let token = token(&trial).await;
    subscribe(&trial, &token, &callback, &keys).await;
    let packet = json!({"id": "100011234567890", "refId": "10001_10004", "process": "CRVS_NEW",
        "source": "OPENCRVS", "schemaVersion": "0.100", "fields": {
            "fullName": r#"[{"language":"eng","value":"Zoe Zamor"}]"#, "dateOfBirth": "2026/09/01",
            "gender": r#"[{"language":"eng","value":"Female"}]"#, "birthCertificateNumber": "2026ABCDEF"}});
    put(&trial, &token, CREATE, &packet).await;
    let start =
        json!({"registrationId": "100011234567890", "process": "CRVS_NEW", "source": "OPENCRVS"});
    put(&trial, &token, START, &start).await;
    put(&trial, &token, START, &start).await;
    trial.hall().room.clock.idle().await;
    let heard = heard.lock().unwrap().clone();
    assert_eq!(heard.len(), 1, "started twice, issued once");
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(SECRET.as_bytes()).unwrap();
    mac.update(&heard[0].1);
    let right: String =
        mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(heard[0].0, format!("sha256={right}"));
    let told: Value = serde_json::from_slice(&heard[0].1).unwrap();
    assert_eq!(told["event"]["data"]["registrationId"], "100011234567890");
    assert_eq!(told["event"]["data"]["credentialType"], "vercred");
    let mut credential = decrypt(&keys, told["event"]["data"]["credential"].as_str().unwrap());
    let subject = credential["credentialSubject"].clone();
    assert_eq!(subject["birthCertificateNumber"], "2026ABCDEF");
    assert!(subject["id"].as_str().unwrap().ends_with("/credentials/100011234567890"));
    let uin = subject["UIN"].as_str().unwrap();
    assert_eq!(subject["VID"], uin, "as several versions of mosip-api read it");
    assert!(standards::ids::Uin::checked(uin).is_ok(), "{uin}");
    let path = format!("/desk/persons/{uin}");
    assert_eq!(trial.ask(Letter::get("identity", path)).await.1["person"]["given_name"], "Zoe");
    // The proof, with the key that the credential names.
    let proof = credential.as_object_mut().unwrap().remove("proof").unwrap();
    let (_, named) = trial.ask(Letter::get("identity", "/.well-known/public-key.json")).await;
    assert!(
        proof["verificationMethod"].as_str().unwrap().ends_with("/.well-known/public-key.json")
    );
    let key = RsaPublicKey::from_public_key_pem(named["publicKeyPem"].as_str().unwrap()).unwrap();
    let (header, signature) = proof["jws"].as_str().unwrap().split_once("..").unwrap();
    let signed = format!("{header}.{}", URL_SAFE_NO_PAD.encode(credential.to_string()));
    let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
    key.verify(Pss::new::<Sha256>(), &Sha256::digest(signed), &signature).unwrap();
}

/// Has the hub deliver to `callback`, sealed to the certificate of `keys`.
async fn subscribe(trial: &Trial, token: &str, callback: &str, keys: &Keys) {
    let certificate = x509::pem(&x509::certificate(keys, "Partner").unwrap());
    let upload = json!({"partnerId": "demo", "certificateData": certificate});
    assert_eq!(put(trial, token, UPLOAD, &upload).await["errors"], json!([]));
    let form = [
        ("hub.mode", "subscribe"),
        ("hub.topic", "CREDENTIAL_ISSUED"),
        ("hub.callback", callback),
        ("hub.secret", SECRET),
    ];
    let letter = Letter::post("identity", "/hub").header("authorization", token).form(&form);
    assert_eq!(trial.send(letter).await.status, 202);
}

#[actix_web::test]
async fn a_death_as_the_configuration_of_opencrvs_sends_it_is_noted_and_confirmed() {
    let trial = Trial::start(SYSTEMS, 50);
    let (callback, heard) = listen();
    let keys = Keys::generate();
    let token = token(&trial).await;
    subscribe(&trial, &token, &callback, &keys).await;
    let packet = |id: &str, uin: &str| {
        json!({"id": id, "process": "CRVS_DEATH", "source": "OPENCRVS",
            "fields": {"nationalIdNumber": uin}})
    };
    let start = |id: &str| json!({"registrationId": id, "process": "CRVS_DEATH"});
    for (id, uin) in [("100011234567891", TOMAS), ("100011234567892", "2000000000")] {
        let taken = put(&trial, &token, CREATE, &packet(id, uin)).await;
        assert_eq!(taken["errors"], json!([]));
        put(&trial, &token, START, &start(id)).await;
    }
    trial.hall().room.clock.idle().await;
    let heard = heard.lock().unwrap().clone();
    assert_eq!(heard.len(), 1, "nobody has the other number, so nothing is confirmed");
    let told: Value = serde_json::from_slice(&heard[0].1).unwrap();
    let credential = decrypt(&keys, told["event"]["data"]["credential"].as_str().unwrap());
    let subject = &credential["credentialSubject"];
    assert!(subject["id"].as_str().unwrap().ends_with("/credentials/100011234567891"));
    assert_eq!((&subject["vcVer"], subject.get("UIN")), (&json!("VC-V1"), None));
    let (_, person) = trial.ask(Letter::get("identity", format!("/desk/persons/{TOMAS}"))).await;
    assert!(person.to_string().contains("2026-10-01"), "the packet's day: {person}");
    let journal = trial.journal().await;
    assert!(journal.iter().any(|entry| entry.remark.contains("fields.dateOfDeath")));
    trial.hall().room.set_policy(Policy::Strict).unwrap();
    let refused = put(&trial, &token, CREATE, &packet("100011234567893", TOMAS)).await;
    assert_eq!(refused["errors"][0]["errorCode"], "KER-PKT-001", "{refused}");
}

#[actix_web::test]
async fn a_packet_that_cannot_be_is_refused_with_a_code_and_a_sentence() {
    let trial = Trial::start(SYSTEMS, 50);
    let token = token(&trial).await;
    let refused = async |token: &str, route: (Method, &'static str), request: Value| {
        let answer = put(&trial, token, route, &request).await;
        let error = &answer["errors"][0];
        assert_eq!(answer["response"], Value::Null);
        (
            error["errorCode"].as_str().unwrap().to_owned(),
            error["message"].as_str().unwrap().to_owned(),
        )
    };
    let packet = json!({"id": "1", "process": "CRVS_NEW", "fields": {"fullName": "Zoe Zamor",
        "dateOfBirth": "2026/09/01", "gender": "Female"}});
    let with = |name: &str, value: Value| {
        let mut packet = packet.clone();
        packet[name] = value;
        packet
    };
    assert_eq!(refused("", CREATE, packet.clone()).await.0, "KER-ATH-401");
    for (request, words) in [
        (with("process", json!("NEW")), "CRVS_NEW, CRVS_DEATH"),
        (with("fields", json!({"fullName": "Zoe"})), "fields."),
        (with("id", json!("")), "registration id"),
        (json!({}), "id"),
    ] {
        let (code, sentence) = refused(&token, CREATE, request).await;
        assert!(code == "KER-PKT-001" && sentence.contains(words), "{code} {sentence}");
    }
    let start = json!({"registrationId": "9", "process": "CRVS_NEW"});
    assert_eq!(refused(&token, START, start).await.0, "RPR-WIN-001");
    let foreign = json!({"partnerId": "other", "certificateData": "x"});
    assert_eq!(refused(&token, UPLOAD, foreign).await.0, "KER-PCM-005");
    let broken = json!({"partnerId": "demo", "certificateData": "x"});
    assert_eq!(refused(&token, UPLOAD, broken).await.0, "KER-PCM-006");
    let wrong = json!({"clientId": "demo", "secretKey": "?", "appId": "x"});
    let path = "/v1/authmanager/authenticate/clientidsecretkey";
    let (_, answer) = trial.ask(Letter::post("identity", path).json(&envelope(&wrong))).await;
    assert_eq!(answer["errors"][0]["errorCode"], "KER-ATH-401");
    for (field, value, status) in [
        ("hub.topic", "OTHER", 400),
        ("hub.callback", "http://elsewhere.example/x", 400),
        ("hub.mode", "?", 400),
    ] {
        let mut form = vec![
            ("hub.mode", "subscribe"),
            ("hub.topic", "CREDENTIAL_ISSUED"),
            ("hub.callback", "http://127.0.0.1:1/x"),
            ("hub.secret", SECRET),
        ];
        form.iter_mut().find(|(name, _)| *name == field).unwrap().1 = value;
        let letter = Letter::post("identity", "/hub").header("authorization", &token).form(&form);
        assert_eq!(trial.send(letter).await.status, status, "{field}");
    }
}
