//! The story as a JUnit XML report: one test case a step.

use crate::player::{Outcome, StepState};
use crate::scenario::Story;

/// `run.xml` of an outcome.
pub fn junit(story: &Story, outcome: &Outcome) -> String {
    let show = &outcome.show;
    let lead = &show.persona.name;
    let failures = usize::from(outcome.failure.is_some());
    let skipped = show.steps.iter().filter(|(_, s)| *s == StepState::Waiting).count();
    let suite = if show.branch.is_empty() {
        story.name.clone()
    } else {
        format!("{}-{}", story.name, show.branch)
    };
    let seconds = seconds(show.elapsed_us);
    let suite = escaped(&suite);
    let mut lines = vec![String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")];
    let tests = show.steps.len();
    lines.push(format!(
        "<testsuite name=\"{suite}\" tests=\"{tests}\" failures=\"{failures}\" skipped=\"{skipped}\" time=\"{seconds}\">"
    ));
    for (id, state) in &show.steps {
        let title = story.title_of(id, lead, "en");
        let inside = match (state, &outcome.failure) {
            (StepState::Failed, Some(failure)) => {
                format!("<failure message=\"{}\"/>", escaped(&failure.what))
            }
            (StepState::Waiting, _) => String::from("<skipped/>"),
            _ => String::new(),
        };
        let name = escaped(&format!("{id} {title}"));
        lines
            .push(format!("  <testcase classname=\"{suite}\" name=\"{name}\">{inside}</testcase>"));
    }
    lines.push(String::from("</testsuite>\n"));
    lines.join("\n")
}

fn seconds(micros: i64) -> String {
    format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
