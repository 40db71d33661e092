//! The charts on the desk of the statistics: a bar for each indicator, and one indicator broken down. Drawn here, so that
//! they are read without a script.

use mocks::kit::room::Hall;
use serde_json::Value;

use crate::pages::counter::{in_address, look_json};
use crate::texts::Texts;

/// The system that counts.
pub(super) const OFFICE: &str = "statistics";
/// What is broken down by where nothing is asked for.
const USUAL: &str = "region";

/// The charts, and what can be chosen.
#[derive(Debug, Default)]
pub(super) struct Charts {
    pub(super) all: Vec<Bar>,
    pub(super) chosen: String,
    pub(super) by: String,
    pub(super) parts: Vec<Bar>,
    /// What it can be broken down by, with the word for it.
    pub(super) dimensions: Vec<(String, String)>,
}

/// A bar with its words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Bar {
    pub(super) id: String,
    pub(super) title: String,
    pub(super) count: String,
    /// Of the longest, in hundredths.
    pub(super) share: i64,
}

/// Draws what the statistics count; `wanted` is an indicator and a dimension.
pub(super) async fn charts(
    hall: &Hall,
    (chosen, by): (&str, &str),
    texts: &Texts,
) -> Result<Charts, String> {
    let listed = look_json(hall, OFFICE, "/indicators").await?;
    let rows = listed["indicators"].as_array().map_or(&[][..], Vec::as_slice);
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let all = rows.iter().map(|row| {
        let (id, title) = (text(row, "id"), text(row, "title"));
        let title = texts.find(&format!("indicator-{id}")).unwrap_or(title);
        (id, title, row["total"].as_i64())
    });
    let counted = rows.iter().max_by_key(|row| row["total"].as_i64());
    let chosen = match chosen {
        "" => counted.map(|row| text(row, "id")).unwrap_or_default(),
        chosen => chosen.to_owned(),
    };
    let by = if by.is_empty() { USUAL } else { by };
    let names = rows.first().and_then(|row| row["dimensions"].as_array()).into_iter().flatten();
    let names = names.filter_map(Value::as_str);
    let path = format!("/indicators/{}?by={}", in_address(&chosen), in_address(by));
    // What was never counted has no parts.
    let broken = look_json(hall, OFFICE, &path).await.unwrap_or(Value::Null);
    let parts = broken["cells"].as_array().into_iter().flatten().map(|cell| {
        let group = cell["group"][by].as_str().map(str::to_owned);
        let title = group.unwrap_or_else(|| texts.get("desk-chart-unsaid"));
        (title.clone(), title, cell["count"].as_i64())
    });
    Ok(Charts {
        all: bars(all.collect(), texts),
        parts: bars(parts.collect(), texts),
        dimensions: names.map(|n| (n.to_owned(), texts.get(&format!("label-{n}")))).collect(),
        by: by.to_owned(),
        chosen,
    })
}

fn bars(rows: Vec<(String, String, Option<i64>)>, texts: &Texts) -> Vec<Bar> {
    let most = rows.iter().filter_map(|(_, _, count)| *count).max().unwrap_or(0);
    let bar = |(id, title, count): (String, String, Option<i64>)| Bar {
        id,
        title,
        count: count.map_or_else(|| texts.get("desk-chart-few"), |count| texts.number(count)),
        share: (count.unwrap_or(0) * 100).checked_div(most).unwrap_or(0),
    };
    rows.into_iter().map(bar).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::in_language;

    #[test]
    fn the_longest_bar_is_whole_and_a_group_that_is_not_told_has_none() {
        let row = |name: &str, count| (name.to_owned(), name.to_owned(), count);
        let rows = vec![row("a", Some(8)), row("b", Some(2)), row("c", None)];
        let bars = bars(rows, in_language("en"));
        let shares: Vec<_> = bars.iter().map(|bar| bar.share).collect();
        assert_eq!(shares, [100, 25, 0]);
        assert!(bars[2].count.contains("fewer"), "{:?}", bars[2]);
    }
}
