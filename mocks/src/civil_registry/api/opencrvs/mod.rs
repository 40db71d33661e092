//! The event API in the shape of OpenCRVS 2 (`/api/events/...`; its gateway puts `/api/events` before `/events`), and
//! the tokens for it. Declaring and registering are tRPC there; here they are plain routes beside the others.

mod acts;
mod input;
mod notify;
mod read;
mod refusal;
mod search;
pub(super) mod tokens;

use actix_web::web::{self, ServiceConfig};

pub(super) fn routes(config: &mut ServiceConfig) {
    let post = |path: &str| web::resource(format!("/api/events{path}"));
    config
        .service(web::resource("/auth/token").route(web::post().to(tokens::issue)))
        .service(web::resource("/.well-known").route(web::get().to(tokens::key)))
        .service(post("/events").route(web::post().to(notify::create)))
        .service(post("/events/notify").route(web::post().to(notify::notify_at_once)))
        .service(post("/events/notifications").route(web::post().to(notify::notify_at_once)))
        .service(post("/events/search").route(web::post().to(search::search)))
        .service(post("/events/{id}").route(web::get().to(read::event)))
        .service(post("/events/{id}/{act}").route(web::post().to(acts::act)))
        .service(post("/events/{id}/{act}/{step}").route(web::post().to(acts::step)))
        .service(post("/locations").route(web::get().to(read::locations)));
}
