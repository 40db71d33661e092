//! The run as one page that replays anywhere: no server, no network, nothing beside it.

use askama::Template;

use crate::player::Outcome;
use crate::scenario::Story;

#[derive(Debug, Template)]
#[template(path = "run.html")]
struct Page<'a> {
    title: &'a str,
    summary: &'a str,
    held: bool,
    note: &'a str,
    messages: usize,
    elapsed_ms: String,
    /// The run as JSON that is safe inside a script element.
    run: String,
}

/// `run.html` of an outcome.
pub fn page(story: &Story, outcome: &Outcome) -> String {
    let texts = story.texts("en");
    let page = Page {
        title: &texts.title,
        summary: &texts.summary,
        held: outcome.failure.is_none(),
        note: &outcome.show.note,
        messages: outcome.show.messages,
        elapsed_ms: format!(
            "{}.{}",
            outcome.show.elapsed_us / 1000,
            outcome.show.elapsed_us % 1000 / 100
        ),
        run: super::json(story, outcome)
            .to_string()
            .replace("</", "<\\/")
            .replace("<!--", "<\\!--"),
    };
    page.render().unwrap_or_else(|error| format!("the report could not be written: {error}"))
}
