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

    /// A file of the story, as problems name it.
    fn shown(&self, file: &str) -> String {
        self.0.join("a-text").join(file).display().to_string()
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
    assert_eq!(folder.problems()[0].file, folder.shown("scenario.yaml"));
    let folder = Folder::write(STORY, &TEXTS.replace("  later:", "  never:"));
    let (shown, problems) = (folder.shown("texts/en.yaml"), folder.problems());
    assert!(problems.iter().any(|p| p.file == shown && p.line == 7), "{problems:?}");
}

/// Each triple is what is right, what is written in its place, and what is said of that.
fn each_is_told(cases: &[(&str, &str, &str)]) {
    for (right, wrong, what) in cases {
        let said = said_of(right, wrong);
        assert!(said.iter().any(|one| one.contains(what)), "{wrong}: {said:#?}");
        assert!(said.len() <= 2, "{wrong}: {said:#?}");
        assert!(said.iter().all(|one| !one.starts_with("0:0")), "{wrong}: {said:#?}");
    }
}

#[test]
fn messages_that_cannot_come_are_told_before_anything_is_sent() {
    each_is_told(&[
        (
            "POST /disburse",
            "POST /disbours",
            "12:22 no system takes `POST /disbours` | did you mean `POST /disburse`?",
        ),
        (
            "request: POST /sms",
            "request: POST /smss",
            "`messenger` does not take `POST /smss` | did you mean `POST /sms`?",
        ),
        (
            "messenger POST /sms",
            "messenger POST /smss",
            "12:3 `messenger` does not take `POST /smss`",
        ),
        ("messenger POST /sms", "mesenger POST /sms", "there is no system `mesenger`"),
        (
            "request: POST /disburse, never: true",
            "event: alive chek, never: true",
            "12:20 no system shows an event `alive chek` | did you mean `alive check`?",
        ),
        (
            "request: POST /disburse, never: true",
            "to: greenbank, event: decision D2, never: true",
            "12:35 `greenbank` shows no event `decision D2` | there is: `",
        ),
        (
            "messenger POST /sms",
            "programme_office alive chek",
            "12:3 `programme_office` shows no event `alive chek` | did you mean `alive check`?",
        ),
    ]);
}

#[test]
fn a_step_is_called_by_what_fits_into_a_header() {
    let said = said_of("- id: first\n", "- id: décès\n");
    assert!(
        said[0].ends_with(
            "`décès` is no id of a step | write 1 to 64 letters without accents, digits and hyphens"
        ),
        "{said:#?}"
    );
}

#[test]
fn values_that_mean_nothing_are_told_before_anything_is_sent() {
    each_is_told(&[
        (
            "inputs: {words: Goodbye}",
            "inputs: {word: Goodbye}",
            "branch F1 sets an input `word` that the story does not have | did you mean `words`?",
        ),
        (
            "words: Goodbye",
            "words: \"${inputs.words}\"",
            "19:21 an input cannot refer to another value: `${inputs.words}` | write the value itself",
        ),
        ("status == 201", "inputs.word != 'x'", "there is no input `word` | did you mean `words`?"),
        (
            "- id: first\n",
            "- id: first\n    actor: tomsa\n",
            "9:12 nobody is called `tomsa` here | did you mean `tomas`?",
        ),
        ("{name} gets a text", "{nam} gets a text", "5:32 nothing is put in for `{nam}`"),
        ("PT30S", "30 seconds", "`30 seconds` is neither a time nor a moment"),
        ("PT30S", "-PT30S", "`-PT30S` does not move the clock forward"),
        ("status == 201", "status + 1", "`status + 1` is neither true nor false"),
        ("  F1: {title", "  F2: {title", "there is no branch `F2`"),
        ("minutes: 1", "minutes: four", "4:10 this is no whole number"),
        ("minutes: 1", "minutes: 1\nbanana: 1", "5:1 there is no field `banana` here"),
    ]);
}

#[test]
fn faults_that_break_nothing_are_told_before_anything_is_sent() {
    each_is_told(&[
        ("status: 503", "status: 99", "99 is no status to refuse with | write one from 400 to 599"),
        ("status: 503", "status: 200", "16:40 200 is no status to refuse with | write one from"),
        (
            "kind: refusing",
            "kind: silent",
            "16:40 `status` belongs to `refusing`, not to `silent` | leave it out",
        ),
        ("kind: refusing, status: 503", "kind: late", "`late` does not say how late | write"),
        ("kind: refusing, status: 503", "kind: late, delay_ms: 0", "does not wait 0 ms | write"),
        ("on: POST /quotes", "times: 0", "16:78 `times: 0` strikes nothing | write 1 or more"),
        (
            "fault: {kind: refusing, status: 503}, on",
            "clear: true, on",
            "`on` means nothing where all faults of a system are cleared | leave it out",
        ),
        ("on: POST /quotes", "on: QUOTES", "`payment_switch` does not take `QUOTES`"),
        (
            "on: POST /quotes",
            "on: POST /quotez",
            "`payment_switch` does not take `POST /quotez` | did you mean `POST /quotes`?",
        ),
        (
            "kind: refusing",
            "kind: refuzing",
            "`refuzing` is no word here | did you mean `refusing`?",
        ),
        (
            "kind: refusing",
            "kind: melting",
            "`melting` is no word here | there is: `refusing`, `silent`, `tampering`, `late`, `duplicating`",
        ),
        ("kind: refusing", "banana: 1, kind: refusing", "there is no field `banana` here"),
    ]);
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
