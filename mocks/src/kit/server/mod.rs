//! The server: mounts the systems of a country on ports and stops when its handle is dropped.

mod border;
mod call;
mod caller;
mod fault;
mod guard;
mod patterns;
mod rooms;

use std::fmt::Display;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::ServerHandle;
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::web::{self, Data, PathConfig, QueryConfig, ServiceConfig};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};

use serde_json::{Value, json};

pub use border::{LONGEST_FILE, LONGEST_REQUEST};
pub use call::Call;
pub use rooms::{enter_room, room_of};

use super::control;
use super::country::{Country, is_loopback};
use super::openapi::{Lay, Routes, actions};
use super::system::System;
use border::{Mount, border, refuse};
use guard::guard;

/// A connection on which nothing is asked is closed after this. Long, because a client that asks at the moment of the
/// closing cannot know whether it was heard.
pub const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// Where a country listens.
#[derive(Debug, Clone)]
pub struct Listen {
    pub bind: IpAddr,
    /// 0 takes any free port.
    pub port: u16,
    /// Takes the next free port where the wanted one is taken.
    pub next_free: bool,
    /// Gives each system a port of its own, counted up from here, besides the shared one.
    pub spread: Option<u16>,
    /// Serves this system alone at the root of the port.
    pub alone: Option<&'static str>,
    /// What everybody who is not on this machine must show to do more than watch.
    pub secret: Option<Arc<str>>,
}

impl Default for Listen {
    fn default() -> Self {
        let bind = IpAddr::from([127, 0, 0, 1]);
        Self { bind, port: 0, next_free: false, spread: None, alone: None, secret: None }
    }
}

/// Why a country could not be served.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(
        "port {port} on {bind} is taken: stop what listens there, or choose another with --port"
    )]
    PortTaken { bind: IpAddr, port: u16 },
    #[error("listening on {bind}:{port} failed: {source}")]
    Listen { bind: IpAddr, port: u16, source: io::Error },
}

/// A running server. Dropping it stops it.
#[derive(Debug)]
pub struct Running {
    /// The address of the shared port: `http://127.0.0.1:8080`.
    pub base: String,
    pub port: u16,
    /// Systems with a port of their own: name and address.
    pub spread: Vec<(&'static str, String)>,
    handles: Vec<ServerHandle>,
}

impl Running {
    /// Stops listening and waits for requests under way, for a second at the most.
    pub async fn stop(mut self) {
        self.halt().await;
    }

