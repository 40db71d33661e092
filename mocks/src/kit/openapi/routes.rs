//! How a system lays its routes: each with the operation that describes it.

use std::collections::BTreeSet;
use std::sync::Arc;

use actix_web::dev::HttpServiceFactory;
use actix_web::guard::fn_guard;
use actix_web::http::Method;
use actix_web::http::header::ALLOW;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, HttpResponse, Resource, Responder, Route};

use super::operation::Operation;
use crate::kit::control;
use crate::kit::system::System;

/// Lays the routes of a system, relative to where it is mounted.
pub type Lay = fn(&mut Routes);

/// Where a system lays its routes. Routes of one path become one resource, so that a wrong method is answered with 405.
pub struct Routes {
    /// The system whose routes they are.
    pub system: &'static System,
    laid: Vec<Laid>,
    described: Described,
}

/// What was laid, in words.
#[derive(Debug, Default)]
pub struct Described {
    pub operations: Vec<Operation>,
    pub asides: Vec<Aside>,
}

/// What is served and is no operation of its own.
#[derive(Debug)]
pub struct Aside {
    /// Where: `OPTIONS /oauth/token`.
    pub what: String,
    pub why: &'static str,
}

/// Which path a request is for: its place among [`Routes::paths`]. Whoever serves the routes says it of each request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sought(pub(crate) usize);

/// In the order of laying, because the first that fits a path answers.
enum Laid {
    /// A path, with the methods that it answers.
    Resource(String, Vec<Method>, Resource),
    Service(Box<dyn FnOnce(&mut ServiceConfig)>),
}

impl Laid {
    fn is_at(&self, path: &str) -> bool {
        matches!(self, Self::Resource(laid, ..) if laid == path)
    }
}

impl std::fmt::Debug for Routes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Routes({} operations)", self.described.operations.len())
    }
}

impl Routes {
    /// None yet, for this system.
    pub(crate) fn of(system: &'static System) -> Self {
        Self { system, laid: Vec::new(), described: Described::default() }
    }

    /// Lays `handler` at `method path`.
    pub fn on<H, A>(&mut self, method: Method, path: &str, handler: H, is: Operation) -> &mut Self
    where
        H: Handler<A>,
        A: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        let route = web::method(method.clone()).to(handler);
        self.operation(method, path, route, is)
    }

    /// As [`Routes::on`], for a handler whose type no longer matters: compiled once and not for each.
    fn operation(&mut self, method: Method, path: &str, route: Route, is: Operation) -> &mut Self {
        self.described.operations.push(is.at(method.clone(), path));
        self.route(method, path, route)
    }

    /// Lays `handler` at `method path`, and says why it is no operation that a caller would look for.
    pub fn aside<H, A>(&mut self, (method, path): (Method, &str), handler: H, why: &'static str)
    where
        H: Handler<A>,
        A: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        self.described.asides.push(Aside { what: format!("{method} {path}"), why });
        self.route(method.clone(), path, web::method(method).to(handler));
    }

    fn route(&mut self, method: Method, path: &str, route: Route) -> &mut Self {
        let place = self.laid.iter().position(|laid| laid.is_at(path)).unwrap_or_else(|| {
            self.laid.push(Laid::Resource(path.to_owned(), Vec::new(), web::resource(path)));
            self.laid.len() - 1
        });
        if let Laid::Resource(_, methods, resource) = &mut self.laid[place] {
            methods.push(method);
            // A resource gives itself back with each route.
            *resource = std::mem::replace(resource, web::resource("")).route(route);
        }
        self
    }

    /// Lays `handler` at `GET path`.
    pub fn get<H, A>(&mut self, path: &str, handler: H, is: Operation) -> &mut Self
    where
        H: Handler<A>,
        A: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        self.on(Method::GET, path, handler, is)
    }

    /// Lays `handler` at `POST path`.
    pub fn post<H, A>(&mut self, path: &str, handler: H, is: Operation) -> &mut Self
    where
        H: Handler<A>,
        A: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        self.on(Method::POST, path, handler, is)
    }

    /// Lays `handler` at `PUT path`.
    pub fn put<H, A>(&mut self, path: &str, handler: H, is: Operation) -> &mut Self
    where
        H: Handler<A>,
        A: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        self.on(Method::PUT, path, handler, is)
    }

    /// Lays `handler` at `DELETE path`.
    pub fn delete<H, A>(&mut self, path: &str, handler: H, is: Operation) -> &mut Self
    where
        H: Handler<A>,
        A: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        self.on(Method::DELETE, path, handler, is)
    }

    /// Lays `handler` at `PATCH path`.
    pub fn patch<H, A>(&mut self, path: &str, handler: H, is: Operation) -> &mut Self
    where
        H: Handler<A>,
        A: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        self.on(Method::PATCH, path, handler, is)
    }

    /// Lays a whole resource that nobody describes: stand-ins of tests. No system of the country does so.
    pub fn service(&mut self, resource: impl HttpServiceFactory + 'static) -> &mut Self {
        self.described.asides.push(Aside { what: String::from("a service"), why: "" });
        self.laid.push(Laid::Service(Box::new(|config| {
            config.service(resource);
        })));
        self
    }

    /// The paths that are laid, in this order.
    pub(crate) fn paths(&self) -> Vec<String> {
        let path = |laid: &Laid| match laid {
            Laid::Resource(path, ..) => Some(path.clone()),
            Laid::Service(_) => None,
        };
        self.laid.iter().filter_map(path).collect()
    }

    /// Hands the routes to the server. A method that a path does not answer is refused in the system's own words. Of a
    /// request the server tries the path alone that is [`Sought`].
    pub(crate) fn lay(self, config: &mut ServiceConfig) {
        let system = self.system;
        let mut number = 0;
        for laid in self.laid {
            match laid {
                Laid::Resource(_, methods, resource) => {
                    let allowed: Vec<_> = methods.iter().map(Method::as_str).collect();
                    let allowed: Arc<str> = allowed.join(", ").into();
                    let wrong = move |asked: Method| {
                        let refusal = not_allowed(system, &asked, &allowed);
                        async move { refusal }
                    };
                    let sought = Sought(number);
                    let scope = web::scope("")
                        .guard(fn_guard(move |asked| asked.req_data().get() == Some(&sought)));
                    config.service(scope.service(resource.default_service(web::to(wrong))));
                    number += 1;
                }
                Laid::Service(lay) => lay(config),
            }
        }
    }
}

/// RFC 9110, section 15.5.6: what the path does answer stands in `Allow`.
fn not_allowed(system: &System, asked: &Method, allowed: &str) -> HttpResponse {
    let sentence = format!("{asked} is not answered here; use {allowed}");
    HttpResponse::MethodNotAllowed()
        .insert_header((ALLOW, allowed))
        .json((system.refusal)(405, &sentence))
}

/// Everything that `system` takes, as the journal names it: `PUT /quotes/{id}`.
pub fn actions(system: &'static System) -> BTreeSet<String> {
    let own = [("", system.routes), ("", control::system_routes as Lay)];
    let laid = own.into_iter().chain(system.at_root.iter().copied());
    let all = laid.flat_map(|(prefix, lay)| {
        let Described { operations, asides } = described(system, lay);
        let operations =
            operations.into_iter().map(move |one| format!("{} {prefix}{}", one.method, one.path));
        operations.chain(asides.into_iter().map(|aside| aside.what))
    });
    all.collect()
}

/// What `lay` lays for `system`, without serving it.
pub fn described(system: &'static System, lay: Lay) -> Described {
    let mut routes = Routes::of(system);
    lay(&mut routes);
    routes.described
}
