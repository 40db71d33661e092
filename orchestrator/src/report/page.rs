//! The run as one page that replays anywhere: no server, no network, nothing beside it.

use askama::Template;

use crate::player::{Outcome, State};
use crate::scenario::Story;

#[derive(Debug, Template)]
#[template(path = "run.html")]
struct Page<'a> {
    title: String,
    summary: String,
    held: bool,
    /// The story is still under way: nobody can say yet how it ends.
    unfinished: bool,
    note: &'a str,
    messages: usize,
    elapsed_ms: String,
    /// The run as JSON that is safe inside a script element.
    run: String,
}

/// `run.html` of an outcome.
pub fn page(story: &Story, outcome: &Outcome) -> String {
    let lead = outcome.show.persona["name"].as_str().unwrap_or_default();
    let (title, summary) = story.headline(&outcome.show.branch, lead, "en");
    let page = Page {
        title,
        summary,
        held: outcome.show.state == State::Held,
        unfinished: matches!(outcome.show.state, State::Idle | State::Playing),
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use mocks::kit::seed::People;

    use super::*;
    use crate::player::Show;
    use crate::scenario::Library;

    #[test]
    fn only_a_story_that_ended_is_said_to_have_held() {
        let library = Library::built_in(&People::generate(42, 0)).unwrap();
        let story = library.story("old-age-pension").unwrap();
        let told = |state| {
            let mut show = Show::default();
            show.state = state;
            page(story, &Outcome { failure: None, show: Arc::new(show), entries: Vec::new() })
        };
        assert!(told(State::Held).contains("The story held"));
        let playing = told(State::Playing);
        assert!(playing.contains("not finished yet") && !playing.contains("The story held"));
        let broken = told(State::Broken);
        assert!(broken.contains("did not hold"));
    }

    #[test]
    fn a_page_names_the_ending_that_was_played() {
        let library = Library::built_in(&People::generate(42, 0)).unwrap();
        let story = library.story("old-age-pension").unwrap();
        let mut show = Show::default();
        show.branch = String::from("F8");
        let page =
            page(story, &Outcome { failure: None, show: Arc::new(show), entries: Vec::new() });
        assert!(page.contains("<h1>Old age pension: Account closed</h1>"), "{page}");
        assert!(
            page.contains("Rosa&#x27;s account is closed.")
                || page.contains("Rosa&#39;s account is closed.")
        );
    }
}
