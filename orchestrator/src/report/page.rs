//! The run as one page to hand on: who, how it ended, the picture, and step by step what was said and decided. It needs no
//! server, no network, nothing beside it, and reads on paper and on a phone.

use askama::Template;

use super::picture::Picture;
use super::sections::{Section, sections, time};
use crate::player::{Outcome, State};
use crate::scenario::Story;

#[derive(Debug, Template)]
#[template(path = "run.html")]
struct Page<'a> {
    title: String,
    summary: String,
    /// The name of the lead, and what she or he says.
    person: String,
    words: String,
    /// The number in the catalogue, with the branch: `S01-F3`.
    code: String,
    /// The moment at which the story ended, in the country.
    clock: &'a str,
    signatures: usize,
    decisions: usize,
    held: bool,
    /// The story is still under way: nobody can say yet how it ends.
    unfinished: bool,
    note: &'a str,
    messages: usize,
    took: String,
    sections: Vec<Section>,
    picture: Picture,
}

/// `run.html` of an outcome.
pub fn page(story: &Story, outcome: &Outcome) -> String {
    let lead = &outcome.show.persona.name;
    let (title, summary) = story.headline(&outcome.show.branch, lead, "en");
    let dash = if outcome.show.branch.is_empty() { "" } else { "-" };
    let sections = sections(story, outcome, "en");
    let page = Page {
        person: lead.clone(),
        words: story.words_of(&outcome.show.branch, "en").to_owned(),
        code: format!("{}{dash}{}", story.scenario.id, outcome.show.branch),
        clock: outcome.show.clock.get(..10).unwrap_or_default(),
        signatures: outcome.show.signatures,
        decisions: outcome.show.decisions.len(),
        picture: Picture::of(&sections),
        sections,
        title,
        summary,
        held: outcome.show.state == State::Held,
        unfinished: matches!(outcome.show.state, State::Idle | State::Playing),
        note: &outcome.show.note,
        messages: outcome.show.messages,
        took: time(outcome.show.elapsed_us),
    };
    page.render().unwrap_or_else(|error| format!("the report could not be written: {error}"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use mocks::kit::journal::{Entry, Kind};
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

    #[test]
    fn what_a_message_carries_is_shown_and_never_html() {
        let library = Library::built_in(&People::generate(42, 0)).unwrap();
        let story = library.story("old-age-pension").unwrap();
        let evil = "<img src=x onerror=alert(1)>";
        let request = Entry {
            seq: 1,
            from: evil.into(),
            to: "civil_registry".into(),
            action: "POST /registry/sync/search".into(),
            headers: format!("x: {evil}"),
            body: evil.into(),
            ..Entry::default()
        };
        let answer = Entry { seq: 2, kind: Kind::Answer, of: 1, status: 200, ..request.clone() };
        let page = page(
            story,
            &Outcome {
                failure: None,
                show: Arc::new(Show::default()),
                entries: vec![request, answer],
            },
        );
        assert!(!page.contains("<img"), "a message brought HTML into the page");
        assert!(page.contains("Civil Registry") && page.contains("<svg"));
        for outside in ["src=\"http", "href=\"http", "url(http", "@import"] {
            assert!(!page.contains(outside), "the page needs {outside}");
        }
    }

    #[test]
    fn every_step_has_its_place_and_says_how_it_stands() {
        let library = Library::built_in(&People::generate(42, 0)).unwrap();
        let story = library.story("old-age-pension").unwrap();
        let show = Arc::new(Show::default());
        let page = page(story, &Outcome { failure: None, show, entries: Vec::new() });
        assert_eq!(page.matches("<section class=\"step").count(), story.scenario.steps.len());
    }
}
