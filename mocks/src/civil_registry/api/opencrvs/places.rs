//! The places that OpenCRVS knows: areas of administration, with an office of the civil registry in each district and a
//! health facility in each community. `GET /api/events/locations`, and as FHIR at `GET /location` (OpenCRVS 1.x).

use actix_web::HttpResponse;
use actix_web::web::Query;
use serde::Deserialize;
use serde_json::{Value, json};

use super::refusal::answer;
use super::tokens::caller;
use crate::kit::seed::places::Province;
use crate::kit::server::Call;

/// What a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Area,
    Office,
    Facility,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Area => "ADMIN_STRUCTURE",
            Self::Office => "CRVS_OFFICE",
            Self::Facility => "HEALTH_FACILITY",
        }
    }
}

/// A place and the area around it.
#[derive(Debug)]
struct Place {
    id: String,
    name: String,
    kind: Kind,
    parent: Option<String>,
}

/// All places, areas before what stands in them.
fn all() -> Vec<Place> {
    let area = |id, name: &str, parent| Place { id, name: name.into(), kind: Kind::Area, parent };
    let mut all = Vec::new();
    for province in Province::all() {
        all.push(area(province.code(), province.name(), None));
        for district in province.districts() {
            all.push(area(district.code(), district.name(), Some(province.code())));
            all.push(Place {
                id: format!("{}-CRO", district.code()),
                name: format!("{} Civil Registration Office", district.name()),
                kind: Kind::Office,
                parent: Some(district.code()),
            });
            for community in district.communities() {
                all.push(area(community.code(), &community.name(), Some(district.code())));
                all.push(Place {
                    id: format!("{}-HF", community.code()),
                    name: format!("{} Health Post", community.name()),
                    kind: Kind::Facility,
                    parent: Some(community.code()),
                });
            }
        }
    }
    all
}

/// What the place with that id is; nothing where there is none.
pub(super) fn kind_of(id: &str) -> Option<Kind> {
    all().into_iter().find(|place| place.id == id).map(|place| place.kind)
}

/// Which places are wanted; the FHIR path calls it `type`.
#[derive(Debug, Deserialize)]
pub(super) struct Wanted {
    #[serde(rename = "locationType", alias = "type")]
    kind: Option<String>,
}

impl Wanted {
    fn places(&self) -> Vec<Place> {
        let mut places = all();
        if let Some(kind) = &self.kind {
            places.retain(|place| place.kind.word() == kind);
        }
        places
    }
}

/// The places, each with the one around it; whoever has a token may read them.
pub(super) async fn locations(call: Call, wanted: Query<Wanted>) -> HttpResponse {
    let told = |place: Place| {
        json!({"id": place.id, "name": place.name, "externalId": place.id, "parentId": place.parent,
            "locationType": place.kind.word(), "validUntil": null})
    };
    let list = || wanted.places().into_iter().map(told).collect::<Value>();
    let done = caller(&call).await.map(|_| list());
    answer(&call, done)
}

/// The same as a FHIR bundle, for anybody.
pub(super) async fn bundle(wanted: Query<Wanted>) -> HttpResponse {
    let entry: Vec<Value> = wanted.places().into_iter().map(resource).collect();
    HttpResponse::Ok().json(json!({
        "resourceType": "Bundle", "type": "searchset", "total": entry.len(), "link": [], "entry": entry,
    }))
}

fn resource(place: Place) -> Value {
    let physical = match place.kind {
        Kind::Area => json!({"code": "jdn", "display": "Jurisdiction"}),
        Kind::Office | Kind::Facility => json!({"code": "bu", "display": "Building"}),
    };
    let around = place.parent.unwrap_or_else(|| "0".into());
    json!({"fullUrl": format!("Location/{}", place.id), "resource": {
        "resourceType": "Location", "id": place.id, "name": place.name, "alias": [place.name],
        "identifier": [{"system": "http://opencrvs.org/specs/id/internal-id", "value": place.id}],
        "status": "active", "mode": "instance",
        "partOf": {"reference": format!("Location/{around}")},
        "type": {"coding": [{"system": "http://opencrvs.org/specs/location-type", "code": place.kind.word()}]},
        "physicalType": {"coding": [physical]},
    }})
}
