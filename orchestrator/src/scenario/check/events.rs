//! The events that systems show, by name: what `watch: {event: ...}` can wait for. A test holds the list against the
//! sources of the systems.

use std::collections::BTreeSet;

use super::super::Watch;
use super::super::problem::offer;
use super::Inspector;

/// What a name holds where the system, or a team's own rules, put in a word: `decision *` is `decision D2`.
const ANY: char = '*';

/// What systems show by the folder that holds them.
const SHOWN: [(&str, &[&str]); 9] = [
    ("account_mapper", &["answer not delivered"]),
    (
        "bank",
        &[
            "account credited",
            "accounts credited",
            "payment failed",
            "payment made",
            "payment reversed",
        ],
    ),
    (
        "civil_registry",
        &[
            "birth registered",
            "death registered",
            "divorce registered",
            "entry annulled",
            "entry corrected",
            "event notified",
            "event rejected",
            "marriage registered",
            "number written back",
            "packet not taken",
            "potential duplicate",
            "registration pending",
            "registration requested",
        ],
    ),
    ("disability_registry", &["disability assessed"]),
    ("employment_service", &["jobseeker"]),
    ("farmer_registry", &["land registered"]),
    (
        "identity",
        &[
            "consent given",
            "consent refused",
            "credential kept",
            "death not noted",
            "delivery given up",
            "identity changed",
            "identity issued",
            "login locked",
            "packet rejected",
            "registration left pending",
            "subscription answered",
        ],
    ),
    (
        "payment_hub",
        &[
            "bulk ended",
            "bulk in doubt",
            "bulk taken apart",
            "bulk waits",
            "payment in doubt",
            "payment waits",
            "payments stopped",
        ],
    ),
    (
        "programme_office",
        &[
            "accounts corrected",
            "accounts resolved",
            "alive check",
            "application assessing",
            "application consent_refused",
            "application draft",
            "application manual_check",
            "application needs_choice",
            "application needs_review",
            "application reopened",
            "application resumed",
            "application undetermined",
            "consent given",
            "cycle draft",
            "cycle ended",
            "cycle to approve",
            "decision *",
            "eligibility",
            "entitlement approved",
            "entitlements approved",
            "entitlements pending_validation",
            "list handed in",
            "list reported",
            "membership draft",
            "membership duplicated",
            "membership enrolled",
            "membership exited",
            "membership not_eligible",
            "membership paused",
            "note *",
            "notice kept",
            "payment failed",
            "payment held",
            "payment issued",
            "payment paid",
            "payment sent",
            "payment waits",
            "payments reversed",
            "receipts told",
            "receipts wait",
            "record chosen",
            "subscription *",
            "tickets opened",
            "verification waits",
            "waiting *",
        ],
    ),
];

/// What any system may show: the kit's own events.
const OF_THE_KIT: [&str; 4] =
    ["answer not trusted", "callback given up", "message opened", "people imported"];

impl Inspector<'_> {
    /// An event that no system shows is never waited for in vain, and its absence proves nothing.
    pub(super) fn check_event(&mut self, watch: &Watch) {
        let Some(event) = &watch.event else { return };
        let at = watch.to.as_ref().or(watch.from.as_ref()).map(|system| system.value.as_str());
        // A wrong name of a system is complained of already.
        if at.is_some_and(|name| !self.systems.contains(&name)) {
            return;
        }
        let known = shown(at);
        if known.iter().any(|name| fits(name, &event.value)) {
            return;
        }
        let hint = offer(&event.value, known);
        let what = match at {
            Some(system) => format!("`{system}` shows no event `{}`", event.value),
            None => format!("no system shows an event `{}`", event.value),
        };
        self.complain(event, what, hint);
    }

    /// The words of a message are shown for the event of this name alone.
    pub(super) fn shows(system: &str, event: &str) -> Result<(), String> {
        let known = shown(Some(system));
        if known.iter().any(|name| fits(name, event)) {
            return Ok(());
        }
        Err(offer(event, known))
    }
}

/// The events of a system; of all of them where none is named.
fn shown(system: Option<&str>) -> BTreeSet<&'static str> {
    let folders: BTreeSet<&str> = mocks::ALL
        .iter()
        .filter(|row| system.is_none_or(|name| name == row.name))
        .map(|row| row.folder)
        .collect();
    let own = SHOWN.iter().filter(|(folder, _)| folders.contains(folder));
    own.flat_map(|(_, events)| *events).chain(&OF_THE_KIT).copied().collect()
}

fn fits(name: &str, event: &str) -> bool {
    match name.split_once(ANY) {
        None => name == event,
        Some((before, _)) => event.strip_prefix(before).is_some_and(|word| !word.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
        for path in std::fs::read_dir(dir).unwrap().flatten().map(|entry| entry.path()) {
            if path.is_dir() && !path.ends_with("tests") {
                sources(&path, found);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("tests.rs") {
                found.push(path);
            }
        }
    }

    /// The names of events that the sources of a folder write as they stand: `errand.event("alive check", ...)`.
    fn written(folder: &str) -> BTreeSet<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("mocks/src");
        let mut files = Vec::new();
        sources(&root.join(folder), &mut files);
        let mut names = BTreeSet::new();
        for text in files.iter().map(|file| std::fs::read_to_string(file).unwrap()) {
            for call in text.split("errand.event(").skip(1) {
                let call = call.trim_start().trim_start_matches("&format!(");
                let name = call.strip_prefix('"').and_then(|rest| Some(rest.split_once('"')?.0));
                names.extend(name.map(str::to_owned));
            }
        }
        names
    }

    #[test]
    fn every_event_that_a_system_shows_can_be_watched_for() {
        for (folder, events) in SHOWN {
            for name in written(folder) {
                let begins = name.split_once('{').map(|(before, _)| before);
                let known = events.iter().any(|event| match begins {
                    Some(before) => event.starts_with(before),
                    None => fits(event, &name),
                });
                assert!(known, "add the event `{name}` of {folder} to the list");
            }
        }
        let silent = mocks::ALL.iter().map(|system| system.folder);
        for folder in silent.filter(|folder| !SHOWN.iter().any(|(known, _)| known == folder)) {
            assert_eq!(written(folder), BTreeSet::new(), "add the events of {folder} to the list");
        }
        for name in written("kit") {
            assert!(OF_THE_KIT.contains(&name.as_str()), "add the event `{name}` to the list");
        }
    }

    #[test]
    fn a_word_may_stand_in_the_place_of_a_star() {
        assert!(fits("decision *", "decision D2") && !fits("decision *", "decision "));
        assert!(!fits("alive check", "alive checks"));
    }
}