    /// As [`Running::stop`], for an owner that cannot give it away.
    pub async fn halt(&mut self) {
        for handle in std::mem::take(&mut self.handles) {
            handle.stop(true).await;
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        for handle in &self.handles {
            // The future only waits for the end; the order to stop is given when it is made.
            drop(handle.stop(false));
        }
    }
}

/// Serves `country`, with `pages` (the stage, the desks) beside its systems. Returns once it listens.
pub fn serve(
    country: &Arc<Country>,
    listen: &Listen,
    pages: impl Fn(&mut ServiceConfig) + Send + Sync + 'static,
) -> Result<Running, ServeError> {
    serve_with(country, listen, Arc::new(pages))
}

/// What lays the pages. One type for all of them: a server of its own would be compiled for each.
type Pages = Arc<dyn Fn(&mut ServiceConfig) + Send + Sync>;

fn serve_with(
    country: &Arc<Country>,
    listen: &Listen,
    pages: Pages,
) -> Result<Running, ServeError> {
    let socket = bind(listen.bind, listen.port, listen.next_free)?;
    let port = socket.local_addr().map_or(listen.port, |a| a.port());
    let base = format!("http://{}", shown(SocketAddr::new(listen.bind, port)));
    country.fabric.mount_all(&base);
    let alone = listen.alone.and_then(|name| country.fabric.system(name));
    if let Some(system) = alone {
        country.fabric.mount_one(system.name, &base);
    }
    let mut handles = vec![start(country, socket, pages, alone, listen.secret.clone())?];
    let mut spread = Vec::new();
    if let Some(first) = listen.spread {
        for (system, offset) in country.fabric.systems().iter().zip(0..) {
            let socket = bind(listen.bind, first.saturating_add(offset), listen.next_free)?;
            let own = socket.local_addr().unwrap_or(SocketAddr::new(listen.bind, first));
            let address = format!("http://{}", shown(own));
            country.fabric.mount_one(system.name, &address);
            spread.push((system.name, address));
            let no_pages: Pages = Arc::new(|_| {});
            handles.push(start(country, socket, no_pages, Some(system), listen.secret.clone())?);
        }
    }
    country.wake();
    Ok(Running { base, port, spread, handles })
}

fn bind(address: IpAddr, port: u16, next_free: bool) -> Result<TcpListener, ServeError> {
    let tries = if next_free && port != 0 { 50 } else { 1 };
    for candidate in (port..=u16::MAX).take(tries) {
        match TcpListener::bind((address, candidate)) {
            Ok(socket) => return Ok(socket),
            Err(e) if e.kind() == io::ErrorKind::AddrInUse => {}
            Err(source) => {
                return Err(ServeError::Listen { bind: address, port: candidate, source });
            }
        }
    }
    Err(ServeError::PortTaken { bind: address, port })
}

/// An address that a browser on this machine can open: a wildcard is shown as loopback.
fn shown(address: SocketAddr) -> SocketAddr {
    if address.ip().is_unspecified() {
        return SocketAddr::new(IpAddr::from([127, 0, 0, 1]), address.port());
    }
    address
}

fn start(
    country: &Arc<Country>,
    socket: TcpListener,
    pages: Pages,
    alone: Option<&'static System>,
    secret: Option<Arc<str>>,
) -> Result<ServerHandle, ServeError> {
    let address = socket.local_addr().unwrap_or(SocketAddr::from(([127, 0, 0, 1], 0)));
    let app = {
        let country = Arc::clone(country);
        move || {
            let secret = secret.clone();
            let app = App::new()
                .wrap(from_fn(move |mut req, next| {
                    enter_room(&mut req);
                    guard(secret.clone(), req, next)
                }))
                .app_data(Data::from(Arc::clone(&country)))
                .app_data(PathConfig::default().error_handler(|e, _| unreadable(&e, 404, plain)))
                .app_data(QueryConfig::default().error_handler(|e, _| unreadable(&e, 400, plain)));
            let app = app.configure(|config| mount_all(config, &country, alone));
            let app = app.configure(control::country_routes).configure(|config| pages(config));
            app.configure(|config| {
                if let Some(system) = alone {
                    config.service(scope("", &country, system, system.routes));
                }
            })
        }
    };
    let workers = std::thread::available_parallelism().map_or(2, |n| n.get().min(8));
    let server = HttpServer::new(app)
        .workers(workers)
        .keep_alive(KEEP_ALIVE)
        // A client may open a line before it needs it; one that waits for its first request is not slow.
        .client_request_timeout(KEEP_ALIVE)
        .shutdown_timeout(1)
        .disable_signals()
        .listen(socket)
        .map_err(|source| ServeError::Listen { bind: address.ip(), port: address.port(), source })?
        .run();
    let handle = server.handle();
    drop(tokio::spawn(server));
    Ok(handle)
}

/// Mounts every system at its name, and at the root where it says so. Where a system stands alone, the root is its own: what
/// it serves there, such as its keys, is not hidden by others.
fn mount_all(config: &mut ServiceConfig, country: &Arc<Country>, alone: Option<&'static System>) {
    let own = alone.map(actions).unwrap_or_default();
    let is_own = |root: &str| {
        let inside = |action: &String| action.contains(&format!(" {root}/"));
        own.iter().any(inside)
    };
    for system in country.fabric.systems() {
        config.service(scope(&format!("/{}", system.mount()), country, system, system.routes));
        let others = alone.is_some_and(|alone| alone.name != system.name);
        for (root, routes) in system.at_root.iter().filter(|(root, _)| !(others && is_own(root))) {
            config.service(scope(root, country, system, *routes));
        }
    }
}

fn scope(
    path: &str,
    country: &Arc<Country>,
    system: &'static System,
    routes: Lay,
) -> impl actix_web::dev::HttpServiceFactory + 'static {
    let mut laid = Routes::of(system);
    routes(&mut laid);
    control::system_routes(&mut laid);
    let mount = Arc::new(Mount::new(country, system, path, laid.paths()));
    web::scope(path)
        .configure(|config| laid.lay(config))
        .app_data(PathConfig::default().error_handler(|e, _| unreadable(&e, 404, system.refusal)))
        .app_data(QueryConfig::default().error_handler(|e, _| unreadable(&e, 400, system.refusal)))
        .default_service(web::to(move |request: HttpRequest| nothing_here(request, system)))
        .wrap(from_fn(move |req, next| border(Arc::clone(&mount), req, next)))
}

async fn nothing_here(request: HttpRequest, system: &'static System) -> HttpResponse {
    let (method, path) = (request.method(), request.path());
    let sentence = format!(
        "{} has nothing at {method} {path}; see mocks/README.md for what it serves",
        system.title
    );
    refuse(system, 404, &sentence)
}

/// What an address says that its route cannot read.
fn unreadable(why: &dyn Display, status: u16, words: fn(u16, &str) -> Value) -> actix_web::Error {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
    let body = words(status, &format!("this address cannot be read: {why}"));
    InternalError::from_response(why.to_string(), HttpResponse::build(code).json(body)).into()
}

/// A refusal of the country's own.
fn plain(_: u16, sentence: &str) -> Value {
    json!({"error": sentence})
}

/// Whether the server listens to this machine only.
pub fn is_private(bind: IpAddr) -> bool {
    is_loopback(&bind.to_string())
}
