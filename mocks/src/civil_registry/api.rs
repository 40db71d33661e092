//! The counter of the civil registry: the DCI routes, and `POST /events/deaths` where a death is reported (our own).

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use serde_json::json;

use super::describe::REGISTRY;
use super::model::{Death, Refusal};
use super::store;
use crate::kit::registry;
use crate::kit::roll;
use crate::kit::server::Call;
use crate::kit::store::StoreError;

pub(super) fn routes(config: &mut ServiceConfig) {
    registry::registry_routes(config, &REGISTRY);
    roll::routes::routes(config, &super::roll::ROLL);
    config.service(web::resource("/events/deaths").route(web::post().to(death)));
}

pub(super) fn official_routes(config: &mut ServiceConfig) {
    registry::official_routes(config, &REGISTRY);
}

/// Why a report did not become an entry.
enum Failed {
    Refused(Refusal),
    Archive(StoreError),
}

impl From<StoreError> for Failed {
    fn from(error: StoreError) -> Self {
        Self::Archive(error)
    }
}

async fn death(call: Call) -> HttpResponse {
    let entered = Death::read(&call.body).map_err(Failed::Refused).and_then(|death| {
        let (number, drn) = enter(&call, &death)?;
        let told = registry::announce(&call, &REGISTRY, "Death", number)?;
        Ok((death, drn, told))
    });
    match entered {
        Ok((death, drn, told)) => {
            let facts = json!({"drn": drn, "uin": death.uin, "date": death.date, "notices": told});
            call.errand.event("death registered", "A death was entered in the register", &facts);
            HttpResponse::Created().json(facts)
        }
        Err(Failed::Refused(refused)) => refuse(&call, &refused),
        Err(Failed::Archive(error)) => {
            tracing::error!(%error, "the civil registry's archive failed");
            call.remark("the archive failed");
            HttpResponse::InternalServerError()
                .json(registry::refusal(500, "the entry could not be kept; try again"))
        }
    }
}

fn enter(call: &Call, death: &Death) -> Result<(i64, String), Failed> {
    let today = call.room().clock.today();
    call.store().write(|tx| {
        let known = store::known(tx, &death.uin).map_err(StoreError::from)?;
        let person = known.ok_or_else(|| Failed::Refused(Refusal::Unknown(death.uin.clone())))?;
        death.check(&person, today).map_err(Failed::Refused)?;
        let drn = store::enter_death(tx, &person, death, today).map_err(StoreError::from)?;
        Ok((person.number, drn))
    })
}

fn refuse(call: &Call, refused: &Refusal) -> HttpResponse {
    let sentence = refused.to_string();
    call.remark(&sentence);
    match refused {
        Refusal::Unknown(_) => HttpResponse::NotFound().json(registry::refusal(404, &sentence)),
        Refusal::Twice(_) => HttpResponse::Conflict().json(registry::refusal(409, &sentence)),
        _ => HttpResponse::BadRequest().json(registry::refusal(400, &sentence)),
    }
}
