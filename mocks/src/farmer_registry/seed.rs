//! Everybody who farms a plot of their own, with the household that lives from it.

use rusqlite::params;
use serde_json::Number;
use standards::dci::records::{
    AssistanceUnit, FarmInfo, FarmerPerson, GeoCoordinates, Group, Identifier, LandTenure,
    MeasurementUnit, kind,
};

use super::model::{Crop, farm_type, located, plot_named};
use super::store::keep;
use crate::kit::registry::portrait;
use crate::kit::seed::{Farm, Household, People};
use crate::kit::store::Transaction;

/// The series of farmers' and plots' numbers.
pub(super) const FARMERS: &str = "farmer";
pub(super) const PLOTS: &str = "plot";

pub(super) fn seed(people: &People, tx: &Transaction<'_>) -> rusqlite::Result<()> {
    let mut last = 0;
    for farm in people.farms().iter().filter(|farm| people.person(farm.farmer).is_alive()) {
        keep(tx, &farmer(people, farm))?;
        last = last.max(i64::from(farm.index) + 1);
    }
    for series in [FARMERS, PLOTS] {
        tx.execute("insert into serial (name, last) values ($1, $2)", params![series, last])?;
    }
    Ok(())
}

fn farmer(people: &People, farm: &Farm) -> FarmerPerson {
    let person = people.person(farm.farmer);
    let kinds = (kind::FR_MEMBER, kind::FR_PERSON);
    let mut member = portrait::member(people, person, kinds, farm.registered);
    let farmer_id = format!("FRM-{:05}", farm.index + 1);
    member.member_identifier.push(Identifier::new("FARMER_ID", &*farmer_id).inner());
    let plots = vec![plot(farm)];
    FarmerPerson {
        ld_id: Some(format!("urn:arenoa:farmer-registry:{farmer_id}")),
        farmer_personal_details: Some(member),
        family_details: people.household_of(person).map(|home| family(people, home, farm)),
        farm_type: Some(farm_type(&plots)),
        farm_details: plots,
        registration_date: Some(farm.registered.to_string()),
        last_updated: Some(farm.registered.to_string()),
        ..FarmerPerson::default()
    }
}

/// The household as the farmer described it: who belongs to it, and not how well it lives.
fn family(people: &People, home: &Household, farm: &Farm) -> Group {
    let kinds = (kind::FR_MEMBER, kind::FR_PERSON);
    let members: Vec<_> = people
        .members(home)
        .iter()
        .map(|person| portrait::member(people, person, kinds, farm.registered))
        .collect();
    Group {
        group_identifier: vec![Identifier::new("HOUSEHOLD_ID", home.number()).inner()],
        group_type: Some(AssistanceUnit::Household),
        address: vec![portrait::address(home)],
        group_size: u32::try_from(home.size()).ok(),
        group_head_info: members.first().cloned(),
        member_list: members,
        registration_date: Some(farm.registered.to_string()),
        ..Group::default()
    }
    .called(kind::FR_GROUP)
    .inner()
}

fn plot(farm: &Farm) -> FarmInfo {
    let [longitude, latitude] = farm.centre().degrees();
    let geo = GeoCoordinates {
        latitude: Number::from_f64(latitude),
        longitude: Number::from_f64(longitude),
        ..GeoCoordinates::default().inner()
    };
    let crops = farm.crops().filter_map(|crop| Crop::named(crop.name()));
    let code = |digit: u8| digit.to_string();
    let mut info = plot_named(&farm.number(), crops, &farm.registered.to_string());
    located(&mut info, farm.community, Some(geo));
    info.land_tenure = Some(LandTenure::from(code(farm.tenure.code())));
    info.land_size = Number::from_f64(f64::from(farm.ares) / 100.0);
    info.measurment = Some(MeasurementUnit::Hectare);
    info
}
