//! The list of events on the desk of the civil registry: where each stands, and what it waits for.

use mocks::kit::room::Hall;
use serde_json::Value;

use crate::pages::counter::look_json;

/// The system that has events.
pub(super) const REGISTRY: &str = "civil_registry";

/// An event in the list.
#[derive(Debug)]
pub(super) struct Event {
    pub(super) id: String,
    pub(super) kind: String,
    pub(super) names: String,
    pub(super) date: String,
    pub(super) tracking: String,
    pub(super) number: String,
    pub(super) uin: String,
    pub(super) status: String,
    pub(super) flags: Vec<String>,
    /// What the registrar decides next: `open`, `pending`, `duplicate`, `correction` or nothing.
    pub(super) next: &'static str,
    /// What is to be known for that: the entries it may repeat, or the correction that is asked for.
    pub(super) about: String,
}

/// The newest events of the room.
pub(super) async fn list(hall: &Hall) -> Result<Vec<Event>, String> {
    let list = look_json(hall, REGISTRY, "/events").await?;
    Ok(list["events"].as_array().into_iter().flatten().map(read).collect())
}

fn read(row: &Value) -> Event {
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let flags: Vec<String> = row["flags"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect();
    let has = |flag: &str| flags.iter().any(|own| own == flag);
    let status = text("status");
    let next = if has("register:requested") {
        "pending"
    } else if has("potential-duplicate") && status != "ARCHIVED" {
        "duplicate"
    } else if has("correction-requested") {
        "correction"
    } else if matches!(status.as_str(), "NOTIFIED" | "DECLARED") {
        "open"
    } else {
        ""
    };
    let about = match next {
        "duplicate" => joined(&row["duplicates"]),
        "correction" => row["correction"]["changes"].to_string(),
        _ => String::new(),
    };
    Event {
        id: text("event_id"),
        kind: text("type"),
        names: text("names"),
        date: text("date"),
        tracking: text("tracking_id"),
        number: text("registration_number"),
        uin: text("uin"),
        status,
        flags,
        next,
        about,
    }
}

fn joined(list: &Value) -> String {
    let texts = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    texts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_the_registrar_decides_follows_from_status_and_flags() {
        let next = |status: &str, flags: Value| {
            read(&json!({"status": status, "flags": flags, "duplicates": ["BRN-2026-0001"]})).next
        };
        assert_eq!(next("REGISTERED", json!(["late-registration"])), "");
        assert_eq!(next("DECLARED", json!(["register:requested"])), "pending");
        assert_eq!(next("DECLARED", json!(["potential-duplicate"])), "duplicate");
        assert_eq!(next("NOTIFIED", json!(["incomplete"])), "open");
        assert_eq!(next("REGISTERED", json!(["correction-requested"])), "correction");
        assert_eq!(next("ARCHIVED", json!(["potential-duplicate"])), "");
    }
}
