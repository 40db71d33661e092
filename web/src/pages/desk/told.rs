//! What came of an action, as people read it: the fields that matter with their labels, lists as tables, and what lies
//! deeper in folds. The message itself stands below, as it was sent and answered.

use serde_json::{Map, Value};

use super::words::Words;

/// Rows of a table that are shown.
const ROWS: usize = 60;
/// Columns of a table that are shown; the rest is in the message.
const COLUMNS: usize = 7;
/// What only machines need: shown in the message alone.
const NOISE: [&str; 13] = [
    "transaction_id",
    "correlation_id",
    "timestamp",
    "locale",
    "event_id",
    "notices",
    "pagination",
    "version",
    "reg_type",
    "reg_record_type",
    "smallest_group",
    "names_by_language",
    "tracking_id",
];

/// A label and what stands behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    key: String,
    pub(super) label: String,
    pub(super) value: String,
}

/// Things of one kind below each other.
#[derive(Debug, Default)]
pub(super) struct Grid {
    pub(super) title: String,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Row>,
    /// How many rows are not shown.
    pub(super) more: usize,
}

/// A row; where it is about somebody, with their number.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) uin: String,
    /// Label and value.
    pub(super) cells: Vec<(String, String)>,
}

/// Something deeper, folded.
#[derive(Debug)]
pub(super) struct Fold {
    pub(super) title: String,
    pub(super) lines: Vec<Line>,
    pub(super) grid: Option<Grid>,
}

/// An answer as it is shown.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) lines: Vec<Line>,
    pub(super) grid: Option<Grid>,
    pub(super) folds: Vec<Fold>,
    /// How many records or rows there are.
    pub(super) count: usize,
}

impl Told {
    /// Lays an answer out.
    pub(super) fn of(answer: &Value, words: Words<'_>) -> Self {
        let found = essence(answer);
        let mut told = Self { count: 1, ..Self::default() };
        match found {
            Value::Array(items) if items.len() == 1 && items[0].is_object() => {
                told.lay(&items[0], words);
            }
            Value::Array(items) => {
                told.count = items.len();
                told.grid = grid("", &items, words);
            }
            other => told.lay(&other, words),
        }
        told
    }

    fn lay(&mut self, value: &Value, words: Words<'_>) {
        let Some(members) = value.as_object() else { return };
        for (key, value) in members.iter().filter(|(key, value)| is_told(key, value)) {
            if let Some(person) = value.as_object().filter(|_| key == "person") {
                self.lines.splice(0..0, lines(person, "", words));
            } else if let Some(lines) = in_lines(key, value, members, words) {
                self.lines.extend(lines);
            } else if let Some(items) = value.as_array() {
                let title = words.label(key);
                let grid = grid(&title, items, words);
                if self.grid.is_none() && !is_bookkeeping(key) {
                    self.count = items.len();
                    self.grid = grid;
                } else {
                    self.folds.push(Fold { title, lines: Vec::new(), grid });
                }
            } else if let Some(inner) = value.as_object() {
                let lines = lines(inner, "", words);
                if !lines.is_empty() {
                    self.folds.push(Fold { title: words.label(key), lines, grid: None });
                }
            }
        }
        self.once();
        if !self.lines.is_empty() {
            self.count = 1;
        } else if self.grid.is_none() && self.folds.is_empty() {
            self.count = 0;
        }
    }

    /// The same value under two names is told once.
    fn once(&mut self) {
        self.lines.sort_by_key(|line| rank(&line.key));
        let mut seen: Vec<String> = Vec::new();
        self.lines.retain(|line| {
            let again = line.value.len() > 8 && seen.contains(&line.value);
            seen.push(line.value.clone());
            !again
        });
    }

    /// The value of the first of these fields that there is.
    pub(super) fn first(&self, keys: &[&str]) -> Option<&str> {
        let line = |key: &&str| self.lines.iter().find(|line| line.key == *key);
        keys.iter().find_map(line).map(|line| line.value.as_str())
    }
}

