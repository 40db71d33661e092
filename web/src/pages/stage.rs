//! The stage of one story, as a page that reads without scripts; scripts take over from the same facts.

use std::collections::BTreeMap;

use askama::Template;
use mocks::kit::country::is_loopback;
use mocks::kit::journal::{Kind, Verdict};
use orchestrator::player::StepState;
use orchestrator::report::feed::{FeedEntry, Step};
use serde_json::json;

use super::feed::{Show, State};
use super::frame::{Frame, Lanes};
use super::story::Story;
use crate::texts::Texts;

/// The stage.
#[derive(Debug, Template)]
#[template(path = "stage.html")]
pub struct StagePage {
    pub(super) f: Frame,
    story: Story,
    show: Show,
    entries: Vec<FeedEntry>,
    lanes: Lanes,
    /// What the scripts are given, as JSON.
    page: String,
    control: String,
    time: String,
    at: String,
    of: String,
    now: Step,
    age: String,
    clock: String,
    ending: String,
    /// The last sentence that was said.
    said: String,
}

impl StagePage {
    /// The stage as it stands: the story, the player's state, the journal so far.
    pub fn new(
        f: Frame,
        story: Story,
        show: Show,
        mut entries: Vec<FeedEntry>,
        lanes: Lanes,
    ) -> Self {
        let index = position(&show);
        move_locks(&mut entries);
        let last = entries.iter().rev().find(|entry| !entry.sentence.is_empty());
        Self {
            page: for_scripts(&f, &story.id, &show.steps, &lanes),
            control: control_of(&f, &story.id),
            time: machine_time(f.texts, show.elapsed_ms),
            at: (index + 1).to_string(),
            of: show.steps.len().to_string(),
            now: show.steps.get(index).cloned().unwrap_or_default(),
            age: show.persona.age.to_string(),
            clock: show.clock.get(11..16).unwrap_or_default().to_owned(),
            ending: ending(f.texts, &show),
            said: match last {
                Some(_) if show.state.is_over() => last_words(&show),
                Some(entry) => entry.sentence.clone(),
                None => f.t("stage-waiting"),
            },
            f,
            story,
            show,
            entries,
            lanes,
        }
    }
}

/// The presenter's window.
#[derive(Debug, Template)]
#[template(path = "presenter.html")]
pub struct PresenterPage {
    pub(super) f: Frame,
    story: Story,
    show: Show,
    page: String,
    control: String,
    at: String,
    of: String,
    now: Step,
    /// Where the audience follows, and the same as a QR code in SVG made by this program.
    link: String,
    qr: String,
    /// Whether the address leads to this machine only, so that no phone can follow.
    stays_here: bool,
}

impl PresenterPage {
    /// The presenter's window of a story; `link` is where the audience follows.
    pub fn new(f: Frame, story: Story, show: Show, lanes: &Lanes, link: String) -> Self {
        let index = position(&show);
        Self {
            page: for_scripts(&f, &story.id, &show.steps, lanes),
            control: control_of(&f, &story.id),
            at: (index + 1).to_string(),
            of: show.steps.len().to_string(),
            now: show.steps.get(index).cloned().unwrap_or_default(),
            qr: qr_code(&link),
            stays_here: stays_here(&link),
            link,
            f,
            story,
            show,
        }
    }
}

/// Everything that happens in a room, whether a story plays or not.
#[derive(Debug, Template)]
#[template(path = "live.html")]
pub struct LivePage {
    pub(super) f: Frame,
    story: Story,
    show: Show,
    entries: Vec<FeedEntry>,
    lanes: Lanes,
    page: String,
    /// The number of the last message.
    last: i64,
}

impl LivePage {
    /// The live view of a room.
    pub fn new(f: Frame, entries: Vec<FeedEntry>, lanes: Lanes) -> Self {
        let page = for_scripts(&f, "", &[], &lanes);
        let last = entries.last().map_or(0, |entry| entry.seq);
        Self { page, f, story: Story::default(), show: Show::default(), entries, lanes, last }
    }
}

