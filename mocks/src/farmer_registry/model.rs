//! The law of the farmer registry: what may be said about land, in which units, and what it changes in a farmer's record.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Number, Value};
use standards::dci::records::{
    CropActivity, CropDetails, CropEndUse, CropType, CrvsPerson, FarmInfo, FarmType, FarmerPerson,
    FarmingActivities, GeoCoordinates, Identifier, IrrigationWater, LandTenure, MeasurementUnit,
    Member, Place, kind,
};

use crate::kit::registry::{NotTaken, Refuses, portrait};
use crate::kit::seed::places::Community;

/// Nobody's plot is larger, in hectares: whoever writes more has mixed units up.
const LARGEST_HECTARES: f64 = 10_000.0;

/// Land as a farmer or surveyor describes it; codes or their published names.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Land {
    /// The farmer; needed for a new plot.
    pub(super) uin: Option<String>,
    /// A number, also as text.
    pub(super) land_size: Option<Value>,
    /// The unit of `land_size`; the schema spells it so.
    pub(super) measurment: Option<MeasurementUnit>,
    pub(super) land_tenure: Option<LandTenure>,
    /// `maize`, `beans`; the first of several counts most.
    #[serde(default)]
    pub(super) crops: Vec<String>,
    /// The same for one crop, as a form sends it.
    pub(super) crop: Option<String>,
    /// Where, as a code of the country: `QN030203`.
    pub(super) community: Option<String>,
}

/// Land that has been checked.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Checked {
    size: Option<(Number, MeasurementUnit)>,
    tenure: Option<LandTenure>,
    crops: Vec<Crop>,
    community: Option<Community>,
}

/// What grows, by name and in the classes of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Crop {
    name: &'static str,
    /// DCI `CropTypeEnum`.
    class: &'static str,
    is_perennial: bool,
    is_watered: bool,
}

const fn crop(name: &'static str, class: &'static str) -> Crop {
    Crop { name, class, is_perennial: false, is_watered: false }
}

static CROPS: [Crop; 8] = [
    crop("maize", "1"),
    crop("millet", "1"),
    Crop { is_watered: true, ..crop("rice", "1") },
    Crop { is_watered: true, ..crop("vegetables", "2") },
    crop("groundnut", "4"),
    crop("cassava", "5"),
    Crop { is_perennial: true, ..crop("coffee", "6") },
    crop("beans", "7"),
];

