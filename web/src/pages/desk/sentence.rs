//! What came of an action, in a sentence, and who heard of it.

use std::time::Duration;

use mocks::kit::clock::pause;
use mocks::kit::journal::Wanted;
use mocks::kit::room::Room;
use serde_json::Value;

use super::actions::{Action, Body, Way};
use super::errand::Answer;
use super::told::Told;
use super::words::Words;

/// So long is waited for what an action causes; a stage that is paused would hold it for ever.
const PATIENCE: Duration = Duration::from_millis(800);

/// Who heard is told from so many messages at the most.
const MOST_LETTERS: u32 = 200;

/// Puts the answer into words.
pub(super) fn tell(answer: &mut Answer, action: &Action, heard: &[String], words: Words<'_>) {
    answer.told = Told::of(&answer.value, words);
    if let Some(why) = answer.refusal.take().or_else(|| rejected(&answer.value)) {
        answer.went_well = false;
        // A refusal is the sentence; a table of it would say the same in fragments.
        answer.told = Told::default();
        let why = described(&answer.value).unwrap_or(why);
        let key = if changes(action) { "desk-not-done" } else { "desk-not-found-out" };
        answer.sentence = words.texts.one(key, "why", ended(&why));
        answer.refusal = Some(why);
        return;
    }
    // Who only asked told nobody: what went out was tokens and checks.
    if changes(action) {
        answer.heard = heard.join(", ");
    }
    answer.sentence = done(&answer.told, action, words);
}

fn done(told: &Told, action: &Action, words: Words<'_>) -> String {
    if !changes(action) {
        return match told.count {
            0 => words.texts.get("desk-found-none"),
            count => words.texts.count("desk-found-many", count),
        };
    }
    let title = words.texts.get(&format!("desk-do-{}", action.id));
    let name = told.first(&["names", "name", "given_name"]).unwrap_or_default();
    let number = told.first(&["registration_number", "uin", "application_id", "VID"]);
    let state = told.first(&["status", "state"]).unwrap_or_default();
    let values = [
        ("name", name),
        ("number", number.unwrap_or_default()),
        ("state", state),
        ("title", &*title),
    ];
    let key = format!("desk-done-{}", action.id);
    let key = if words.texts.find(&key).is_some() && !name.is_empty() && number.is_some() {
        key
    } else {
        String::from("desk-done")
    };
    words.texts.with(&key, &values)
}

/// Whether the action changes something, or only asks.
fn changes(action: &Action) -> bool {
    match &action.way {
        Way::Request { method, body, .. } => *method != "GET" || !matches!(body, Body::Nothing),
        Way::Question { action, .. } => matches!(*action, "link" | "update" | "unlink"),
    }
}

/// An item that a registry rejected, though the letter itself was right.
fn rejected(answer: &Value) -> Option<String> {
    let lists = answer.as_object()?.iter().filter(|(key, _)| key.ends_with("_response"));
    let mut items = lists.flat_map(|(_, items)| items.as_array().into_iter().flatten());
    let item = items.find(|item| item["status"] == "rjct")?;
    let text = |name: &str| item[name].as_str().map(str::to_owned);
    Some(text("status_reason_message").or_else(|| text("status_reason_code")).unwrap_or_default())
}

/// Arenoa ID says what is wrong in a member of its own (RFC 6749).
fn described(answer: &Value) -> Option<String> {
    answer["error_description"].as_str().map(str::to_owned)
}

/// A sentence begins with a capital and ends with a stop.
fn ended(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    let text: String = first.chain(letters).collect();
    if text.ends_with(['.', '!', '?']) { text } else { format!("{text}.") }
}

/// The systems that `system` wrote to since `before`, once what was begun has ended.
pub(super) async fn heard(room: &Room, system: &str, before: i64) -> Vec<String> {
    tokio::select! {
        () = room.clock.idle() => {}
        () = pause(PATIENCE) => {}
    }
    room.journal.settled().await;
    let wanted = Wanted { after: before, from: Some(system), ..Wanted::default() };
    let rows = room.journal.requests(&wanted, MOST_LETTERS).unwrap_or_default();
    let mut names: Vec<String> = Vec::new();
    for row in rows {
        if row.to != system && !names.contains(&row.to) {
            names.push(row.to);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::actions::actions_of;
    use super::*;
    use crate::pages::frame::Lanes;
    use crate::texts::in_language;
    use serde_json::json;

    fn told(system: &str, id: &str, mut answer: Answer) -> Answer {
        let action = actions_of(system).iter().find(|action| action.id == id).unwrap();
        let lanes = Lanes::default();
        let words = Words { texts: in_language("en"), lanes: &lanes };
        tell(&mut answer, action, &["Arenoa ID".into()], words);
        answer
    }

    #[test]
    fn an_entry_is_told_with_its_number_and_who_heard() {
        let value = json!({"names": "Tomas Amaro", "registration_number": "DRN-2026-0055"});
        let answer = Answer { value, went_well: true, ..Answer::default() };
        let answer = told("civil_registry", "death", answer);
        assert!(answer.sentence.contains("Tomas Amaro"), "{}", answer.sentence);
        assert!(answer.sentence.contains("DRN-2026-0055"), "{}", answer.sentence);
        assert_eq!(answer.heard, "Arenoa ID");
    }

    #[test]
    fn a_problem_is_a_sentence() {
        let value = json!({"errors": [{"code": "err.request.bad", "message": "too late"}]});
        let answer = Answer { value, refusal: Some("too late".into()), ..Answer::default() };
        let answer = told("civil_registry", "death", answer);
        assert!(answer.sentence.ends_with("Too late."), "{}", answer.sentence);
        assert!(answer.told.lines.is_empty() && !answer.went_well);
        let value =
            json!({"link_response": [{"status": "rjct", "status_reason_message": "no such bank"}]});
        let answer = Answer { value, went_well: true, ..Answer::default() };
        let answer = told("account_mapper", "link", answer);
        assert!(answer.sentence.contains("No such bank.") && !answer.went_well);
    }
}
