//! The farmer registry's roll: a row is a farmer with the first plot; more plots, and the family, stand in `more`.

use rusqlite::{Connection, params};
use serde_json::{Number, Value};
use standards::dci::records::{
    FarmerPerson, GeoCoordinates, Identifier, LandTenure, MeasurementUnit, kind,
};

use super::model::{
    Crop, farm_type, farmer_id, known_crops, located, plot_named, plot_of, read_size,
};
use super::seed::{FARMERS, PLOTS};
use super::store;
use crate::kit::registry::codes::MARITAL_STATUS;
use crate::kit::roll::person::{columns_with_a_person, member, misplaced, text};
use crate::kit::roll::{Column, Record, Roll, Row, Unique, Wrong, begin, list};
use crate::kit::seed::places::Community;

/// The farmer registry's roll.
pub(crate) static ROLL: Roll = Roll {
    columns: FarmerPerson::COLUMNS,
    unique: &[
        Unique { column: "uin", table: "farmer", at: "uin" },
        Unique { column: "farmer_id", table: "farmer", at: "farmer_id" },
        Unique { column: "plot", table: "plot", at: "plot" },
    ],
    begin: begin::<FarmerPerson>,
    list: list::<FarmerPerson>,
};

impl Record for FarmerPerson {
    const COLUMNS: &'static [Column] = columns_with_a_person![
        "/farmer_personal_details",
        needed,
        optional("marital_status", &["civil_status"], Cell::Code(MARITAL_STATUS))
            .at("/farmer_personal_details/marital_status"),
        needed("farmer_id", &["farmer_identifier"], Cell::Text)
            .at("/farmer_personal_details/member_identifier/1/identifier_value"),
        needed("plot", &["plot_id"], Cell::Text).at("/farm_details/0/@id"),
        needed("land_size", &["size"], Cell::Number).at("/farm_details/0/land_size"),
        needed("measurment", &["measurement", "unit"], Cell::Code(MeasurementUnit::LIST))
            .at("/farm_details/0/measurment"),
        needed("land_tenure", &["tenure"], Cell::Code(LandTenure::LIST))
            .at("/farm_details/0/land_tenure"),
        needed("crops", &["crop"], Cell::Text)
            .at("/farm_details/0/farming_activities/crop_production/*/variety"),
        needed("plot_community", &[], Cell::Text).at("/farm_details/0/location/name"),
        optional("latitude", &["lat"], Cell::Number).at("/farm_details/0/location/geo/latitude"),
        optional("longitude", &["lon", "lng"], Cell::Number)
            .at("/farm_details/0/location/geo/longitude"),
        needed("registration_date", &["registered"], Cell::Date).at("/registration_date"),
        needed("last_updated", &["updated"], Cell::Date).at("/last_updated"),
    ];
    const TABLE: &'static str = "farmer";

    fn contradiction(row: &Row<'_>) -> Option<Wrong> {
        if let Some(wrong) = misplaced(row) {
            return Some(wrong);
        }
        let (size, unit) = (row.need("land_size"), MeasurementUnit::from(row.need("measurment")));
        if read_size(&Value::from(size), &unit).is_err() {
            return Some(Wrong::new(
                "land_size",
                size,
                "more than 0 and less than 10,000 hectares",
            ));
        }
        if let Some(odd) = row.several("crops").iter().find(|name| Crop::named(name).is_none()) {
            return Some(Wrong::new("crops", odd, format!("one of {}", known_crops())));
        }
        let place = row.need("plot_community");
        let right = "a community of the country, by its name or a code such as QN030203";
        community(place).is_none().then(|| Wrong::new("plot_community", place, right))
    }

    fn of(row: &Row<'_>) -> Self {
        let id = row.need("farmer_id");
        let mut member = member(row, (kind::FR_MEMBER, kind::FR_PERSON));
        member.member_identifier.push(Identifier::new("FARMER_ID", id).inner());
        let number = |column| Number::from_f64(row.get(column)?.parse().ok()?);
        let crops = row.several("crops");
        let crops = crops.iter().filter_map(|name| Crop::named(name));
        let mut plot = plot_named(row.need("plot"), crops, row.need("registration_date"));
        let geo = GeoCoordinates {
            latitude: number("latitude"),
            longitude: number("longitude"),
            ..GeoCoordinates::default().inner()
        };
        let geo = Some(geo).filter(|geo| geo.latitude.is_some() && geo.longitude.is_some());
        if let Some(community) = community(row.need("plot_community")) {
            located(&mut plot, community, geo);
        }
        plot.land_tenure = row.get("land_tenure").map(LandTenure::from);
        plot.land_size = number("land_size");
        plot.measurment = row.get("measurment").map(MeasurementUnit::from);
        let plots = vec![plot];
        Self {
            ld_id: Some(format!("urn:arenoa:farmer-registry:{id}")),
            farmer_personal_details: Some(member),
            farm_type: Some(farm_type(&plots)),
            farm_details: plots,
            registration_date: text(row, "registration_date"),
            last_updated: text(row, "last_updated"),
            ..Self::default()
        }
    }

    fn keep(&self, db: &Connection) -> rusqlite::Result<i64> {
        let plots = self.farm_details.iter().filter_map(plot_of).map(|plot| (PLOTS, plot));
        for (series, number) in farmer_id(self).map(|id| (FARMERS, id)).into_iter().chain(plots) {
            pass(db, series, number)?;
        }
        store::keep(db, self)
    }
}

fn community(text: &str) -> Option<Community> {
    let called = |c: &Community| c.name().eq_ignore_ascii_case(text) || c.code() == text;
    Community::all().find(called)
}

/// Numbers that the counter gives from now on come after this one, `PLOT-00042`.
fn pass(db: &Connection, series: &str, number: &str) -> rusqlite::Result<()> {
    let Some(serial) = number.rsplit('-').next().and_then(|serial| serial.parse::<u32>().ok())
    else {
        return Ok(());
    };
    db.prepare_cached(
        "insert into serial (name, last) values ($1, $2)
         on conflict (name) do update set last = excluded.last where excluded.last > serial.last",
    )?
    .execute(params![series, serial])
    .map(drop)
}