/// Why land is not entered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error(
        r#"this describes no land: {0}; write {{"uin":"...","land_size":1.4,"measurment":"H","land_tenure":"Inheritance","crops":["maize"],"community":"QN030203"}}"#
    )]
    Malformed(String),
    #[error("{0} is missing; a new plot needs it")]
    Missing(&'static str),
    #[error("nothing is said about the plot; give land_size with measurment, land_tenure or crops")]
    Nothing,
    #[error("land_size {0} is no size: write a number above 0 and below 10,000 hectares")]
    Size(String),
    #[error("land_size needs its unit in measurment, and measurment a land_size; units are {0}")]
    Unit(String),
    #[error("land_tenure `{0}` is not in the list; use {1}")]
    Tenure(String, String),
    #[error("`{0}` does not grow in Arenoa; use {1}")]
    Crop(String, String),
    #[error("there is no community {0}; write a code such as QN030203")]
    Community(String),
    #[error("there is no plot {0}")]
    NoPlot(String),
    #[error("plot {0} belongs to another farmer")]
    Foreign(String),
    #[error("plot {0} is registered so already")]
    Same(String),
    #[error(transparent)]
    NotTaken(#[from] NotTaken),
}

impl Refuses for Refusal {
    fn status(&self) -> u16 {
        match self {
            Self::NotTaken(not) => not.status(),
            Self::NoPlot(_) => 404,
            Self::Foreign(_) | Self::Same(_) => 409,
            _ => 400,
        }
    }
}

impl Crop {
    /// The crop of that name, in any case.
    pub(super) fn named(name: &str) -> Option<Self> {
        CROPS.iter().copied().find(|crop| crop.name.eq_ignore_ascii_case(name.trim()))
    }

    fn details(self, at: &str) -> CropDetails {
        let activity = if self.is_perennial {
            CropActivity::PerennialCrops
        } else {
            CropActivity::NonPerennialCrops
        };
        CropDetails {
            activity_group: Some(activity),
            crop_type_name: Some(CropType::from(self.class)),
            variety: Some(self.name.into()),
            end_use: Some(CropEndUse::FoodForHumanConsumption),
            irrigation: Some(self.is_watered),
            irrigation_water: self
                .is_watered
                .then_some(IrrigationWater::SurfaceWater)
                .into_iter()
                .collect(),
            registration_date: Some(at.into()),
            last_updated: Some(at.into()),
            ..CropDetails::default().inner()
        }
    }
}

/// What grows in the country, as a sentence lists it.
pub(super) fn known_crops() -> String {
    CROPS.iter().map(|crop| crop.name).collect::<Vec<_>>().join(", ")
}

impl Land {
    /// Reads what was entered.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        serde_json::from_slice(body).map_err(|e| Refusal::Malformed(e.to_string()))
    }

    /// Checks it, whatever plot it is about.
    pub(super) fn checked(&self) -> Result<Checked, Refusal> {
        let size = match (&self.land_size, &self.measurment) {
            (None, None) => None,
            (Some(size), Some(unit)) if unit.is_known() => {
                Some((read_size(size, unit)?, unit.clone()))
            }
            _ => return Err(Refusal::Unit(listed(MeasurementUnit::LIST))),
        };
        if let Some(tenure) = self.land_tenure.as_ref().filter(|t| !t.is_known()) {
            return Err(Refusal::Tenure(tenure.to_string(), listed(LandTenure::LIST)));
        }
        let named = |name: &String| {
            Crop::named(name).ok_or_else(|| Refusal::Crop(name.clone(), known_crops()))
        };
        let crops = self.crops.iter().chain(&self.crop).map(named).collect::<Result<_, _>>()?;
        let community = self
            .community
            .as_deref()
            .map(|code| Community::parse(code).ok_or_else(|| Refusal::Community(code.to_owned())));
        let tenure = self.land_tenure.clone();
        Ok(Checked { size, tenure, crops, community: community.transpose()? })
    }
}

impl Checked {
    /// A new plot, of which everything must be known.
    pub(super) fn new_plot(&self, number: &str, today: Date) -> Result<FarmInfo, Refusal> {
        if self.size.is_none() {
            return Err(Refusal::Missing("land_size"));
        }
        if self.tenure.is_none() {
            return Err(Refusal::Missing("land_tenure"));
        }
        if self.crops.is_empty() {
            return Err(Refusal::Missing("crops"));
        }
        if self.community.is_none() {
            return Err(Refusal::Missing("community"));
        }
        let mut plot = plot_named(number, [], &today.to_string());
        self.lay_over(&mut plot, today);
        Ok(plot)
    }

    /// `record` with this plot said anew.
    pub(super) fn changed(
        &self,
        mut record: FarmerPerson,
        number: &str,
        today: Date,
    ) -> Result<FarmerPerson, Refusal> {
        if *self == (Self { size: None, tenure: None, crops: Vec::new(), community: None }) {
            return Err(Refusal::Nothing);
        }
        let found = record.farm_details.iter_mut().find(|p| plot_of(p) == Some(number));
        let plot = found.ok_or_else(|| Refusal::NoPlot(number.into()))?;
        let before = plot.clone();
        self.lay_over(plot, today);
        plot.last_updated.clone_from(&before.last_updated);
        if *plot == before {
            return Err(Refusal::Same(number.into()));
        }
        plot.last_updated = Some(today.to_string());
        Ok(renewed(record, today))
    }

    fn lay_over(&self, plot: &mut FarmInfo, today: Date) {
        if let Some((size, unit)) = &self.size {
            plot.land_size = Some(size.clone());
            plot.measurment = Some(unit.clone());
        }
        if self.tenure.is_some() {
            plot.land_tenure.clone_from(&self.tenure);
        }
        if !self.crops.is_empty() {
            plot.farming_activities = Some(activities(&self.crops, &today.to_string()));
        }
        if let Some(community) = self.community {
            located(plot, community, None);
        }
    }
}

