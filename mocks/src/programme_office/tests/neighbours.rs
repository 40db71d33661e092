//! Stand-ins for the systems around the office: each answers from one table of people.

use actix_web::HttpResponse;
use actix_web::web::{get, post, resource};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use p256::pkcs8::EncodePrivateKey as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use standards::dci::{Ack, Action, Envelope, Header as DciHeader, Status};

use super::country::{Account, PEOPLE, Person, find};
use crate::kit::clock::wall;
use crate::kit::dci::{self, Strictness};
use crate::kit::openapi::Routes;
use crate::kit::server::Call;
use crate::kit::system::System;

/// The neighbours, the office, and two real systems.
pub(super) static SYSTEMS: &[System] = &[
    crate::gateway::SYSTEM,
    crate::messenger::SYSTEM,
    crate::programme_office::SYSTEM,
    stand_in("identity", identity),
    stand_in("civil_registry", civil),
    stand_in("social_registry", social),
    stand_in("beneficiary_registry", beneficiaries),
    stand_in("account_mapper", mapper),
    stand_in("payment_hub", hub),
    stand_in("statistics", statistics),
];

const fn stand_in(name: &'static str, routes: fn(&mut Routes)) -> System {
    System { name, folder: name, title: name, routes, wake: |_| {}, ..crate::messenger::SYSTEM }
}

fn identity(config: &mut Routes) {
    config.service(resource("/oauth/v2/token").route(post().to(token)));
    config.service(resource("/oidc/userinfo").route(get().to(userinfo)));
}

/// The code is `{uin}.{nonce}`, the access token the UIN.
async fn token(call: Call) -> HttpResponse {
    let form = String::from_utf8_lossy(&call.body).into_owned();
    assert!(form.contains("client_assertion=") && form.contains("code_verifier="), "{form}");
    let code = form.split('&').find_map(|f| f.strip_prefix("code=")).unwrap();
    let (uin, nonce) = code.split_once('.').unwrap();
    let at_hash = B64.encode(&Sha256::digest(uin)[..16]);
    let now = wall().as_second();
    let claims = json!({"iss": call.errand.own_base(), "aud": "programme-office", "sub": sub(uin),
        "nonce": nonce, "at_hash": at_hash, "iat": now, "exp": now + 300});
    HttpResponse::Ok().json(json!({"access_token": uin, "token_type": "Bearer", "expires_in": 300,
        "id_token": signed(&call, &claims)}))
}

async fn userinfo(call: Call) -> HttpResponse {
    let header = call.authorization.as_ref().unwrap().to_str().unwrap().to_owned();
    let person = find(header.strip_prefix("Bearer ").unwrap());
    let claims = json!({"sub": sub(&person.uin()), "name": person.name, "birthdate": person.born,
        "address": {"locality": person.home()}});
    HttpResponse::Ok().content_type("application/jwt").body(signed(&call, &claims))
}

fn sub(uin: &str) -> String {
    format!("pairwise-{uin}")
}

fn signed(call: &Call, claims: &Value) -> String {
    let keys = &call.errand.office.keys;
    let der = keys.p256().to_pkcs8_der().unwrap();
    let kid = keys.p256_jwk()["kid"].as_str().map(str::to_owned);
    let header = Header { kid, ..Header::new(Algorithm::ES256) };
    jsonwebtoken::encode(&header, claims, &EncodingKey::from_ec_der(der.as_bytes())).unwrap()
}

fn civil(config: &mut Routes) {
    config.service(resource("/registry/sync/search").route(post().to(search_people)));
    config.service(resource("/registry/subscribe").route(post().to(subscribe)));
}

async fn search_people(call: Call) -> HttpResponse {
    let request = let_in(&call).await;
    let criteria = &request.message["search_request"][0]["search_criteria"];
    assert!(criteria["consent"]["purpose"]["code"].as_str().unwrap().starts_with("SP.ELIG."));
    let query = &criteria["query"];
    let conditions = query.pointer("/value/expression/query/$and");
    let fits = |person: &&Person| match conditions {
        Some(and) => {
            let surname = and[0]["surname"]["$eq"].as_str().unwrap();
            person.name.ends_with(surname) && and[1]["birth_date"]["$eq"] == person.born
        }
        None => query["value"] == person.uin().as_str(),
    };
    let records: Vec<_> = PEOPLE.iter().filter(fits).filter_map(Person::civil_record).collect();
    found(&call, &request, &records)
}

async fn subscribe(call: Call) -> HttpResponse {
    let request = let_in(&call).await;
    let item = request.message["subscribe_request"][0].clone();
    let stamp = call.errand.stamp();
    let message = json!({"transaction_id": request.message["transaction_id"], "correlation_id": "C-1",
        "subscribe_response": [{"reference_id": item["reference_id"], "timestamp": stamp, "status": "succ",
            "subscriptions": [{"code": "SUB-1", "status": "subscribe", "timestamp": stamp}]}]});
    call_back(&call, &request, "/registry/on-subscribe", message);
    ack(&call)
}

fn social(config: &mut Routes) {
    config.service(resource("/registry/sync/search").route(post().to(search_households)));
}

async fn search_households(call: Call) -> HttpResponse {
    let request = let_in(&call).await;
    let query = &request.message["search_request"][0]["search_criteria"]["query"];
    let records: Vec<_> = PEOPLE
        .iter()
        .filter(|p| query["value"] == p.uin().as_str())
        .map(Person::household_record)
        .collect();
    found(&call, &request, &records)
}

