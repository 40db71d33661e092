//! core/v1/data: Address, Place, `GeoLocation` and coordinates.

use super::record::record;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Number;

record! {
    /// Where post arrives.
    Address: "Address" at "core/v1/data/Address.jsonld" {
        /// Street and number.
        address_line_1: Option<String>,
        /// More of it.
        address_line_2: Option<String>,
        /// Town or village.
        locality: Option<String>,
        /// District, as a code.
        sub_region_code: Option<String>,
        /// Region, as a code.
        region_code: Option<String>,
        /// Postal code.
        postal_code: Option<String>,
        /// Country, as a code.
        country_code: Option<String>,
        /// Where it is on the map.
        geo_location: Option<GeoLocation>,
    }
}

record! {
    /// A place with a name.
    Place: "Place" at "core/v1/data/Place.jsonld" {
        /// Its name.
        name: Option<String>,
        /// How to get there.
        address_line: Option<String>,
        /// Where it is on the map.
        geo: Option<GeoCoordinates>,
        /// What it is a part of.
        contained_in_place: Option<Box<Place>>,
        /// What its parts are.
        contains_place: Vec<Place>,
    }
}

impl Place {
    /// A place of that name.
    pub fn named(name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..Self::default() }
    }

    /// The same inside another.
    #[must_use]
    pub fn within(mut self, outer: Self) -> Self {
        self.contained_in_place = Some(Box::new(outer));
        self
    }
}

record! {
    /// Degrees north and east.
    GeoCoordinates: "GeoCoordinates" at "core/v1/data/Geocoordinates.jsonld" {
        /// North.
        latitude: Option<Number>,
        /// East.
        longitude: Option<Number>,
    }
}

record! {
    /// A place on the map as a plus code.
    GeoLocation: "GeoLocation" at "core/v1/data/GeoLocation.jsonld" {
        /// The code.
        plus_code: Option<PlusCode>,
    }
}

/// An open location code.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlusCode {
    /// The code itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub global_code: Option<String>,
    /// What it covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geometry: Option<Geometry>,
}

/// What a plus code covers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Geometry {
    /// Its corners.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<Bounds>,
    /// Its middle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<GeoCoordinates>,
}

/// Corners of an area.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Bounds {
    /// Upper right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub northeast: Option<GeoCoordinates>,
    /// Lower left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub southwest: Option<GeoCoordinates>,
}
