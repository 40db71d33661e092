//! `arenoa play --at URL`: plays on the stage of a country that is already running, where people watch.

use actix_web::web::{self, Data, Json, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use mocks::kit::courier::Network;
use mocks::kit::server::room_of;
use orchestrator::report;
use orchestrator::theatre::Theatre;
use orchestrator::transcript::transcript;
use serde::{Deserialize, Serialize};

use super::{Failure, hint, say};

/// What shall be played.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    story: String,
    #[serde(default)]
    branch: String,
}

/// How it went.
#[derive(Debug, Serialize, Deserialize)]
struct Told {
    /// None where everything held.
    failure: Option<String>,
    transcript: String,
    run: serde_json::Value,
}

/// Asks the country at `address` to play, and tells how it went.
pub(super) async fn play_at(
    address: &str,
    room: &str,
    story: &str,
    branch: &str,
) -> Result<(), Failure> {
    let url = format!("{}/r/{room}/_arenoa/play", address.trim_end_matches('/'));
    let wish = Wish { story: story.into(), branch: branch.into() };
    // A stage that somebody paused waits for somebody.
    hint(&format!(
        "Playing on the stage of room `{room}` at its pace; where it is paused, press Play there."
    ));
    let reply = Network::new(Vec::new()).post(&url, &wish).await.map_err(Failure::usage)?;
    if !reply.is_success() {
        let body = String::from_utf8_lossy(&reply.body).into_owned();
        return Err(Failure::Usage(format!("{url} answered {}: {body}", reply.status)));
    }
    let told: Told = reply.json().map_err(Failure::usage)?;
    say(told.transcript.trim_end());
    told.failure.map_or(Ok(()), |what| Err(Failure::DidNotHold(what)))
}

/// The other side of it: `POST /r/{room}/_arenoa/play`.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.route("/_arenoa/play", web::post().to(play));
}

async fn play(request: HttpRequest, theatre: Data<Theatre>, wish: Json<Wish>) -> HttpResponse {
    let room = room_of(&request);
    let Some(stage) = theatre.stage(room) else {
        return HttpResponse::NotFound()
            .body(format!("there is no room `{room}`: open it at /rooms"));
    };
    let planned = theatre.library.story(&wish.story).and_then(|s| Ok((s, s.plan(&wish.branch)?)));
    let (story, plan) = match planned {
        Ok(planned) => planned,
        Err(unknown) => return HttpResponse::NotFound().body(unknown.to_string()),
    };
    stage.start(&theatre.country, plan.clone());
    let Some(outcome) = stage.finished().await else {
        return HttpResponse::Conflict().body("somebody else started a story in this room");
    };
    HttpResponse::Ok().json(Told {
        failure: outcome.failure.as_ref().map(|f| format!("at `{}`: {}", f.step, f.what)),
        transcript: transcript(story, &plan.steps, &outcome),
        run: report::json(story, &outcome),
    })
}