fn beneficiaries(config: &mut Routes) {
    config.service(resource("/registry/sync/enrolled").route(post().to(enrolled)));
    config.service(resource("/registry/sync/enrollment/updates").route(post().to(updates)));
}

async fn enrolled(call: Call) -> HttpResponse {
    let request = let_in(&call).await;
    let query = &request.message["enrolled_criteria"]["query"];
    let uin = query["person_identifier"]["eq"].as_str().unwrap();
    let programme = &query["programme_identifier.program.programme_identifier"]["eq"];
    let member = find(uin).programmes.iter().any(|p| programme == p);
    enrolled_answer(&call, &request, Some(if member { "yes" } else { "no" }))
}

async fn updates(call: Call) -> HttpResponse {
    let request = let_in(&call).await;
    enrolled_answer(&call, &request, None)
}

fn enrolled_answer(call: &Call, request: &Envelope<Value>, yes: Option<&str>) -> HttpResponse {
    let mut result =
        json!({"reference_id": "R-1", "timestamp": call.errand.stamp(), "status": "succ"});
    if let Some(yes) = yes {
        result["enrolled_status"] = yes.into();
    }
    let message = json!({"transaction_id": request.message["transaction_id"], "correlation_id": "C-1",
        "enrolled_response": [result]});
    dci::answer(call, &header(call, request), &message)
}

fn mapper(config: &mut Routes) {
    config.service(resource("/mapper/sync/resolve").route(post().to(resolve)));
    config.service(resource("/mapper/sync/link").route(post().to(link)));
}

async fn resolve(call: Call) -> HttpResponse {
    let request = let_in(&call).await;
    let item = &request.message["resolve_request"][0];
    let uin = &item["id"].as_str().unwrap()[4..14];
    let mut result = json!({"reference_id": item["reference_id"], "timestamp": call.errand.stamp(),
        "status": "succ"});
    let code = match find(uin).account {
        Account::Wallet => "succ.fa.active",
        Account::Closed => "succ.fa.inactive",
        Account::None => "succ.id.not_found",
    };
    result["status_reason_code"] = code.into();
    if item["scope"] == "details" && code == "succ.fa.active" {
        result["fa"] = "msisdn:99910000001@greenbank".into();
    }
    mapped(&call, &request, "resolve_response", &result)
}

async fn link(call: Call) -> HttpResponse {
    let request = let_in(&call).await;
    let item = &request.message["link_request"][0];
    let result = json!({"reference_id": item["reference_id"], "timestamp": call.errand.stamp(),
        "status": "succ", "fa": item["fa"]});
    mapped(&call, &request, "link_response", &result)
}

fn mapped(call: &Call, request: &Envelope<Value>, name: &str, result: &Value) -> HttpResponse {
    let message = json!({"transaction_id": request.message["transaction_id"], name: [result]});
    dci::answer(call, &header(call, request), &message)
}

fn hub(config: &mut Routes) {
    config.service(resource("/disburse").route(post().to(disburse)));
}

/// Says "paid" twice, as networks do. A person called Late is never told about; the first payment to one called Twice fails.
async fn disburse(call: Call) -> HttpResponse {
    let request = let_in(&call).await;
    let payment = &request.message["disbursements"][0];
    let named = |name: &str| payment["payee_name"].as_str().unwrap().ends_with(name);
    let is_first = payment["reference_id"].as_str().unwrap().ends_with("-1");
    let status = if is_first && named("Twice") { "rjct" } else { "succ" };
    let status = json!({"reference_id": payment["reference_id"], "timestamp": call.errand.stamp(),
        "status": status, "amount": payment["amount"]});
    let message = json!({"transaction_id": request.message["transaction_id"],
        "disbursements_status": [status]});
    if !named("Late") {
        call_back(&call, &request, "/on-disburse", message.clone());
        call_back(&call, &request, "/on-disburse", message);
    }
    ack(&call)
}

fn statistics(config: &mut Routes) {
    config.service(resource("/events").route(post().to(count)));
}

async fn count() -> HttpResponse {
    HttpResponse::Created().finish()
}

async fn let_in(call: &Call) -> Envelope<Value> {
    dci::receive(call, Strictness::Strict).await.unwrap()
}

fn header(call: &Call, request: &Envelope<Value>) -> DciHeader {
    let own = format!("{}.arenoa", call.errand.office.system.mount());
    let id = call.errand.office.next_id("MSG");
    request.header.answer(Status::Succ, &own, id, call.errand.stamp())
}

fn found(call: &Call, request: &Envelope<Value>, records: &[Value]) -> HttpResponse {
    let item = &request.message["search_request"][0];
    let message = json!({"transaction_id": request.message["transaction_id"], "correlation_id": "C-1",
        "search_response": [{"reference_id": item["reference_id"], "timestamp": call.errand.stamp(),
            "status": "succ", "data": {"reg_records": records}}]});
    dci::answer(call, &header(call, request), &message)
}

fn ack(call: &Call) -> HttpResponse {
    HttpResponse::Ok().json(Ack::accepted("C-1", call.errand.stamp()))
}

/// Calls back once the receipt has been written.
fn call_back(call: &Call, request: &Envelope<Value>, path: &'static str, message: Value) {
    let address = format!("{}{path}", request.header.sender_uri.as_ref().unwrap());
    let mut header = header(call, request);
    if path == "/on-disburse" {
        header.action = Action::OnDisburse;
    }
    let errand = call.errand.clone();
    call.later(async move {
        let told = dci::callback(&errand, &address, path, &header, &message).await;
        told.unwrap();
    });
}
