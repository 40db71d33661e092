//! The list of applications on the desk of the programme office, each with what can be done next.

use mocks::kit::room::Hall;
use serde_json::Value;

use crate::pages::counter::{address_of, in_address, look_json};

/// The system that has applications.
pub(super) const OFFICE: &str = "programme_office";
/// Applications shown; the last ones.
const SHOWN: usize = 100;

/// An application in the list.
#[derive(Debug)]
pub(super) struct Application {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) uin: String,
    pub(super) programme: String,
    pub(super) state: String,
    pub(super) reason: String,
    pub(super) page: String,
    /// What an officer does next: `decide`, `choose`, `resume` or nothing.
    pub(super) next: &'static str,
    /// Among whom to choose.
    pub(super) candidates: Vec<Candidate>,
}

#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) uin: String,
    pub(super) words: String,
}

/// All applications of the room, the newest first.
pub(super) async fn list(hall: &Hall, prefix: &str) -> Result<Vec<Application>, String> {
    let list = look_json(hall, OFFICE, "/applications").await?;
    let base = address_of(hall, prefix, OFFICE);
    let mut applications = Vec::new();
    let rows = list["applications"].as_array().map_or(&[][..], Vec::as_slice);
    for row in rows.iter().rev().take(SHOWN) {
        let mut application = read(row, &base);
        if application.next == "choose" {
            application.candidates = candidates(hall, &application.id).await;
        }
        applications.push(application);
    }
    Ok(applications)
}

fn read(row: &Value, base: &str) -> Application {
    let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
    let (id, state) = (text("application_id"), text("state"));
    Application {
        page: format!("{base}/portal/applications/{}", in_address(&id)),
        next: match state.as_str() {
            "needs_review" | "manual_check" => "decide",
            "needs_choice" => "choose",
            "undetermined" => "resume",
            _ => "",
        },
        name: text("name"),
        uin: text("uin"),
        programme: text("programme"),
        state: state.replace('_', " "),
        reason: text("reason"),
        candidates: Vec::new(),
        id,
    }
}

/// The records among which an officer picks.
async fn candidates(hall: &Hall, id: &str) -> Vec<Candidate> {
    let path = format!("/applications/{}", in_address(id));
    let whole = look_json(hall, OFFICE, &path).await.unwrap_or(Value::Null);
    let candidate = |row: &Value| {
        let text = |name: &str| row[name].as_str();
        let words = ["name", "birth_date", "birth_place", "uin"].into_iter().filter_map(text);
        Some(Candidate {
            uin: text("uin")?.to_owned(),
            words: words.collect::<Vec<_>>().join(", "),
        })
    };
    whole["candidates"].as_array().into_iter().flatten().filter_map(candidate).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_an_officer_does_next_follows_from_the_state() {
        let next = |state: &str| {
            read(&json!({"application_id": "APP-1", "state": state}), "/programme-office").next
        };
        assert_eq!(
            ["needs_review", "manual_check", "needs_choice", "undetermined", "enrolled"].map(next),
            ["decide", "decide", "choose", "resume", ""]
        );
    }

    #[test]
    fn an_application_leads_to_its_own_page() {
        let row = read(&json!({"application_id": "APP-1"}), "/r/blue/programme-office");
        assert_eq!(row.page, "/r/blue/programme-office/portal/applications/APP-1");
    }
}
