//! The counter of the statistics: `POST /events`, `GET /indicators`, `GET /indicators/{id}?by=`. Our own; no standard.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::{Path, Query};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answers::{Breakdown, Catalogue, Counted, Listed};
use super::model::{
    DIMENSIONS, Event, Refusal, Report, SMALLEST_GROUP, TITLES, dimensions, protect,
};
use super::store::{self, Filter};
use crate::kit::openapi::{Routes, says};
use crate::kit::server::Call;
use crate::kit::store::StoreError;

pub(super) fn routes(routes: &mut Routes) {
    let paid = json!({
        "indicator": "paid", "period": "2026-10", "programme": "OAP", "region": "QN04", "sex": "male",
    });
    routes
        .post(
            "/events",
            count,
            says("Counts something that happened")
                .more("A list of events is counted whole or not at all.")
                .takes::<Event>(paid)
                .gives::<Counted<'_>>(201, "Counted")
                .gives::<Counted<'_>>(200, "Counted before"),
        )
        .get(
            "/indicators",
            catalogue,
            says("What is counted").gives::<Catalogue>(200, "With totals"),
        )
        .get(
            "/indicators/{id}",
            indicator,
            says("An indicator, broken down")
                .more("Groups of fewer than five are not told.")
                .path("id", "paid")
                .query("by", "region,sex")
                .query("programme", "OAP")
                .query("period", "2026")
                .gives::<Breakdown>(200, "Total and cells"),
        );
}

/// The body of an error: `{"error": "..."}`.
pub(super) fn refusal(_status: u16, sentence: &str) -> Value {
    json!({"error": sentence})
}

async fn count(call: Call) -> HttpResponse {
    let report = match Report::read(&call.body) {
        Ok(report) => report,
        Err(refused) => return refuse(&call, &refused),
    };
    let new = match store::count(call.store(), report.events(), &call.from) {
        Ok(new) => new,
        Err(error) => return failed(&call, &error),
    };
    let mut response = if new.contains(&true) {
        HttpResponse::Created()
    } else {
        call.remark("This was counted before.");
        HttpResponse::Ok()
    };
    match &report {
        Report::One(event) => {
            let (indicator, counted) = (&event.indicator, new.contains(&true));
            response.json(Counted::One { indicator, counted })
        }
        Report::Many(events) => {
            response.json(Counted::Many { counted: by_indicator(events, &new) })
        }
    }
}

/// How much of a list was new, an indicator each.
fn by_indicator<'a>(events: &'a [Event], new: &[bool]) -> BTreeMap<&'a str, i64> {
    let mut counted = BTreeMap::new();
    for (event, _) in events.iter().zip(new).filter(|(_, new)| **new) {
        *counted.entry(event.indicator.as_str()).or_default() += event.value;
    }
    counted
}

async fn catalogue(call: Call) -> HttpResponse {
    let mut totals = match store::totals(call.store()) {
        Ok(totals) => totals,
        Err(error) => return failed(&call, &error),
    };
    for (id, _) in TITLES {
        totals.entry(id.to_owned()).or_default();
    }
    let listed = totals.into_iter().map(|(id, (total, amount_cents))| Listed {
        title: title(&id).into(),
        id,
        total,
        amount_cents,
        dimensions: DIMENSIONS,
    });
    HttpResponse::Ok().json(Catalogue { indicators: listed.collect() })
}

/// How a breakdown is asked for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    #[serde(default)]
    by: String,
    programme: Option<String>,
    period: Option<String>,
}

async fn indicator(call: Call, id: Path<String>, wish: Query<Wish>) -> HttpResponse {
    let by = match dimensions(&wish.by) {
        Ok(by) => by,
        Err(refused) => return refuse(&call, &refused),
    };
    let filter = Filter { programme: wish.programme.clone(), period: wish.period.clone() };
    let told = store::groups(call.store(), &id, &filter, &[])
        .and_then(|total| Ok((total, store::groups(call.store(), &id, &filter, &by)?)));
    let (total, cells) = match told {
        Ok(told) => told,
        Err(error) => return failed(&call, &error),
    };
    let total = total.first().and_then(|t| t.count).unwrap_or(0);
    // Of the whole country a small number tells of nobody; of one programme in one month it may.
    let narrowed = wish.programme.is_some() || wish.period.is_some();
    let hidden = narrowed && (1..SMALLEST_GROUP).contains(&total);
    if total == 0 && !TITLES.iter().any(|(known, _)| **known == *id) {
        return refuse(&call, &Refusal::Unknown(id.into_inner()));
    }
    let cells = if by.is_empty() { Vec::new() } else { protect(cells) };
    let Wish { programme, period, .. } = wish.into_inner();
    HttpResponse::Ok().json(Breakdown {
        title: title(&id).into(),
        id: id.into_inner(),
        programme,
        period,
        total: (!hidden).then_some(total),
        by,
        smallest_group: SMALLEST_GROUP,
        cells,
    })
}

fn title(id: &str) -> &str {
    TITLES.iter().find(|(known, _)| *known == id).map_or(id, |(_, title)| title)
}

fn refuse(call: &Call, refused: &Refusal) -> HttpResponse {
    let sentence = refused.to_string();
    call.remark(&sentence);
    match refused {
        Refusal::Unknown(_) => HttpResponse::NotFound().json(refusal(404, &sentence)),
        _ => HttpResponse::BadRequest().json(refusal(400, &sentence)),
    }
}

fn failed(call: &Call, error: &StoreError) -> HttpResponse {
    tracing::error!(%error, "the archive of the statistics failed");
    call.remark("the archive failed");
    HttpResponse::InternalServerError()
        .json(refusal(500, "the archive of the statistics failed; try again"))
}