/// What the answer is about, out of the envelope of its standard.
fn essence(answer: &Value) -> Value {
    let members = answer.as_object();
    let response = members
        .into_iter()
        .flatten()
        .find_map(|(key, value)| key.ends_with("_response").then_some(value.as_array()).flatten());
    let Some(items) = response else { return answer.clone() };
    let mut found = Vec::new();
    for item in items {
        match item.pointer("/data/reg_records").and_then(Value::as_array) {
            Some(records) => found.extend(records.iter().cloned()),
            None => found.push(without_reference(item)),
        }
    }
    Value::Array(found)
}

fn without_reference(item: &Value) -> Value {
    let mut item = item.clone();
    if let Some(members) = item.as_object_mut() {
        members.remove("reference_id");
        members.retain(|key, value| key != "status" || value != "succ");
    }
    item
}

fn is_told(key: &str, value: &Value) -> bool {
    let is_empty = match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.is_empty(),
        _ => false,
    };
    // The name in all languages of the country: one of them stands beside it.
    let is_said = key == "names" && value.is_object();
    !is_empty && !is_said && !key.starts_with('@') && !NOISE.contains(&key)
}

/// What is kept about a thing, and is not the thing.
fn is_bookkeeping(key: &str) -> bool {
    matches!(key, "audit" | "consents" | "vids" | "notes" | "facts" | "decisions")
}

/// All that can be said of an object in lines.
fn lines(members: &Map<String, Value>, lead: &str, words: Words<'_>) -> Vec<Line> {
    let mut all = Vec::new();
    for (key, value) in members.iter().filter(|(key, value)| is_told(key, value)) {
        if let Some(found) = in_lines(key, value, members, words) {
            let led = found.into_iter().map(|line| Line {
                label: if lead.is_empty() { line.label } else { format!("{lead}: {}", line.label) },
                ..line
            });
            all.extend(led);
        } else if let Some(inner) = value.as_object() {
            let label = if key == "demographic_info" { "" } else { &*words.label(key) };
            all.extend(lines(inner, label, words));
        }
    }
    all.sort_by_key(|line| rank(&line.key));
    all
}

/// Who and what comes first.
fn rank(key: &str) -> usize {
    const FIRST: [&str; 15] = [
        "name",
        "names",
        "title",
        "given_name",
        "surname",
        "family_name",
        "uin",
        "registration_number",
        "household_id",
        "date",
        "birth_date",
        "sex",
        "status",
        "state",
        "amount_cents",
    ];
    FIRST.iter().position(|first| *first == key).unwrap_or(FIRST.len())
}

/// A member as lines; nothing where it is an object or a list with more in it.
fn in_lines(
    key: &str,
    value: &Value,
    around: &Map<String, Value>,
    words: Words<'_>,
) -> Option<Vec<Line>> {
    let line = |label: String, value: String| Line { key: key.to_owned(), label, value };
    let one = |value: String| Some(vec![line(words.label(key), value)]);
    match value {
        Value::Array(items) if items.iter().all(|item| !item.is_object() && !item.is_array()) => {
            let texts: Vec<_> = items.iter().map(|item| words.value(key, item, around)).collect();
            one(texts.join(", "))
        }
        Value::Array(items) if items.iter().all(|item| item["identifier_value"].is_string()) => {
            let identifier = |item: &Value| {
                let kind = item["identifier_type"].as_str().unwrap_or_default();
                let value = item["identifier_value"].as_str().unwrap_or_default().to_owned();
                Line { key: kind.to_lowercase(), label: words.label(kind), value }
            };
            Some(items.iter().map(identifier).collect())
        }
        Value::Array(items) if items.len() == 1 => composed(&items[0]).and_then(one),
        Value::Object(_) => composed(value).and_then(one),
        Value::Array(_) => None,
        plain => one(words.value(key, plain, around)),
    }
}

/// A name, an address, a place or a sum of money, which are objects and are read as one.
fn composed(value: &Value) -> Option<String> {
    let text = |name: &str| value[name].as_str();
    let joined = |names: &[&str], between: &str| {
        let parts: Vec<_> = names.iter().filter_map(|name| text(name)).collect();
        (!parts.is_empty()).then(|| parts.join(between))
    };
    if text("given_name").is_some() && text("surname").is_some() && value.get("sex").is_none() {
        return joined(&["given_name", "surname"], " ");
    }
    if text("address_line_1").is_some() {
        return joined(&["address_line_1", "locality", "sub_region_code"], ", ");
    }
    if text("amount").is_some() && text("currency").is_some() {
        return joined(&["amount", "currency"], " ");
    }
    if value["@type"] == "Place" {
        let mut names = Vec::new();
        let mut place = value;
        while let Some(name) = place["name"].as_str() {
            names.push(name);
            place = &place["contained_in_place"];
        }
        return (!names.is_empty()).then(|| names.join(", "));
    }
    None
}

