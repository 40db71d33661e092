//! What a desk shows of its system: the last messages, the faults in force, the tables with what is secret hidden.

use mocks::kit::faults::{Fault, Misbehaviour, from_header};
use mocks::kit::journal::{Entry, Kind, Verdict};
use mocks::kit::room::Hall;
use mocks::kit::secrets::mask;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::pages::counter::look_json;
use crate::pages::frame::Lanes;

/// Messages shown.
const MESSAGES: usize = 50;
/// Among so many of the last answers theirs are looked for.
const LOOKED_AT: u32 = 120;
/// Actions are offered that stood in the last so many requests.
const ASKED: u32 = 300;
/// Rows of a table that are shown.
const ROWS: usize = 8;
/// Characters of a value that are shown.
const LONGEST_VALUE: usize = 90;
/// What stands in place of a secret.
const HIDDEN: &str = "•••";
/// A column whose name holds one of these is not shown.
const SECRET: [&str; 9] =
    ["secret", "key", "token", "otp", "code", "verifier", "ticket", "nonce", "fulfilment"];
/// Columns that are called codes and are none: places, accounts, mail.
const NO_SECRET: [(&str, &str); 4] =
    [("location", "code"), ("ledger_account", "code"), ("", "postal_code"), ("", "reason_code")];

/// A message of the system, with the answer to it.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) seq: i64,
    pub(super) at: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) action: String,
    /// Empty where no answer came yet.
    pub(super) status: String,
    pub(super) failed: bool,
    pub(super) verdict: Verdict,
    pub(super) remark: String,
}

/// The last messages to and from a system, the newest first, and the actions that others asked it for.
pub(super) async fn messages(hall: &Hall, system: &str, lanes: &Lanes) -> Vec<Message> {
    let journal = &hall.room.journal;
    journal.settled().await;
    let newest = |kind| journal.latest(kind, system, LOOKED_AT).unwrap_or_default();
    let (requests, answers) = (newest(Kind::Request), newest(Kind::Answer));
    let message = |request: &Entry| {
        let answer = answers.iter().find(|answer| answer.of == request.seq);
        let verdict = answer.map_or(request.verdict, |answer| answer.verdict);
        let status = answer.map_or(0, |answer| answer.status);
        let remark = answer.map_or(&request.remark, |answer| &answer.remark).clone();
        Message {
            seq: request.seq,
            at: request.at.get(11..19).unwrap_or_default().to_owned(),
            from: lanes.get(&request.from).name,
            to: lanes.get(&request.to).name,
            action: request.action.clone(),
            status: if status == 0 { String::new() } else { status.to_string() },
            failed: status >= 400 || verdict == Verdict::Invalid || !request.remark.is_empty(),
            verdict,
            remark,
        }
    };
    requests.iter().take(MESSAGES).map(message).collect()
}

/// The actions that others asked of the system, for the form of faults to offer.
pub(super) fn actions_seen(hall: &Hall, system: &str) -> Vec<String> {
    let rows = hall.room.journal.requests_to(system, ASKED).unwrap_or_default();
    let mut actions: Vec<_> = rows.into_iter().map(|entry| entry.action).collect();
    actions.sort_unstable();
    actions.dedup();
    actions
}

/// A fault in force.
#[derive(Debug)]
pub(super) struct FaultLine {
    /// The key of its words: `fault-word-late`.
    pub(super) word: &'static str,
    pub(super) number: String,
    pub(super) on: String,
    /// How often it still strikes; always where nothing is said.
    pub(super) times: Option<u32>,
}

/// The faults in force, in the order in which they strike.
pub(super) fn faults(list: Vec<Fault>) -> Vec<FaultLine> {
    let line = |fault: Fault| {
        let (word, number) = match fault.what {
            Misbehaviour::Late { delay_ms } => ("late", delay_ms.to_string()),
            Misbehaviour::Refusing { status } => ("refusing", status.to_string()),
            Misbehaviour::Silent => ("silent", String::new()),
            Misbehaviour::Duplicating => ("duplicating", String::new()),
            Misbehaviour::Tampering => ("tampering", String::new()),
        };
        FaultLine { word, number, on: fault.on.unwrap_or_default(), times: fault.times }
    };
    list.into_iter().map(line).collect()
}

/// What the form of faults sends.
#[derive(Debug, Deserialize)]
pub(super) struct Trouble {
    pub(super) csrf: String,
    #[serde(rename = "do")]
    pub(super) verb: String,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    delay_ms: String,
    #[serde(default)]
    status: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    times: String,
}

