//! `GET /.well-known/locations.json`: the places of the country (DCI locations core API 1.0.0).

use actix_web::HttpResponse;
use schemars::JsonSchema;
use serde::Serialize;

use super::api::failed;
use super::model::Location;
use super::store;
use crate::kit::clock::D0;
use crate::kit::journal::stamp;
use crate::kit::openapi::{Routes, says};
use crate::kit::server::Call;

/// Lays it at `path`.
pub(super) fn routes(routes: &mut Routes, path: &str) {
    let is = says("Provinces, districts and communities")
        .more("DCI locations core API 1.0.0.")
        .gives::<Hierarchy>(200, "Each within another");
    routes.get(path, locations, is);
}

/// The places of a country, the wider before the narrower.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LocationHierarchy")]
struct Hierarchy {
    #[serde(rename = "@context")]
    context: Context,
    /// `LocationHierarchy`.
    #[serde(rename = "@type")]
    is: &'static str,
    last_updated: String,
    locations: Vec<Place>,
}

/// Where the words are explained.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "LocationContext")]
struct Context {
    #[serde(rename = "@context")]
    context: &'static str,
    xsd: &'static str,
    schema: &'static str,
}

const CONTEXT: Context = Context {
    context: "http://spdci.org/",
    xsd: "http://www.w3.org/2001/XMLSchema#",
    schema: "http://schema.org/",
};

/// A place with its parent and its kind in both spellings: the published properties and the published list of required ones differ.
#[derive(Debug, Serialize, JsonSchema)]
struct Place {
    /// `Place`.
    #[serde(rename = "@type")]
    is: &'static str,
    id: String,
    identifier: [PlaceCode; 1],
    name: String,
    additional_type: String,
    #[serde(rename = "additionalType")]
    kind: String,
    contained_in_place: Option<String>,
    #[serde(rename = "containedInPlace")]
    within: Option<String>,
}

/// The code of a place.
#[derive(Debug, Serialize, JsonSchema)]
struct PlaceCode {
    /// `PropertyValue`.
    #[serde(rename = "@type")]
    is: &'static str,
    /// `p-code`.
    name: &'static str,
    identifier: String,
    value: String,
}

impl From<Location> for Place {
    fn from(location: Location) -> Self {
        let Location { code, name, kind, within } = location;
        let identifier = PlaceCode {
            is: "PropertyValue",
            name: "p-code",
            identifier: code.clone(),
            value: code.clone(),
        };
        Self {
            is: "Place",
            id: code,
            identifier: [identifier],
            name,
            additional_type: format!("arenoa:{kind}"),
            kind: format!("arenoa:{kind}"),
            contained_in_place: within.clone(),
            within,
        }
    }
}

async fn locations(call: Call) -> HttpResponse {
    match store::locations(call.store()) {
        Ok(locations) => HttpResponse::Ok().json(Hierarchy {
            context: CONTEXT,
            is: "LocationHierarchy",
            last_updated: stamp(D0),
            locations: locations.into_iter().map(Place::from).collect(),
        }),
        Err(error) => failed(&call, &error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parent_and_kind_are_told_in_both_spellings() {
        let within = Some(String::from("QN01"));
        let (code, name) = ("QN0101".into(), "Brenna".into());
        let place = Place::from(Location { code, name, kind: "DISTRICT".into(), within });
        let told = serde_json::to_value(place).unwrap_or_default();
        for (one, other) in
            [("additional_type", "additionalType"), ("contained_in_place", "containedInPlace")]
        {
            assert!(told[one].is_string() && told[one] == told[other], "{told}");
        }
    }
}
