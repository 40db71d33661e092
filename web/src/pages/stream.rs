//! Server-sent events: a window of a browser is told what happens in a room, for as long as the room is there.

use std::sync::Arc;
use std::time::Duration;

use actix_web::{Error, HttpResponse};
use bytes::Bytes;
use futures_util::stream::unfold;
use mocks::kit::clock::pause;
use mocks::kit::country::Country;
use mocks::kit::room::Hall;

/// Where nothing happens, a comment this often keeps the connection known to be alive.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// A window that watches a room.
pub(super) trait Window {
    /// The room that is watched.
    fn hall(&self) -> &Arc<Hall>;

    /// The next event; none where no more will come. May be dropped wherever it waits, and is asked again then.
    async fn next(&mut self) -> Option<Bytes>;
}

/// Tells a window everything, until its room is closed.
pub(super) fn stream(country: Arc<Country>, window: impl Window + 'static) -> HttpResponse {
    let told = unfold((country, window), |(country, mut window)| async move {
        let part = tokio::select! {
            event = window.next() => event?,
            () = pause(HEARTBEAT) => Bytes::from_static(b": still here\n\n"),
        };
        // A new room under the name of one that was closed is another.
        let now = country.hall(&window.hall().room.name);
        let is_open = now.is_some_and(|now| Arc::ptr_eq(&now, window.hall()));
        is_open.then_some((Ok::<_, Error>(part), (country, window)))
    });
    HttpResponse::Ok()
        .content_type("text/event-stream; charset=utf-8")
        .insert_header(("cache-control", "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(told)
}

/// One event; the data is JSON on one line.
pub(super) fn event(name: &str, id: &str, data: &str) -> Bytes {
    let id = if id.is_empty() { String::new() } else { format!("id: {id}\n") };
    Bytes::from(format!("event: {name}\n{id}data: {data}\n\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_one_block() {
        assert_eq!(event("entry", "0-1", "{}"), "event: entry\nid: 0-1\ndata: {}\n\n");
        assert_eq!(event("reset", "", "{}"), "event: reset\ndata: {}\n\n");
    }
}
