//! The border: every request to a system passes here. It finds the office, reads the body within bounds, lets faults
//! strike, and writes request and answer in the journal.

#[cfg(test)]
mod tests;

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::error::ErrorServiceUnavailable;
use actix_web::http::StatusCode;
use actix_web::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpResponse};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;

use super::call::{Call, Remarks};
use super::caller;
use super::fault::{self, Struck};
use super::patterns::Patterns;
use super::rooms;
use crate::kit::cause::Cause;
use crate::kit::clock::MachineTime;
use crate::kit::country::Country;
use crate::kit::courier::{EXAMINER, Errand, masked};
use crate::kit::faults;
use crate::kit::fspiop;
use crate::kit::journal::{Entry, Kind, readable};
use crate::kit::openapi::Sought;
use crate::kit::room::Office;
use crate::kit::secrets;
use crate::kit::system::System;

/// Larger requests are refused (FSPIOP's own bound, the largest of the standards).
pub const LONGEST_REQUEST: usize = 5 * 1024 * 1024;
/// A file of people may be longer: that of the farmers of the usual country has 7 MB.
pub const LONGEST_FILE: usize = 32 * 1024 * 1024;

/// Who sends what nobody in the country sends.
const OUTSIDE: &str = "outside";

/// Where a system is mounted.
#[derive(Debug)]
pub(super) struct Mount {
    country: Arc<Country>,
    system: &'static System,
    /// `/civil-registry`, a root of its own such as `/crvs`, or nothing where it stands alone.
    at: String,
    patterns: Patterns,
}

impl Mount {
    /// Of `system`, with the paths `laid` below `at`.
    pub(super) fn new(
        country: &Arc<Country>,
        system: &'static System,
        at: &str,
        laid: Vec<String>,
    ) -> Self {
        let patterns = Patterns::new(&format!("/{}", system.mount()), at, laid);
        Self { country: Arc::clone(country), system, at: at.to_owned(), patterns }
    }

    /// What a path of the room asks for within the system.
    fn within<'a>(&self, path: &'a str) -> &'a str {
        path.strip_prefix(&*self.at).unwrap_or(path)
    }

    /// Where a path of the room is, seen from the system's own address. A root of its own stands beside that.
    fn below_own_base(&self, path: &str) -> String {
        let is_own = self.at.strip_prefix('/').is_none_or(|at| at == self.system.mount());
        match path.strip_prefix(&*self.at) {
            Some(within) if is_own => within.to_owned(),
            _ => format!("/..{path}"),
        }
    }
}

/// Leads a request through the border and its answer back.
pub(super) async fn border(
    mount: Arc<Mount>,
    req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let (room, rest) = rooms::split(req.match_info().as_str());
    let Some(hall) = mount.country.hall(room) else {
        let sentence = format!("there is no room `{room}`: open it at /rooms");
        return Ok(req.into_response(refuse(mount.system, 404, &sentence)));
    };
    let Some(office) = hall.office(mount.system.name).cloned() else {
        return Ok(req.into_response(refuse(mount.system, 404, "this system is not in the room")));
    };
    // From here on the request belongs to the story that is told now.
    let room = Arc::clone(&office.room);
    let ended = room.ended();
    let found = mount.patterns.find(rest);
    let arrival = Arrival::read(&req, office, &mount, (rest, found));
    if let Some(number) = found {
        req.extensions_mut().insert(Sought(number));
    }
    if arrival.silent {
        return arrival.pass(&mount, req, next).await;
    }
    let _visit = room.visit();
    // A reset ends whatever is under way, also what is still being sent or is late by a fault: what was asked in the old
    // story changes nothing in the new one, and the reset waits for no slow sender.
    tokio::select! {
        biased;
        () = ended => Err(ErrorServiceUnavailable("the room was reset meanwhile")),
        answered = arrival.pass(&mount, req, next) => answered,
    }
}

/// An answer in the system's own standard for what the kit refuses itself.
pub(super) fn refuse(system: &System, status: u16, sentence: &str) -> HttpResponse {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    HttpResponse::build(code).json((system.refusal)(status, sentence))
}

fn fault_of(
    req: &ServiceRequest,
    arrival: &Arrival,
) -> Result<Option<faults::Misbehaviour>, String> {
    if arrival.control {
        return Ok(None);
    }
    match header(req.headers(), fault::HEADER) {
        fault::NONE => Ok(None),
        "" => Ok(arrival.office.faults.strike(&arrival.action)),
        text => faults::from_header(text).map(Some),
    }
}