impl Trouble {
    /// The fault that is wanted; an error says what would have been right.
    pub(super) fn fault(&self) -> Result<Fault, String> {
        let kind = match self.kind.as_str() {
            "late" => format!("late:{}", self.delay_ms.trim()),
            "refusing" => format!("refusing:{}", self.status.trim()),
            other => other.to_owned(),
        };
        let what = from_header(&kind)?;
        if let Misbehaviour::Refusing { status } = what
            && !(400..600).contains(&status)
        {
            return Err(format!("{status} is no refusal: write a status of 400 to 599"));
        }
        let times = match self.times.trim() {
            "" => None,
            text => match text.parse() {
                Ok(times) if times > 0 => Some(times),
                _ => return Err(format!("`{text}`: write how often, 1 or more, or nothing")),
            },
        };
        let on = Some(self.on.trim().to_owned()).filter(|on| !on.is_empty());
        Ok(Fault { what, on, times })
    }
}

/// A table of the system's archive.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) count: i64,
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Vec<String>>,
}

/// The tables, or why they cannot be seen (a guest keeps its own).
pub(super) async fn tables(
    hall: &Hall,
    system: &str,
    secrets: &[&str],
) -> Result<Vec<Table>, String> {
    let state = look_json(hall, system, "/_arenoa/state").await?;
    let tables = state.as_object().ok_or_else(|| String::from("the state is no object"))?;
    // SQLite's own tables say nothing about the country.
    let own = tables.iter().filter(|(name, _)| !name.starts_with("sqlite_"));
    Ok(own.map(|(name, table)| read_table(name, table, secrets)).collect())
}

fn read_table(name: &str, table: &Value, secrets: &[&str]) -> Table {
    let rows: Vec<_> =
        table["rows"].as_array().into_iter().flatten().filter_map(Value::as_object).collect();
    let columns: Vec<String> =
        rows.first().map(|row| row.keys().cloned().collect()).unwrap_or_default();
    let row = |row: &&Map<String, Value>| {
        let cells = row.iter().map(|(column, value)| {
            if is_secret(name, column, row) { HIDDEN.to_owned() } else { shown(value, secrets) }
        });
        cells.collect()
    };
    Table {
        name: name.to_owned(),
        count: table["count"].as_i64().unwrap_or_default(),
        rows: rows.iter().take(ROWS).map(row).collect(),
        columns,
    }
}

/// A setting is secret where its own name says so.
fn is_secret(table: &str, column: &str, row: &Map<String, Value>) -> bool {
    let holds = |name: &str| SECRET.iter().any(|word| name.to_lowercase().contains(word));
    if table == "setting" && column == "value" {
        return row.get("name").and_then(Value::as_str).is_none_or(holds);
    }
    let is_harmless =
        NO_SECRET.iter().any(|(of, name)| *name == column && (of.is_empty() || *of == table));
    // A table of secrets has nothing to show in its names either: `token.id` is the token.
    let is_name = (column == "id" && holds(table)) || (table, column) == ("login", "state");
    !is_harmless && (is_name || holds(column))
}

fn shown(value: &Value, secrets: &[&str]) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => mask(secrets, text.clone()),
        other => other.to_string(),
    };
    match text.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_secret_is_hidden_and_what_only_sounds_so_is_not() {
        let hidden = |table: &str, row: Value| {
            let table = read_table(table, &json!({"count": 1, "rows": [row]}), &["otp"]);
            table.rows.concat().contains(&HIDDEN.to_owned())
        };
        assert!(hidden("client", json!({"secret_sha256": "ab"})));
        assert!(hidden("login", json!({"ticket": "ab"})));
        assert!(hidden("login", json!({"state": "ab"})));
        assert!(hidden("quote", json!({"fulfilment": "ab"})));
        assert!(!hidden("transfer", json!({"state": "ab"})));
        assert!(hidden("token", json!({"id": "ab"})));
        assert!(hidden("setting", json!({"name": "signing_key", "value": "ab"})));
        assert!(!hidden("setting", json!({"name": "programmes", "value": "ab"})));
        assert!(!hidden("ledger_account", json!({"code": "0012", "balance": 5})));
        assert!(!hidden("person", json!({"uin": "1", "postal_code": "A-1"})));
    }

    #[test]
    fn a_long_value_is_cut_between_letters() {
        let cut = shown(&json!("é".repeat(200)), &[]);
        assert_eq!(cut.chars().count(), LONGEST_VALUE + 1);
    }

    #[test]
    fn a_fault_is_read_from_the_form_or_told_what_is_right() {
        let trouble = |kind: &str, status: &str, times: &str| Trouble {
            csrf: String::new(),
            verb: "set".into(),
            kind: kind.into(),
            delay_ms: "800".into(),
            status: status.into(),
            on: " POST /quotes ".into(),
            times: times.into(),
        };
        let fault = trouble("refusing", "503", "2").fault().unwrap();
        assert_eq!(fault.on.as_deref(), Some("POST /quotes"));
        assert_eq!((fault.what, fault.times), (Misbehaviour::Refusing { status: 503 }, Some(2)));
        assert!(trouble("refusing", "200", "").fault().unwrap_err().contains("400 to 599"));
        assert!(trouble("late", "", "0").fault().unwrap_err().contains("1 or more"));
        assert!(trouble("melting", "", "").fault().unwrap_err().contains("tampering"));
    }
}
