//! A story that is ordered from elsewhere (`arenoa play --at`): it plays on the room's stage, as fast as it goes unless
//! somebody there sets a pace, and the answer tells how it went: `POST {prefix}/_arenoa/play`.

use actix_web::web::{self, Data, Json, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse};
use mocks::kit::clock::Pace;
use mocks::kit::server::room_of;
use orchestrator::report;
use orchestrator::theatre::Theatre;
use orchestrator::transcript::transcript;
use serde::{Deserialize, Serialize};

use super::starting::start;
use super::wishes::Wishes;

/// What shall be played.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Order {
    pub story: String,
    #[serde(default)]
    pub branch: String,
}

/// How it went.
#[derive(Debug, Serialize, Deserialize)]
pub struct Told {
    /// None where everything held.
    pub failure: Option<String>,
    pub transcript: String,
    pub run: serde_json::Value,
    /// The run as one page to hand on.
    pub page: String,
    /// The run as a JUnit report.
    pub junit: String,
}

/// Routes of orders.
pub(super) fn routes(config: &mut ServiceConfig) {
    config.route("/_arenoa/play", web::post().to(play));
}

async fn play(
    request: HttpRequest,
    theatre: Data<Theatre>,
    wishes: Data<Wishes>,
    order: Json<Order>,
) -> HttpResponse {
    let room = room_of(&request);
    let Some(stage) = theatre.stage(room) else {
        return HttpResponse::NotFound()
            .body(format!("there is no room `{room}`: open it at /rooms"));
    };
    let planned = theatre.library.story(&order.story).and_then(|s| Ok((s, s.plan(&order.branch)?)));
    let (story, plan) = match planned {
        Ok(planned) => planned,
        Err(unknown) => return HttpResponse::NotFound().body(unknown.to_string()),
    };
    // Whoever plays again on the stage plays what was played last.
    let wish = wishes.change(room, |wish| {
        wish.story.clone_from(&plan.story);
        wish.branch.clone_from(&plan.branch);
    });
    let playing = match start(&theatre, &stage, plan.clone(), &wish, Pace::Play).await {
        Ok(playing) => playing,
        Err(too_small) => return HttpResponse::Conflict().body(too_small.to_string()),
    };
    let Ok(outcome) = playing.await else {
        let sentence = format!(
            "this play of `{}` did not end: another play began in room `{room}`, or somebody reset it. A room plays one \
             story at a time; wait for its end, or play in a room of your own (--room)",
            story.name
        );
        return HttpResponse::Conflict().body(sentence);
    };
    HttpResponse::Ok().json(Told {
        failure: outcome.failure.as_ref().map(ToString::to_string),
        transcript: transcript(story, &plan.steps, &outcome),
        run: report::json(story, &outcome),
        page: report::page(story, &outcome),
        junit: report::junit(story, &outcome),
    })
}
