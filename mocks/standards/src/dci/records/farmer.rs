//! extensions/fr/v1/data: Farmer, `FarmInfo`, `FarmingActivities`, `CropDetails`, `LivestockDetails`, Machineries.

use super::codes::{
    AgriSupportActivity, AnimalType, AquaSupportActivity, Aquaculture, CropActivity, CropEndUse,
    CropType, EquipmentSource, FarmType, FertilizerType, ForestActivity, IrrigationWater,
    LandTenure, LivestockSystem, MachineryType, MeasurementUnit,
};
use super::group::Group;
use super::member::Member;
use super::place::Place;
use super::record::record;
use serde_json::Number;

record! {
    /// A farmer.
    FarmerPerson: "Farmer_Person" at "extensions/fr/v1/data/Farmer.jsonld" {
        /// Who.
        farmer_personal_details: Option<Member>,
        /// With which household.
        family_details: Option<Group>,
        /// What kind of farm.
        farm_type: Option<FarmType>,
        /// The farms.
        farm_details: Vec<FarmInfo>,
        /// The machines.
        machineries_details: Vec<Machineries>,
        /// When the farmer was registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}

record! {
    /// One farm.
    FarmInfo: "FarmInfo" at "extensions/fr/v1/data/FarmInfo.jsonld" {
        /// Where.
        location: Option<Place>,
        /// By what right.
        land_tenure: Option<LandTenure>,
        /// How large.
        land_size: Option<Number>,
        /// In which unit; the schema spells it so.
        measurment: Option<MeasurementUnit>,
        /// What is done there.
        farming_activities: Option<FarmingActivities>,
        /// When it was registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}

record! {
    /// What is done on a farm.
    FarmingActivities: "Farming_Activities" at "extensions/fr/v1/data/FarmingActivities.jsonld" {
        /// Crops.
        crop_production: Vec<CropDetails>,
        /// Animals.
        animal_production: Vec<Animals>,
        /// Whether both.
        mixed_farming: Option<bool>,
        /// Work for other farmers.
        agri_support_activities: Vec<AgriSupportActivity>,
        /// Fish.
        aquaculture: Vec<Aquaculture>,
        /// Work for other fishers.
        aqua_support_activities: Option<AquaSupportActivity>,
        /// Trees.
        agroforestry: Vec<ForestActivity>,
        /// When it was registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}

record! {
    /// One crop.
    CropDetails: "CropDetails" at "extensions/fr/v1/data/CropDetails.jsonld" {
        /// Which group.
        activity_group: Option<CropActivity>,
        /// Which crop.
        crop_type_name: Option<CropType>,
        /// Which variety.
        variety: Option<String>,
        /// In which season.
        season: Option<String>,
        /// For what.
        end_use: Option<CropEndUse>,
        /// Whether watered.
        irrigation: Option<bool>,
        /// With which water.
        irrigation_water: Vec<IrrigationWater>,
        /// With which fertiliser.
        fertilizer_type: Vec<FertilizerType>,
        /// When it was registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}

record! {
    /// Animals of one kind.
    Animals: "Animals" at "extensions/fr/v1/data/LivestockDetails.jsonld" {
        /// Which.
        #[serde(rename = "type")]
        kind: Option<AnimalType>,
        /// How many.
        count: Option<i64>,
        /// How they are kept.
        livestock_system: Option<LivestockSystem>,
        /// When they were registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}

record! {
    /// Machines of one kind. The schema defines `type` twice; the second is meant to be the source and is called so here.
    Machineries: "Machineries" at "extensions/fr/v1/data/Machineries.jsonld" {
        /// Which.
        #[serde(rename = "type")]
        kind: Option<MachineryType>,
        /// How many.
        count: Option<i64>,
        /// From whom.
        source: Option<EquipmentSource>,
        /// When they were registered.
        registration_date: Option<String>,
        /// When the record last changed.
        last_updated: Option<String>,
    }
}
