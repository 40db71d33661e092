//! `arenoa play --at URL`: plays on the stage of a country that is already running, where people watch.

use mocks::kit::courier::Network;
use web::pages::order::{Order, Told};

use super::address::country_at;
use super::{Failure, hint};

/// The answer where the room cannot play this to its end; its body is a sentence for people.
const CONFLICT: u16 = 409;

/// Asks the country at `address` to play, and gives how it went.
pub(super) async fn play_at(address: &str, room: &str, order: &Order) -> Result<Told, Failure> {
    let url = format!("{}/r/{room}/_arenoa/play", country_at(address)?);
    // A stage that somebody paused waits for somebody.
    hint(&format!(
        "Playing on the stage of room `{room}` without waiting between messages; where somebody pauses it, press Play there."
    ));
    let reply = Network::new(Vec::new()).post(&url, order).await.map_err(Failure::usage)?;
    if !reply.is_success() {
        let body = String::from_utf8_lossy(&reply.body).into_owned();
        if reply.status == CONFLICT {
            return Err(Failure::Usage(body));
        }
        return Err(Failure::Usage(format!("{url} answered {}: {body}", reply.status)));
    }
    reply.json().map_err(|e| Failure::Usage(format!("{url} is no stage of this version: {e}")))
}
