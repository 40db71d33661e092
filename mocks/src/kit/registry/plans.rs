//! For the tests of every registry: how the archive would look for each thing that can be asked by.

use rusqlite::params_from_iter;
use rusqlite::types::Value as Sql;
use serde_json::{Value, json};
use standards::dci::query::Mode;
use standards::dci::search::SearchItem;

use super::book::{Holds, Kind, Registry};
use super::question::question;
use super::search::statement;
use crate::kit::trial::Trial;

/// The identifiers and attributes, except those named, by which the archive of `system` would read a whole table.
pub(crate) fn scans(
    trial: &Trial,
    registry: &'static Registry,
    system: &str,
    except: &[&str],
) -> Vec<String> {
    let mut found = Vec::new();
    for kind in registry.kinds {
        let identifiers = kind.identifiers.iter().map(
            |id| json!({"query_type": "idtype-value", "query": {"type": id.name, "value": "1"}}),
        );
        let attributes = kind.attributes.iter().filter(|a| !except.contains(&a.name)).map(|a| {
            let query = json!({a.name: {"eq": sample(a.holds)}});
            json!({"query_type": "expression", "query": query})
        });
        for mut criteria in identifiers.chain(attributes) {
            criteria["reg_record_type"] = json!(kind.name);
            let steps = plan(trial, registry, (system, kind), &criteria);
            if steps.iter().any(|step| step.starts_with("SCAN")) {
                found.push(format!("{}: {} by {steps:?}", kind.name, criteria["query"]));
            }
        }
    }
    found
}

/// A value that a column could hold.
fn sample(holds: Holds) -> Value {
    match holds {
        Holds::Text | Holds::Name => json!("1"),
        Holds::Integer | Holds::Age => json!(40),
        Holds::Decimal => json!(1.5),
        Holds::Date => json!("2020-01-01"),
        Holds::Year => json!(1980),
        Holds::YesNo => json!(true),
        Holds::Code(codes) => json!(codes[0].0),
    }
}

fn plan(
    trial: &Trial,
    registry: &'static Registry,
    (system, kind): (&str, &Kind),
    criteria: &Value,
) -> Vec<String> {
    let item = json!({"reference_id": "R", "timestamp": "2026-10-01T08:00:00Z", "search_criteria": criteria});
    let item: SearchItem = serde_json::from_value(item).unwrap();
    let today = trial.hall().room.clock.today();
    let asked = question(registry, &item, Mode::Lenient, today).unwrap();
    assert_eq!(asked.kind.name, kind.name);
    let sql = format!("explain query plan {}", statement(&asked));
    let paged = [Sql::Integer(20), Sql::Integer(0)];
    let values = asked.condition.values.iter().cloned().chain(paged);
    let read = trial.office(system).store.read(|db| {
        let mut query = db.prepare(&sql)?;
        let steps = query.query_map(params_from_iter(values), |row| row.get::<_, String>(3))?;
        steps.collect::<rusqlite::Result<Vec<_>>>()
    });
    // A household's members are read by its number, not asked for.
    read.unwrap().into_iter().filter(|step| step != "SCAN m").collect()
}
