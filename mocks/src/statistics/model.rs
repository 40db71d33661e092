//! The law of the statistics: what can be counted, and what may be told without telling about one person.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as B64;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Smaller groups are not told (k-anonymity).
pub(super) const SMALLEST_GROUP: i64 = 5;
/// More dimensions at once would single people out.
const MOST_DIMENSIONS: usize = 3;
/// Nobody reports more at once.
const LARGEST_VALUE: i64 = 1_000_000;
/// Nor more money: nine million such reports can be added up.
const LARGEST_AMOUNT: i64 = 1_000_000_000_000;

/// Nobody reports more events in one message.
const MOST_EVENTS: usize = 1000;

/// Indicators with a title; others are shown by their id.
pub(super) const TITLES: [(&str, &str); 7] = [
    ("applied", "Applications received"),
    ("enrolled", "People enrolled"),
    ("exited", "People who left a programme"),
    ("grievance", "Grievances filed"),
    ("not_eligible", "Applications refused"),
    ("paid", "Payments made"),
    ("payment_failed", "Payments that failed"),
];

/// What a breakdown can be made by. The words are column names too.
pub(super) const DIMENSIONS: [&str; 6] =
    ["programme", "period", "region", "district", "sex", "age_group"];

/// Something that happened, once or several times.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
pub(super) struct Event {
    pub(super) indicator: String,
    /// `2026` or `2026-10`.
    pub(super) period: String,
    pub(super) programme: Option<String>,
    /// P-code or name of a place.
    pub(super) region: Option<String>,
    pub(super) district: Option<String>,
    pub(super) sex: Option<String>,
    pub(super) age_group: Option<String>,
    #[serde(default = "once")]
    pub(super) value: i64,
    #[serde(default)]
    pub(super) amount_cents: i64,
    /// The reporter's name for it, so that what is reported twice is counted once. Only its hash is kept.
    pub(super) reference_id: Option<String>,
}

fn once() -> i64 {
    1
}

/// Why something is not counted or not told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error(r#"this is no event: {0}; write {{"indicator":"enrolled","programme":"OAP","district":"QN0101","sex":"female","age_group":"65-69","period":"2026-10"}}"#)]
    Malformed(String),
    #[error("a list has 1 to {MOST_EVENTS} events, not {0}")]
    Events(usize),
    #[error("`{0}` is no indicator: write 1 to 40 small letters, digits and underscores")]
    Indicator(String),
    #[error("`{0}` is no period: write a year or a month, 2026 or 2026-10")]
    Period(String),
    #[error("value must be 1 to {LARGEST_VALUE}, not {0}")]
    Value(i64),
    #[error("amount_cents must be 0 to {LARGEST_AMOUNT}, not {0}")]
    Amount(i64),
    #[error("{0} is longer than 64 characters")]
    Long(&'static str),
    #[error(
        "`{0}` is no dimension: choose from programme, period, region, district, sex, age_group"
    )]
    Dimension(String),
    #[error("a breakdown has at most {MOST_DIMENSIONS} dimensions")]
    Dimensions,
    #[error("nothing was ever counted as `{0}`")]
    Unknown(String),
}

/// What is reported at once: one event, or a list of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Report {
    One(Box<Event>),
    Many(Vec<Event>),
}

impl Report {
    /// Reads and checks what is reported.
    pub(super) fn read(body: &[u8]) -> Result<Self, Refusal> {
        let malformed = |e: serde_json::Error| Refusal::Malformed(e.to_string());
        if body.trim_ascii_start().first() != Some(&b'[') {
            let event: Event = serde_json::from_slice(body).map_err(malformed)?;
            return Ok(Self::One(Box::new(event.checked()?)));
        }
        let events: Vec<Event> = serde_json::from_slice(body).map_err(malformed)?;
        if !(1..=MOST_EVENTS).contains(&events.len()) {
            return Err(Refusal::Events(events.len()));
        }
        Ok(Self::Many(events.into_iter().map(Event::checked).collect::<Result<_, _>>()?))
    }

    /// The events of it.
    pub(super) fn events(&self) -> &[Event] {
        match self {
            Self::One(event) => std::slice::from_ref(event),
            Self::Many(events) => events,
        }
    }
}

impl Event {
    /// The event where it can be counted. The district follows from a P-code of a community where it is not said.
    fn checked(self) -> Result<Self, Refusal> {
        let mut event = self;
        if !is_name(&event.indicator) {
            return Err(Refusal::Indicator(event.indicator));
        }
        if !is_period(&event.period) {
            return Err(Refusal::Period(event.period));
        }
        if !(1..=LARGEST_VALUE).contains(&event.value) {
            return Err(Refusal::Value(event.value));
        }
        if !(0..=LARGEST_AMOUNT).contains(&event.amount_cents) {
            return Err(Refusal::Amount(event.amount_cents));
        }
        for (name, text) in [
            ("programme", &event.programme),
            ("region", &event.region),
            ("district", &event.district),
            ("sex", &event.sex),
            ("age_group", &event.age_group),
            ("reference_id", &event.reference_id),
        ] {
            if text.as_ref().is_some_and(|t| t.chars().count() > 64) {
                return Err(Refusal::Long(name));
            }
        }
        if event.district.is_none() {
            event.district = event.region.as_deref().and_then(district_of).map(str::to_owned);
        }
        Ok(event)
    }

