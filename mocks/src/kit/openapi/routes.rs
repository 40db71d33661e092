//! How a system lays its routes: each with the operation that describes it.

use actix_web::dev::HttpServiceFactory;
use actix_web::http::Method;
use actix_web::web::{self, ServiceConfig};
use actix_web::{FromRequest, Handler, Resource, Responder};

use super::operation::Operation;

/// Lays the routes of a system, relative to where it is mounted.
pub type Lay = fn(&mut Routes<'_>);

/// Where a system lays its routes. Routes of one path become one resource, so that a wrong method is answered with 405.
pub struct Routes<'a> {
    config: &'a mut ServiceConfig,
    resources: Vec<(String, Resource)>,
    operations: Vec<Operation>,
}

impl std::fmt::Debug for Routes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Routes({} operations)", self.operations.len())
    }
}

impl<'a> Routes<'a> {
    /// A beginning with no routes; [`Self::lay`] ends it.
    pub(crate) fn new(config: &'a mut ServiceConfig) -> Self {
        Self { config, resources: Vec::new(), operations: Vec::new() }
    }

    /// Lays `handler` at `method path`.
    pub fn on<H, A>(
        &mut self,
        method: Method,
        path: &str,
        handler: H,
        mut is: Operation,
    ) -> &mut Self
    where
        H: Handler<A>,
        A: FromRequest + 'static,
        H::Output: Responder + 'static,
    {
        let route = web::method(method.clone()).to(handler);
        let known = self.resources.iter().position(|(laid, _)| laid == path);
        let (_, resource) = match known {
            Some(index) => self.resources.remove(index),
            None => (String::new(), web::resource(path)),
        };
        let place = known.unwrap_or(self.resources.len());
        self.resources.insert(place, (path.to_owned(), resource.route(route)));
        (is.method, is.path) = (method, path.to_owned());
        self.operations.push(is);
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

    /// Lays what is no operation of its own and stays out of the description: preflights, catch-alls, stand-ins of tests.
    pub fn service(&mut self, resource: impl HttpServiceFactory + 'static) -> &mut Self {
        self.config.service(resource);
        self
    }

    /// Hands the routes to the server, and gives what was laid.
    pub(crate) fn lay(self) -> Vec<Operation> {
        for (_, resource) in self.resources {
            self.config.service(resource);
        }
        self.operations
    }
}

/// What `lay` lays, without serving it.
pub fn described(lay: Lay) -> Vec<Operation> {
    let mut operations = Vec::new();
    drop(web::scope("").configure(|config| {
        let mut routes = Routes::new(config);
        lay(&mut routes);
        operations = routes.lay();
    }));
    operations
}
