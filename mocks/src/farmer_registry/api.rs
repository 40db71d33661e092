//! The counter of the farmer registry: the DCI routes, `POST /plots` where a farmer and land are registered, and
//! `PUT /plots/{plot}` where land is measured or planted anew (our own).

use actix_web::HttpResponse;
use actix_web::web::Path;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use standards::dci::HttpErrors;
use standards::dci::records::FarmerPerson;

use super::describe::{REGISTERED, REGISTRY};
use super::model::{Checked, Land, Refusal, farmer_id, hectares_of, opened, renewed};
use super::seed::{FARMERS, PLOTS};
use super::store;
use crate::kit::openapi::{Routes, says};
use crate::kit::registry::{self, entered};
use crate::kit::roll;
use crate::kit::seed::cast_uin;
use crate::kit::server::Call;
use crate::kit::store::{Transaction, next_number};

pub(super) fn routes(routes: &mut Routes) {
    registry::registry_routes(routes, &REGISTRY);
    let told = roll::Told { registry: &REGISTRY, event: REGISTERED };
    roll::routes::registry_routes(routes, &super::roll::ROLL, told);
    let plot = json!({
        "uin": cast_uin("josef"), "land_size": "3.46", "measurment": "AC",
        "land_tenure": "Leased (Rented from someone else)", "crops": ["maize", "rice"], "community": "QN030203",
    });
    let ours = |summary| says(summary).tag("the registrar's counter");
    routes
        .post(
            "/plots",
            register,
            ours("Registers land, and its farmer where it is the first")
                .takes::<Land>(plot)
                .gives::<Entered>(201, "Registered, and how many were told")
                .gives::<HttpErrors>(404, "Nobody has this number")
                .gives::<HttpErrors>(
                    409,
                    "The civil registry records that this person died or is too young",
                ),
        )
        .put(
            "/plots/{plot}",
            change,
            ours("Measures land, or tells what grows on it")
                .path("plot", "PLOT-00001")
                .takes::<Land>(json!({"land_size": 3.46, "measurment": "AC"}))
                .gives::<Entered>(200, "Changed, and how many were told")
                .gives::<HttpErrors>(404, "No such plot"),
        );
}

pub(super) fn official_routes(routes: &mut Routes) {
    registry::official_routes(routes, &REGISTRY);
}

type Failed = registry::Failed<Refusal>;

async fn register(call: Call) -> HttpResponse {
    let done = enter(&call).await;
    answered(&call, 201, done)
}

async fn change(call: Call, plot: Path<String>) -> HttpResponse {
    answered(&call, 200, measure(&call, &plot))
}

fn answered(call: &Call, status: u16, done: Result<Entered, Failed>) -> HttpResponse {
    let done = done.inspect(|facts| {
        call.errand.event("land registered", "Land was entered in the register", &json!(facts));
    });
    entered(call, done.map(|facts| (status, facts)))
}

/// Enters a new plot, and its farmer where it is the first, and tells subscribers of it.
async fn enter(call: &Call) -> Result<Entered, Failed> {
    let land = Land::read(&call.body)?;
    let checked = land.checked()?;
    let today = call.room().clock.today();
    // Whatever is missing is told before anybody is asked.
    checked.new_plot("", today)?;
    let uin = land.uin.as_deref().ok_or(Refusal::Missing("uin"))?;
    let known = call.store().read(|db| store::farmer(db, uin))?.is_some();
    let civil = if known {
        registry::lives(&call.errand, uin).await.map_err(Refusal::from)?;
        None
    } else {
        let civil = registry::newcomer(&call.errand, uin).await.map_err(Refusal::from)?;
        registry::may_work(&civil, uin, today).map_err(Refusal::from)?;
        Some(civil)
    };
    let (plot, record, notices) = call.store().write(|tx| {
        let next = |series: &str| next_number(tx, series);
        let plot = format!("PLOT-{:05}", next(PLOTS)?);
        let record = store::farmer(tx, uin)?.map(|(_, record)| record);
        let mut record = match (record, &civil) {
            (Some(record), _) => record,
            (None, Some(civil)) => opened(civil, uin, &format!("FRM-{:05}", next(FARMERS)?), today),
            (None, None) => return Err(Refusal::Missing("uin").into()),
        };
        record.farm_details.push(checked.new_plot(&plot, today)?);
        let record = renewed(record, today);
        let notices = kept(tx, call, &record)?;
        Ok::<_, Failed>((plot, record, notices))
    })?;
    let told = registry::deliver(call, &REGISTRY, notices);
    Ok(facts(&record, &plot, told))
}

/// Changes a plot that is registered.
fn measure(call: &Call, plot: &str) -> Result<Entered, Failed> {
    let land = Land::read(&call.body)?;
    let (checked, today): (Checked, _) = (land.checked()?, call.room().clock.today());
    let (record, notices) = call.store().write(|tx| {
        let found = store::farmer_on(tx, plot)?;
        let (_, record) = found.ok_or_else(|| Refusal::NoPlot(plot.into()))?;
        let owner = record.farmer_personal_details.iter().flat_map(|m| &m.member_identifier);
        let mut owner = owner.filter_map(|id| id.identifier_value.as_deref());
        if land.uin.as_deref().is_some_and(|uin| !owner.any(|own| own == uin)) {
            return Err(Failed::Refused(Refusal::Foreign(plot.into())));
        }
        let record = checked.changed(record, plot, today)?;
        let notices = kept(tx, call, &record)?;
        Ok::<_, Failed>((record, notices))
    })?;
    let told = registry::deliver(call, &REGISTRY, notices);
    Ok(facts(&record, plot, told))
}

/// Keeps a record, and files the notices of it.
fn kept(tx: &Transaction<'_>, call: &Call, record: &FarmerPerson) -> rusqlite::Result<Vec<String>> {
    let number = store::keep(tx, record)?;
    registry::file(tx, &call.errand, &REGISTRY, REGISTERED, number)
}

/// What was entered, and how many were told.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PlotEntered")]
struct Entered {
    farmer_id: Option<String>,
    plot: String,
    /// Of all the land of this farmer.
    hectares: f64,
    /// The published label.
    farm_type: Option<String>,
    notices: usize,
}

fn facts(record: &FarmerPerson, plot: &str, told: usize) -> Entered {
    Entered {
        farmer_id: farmer_id(record).map(str::to_owned),
        plot: plot.into(),
        hectares: record.farm_details.iter().filter_map(hectares_of).sum(),
        farm_type: record.farm_type.as_ref().map(|kind| kind.label().into()),
        notices: told,
    }
}