/// A farmer whom the civil registry knows, without land so far.
pub(super) fn opened(civil: &CrvsPerson, uin: &str, farmer_id: &str, today: Date) -> FarmerPerson {
    let member = Member {
        member_identifier: vec![
            portrait::uin(uin),
            Identifier::new("FARMER_ID", farmer_id).inner(),
        ],
        demographic_info: Some(portrait::of_civil(civil, kind::FR_PERSON, today)),
        marital_status: civil.marital_status.clone(),
        registration_date: Some(today.to_string()),
        last_updated: Some(today.to_string()),
        ..Member::default()
    };
    FarmerPerson {
        ld_id: Some(format!("urn:arenoa:farmer-registry:{farmer_id}")),
        farmer_personal_details: Some(member.called(kind::FR_MEMBER).inner()),
        registration_date: Some(today.to_string()),
        ..FarmerPerson::default()
    }
}

/// The record after its plots changed.
pub(super) fn renewed(mut record: FarmerPerson, today: Date) -> FarmerPerson {
    record.farm_type = Some(farm_type(&record.farm_details));
    record.last_updated = Some(today.to_string());
    record
}

/// The farmer's own number.
pub(super) fn farmer_id(record: &FarmerPerson) -> Option<&str> {
    let ids = &record.farmer_personal_details.as_ref()?.member_identifier;
    ids.iter().find(|id| id.is_a("FARMER_ID"))?.identifier_value.as_deref()
}

/// Small farms live from what they grow, larger ones sell some, the largest most of it.
pub(super) fn farm_type(plots: &[FarmInfo]) -> FarmType {
    match plots.iter().filter_map(hectares_of).sum::<f64>() {
        ..1.0 => FarmType::Subsistence,
        1.0..3.0 => FarmType::SemiSubsistence,
        3.0..50.0 => FarmType::SmallIndependent,
        _ => FarmType::LargeCommercial,
    }
}

/// A plot with that number, and what grows there.
pub(super) fn plot_named(
    number: &str,
    crops: impl IntoIterator<Item = Crop>,
    at: &str,
) -> FarmInfo {
    let crops: Vec<_> = crops.into_iter().collect();
    FarmInfo {
        ld_id: Some(format!("urn:arenoa:farmer-registry:{number}")),
        farming_activities: (!crops.is_empty()).then(|| activities(&crops, at)),
        registration_date: Some(at.into()),
        last_updated: Some(at.into()),
        ..FarmInfo::default().inner()
    }
}

/// Tells where a plot lies.
pub(super) fn located(plot: &mut FarmInfo, community: Community, geo: Option<GeoCoordinates>) {
    let province = community.province();
    let outer = Place::named(community.district().name()).inner();
    let outer = outer.within(Place::named(province.name()).inner());
    let place = Place { geo, ..Place::named(&community.name()).inner() };
    plot.location = Some(place.within(outer));
    plot.more.insert("region_code".into(), province.code().into());
}

/// The number of a plot, `PLOT-00042`.
pub(super) fn plot_of(plot: &FarmInfo) -> Option<&str> {
    plot.ld_id.as_deref()?.rsplit(':').next()
}

/// The size of a plot in hectares, whatever unit it is written in.
pub(super) fn hectares_of(plot: &FarmInfo) -> Option<f64> {
    let size = plot.land_size.as_ref()?.as_f64()?;
    in_hectares(size, plot.measurment.as_ref()?)
}

fn in_hectares(size: f64, unit: &MeasurementUnit) -> Option<f64> {
    // A square metre more or less is nobody's business.
    unit.hectares().map(|hectares| (size * hectares * 10_000.0).round() / 10_000.0)
}

pub(super) fn read_size(value: &Value, unit: &MeasurementUnit) -> Result<Number, Refusal> {
    let wrong = || Refusal::Size(value.to_string());
    let size: f64 = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
    .ok_or_else(wrong)?;
    let hectares = in_hectares(size, unit).filter(|h| *h > 0.0 && *h < LARGEST_HECTARES);
    hectares.and_then(|_| Number::from_f64(size)).ok_or_else(wrong)
}

fn activities(crops: &[Crop], at: &str) -> FarmingActivities {
    FarmingActivities {
        crop_production: crops.iter().map(|crop| crop.details(at)).collect(),
        mixed_farming: Some(false),
        registration_date: Some(at.into()),
        last_updated: Some(at.into()),
        ..FarmingActivities::default().inner()
    }
}

fn listed(codes: &[(&str, &str)]) -> String {
    codes.iter().map(|(code, name)| format!("{code} ({name})")).collect::<Vec<_>>().join(", ")
}
