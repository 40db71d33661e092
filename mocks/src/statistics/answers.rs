//! What the statistics answer with.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::model::{Cell, DIMENSIONS};

/// What of a report was new.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Counted<'a> {
    /// To one event.
    One { indicator: &'a str, counted: bool },
    /// To a list: how much of it was new, an indicator each.
    Many { counted: BTreeMap<&'a str, i64> },
}

/// What is counted.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "IndicatorList")]
pub(super) struct Catalogue {
    pub(super) indicators: Vec<Listed>,
}

/// An indicator, with its total.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Indicator")]
pub(super) struct Listed {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) total: i64,
    pub(super) amount_cents: i64,
    /// What it can be broken down by.
    pub(super) dimensions: [&'static str; DIMENSIONS.len()],
}

/// An indicator, broken down.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "IndicatorBreakdown")]
pub(super) struct Breakdown {
    pub(super) id: String,
    pub(super) title: String,
    /// What was asked for, where it was.
    pub(super) programme: Option<String>,
    pub(super) period: Option<String>,
    /// Null where it is too small to be told.
    pub(super) total: Option<i64>,
    pub(super) by: Vec<&'static str>,
    /// Smaller groups are not told.
    pub(super) smallest_group: i64,
    pub(super) cells: Vec<Cell>,
}
