//! What varies in a path, such as the number of an application.

use std::future::{Ready, ready};
use std::ops::Deref;

use actix_web::dev::Payload;
use actix_web::error::ErrorNotFound;
use actix_web::web::Path;
use actix_web::{Error, FromRequest, HttpRequest};

/// The last thing that a route names: `{id}` of `/applications/{id}`. In another room than the main one the path names
/// the room before it, so that the framework's own extractor of a single value would find one too many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part(String);

impl Deref for Part {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl FromRequest for Part {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        let named = Path::<Vec<String>>::extract(req).into_inner().ok();
        let last = named.and_then(|parts| parts.into_inner().pop());
        ready(last.map(Self).ok_or_else(|| ErrorNotFound("the path names nothing")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::{TestRequest, call_and_read_body, init_service};
    use actix_web::{App, web};

    #[actix_web::test]
    async fn a_part_is_the_same_in_every_room() {
        let say = |part: Part| async move { part.to_string() };
        let app = init_service(
            App::new()
                .route("/office/{id}", web::get().to(say))
                .route("/r/{room}/office/{id}", web::get().to(say)),
        )
        .await;
        for path in ["/office/%2B999%201", "/r/blue/office/%2B999%201"] {
            let said = call_and_read_body(&app, TestRequest::get().uri(path).to_request()).await;
            assert_eq!(said, "+999 1", "{path}");
        }
    }
}