fn grid(title: &str, items: &[Value], words: Words<'_>) -> Option<Grid> {
    let mut rows: Vec<Vec<Line>> = Vec::new();
    for item in items.iter().take(ROWS) {
        let Some(members) = item.as_object() else { continue };
        rows.push(lines(members, "", words));
    }
    let mut columns: Vec<String> = Vec::new();
    for label in rows.iter().flatten().map(|line| &line.label) {
        if columns.len() < COLUMNS && !columns.contains(label) {
            columns.push(label.clone());
        }
    }
    let row = |lines: Vec<Line>| {
        let uin = lines.iter().find(|line| line.key == "uin").map(|line| line.value.clone());
        let cell = |column: &String| {
            let line = lines.iter().find(|line| line.label == *column);
            (column.clone(), line.map(|line| line.value.clone()).unwrap_or_default())
        };
        Row { uin: uin.unwrap_or_default(), cells: columns.iter().map(cell).collect() }
    };
    let rows: Vec<Row> = rows.into_iter().map(row).collect();
    let more = items.len().saturating_sub(ROWS);
    (!rows.is_empty()).then(|| Grid { title: title.to_owned(), columns, rows, more })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::frame::Lanes;
    use crate::texts::in_language;
    use serde_json::json;

    fn told(answer: &Value) -> Told {
        let lanes = Lanes::default();
        Told::of(answer, Words { texts: in_language("en"), lanes: &lanes })
    }

    #[test]
    fn a_name_in_every_language_is_told_once() {
        let programmes = json!([{"code": "OAP", "name": "Old Age Pension", "names": {"ar": "x"}},
            {"code": "CHG", "name": "Child Grant", "names": {"ar": "y"}}]);
        let grid = told(&programmes).grid.unwrap();
        assert_eq!(grid.columns, ["Name", "Code"]);
    }

    #[test]
    fn a_death_is_read_as_labels_and_a_date() {
        let told = told(&json!({"date": "2026-09-30", "drn": "DRN-2026-0055",
            "registration_number": "DRN-2026-0055", "flags": [], "notices": 0, "status": "REGISTERED"}));
        assert_eq!(told.first(&["date"]), Some("30 September 2026"));
        assert_eq!(told.first(&["status"]), Some("registered"));
        let numbers = told.lines.iter().filter(|line| line.value == "DRN-2026-0055").count();
        assert_eq!((numbers, told.lines.len()), (1, 3), "{:?}", told.lines);
    }

    #[test]
    fn the_record_of_a_search_is_read_out_of_its_envelope() {
        let person = json!({"@type": "CRVS_Person", "name": {"given_name": "Tomas", "surname": "Amaro"},
            "identifier": [{"identifier_type": "UIN", "identifier_value": "2238778167"}],
            "birth_place": {"@type": "Place", "name": "Salminor",
                "contained_in_place": {"@type": "Place", "name": "Maresa"}}});
        let answer = |records: Value| {
            json!({"transaction_id": "TXN-1", "search_response": [{"status": "succ",
            "data": {"reg_records": records}}]})
        };
        let one = told(&answer(json!([person])));
        assert_eq!(one.first(&["name"]), Some("Tomas Amaro"));
        assert_eq!(one.first(&["birth_place"]), Some("Salminor, Maresa"));
        let two = told(&answer(json!([person, person])));
        let grid = two.grid.unwrap();
        assert_eq!((two.count, grid.rows[1].uin.as_str()), (2, "2238778167"));
        assert_eq!(told(&answer(json!([]))).count, 0);
    }

    #[test]
    fn money_stands_with_its_currency() {
        let told =
            told(&json!({"payments": [{"amount_cents": 10_000, "currency": "XTS", "uin": "1"}]}));
        let cells = &told.grid.unwrap().rows[0].cells;
        assert!(cells.contains(&("Amount".into(), "100.00 XTS".into())), "{cells:?}");
    }
}