    /// What the event is remembered by: the hash of the reporter and of its name for the event.
    pub(super) fn source(&self, reporter: &str) -> Option<String> {
        let reference = self.reference_id.as_deref()?;
        let text = format!("{reporter}\n{}\n{reference}", self.indicator);
        Some(B64.encode(Sha256::digest(text)))
    }
}

fn is_name(text: &str) -> bool {
    (1..=40).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

fn is_period(text: &str) -> bool {
    let digits =
        |part: &str, length| part.len() == length && part.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('-') {
        None => digits(text, 4),
        Some((year, month)) => {
            digits(year, 4) && digits(month, 2) && ("01"..="12").contains(&month)
        }
    }
}

/// `QN020103` lies in `QN0201`.
fn district_of(code: &str) -> Option<&str> {
    let is_code = code.len() >= 6 && code.starts_with("QN");
    let district = code.get(..6)?;
    (is_code && code[2..].bytes().all(|b| b.is_ascii_digit())).then_some(district)
}

/// The dimensions of `by=sex,age_group`.
pub(super) fn dimensions(by: &str) -> Result<Vec<&'static str>, Refusal> {
    let mut chosen = Vec::new();
    for word in by.split(',').map(str::trim).filter(|w| !w.is_empty()) {
        let known = DIMENSIONS.iter().find(|d| **d == word);
        let known = known.ok_or_else(|| Refusal::Dimension(word.into()))?;
        if !chosen.contains(known) {
            chosen.push(*known);
        }
    }
    if chosen.len() > MOST_DIMENSIONS { Err(Refusal::Dimensions) } else { Ok(chosen) }
}

/// A group of a breakdown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "IndicatorCell")]
pub(super) struct Cell {
    /// What the group has in common; null where it was not said.
    pub(super) group: BTreeMap<&'static str, Option<String>>,
    /// None where the group is too small to be told.
    pub(super) count: Option<i64>,
    pub(super) amount_cents: Option<i64>,
    pub(super) suppressed: bool,
}

impl Cell {
    /// A group with its numbers.
    pub(super) fn of(
        group: BTreeMap<&'static str, Option<String>>,
        count: i64,
        amount_cents: i64,
    ) -> Self {
        Self { group, count: Some(count), amount_cents: Some(amount_cents), suppressed: false }
    }

    fn suppress(&mut self) {
        (self.count, self.amount_cents, self.suppressed) = (None, None, true);
    }
}

/// Hides groups that are too small. A group that is hidden alone could be computed from the total, so the next smallest
/// is hidden with it; and where all together are too small, not even the groups are named.
pub(super) fn protect(mut cells: Vec<Cell>) -> Vec<Cell> {
    let total: i64 = cells.iter().filter_map(|c| c.count).sum();
    if total < SMALLEST_GROUP {
        return Vec::new();
    }
    for cell in &mut cells {
        if cell.count.is_some_and(|count| count < SMALLEST_GROUP) {
            cell.suppress();
        }
    }
    if cells.iter().filter(|c| c.suppressed).count() == 1
        && let Some(next) = cells.iter_mut().filter(|c| !c.suppressed).min_by_key(|c| c.count)
    {
        next.suppress();
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(counts: &[i64]) -> Vec<Cell> {
        let group = |i: usize| BTreeMap::from([("sex", Some(i.to_string()))]);
        counts.iter().enumerate().map(|(i, count)| Cell::of(group(i), *count, 0)).collect()
    }

    fn told(counts: &[i64]) -> Vec<Option<i64>> {
        protect(cells(counts)).iter().map(|c| c.count).collect()
    }

    #[test]
    fn small_groups_are_hidden_and_never_one_alone() {
        assert_eq!(told(&[10, 20]), [Some(10), Some(20)]);
        assert_eq!(told(&[10, 2, 3]), [Some(10), None, None]);
        assert_eq!(told(&[10, 20, 2]), [None, Some(20), None]);
        assert_eq!(told(&[2, 1]), []);
    }

    #[test]
    fn a_community_lies_in_its_district() {
        assert_eq!(district_of("QN020103"), Some("QN0201"));
        assert_eq!(district_of("Brenada"), None);
    }

    #[test]
    fn a_period_is_a_year_or_a_month() {
        assert!(is_period("2026") && is_period("2026-10"));
        assert!(!is_period("2026-13") && !is_period("10-2026") && !is_period("now"));
    }
}
