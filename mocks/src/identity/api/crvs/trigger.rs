//! `POST /trigger/events/{type}/actions/{action}` (OpenCRVS 2): a civil registry asks before it enters something. 200
//! is a yes, 400 a no with its reason, 202 means that the word comes later, with a token for that record alone.

use actix_web::HttpResponse;
use actix_web::web::Path;
use http::Method;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::identity::api::answers::Failure;
use crate::identity::api::deaths;
use crate::identity::api::issue::give;
use crate::identity::model::civil::Told;
use crate::identity::model::newcomer::Newcomer;
use crate::identity::model::packet::newborn;
use crate::identity::store::people;
use crate::kit::courier::{Errand, Letter, Reply};
use crate::kit::openapi::{Routes, says};
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;

/// Who asks.
const REGISTRY: &str = "civil_registry";
const EXCHANGE: &str = "urn:opencrvs:oauth:grant-type:token-exchange";

/// An event document, as far as it matters here.
#[derive(Debug, Deserialize, JsonSchema)]
struct Document {
    id: String,
    actions: Vec<Line>,
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Line {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    declaration: Map<String, Value>,
}

/// The word on a registration.
enum Word {
    Yes,
    No(String),
    /// A child gets its number first.
    Later(Newcomer),
    Died(Told),
}

pub(super) fn routes(routes: &mut Routes) {
    let document = json!({"id": "e-1", "actions": [{
        "id": "a-1", "type": "REGISTER", "status": "Requested",
        "declaration": {"child.dob": "2026-09-01", "child.gender": "female", "mother.nid": cast_uin("lena"),
            "child.name": {"firstname": "Zoe", "surname": "Zamor"}},
    }]});
    routes.post(
        "/trigger/events/{type}/actions/{action}",
        trigger,
        says("Says whether an entry may be made")
            .tag("OpenCRVS 2, action trigger")
            .path("type", "birth")
            .path("action", "REGISTER")
            .takes::<Document>(document)
            .gives::<Value>(202, "The word comes later")
            .gives::<Value>(200, "Nothing stands against it"),
    );
}

async fn trigger(call: Call, path: Path<(String, String)>) -> HttpResponse {
    let (kind, action) = path.into_inner();
    let document: Document = match serde_json::from_slice(&call.body) {
        Ok(document) => document,
        Err(error) => return no(&call, &format!("this is no event document: {error}")),
    };
    let word = if action == "REGISTER" { word(&call, &kind, &document) } else { Ok(Word::Yes) };
    match word {
        Ok(Word::Yes) => HttpResponse::Ok().json(json!({})),
        Ok(Word::No(reason)) => no(&call, &reason),
        Ok(Word::Died(told)) => {
            let errand = call.errand.clone();
            call.later(async move {
                if let Err(failure) = deaths::note(&errand, &told, "civil-registry") {
                    let sentence = failure.told().sentence;
                    errand.event("death not noted", &sentence, &json!({"uin": told.uin}));
                }
            });
            HttpResponse::Ok().json(json!({}))
        }
        Ok(Word::Later(newcomer)) => {
            let token = call.authorization.as_ref().and_then(|value| value.to_str().ok());
            let token = token.and_then(|text| text.strip_prefix("Bearer ")).map(str::to_owned);
            call.later(answer_later(call.errand.clone(), document, newcomer, token));
            HttpResponse::Accepted().json(json!({}))
        }
        Err(failure) => {
            let sentence = failure.told().sentence;
            call.remark(&sentence);
            HttpResponse::InternalServerError().json(json!({"reason": sentence}))
        }
    }
}

fn no(call: &Call, reason: &str) -> HttpResponse {
    call.remark(reason);
    HttpResponse::BadRequest().json(json!({"reason": reason}))
}

fn word(call: &Call, kind: &str, document: &Document) -> Result<Word, Failure> {
    let declared = document.declared();
    let text = |name: &str| declared.get(name).and_then(Value::as_str).map(str::to_owned);
    Ok(match kind {
        "birth" => {
            let has_parent = text("mother.nid").or_else(|| text("father.nid")).is_some();
            if text("child.nid").is_some() || !has_parent {
                return Ok(Word::Yes);
            }
            match newborn(&declared) {
                Ok(newcomer)
                    if newcomer.birth_date.year() + 10 < call.room().clock.today().year() =>
                {
                    Word::Yes
                }
                Ok(newcomer) => Word::Later(newcomer),
                Err(reason) => Word::No(reason),
            }
        }
        "death" => {
            let (Some(uin), Some(date)) = (text("deceased.nid"), text("eventDetails.date")) else {
                return Ok(Word::No("deceased.nid and eventDetails.date are needed".into()));
            };
            match call.store().read(|db| people::find(db, &uin))? {
                Some(_) => Word::Died(Told { uin, date, number: None }),
                None => Word::No(format!("nobody has the number {uin}")),
            }
        }
        _ => Word::Yes,
    })
}

impl Document {
    /// The form after all accepted actions.
    fn declared(&self) -> Map<String, Value> {
        let accepted = self.actions.iter().filter(|line| line.status != "Rejected");
        let mut declared = Map::new();
        for line in accepted.filter(|line| line.kind != "REQUEST_CORRECTION") {
            declared.extend(line.declaration.clone());
        }
        declared
    }

    /// The registration that waits for our word.
    fn waiting(&self) -> Option<&str> {
        let asked = |line: &&Line| line.kind == "REGISTER" && line.status == "Requested";
        self.actions.iter().rev().find(asked).map(|line| line.id.as_str())
    }
}

/// Issues the identity and accepts the registration. Where either fails, the registration stays pending.
async fn answer_later(
    errand: Errand,
    document: Document,
    newcomer: Newcomer,
    token: Option<String>,
) {
    if let Err(why) = accepted(&errand, &document, &newcomer, token).await {
        errand.event("registration left pending", &why, &json!({"event_id": document.id}));
    }
}

async fn accepted(
    errand: &Errand,
    document: &Document,
    newcomer: &Newcomer,
    token: Option<String>,
) -> Result<(), String> {
    let action = document.waiting().ok_or("no registration waits in that document")?;
    let token = token.ok_or("no token came with the question")?;
    let form = [
        ("grant_type", EXCHANGE),
        ("subject_token", token.as_str()),
        ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ("requested_token_type", "urn:opencrvs:oauth:token-type:single_record_token"),
        ("event_id", document.id.as_str()),
        ("action_id", action),
    ];
    let letter = Letter::post(REGISTRY, "/auth/token").form(&form);
    let granted = good(errand.send(letter).await)?;
    let token = granted["access_token"].as_str().ok_or("no token was granted")?.to_owned();
    let uin =
        give(errand, newcomer, "civil-registry").map_err(|failure| failure.told().sentence)?;
    let body = json!({
        "transactionId": format!("arenoa-id-{action}"),
        "actionId": action,
        "declaration": {"child.nid": uin},
    });
    let path = format!("/api/events/events/{}/register/accept", document.id);
    let letter = Letter::to(REGISTRY, Method::POST, path)
        .route("/api/events/events/{id}/register/accept")
        .json(&body)
        .bearer(&token);
    good(errand.send(letter).await).map(drop)
}

fn good(reply: Result<Reply, crate::kit::courier::Undelivered>) -> Result<Value, String> {
    let reply = reply.map_err(|error| error.to_string())?;
    if reply.is_success() {
        return Ok(serde_json::from_slice(&reply.body).unwrap_or_default());
    }
    Err(format!("the civil registry answered {}", reply.status))
}
