//! Rooms in addresses: `/r/blue/civil-registry/...` is the civil registry of the room `blue`. The room is taken off before a
//! route is looked for, so that every route is laid once, for all rooms.

use actix_web::HttpRequest;
use actix_web::dev::ServiceRequest;

use crate::kit::country::MAIN;

/// The room that a path names, and what it asks for there. A path that names none is about the main room.
pub(super) fn split(path: &str) -> (&str, &str) {
    let named =
        path.strip_prefix("/r/").filter(|named| !named.is_empty() && !named.starts_with('/'));
    let Some(named) = named else { return (MAIN, path) };
    named.split_at(named.find('/').unwrap_or(named.len()))
}

/// The room that a request is about.
pub fn room_of(req: &HttpRequest) -> &str {
    split(req.match_info().as_str()).0
}

/// Has routes look only at what follows the room.
pub fn enter_room(req: &mut ServiceRequest) {
    let path = req.match_info().as_str();
    let taken = path.len() - split(path).1.len();
    req.match_info_mut().skip(u16::try_from(taken).unwrap_or(u16::MAX));
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::dev::Service as _;
    use actix_web::test::{TestRequest, call_and_read_body, init_service};
    use actix_web::web::{self, Path};
    use actix_web::{App, Responder};

    #[test]
    fn a_path_names_a_room_or_is_about_the_main_one() {
        assert_eq!(split("/r/blue/desk/bank"), ("blue", "/desk/bank"));
        assert_eq!(split("/r/blue/"), ("blue", "/"));
        assert_eq!(split("/r/blue"), ("blue", ""));
        for path in ["/", "/desk", "/rooms", "/r", "/r/", "/r//desk"] {
            assert_eq!(split(path), (MAIN, path));
        }
    }

    async fn say(req: HttpRequest, id: Path<String>) -> impl Responder {
        format!("{id} in {}", room_of(&req))
    }

    #[actix_web::test]
    async fn a_route_is_the_same_in_every_room() {
        let app = App::new().route("/office/{id}", web::get().to(say)).wrap_fn(|mut req, next| {
            enter_room(&mut req);
            next.call(req)
        });
        let app = init_service(app).await;
        for (path, wanted) in [
            ("/office/%2B999%201", "+999 1 in main"),
            ("/r/blue/office/%2B999%201", "+999 1 in blue"),
        ] {
            let said = call_and_read_body(&app, TestRequest::get().uri(path).to_request()).await;
            assert_eq!(said, wanted, "{path}");
        }
    }
}
