//! The payment lists on the desk of the payment hub: whatever counter they came in at, how far each has come, and the
//! sums.

use mocks::kit::room::Hall;
use serde_json::Value;

use crate::pages::counter::look_json;

/// The system that has lists.
pub(super) const HUB: &str = "payment_hub";
/// Lists shown; the last ones.
const SHOWN: usize = 50;

/// A payment list.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct List {
    pub(super) id: String,
    pub(super) sender: String,
    pub(super) face: String,
    pub(super) state: String,
    pub(super) currency: String,
    pub(super) parts: Vec<Part>,
}

/// The payments of a list in one state.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) state: String,
    pub(super) count: String,
    pub(super) sum: String,
}

/// The lists of the room, the newest first.
pub(super) async fn lists(hall: &Hall) -> Result<Vec<List>, String> {
    let answer = look_json(hall, HUB, "/lists").await?;
    let rows = answer["lists"].as_array().map_or(&[][..], Vec::as_slice);
    Ok(rows.iter().take(SHOWN).map(read).collect())
}

fn read(row: &Value) -> List {
    let text = |name: &str| row[name].as_str().unwrap_or_default().replace('_', " ");
    let parts = row["states"].as_object().into_iter().flatten();
    let part = |(state, part): (&String, &Value)| Part {
        state: state.replace('_', " "),
        count: part["count"].to_string(),
        sum: part["sum"].as_str().unwrap_or_default().to_owned(),
    };
    List {
        id: text("list"),
        sender: row["sender"].as_str().unwrap_or_default().to_owned(),
        face: text("face"),
        state: text("state"),
        currency: text("currency"),
        parts: parts.map(part).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_list_shows_its_states_with_counts_and_sums() {
        let row = json!({"list": "BATCH-000001", "sender": "po", "face": "g2p_connect", "state": "reported",
            "currency": "XTS", "states": {"in_doubt": {"count": 2, "sum": "20.00"}, "paid": {"count": 1, "sum": "10.00"}}});
        let list = read(&row);
        assert_eq!((list.face.as_str(), list.parts[0].state.as_str()), ("g2p connect", "in doubt"));
        assert_eq!((list.parts[1].count.as_str(), list.parts[1].sum.as_str()), ("1", "10.00"));
    }
}