/// A receiver tells with its answer what it found of the request's signature: the lock belongs on the request.
fn move_locks(entries: &mut [FeedEntry]) {
    let found: Vec<_> = entries
        .iter_mut()
        .filter(|e| e.kind == Kind::Answer && e.verdict != Verdict::None)
        .map(|answer| (answer.of, std::mem::take(&mut answer.verdict)))
        .collect();
    for (of, verdict) in found {
        if let Some(request) =
            entries.iter_mut().find(|e| e.seq == of && e.verdict == Verdict::None)
        {
            request.verdict = verdict;
        }
    }
}

/// How the story ended, for the last caption: its last step, or why it broke.
fn last_words(show: &Show) -> String {
    if show.state == State::Broken && !show.note.is_empty() {
        return show.note.clone();
    }
    let step = show.steps.get(position(show)).cloned().unwrap_or_default();
    let whole = |words: String| {
        if words.ends_with(['.', '!', '?', '…', ':']) { words } else { words + "." }
    };
    let said = [step.title, step.text].into_iter().filter(|words| !words.is_empty()).map(whole);
    said.collect::<Vec<_>>().join(" ")
}

fn position(show: &Show) -> usize {
    show.steps.iter().position(|step| step.id == show.step).unwrap_or(0)
}

fn control_of(f: &Frame, story: &str) -> String {
    format!("{}/play/{story}/control", f.prefix)
}

/// What `page.js` reads from the body.
fn for_scripts(f: &Frame, story: &str, steps: &[Step], lanes: &Lanes) -> String {
    let titles: BTreeMap<_, _> = steps.iter().map(|s| (s.id.as_str(), s.title.as_str())).collect();
    json!({
        "prefix": f.prefix,
        "story": story,
        "csrf": f.csrf,
        "control": control_of(f, story),
        "systems": lanes,
        "steps": titles,
        "texts": f.texts.for_scripts(),
    })
    .to_string()
}

/// Machine time as the page shows it: seconds with two digits, milliseconds below ten of them.
pub fn machine_time(texts: &Texts, ms: f64) -> String {
    if ms >= 10.0 {
        texts.one("js-seconds", "n", texts.decimal(ms / 1000.0, 2))
    } else {
        texts.one("js-milliseconds", "n", texts.decimal(ms, 0))
    }
}

fn ending(texts: &Texts, show: &Show) -> String {
    match show.state {
        State::Held => {
            let own = format!("js-held-{}", show.story);
            let known = show.branch.is_empty() && texts.find(&own).is_some();
            let words = if known { own.as_str() } else { "js-held" };
            texts.one(words, "time", machine_time(texts, show.elapsed_ms))
        }
        State::Broken if show.note.is_empty() => texts.get("js-broken"),
        State::Broken => show.note.clone(),
        State::Idle | State::Playing | State::Paused => String::new(),
    }
}

/// Whether an address means the machine that it is opened on, wherever that is.
pub(super) fn stays_here(link: &str) -> bool {
    let host = link.split("://").nth(1).and_then(|rest| rest.split('/').next()).unwrap_or(link);
    let bare = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
        _ => host,
    };
    is_loopback(bare) || bare.ends_with(".localhost") || bare == "0.0.0.0"
}

/// A QR code as SVG; nothing where the text is too long for one.
pub fn qr_code(text: &str) -> String {
    let svg = qrcode::QrCode::new(text.as_bytes()).map(|code| {
        code.render::<qrcode::render::svg::Color<'_>>().min_dimensions(180, 180).build()
    });
    // The renderer begins with an XML declaration, which has no place inside HTML.
    svg.map_or_else(|_| String::new(), |svg| svg[svg.find("<svg").unwrap_or(0)..].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::in_language;

    #[test]
    fn machine_time_reads_as_people_say_it() {
        let english = in_language("en");
        assert_eq!(machine_time(english, 31.4), "0.03 s");
        assert_eq!(machine_time(english, 4.2), "4 ms");
    }

    #[test]
    fn an_address_of_this_machine_only_is_told_from_one_in_the_network() {
        for here in
            ["http://127.0.0.1:8080/play/a", "http://localhost/play/a", "http://[::1]:8080/"]
        {
            assert!(stays_here(here), "{here}");
        }
        for there in ["http://192.168.1.7:8080/play/a", "https://arenoa.example/play/a"] {
            assert!(!stays_here(there), "{there}");
        }
    }

    #[test]
    fn a_qr_code_is_a_picture_without_a_declaration() {
        assert!(qr_code("http://127.0.0.1:8080/play/old-age-pension").starts_with("<svg"));
    }
}
