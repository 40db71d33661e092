//! The archive of the statistics: what was counted.

use std::collections::BTreeMap;

use rusqlite::types::ToSql;
use rusqlite::{Connection, params};

use super::model::{Cell, Event};
use crate::kit::store::{Store, StoreError, Transaction, next_number};

/// Which events are meant.
#[derive(Debug, Clone, Default)]
pub(super) struct Filter {
    pub(super) programme: Option<String>,
    pub(super) period: Option<String>,
}

/// Counts what `reporter` tells, all of it or nothing; says of each event whether it was new.
pub(super) fn count(
    store: &Store,
    events: &[Event],
    reporter: &str,
) -> Result<Vec<bool>, StoreError> {
    store.write(|tx| {
        let new = events.iter().map(|event| insert(tx, event, event.source(reporter).as_deref()));
        Ok(new.collect::<rusqlite::Result<_>>()?)
    })
}

fn insert(tx: &Transaction<'_>, event: &Event, source: Option<&str>) -> rusqlite::Result<bool> {
    let number = next_number(tx, "event")?;
    let new = tx
            .prepare_cached(
                "insert into event (number, indicator, programme, period, region, district, sex, age_group, value,
                   amount_cents, source)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (source) do nothing",
            )?
            .execute(params![
                number,
                event.indicator,
                event.programme,
                event.period,
                event.region,
                event.district,
                event.sex,
                event.age_group,
                event.value,
                event.amount_cents,
                source
            ])?;
    Ok(new == 1)
}

/// Everything that was ever counted, with its totals: indicator, count, cents.
pub(super) fn totals(store: &Store) -> Result<BTreeMap<String, (i64, i64)>, StoreError> {
    store.survey(|db| {
        db.prepare_cached(
            "select indicator, sum(value), sum(amount_cents) from event group by indicator",
        )?
        .query_map([], |r| Ok((r.get(0)?, (r.get(1)?, r.get(2)?))))?
        .collect()
    })
}

/// The groups of an indicator by `dimensions` (words of the law, never of a caller), in the order of their names.
pub(super) fn groups(
    store: &Store,
    indicator: &str,
    filter: &Filter,
    dimensions: &[&'static str],
) -> Result<Vec<Cell>, StoreError> {
    store.survey(|db| select_groups(db, indicator, filter, dimensions))
}

fn select_groups(
    db: &Connection,
    indicator: &str,
    filter: &Filter,
    dimensions: &[&'static str],
) -> rusqlite::Result<Vec<Cell>> {
    let columns: String = dimensions.iter().map(|d| format!("{d}, ")).collect();
    let order = if dimensions.is_empty() {
        String::new()
    } else {
        format!("group by {0} order by {0}", dimensions.join(", "))
    };
    let mut query = db.prepare_cached(&format!(
        "select {columns} coalesce(sum(value), 0), coalesce(sum(amount_cents), 0) from event
         where indicator = $1 and ($2 is null or programme = $2) and ($3 is null or period = $3) {order}"
    ))?;
    let values: [&dyn ToSql; 3] = [&indicator, &filter.programme, &filter.period];
    let rows = query.query_map(values, |row| {
        let mut group = BTreeMap::new();
        for (i, dimension) in dimensions.iter().enumerate() {
            group.insert(*dimension, row.get(i)?);
        }
        let at = dimensions.len();
        Ok(Cell::of(group, row.get(at)?, row.get(at + 1)?))
    })?;
    rows.collect()
}
