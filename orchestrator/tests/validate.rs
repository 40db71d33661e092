//! What is wrong with a story is told before anything is sent: where it stands, and what would have been right.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use mocks::kit::seed::People;
use orchestrator::scenario::{Problem, Story};

static WRITTEN: AtomicU32 = AtomicU32::new(0);

const STORY: &str = "\
story: a-text
id: T01
family: social assistance
minutes: 1
persona: tomas
inputs: {words: Welcome}
steps:
  - id: first
    act: {to: messenger, request: POST /sms, json: {to: \"${persona.phone}\", text: \"${inputs.words}\"}}
    expect: [status == 201]
  - id: nothing-paid
    watch: {request: POST /disburse, never: true}
  - id: later
    advance: PT30S
  - id: trouble
    break: {at: payment_switch, fault: {kind: refusing, status: 503}, on: POST /quotes}
branches:
  F1:
    inputs: {words: Goodbye}
";

const TEXTS: &str = "\
title: A text
summary: \"{name} is written to\"
words: Hello
steps:
  first: {title: First, text: \"{name} gets a text\"}
  nothing-paid: {title: Nothing}
  later: {title: Later}
  trouble: {title: Trouble}
branches:
  F1: {title: Goodbye}
messages:
  messenger POST /sms: {ask: \"A text for {name}\"}
";

/// A story folder that goes when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn write(story: &str, texts: &str) -> Self {
        let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
        let name = format!("arenoa-validate-{}-{number}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        let folder = dir.join("a-text");
        std::fs::create_dir_all(folder.join("texts")).unwrap();
        std::fs::write(folder.join("scenario.yaml"), story).unwrap();
        std::fs::write(folder.join("texts/en.yaml"), texts).unwrap();
        Self(dir)
    }

    fn problems(&self) -> Vec<Problem> {
        let story = Story::folder(&self.0.join("a-text"), &People::generate(42, 0));
        story.err().map_or_else(Vec::new, |problems| problems.0)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.0));
    }
}

/// What is said of the story with `right` replaced by `wrong`.
fn said_of(right: &str, wrong: &str) -> Vec<String> {
    assert!(STORY.contains(right) || TEXTS.contains(right), "{right}");
    let problems =
        Folder::write(&STORY.replace(right, wrong), &TEXTS.replace(right, wrong)).problems();
    problems.iter().map(|p| format!("{}:{} {} | {}", p.line, p.column, p.what, p.hint)).collect()
}

#[test]
fn the_story_itself_is_in_order() {
    assert_eq!(Folder::write(STORY, TEXTS).problems(), []);
}

#[test]
fn a_problem_names_the_file_where_it_stands() {
    let folder = Folder::write(&STORY.replace("POST /sms", "POST /smss"), TEXTS);
    let problems = folder.problems();
    let shown = folder.0.join("a-text/scenario.yaml").display().to_string();
    assert_eq!(problems[0].file, shown);
    let folder = Folder::write(STORY, &TEXTS.replace("  later:", "  never:"));
    let shown = folder.0.join("a-text/texts/en.yaml").display().to_string();
    assert!(
        folder.problems().iter().any(|p| p.file == shown && p.line == 7),
        "{:?}",
        folder.problems()
    );
}

#[test]
fn what_cannot_come_true_is_told_before_anything_is_sent() {
    for (right, wrong, what) in [
        (
            "POST /disburse",
            "POST /disbours",
            "12:22 no system takes `POST /disbours` | did you mean `POST /disburse`?",
        ),
        (
            "inputs: {words: Goodbye}",
            "inputs: {word: Goodbye}",
            "branch F1 sets an input `word` that the story does not have | did you mean `words`?",
        ),
        (
            "- id: first\n",
            "- id: first\n    actor: tomsa\n",
            "9:12 nobody is called `tomsa` here | did you mean `tomas`?",
        ),
        ("{name} gets a text", "{nam} gets a text", "5:32 nothing is put in for `{nam}`"),
        ("status: 503", "status: 99", "99 is no HTTP status"),
        ("on: POST /quotes", "on: QUOTES", "`payment_switch` does not take `QUOTES`"),
        (
            "on: POST /quotes",
            "on: POST /quotez",
            "`payment_switch` does not take `POST /quotez` | did you mean `POST /quotes`?",
        ),
        (
            "request: POST /sms",
            "request: POST /smss",
            "`messenger` does not take `POST /smss` | did you mean `POST /sms`?",
        ),
        ("PT30S", "30 seconds", "`30 seconds` is neither a time nor a moment"),
        ("PT30S", "-PT30S", "`-PT30S` does not move the clock forward"),
        ("status == 201", "status + 1", "`status + 1` is neither true nor false"),
        (
            "messenger POST /sms",
            "messenger POST /smss",
            "12:3 `messenger` does not take `POST /smss`",
        ),
        ("messenger POST /sms", "mesenger POST /sms", "there is no system `mesenger`"),
        ("  F1: {title", "  F2: {title", "there is no branch `F2`"),
        ("minutes: 1", "minutes: four", "4:10 this is no whole number"),
        ("minutes: 1", "minutes: 1\nbanana: 1", "5:1 there is no field `banana` here"),
        (
            "kind: refusing",
            "kind: refuzing",
            "`refuzing` is no word here | did you mean `refusing`?",
        ),
    ] {
        let said = said_of(right, wrong);
        assert!(said.iter().any(|one| one.contains(what)), "{wrong}: {said:#?}");
        assert!(said.len() <= 2, "{wrong}: {said:#?}");
    }
}

#[test]
fn a_story_without_steps_is_one_problem_and_not_one_a_text() {
    let (head, _) = STORY.split_once("steps:").unwrap();
    let problems = Folder::write(&format!("{head}steps: []\n"), TEXTS).problems();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    assert_eq!(problems[0].what, "the story has no steps");
}

#[test]
fn the_stories_that_come_with_the_program_are_in_order() {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("scenarios");
    for folder in std::fs::read_dir(scenarios).unwrap().flatten().map(|entry| entry.path()) {
        if folder.join("scenario.yaml").exists() {
            Story::folder(&folder, &People::generate(42, 0)).unwrap_or_else(|p| panic!("{p}"));
        }
    }
}