/// The control interface and the description are the developer's, not the country's: neither journalled nor hit by
/// faults. `within` is the path within the system: what follows is an id that somebody else gave.
fn is_control(within: &str) -> bool {
    within.starts_with("/_arenoa/") || within == "/openapi.json"
}

async fn read_body(req: &mut ServiceRequest, longest: usize) -> Result<Bytes, (u16, String)> {
    let too_long = || (413, format!("the body is longer than {longest} bytes, which is the limit"));
    let announced = header(req.headers(), "content-length").parse::<usize>().unwrap_or(0);
    if announced > longest {
        return Err(too_long());
    }
    let mut payload = req.take_payload();
    let mut body = BytesMut::with_capacity(announced);
    while let Some(chunk) = payload.next().await {
        let chunk =
            chunk.map_err(|e| (400, format!("the body could not be read to its end: {e}")))?;
        if body.len() + chunk.len() > longest {
            return Err(too_long());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// What the border knows of a request before its handler does.
struct Arrival {
    office: Arc<Office>,
    from: String,
    cause: Cause,
    action: String,
    /// Whether it is the developer's: see [`is_control`].
    control: bool,
    silent: bool,
    /// A longer body is refused.
    longest: usize,
    /// A story that begins meanwhile does not see this request.
    epoch: i64,
    watch: MachineTime,
}

impl Arrival {
    /// Of a request for `path` in the room, which was `found` among those that are laid.
    fn read(
        req: &ServiceRequest,
        office: Arc<Office>,
        mount: &Mount,
        (path, found): (&str, Option<usize>),
    ) -> Self {
        let within = mount.within(path);
        let headers = req.headers();
        let told =
            Cause::from_headers(header(headers, "traceparent"), header(headers, "tracestate"));
        let (from, cause) = match told {
            Some((Some(from), cause)) => (from, cause),
            Some((None, cause)) => (String::from(OUTSIDE), cause),
            None => (String::from(OUTSIDE), office.room.stranger()),
        };
        let examined = office.room.fabric.network.is_examiner(&from);
        let from = if examined { EXAMINER.into() } else { from };
        let control = is_control(within);
        let watch = MachineTime::start(&office.room.clock);
        Self {
            from,
            cause,
            action: mount.patterns.action(req.method().as_str(), path, found),
            control,
            silent: examined || control,
            longest: if within == "/_arenoa/import" { LONGEST_FILE } else { LONGEST_REQUEST },
            epoch: office.room.journal.writing_epoch(),
            office,
            watch,
        }
    }

    /// Reads the body, lets faults strike, and has the handler answer.
    async fn pass(
        mut self,
        mount: &Mount,
        mut req: ServiceRequest,
        next: Next<BoxBody>,
    ) -> Result<ServiceResponse<BoxBody>, Error> {
        let body = match read_body(&mut req, self.longest).await {
            Ok(body) => body,
            Err((status, sentence)) => {
                let of = self.write_request(&req, &Bytes::new());
                let mut response = refuse(mount.system, status, &sentence);
                let kind = header(req.headers(), "content-type");
                *response.status_mut() = fspiop::status_of(response.status(), kind);
                return Ok(req.into_response(self.write_answer(of, response, &sentence)));
            }
        };
        // A guest may send our own entry in `tracestate` back to us.
        if self.from == OUTSIDE || self.from == self.office.system.name {
            let source = header(req.headers(), "fspiop-source");
            self.from = caller::guest(&self.office.room, source, &body).unwrap_or(self.from);
        }
        let of = self.write_request(&req, &body);
        let struck = match fault_of(&req, &self) {
            Ok(Some(what)) => fault::strike(&what, body, mount.system).await,
            Ok(None) => Struck::Pass(body),
            Err(sentence) => Struck::Answer(refuse(mount.system, 400, &sentence), sentence),
        };
        let (body, again) = match struck {
            Struck::Pass(body) => (body, false),
            Struck::Twice(body) => (body, true),
            Struck::Answer(response, sentence) => {
                return Ok(req.into_response(self.write_answer(of, response, &sentence)));
            }
        };
        let remarks = Arc::new(Remarks::default());
        let call = self.call(&req, body, &remarks);
        if again {
            let (_, path) = rooms::split(path_and_query(&req));
            fault::send_again(&call, &req, &mount.below_own_base(path), call.body.clone());
        }
        req.extensions_mut().insert(call);
        let (req, response) = next.call(req).await?.into_parts();
        let response = self.write_answer_of(of, response, &remarks);
        Ok(ServiceResponse::new(req, response))
    }

    /// What the handler is told.
    fn call(&self, req: &ServiceRequest, body: Bytes, remarks: &Arc<Remarks>) -> Call {
        Call {
            errand: Errand { office: Arc::clone(&self.office), cause: self.cause.clone() },
            from: self.from.clone(),
            body,
            authorization: req.headers().get(AUTHORIZATION).cloned(),
            accept: req.headers().get(ACCEPT).cloned(),
            content_type: req.headers().get(CONTENT_TYPE).cloned(),
            remarks: Arc::clone(remarks),
        }
    }

    fn entry(&self) -> Entry {
        Entry {
            at: self.office.room.stamp(),
            step: self.cause.step().into(),
            from: self.from.clone(),
            to: self.office.system.name.into(),
            standard: self.office.system.standard.into(),
            action: self.action.clone(),
            trace: self.cause.trace().into(),
            place: self.cause.place().to_string(),
            ..Entry::default()
        }
    }

    fn write_request(&self, req: &ServiceRequest, body: &Bytes) -> i64 {
        if self.silent {
            return 0;
        }
        let secrets = self.office.system.secrets;
        let entry = Entry {
            path: secrets::mask(secrets, path_and_query(req).to_owned()),
            headers: secrets::mask(secrets, masked_headers(req.headers())),
            body: secrets::mask(secrets, readable(body)),
            ..self.entry()
        };
        self.office.room.journal.write_in(self.epoch, entry)
    }

    /// Writes the answer that the border itself gives.
    fn write_answer(&self, of: i64, response: HttpResponse, remark: &str) -> HttpResponse {
        let remarks = Arc::new(Remarks::default());
        remarks.set_remark(remark);
        self.write_answer_of(of, response, &remarks)
    }

    fn write_answer_of(
        &self,
        of: i64,
        mut response: HttpResponse,
        remarks: &Arc<Remarks>,
    ) -> HttpResponse {
        response.head_mut().set_camel_case_headers(true);
        if self.silent {
            return response;
        }
        let (head, body) = response.into_parts();
        // A body that breaks off (a system that falls silent) is passed on as it is.
        let body = match body.try_into_bytes() {
            Ok(body) => body,
            Err(broken) => {
                self.write_row(of, &head, &Bytes::new(), remarks);
                return head.set_body(broken);
            }
        };
        self.write_row(of, &head, &body, remarks);
        head.set_body(BoxBody::new(Told { body: Some(body), remarks: Arc::clone(remarks) }))
    }

    fn write_row(&self, of: i64, head: &HttpResponse<()>, body: &Bytes, remarks: &Remarks) {
        let request = self.entry();
        let found = remarks.take_found();
        let answer = Entry {
            kind: Kind::Answer,
            of,
            from: request.to.clone(),
            to: request.from.clone(),
            status: head.status().as_u16(),
            headers: secrets::mask(self.office.system.secrets, masked_headers(head.headers())),
            body: secrets::mask(self.office.system.secrets, readable(body)),
            verdict: found.verdict,
            remark: found.remark,
            correlation: found.correlation,
            duration_us: self.watch.micros(&self.office.room.clock),
            ..request
        };
        self.office.room.journal.write_in(self.epoch, answer);
    }
}

fn path_and_query(req: &ServiceRequest) -> &str {
    req.uri().path_and_query().map_or_else(|| req.path(), |p| p.as_str())
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or("")
}

fn masked_headers(headers: &HeaderMap) -> String {
    masked(headers.iter().map(|(n, v)| (n.as_str(), v.to_str().unwrap_or("…"))))
}

/// A body that starts what was left for later when the server has written it and lets it go.
struct Told {
    body: Option<Bytes>,
    remarks: Arc<Remarks>,
}

impl MessageBody for Told {
    type Error = std::convert::Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(self.body.as_ref().map_or(0, |b| b.len() as u64))
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        Poll::Ready(self.body.take().map(Ok))
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        for work in self.remarks.take_later() {
            drop(runtime.spawn(work));
        }
    }
}

/// How long a system that never answers is said to have been silent: its line is cut at once, and nobody waits.
pub(super) const SILENCE: Duration = Duration::from_secs(30);
