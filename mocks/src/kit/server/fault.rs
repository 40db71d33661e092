//! How a fault strikes a request at the border.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::dev::ServiceRequest;
use bytes::Bytes;

use super::border::{SILENCE, refuse};
use super::call::Call;
use crate::kit::clock::pause;
use crate::kit::courier::Letter;
use crate::kit::faults::Misbehaviour;
use crate::kit::secrets::CONTROL_SECRET;
use crate::kit::system::System;

/// The header that makes one request meet a fault.
pub(super) const HEADER: &str = "arenoa-fault";
/// Its value for a request that no fault may hit.
pub(super) const NONE: &str = "none";

/// What a fault made of a request.
pub(super) enum Struck {
    /// It goes on, with this body.
    Pass(Bytes),
    /// It goes on, and comes a second time.
    Twice(Bytes),
    /// It is answered here, with a sentence for the journal.
    Answer(HttpResponse, String),
}

pub(super) async fn strike(what: &Misbehaviour, body: Bytes, system: &System) -> Struck {
    match what {
        Misbehaviour::Late { delay_ms } => {
            pause(Duration::from_millis(*delay_ms)).await;
            Struck::Pass(body)
        }
        Misbehaviour::Silent => {
            Struck::Answer(cut_off(), String::from("fault: no answer is given"))
        }
        Misbehaviour::Refusing { status } => {
            let sentence = format!("{} is out of order (a fault was set)", system.title);
            Struck::Answer(
                refuse(system, *status, &sentence),
                format!("fault: refused with {status}"),
            )
        }
        Misbehaviour::Duplicating => Struck::Twice(body),
        Misbehaviour::Tampering => Struck::Pass(tamper(&body)),
    }
}

/// An answer that breaks off at once: the asker sees that nothing came.
fn cut_off() -> HttpResponse {
    let error =
        std::io::Error::new(std::io::ErrorKind::TimedOut, format!("silent for {SILENCE:?}"));
    let stream = futures_util::stream::once(async move { Err::<Bytes, _>(error) });
    HttpResponse::GatewayTimeout().body(actix_web::body::SizedStream::new(1, Box::pin(stream)))
}

/// Changes the last digit in the body, so that it stays well-formed and no longer fits its signature.
fn tamper(body: &Bytes) -> Bytes {
    let mut bytes = body.to_vec();
    if let Some(digit) = bytes.iter_mut().rev().find(|b| b.is_ascii_digit()) {
        *digit = b'0' + (*digit - b'0' + 1) % 10;
    }
    bytes.into()
}

/// Sends the same request once more, to `place` below the office's own address, after the first was answered.
pub(super) fn send_again(call: &Call, req: &ServiceRequest, place: &str, body: Bytes) {
    let address = format!("{}{place}", call.errand.own_base());
    let method = req.method().as_str().parse().unwrap_or_default();
    let mut letter = Letter::to_address(method, &address).route(place);
    for (name, value) in req.headers() {
        let skip = matches!(
            name.as_str(),
            "host"
                | "content-length"
                | "traceparent"
                | "tracestate"
                | "user-agent"
                | HEADER
                | CONTROL_SECRET
        );
        if let (false, Ok(value)) = (skip, value.to_str()) {
            letter = letter.header(name.as_str(), value);
        }
    }
    let letter = letter.body(body).header(HEADER, NONE);
    let (from, errand) = (call.from.clone(), call.errand.clone());
    call.later(async move {
        let sent =
            crate::kit::courier::deliver(&errand.office.room, &from, &errand.cause, letter).await;
        if let Err(error) = sent {
            tracing::warn!(%error, "the duplicate of a request could not be delivered");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tampering_keeps_the_body_well_formed() {
        let tampered = tamper(&Bytes::from_static(br#"{"amount":"100.09"}"#));
        assert_eq!(tampered, Bytes::from_static(br#"{"amount":"100.00"}"#));
    }
}
