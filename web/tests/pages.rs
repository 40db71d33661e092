//! The stage is rendered from a recorded feed, without a browser and without a country.

use std::path::Path;

use askama::Template as _;
use mocks::kit::journal::Kind;
use orchestrator::player::PhoneLine;
use orchestrator::report::feed::{FeedEntry, Step};
use serde::Deserialize;
use web::pages::feed::{Decision, Persona, Show, State};
use web::pages::frame::{Frame, Lanes, person_lane, system_lane};
use web::pages::portrait::Portrait;
use web::pages::stage::StagePage;
use web::pages::story::{Branch, Story};
use web::texts::in_language;

#[derive(Deserialize)]
struct Recorded {
    story: RecordedStory,
    entries: Vec<FeedEntry>,
    marks: Vec<Mark>,
}

#[derive(Deserialize)]
struct RecordedStory {
    id: String,
    title: String,
    steps: Vec<RecordedStep>,
    persona: Persona,
}

#[derive(Deserialize)]
struct RecordedStep {
    id: String,
    title: String,
    text: String,
}

#[derive(Deserialize)]
struct Mark {
    decision: Option<Decision>,
    phone: Option<RecordedSms>,
    balance: Option<String>,
}

#[derive(Deserialize)]
struct RecordedSms {
    from: String,
    text: String,
    at: String,
}

fn stage(ended: bool) -> String {
    let text = include_str!("fixtures/old-age-pension.json");
    let recorded: Recorded = serde_json::from_str(text).expect("the fixture is a recorded feed");
    let texts = in_language("en");
    let mut lanes = Lanes::default();
    for (name, title, does, standard) in SYSTEMS {
        lanes.add(system_lane(texts, name, title, does, standard));
    }
    lanes.add(person_lane("tomas", "Tomas Amaro", "his phone"));
    let branch = |id: &str, title: &str, text: &str| Branch {
        id: id.into(),
        title: title.into(),
        text: text.into(),
    };
    let story = Story {
        id: recorded.story.id.clone(),
        title: recorded.story.title,
        summary: "From applicant to beneficiary in seconds, without a single paper".into(),
        persona: recorded.story.persona.clone(),
        lanes: lanes.all().cloned().collect(),
        branches: vec![
            branch("F1", "He died last week", "The civil registry knows of a death"),
            branch("F2", "The registry is down", "The civil registry refuses with 503"),
            branch("F3", "A letter was changed on the way", "The signature does not fit"),
        ],
        ..Story::default()
    };
    let step = |step: RecordedStep| Step {
        id: step.id,
        title: step.title,
        text: step.text,
        ..Step::default()
    };
    let mut show = Show {
        story: recorded.story.id,
        pace: "timed",
        delay_ms: 600,
        clock: "2026-10-01T08:00:00Z".into(),
        persona: recorded.story.persona,
        steps: recorded.story.steps.into_iter().map(step).collect(),
        ..Show::default()
    };
    let mut entries = Vec::new();
    if ended {
        show.state = State::Held;
        show.elapsed_ms = 31.4;
        for mark in recorded.marks {
            show.decisions.extend(mark.decision);
            let sms = mark.phone;
            show.phone.extend(sms.map(|m| PhoneLine { from: m.from, text: m.text, at: m.at }));
            show.balance = mark.balance.unwrap_or(show.balance);
        }
        entries = recorded.entries;
    }
    let f = Frame {
        texts,
        prefix: String::new(),
        page: String::from("/"),
        csrf: "token-1".into(),
        here: "",
    };
    StagePage::new(f, story, show, entries, lanes).render().expect("the page renders")
}

const SYSTEMS: [(&str, &str, &str, &str); 12] = [
    ("programme_office", "Pension Office", "decides on pensions", "SP-MIS"),
    ("identity", "Arenoa ID", "proves who you are", "OIDC"),
    ("gateway", "Gateway", "says who may ask", "OAuth 2.0"),
    ("civil_registry", "Civil Registry", "records births and deaths", "DCI CRVS"),
    ("social_registry", "Social Registry", "knows households", "DCI SR"),
    ("beneficiary_registry", "Beneficiary Registry", "knows who gets what", "DCI IBR"),
    ("account_mapper", "Account Mapper", "knows where to pay", "G2P Connect"),
    ("payment_hub", "Payment Hub", "sends out payments", "G2P Connect"),
    ("payment_switch", "Payment Switch", "routes the money", "FSPIOP 1.1"),
    ("treasury_bank", "Treasury Bank", "pays for the state", "FSPIOP"),
    ("greenbank", "Greenbank", "keeps wallets", "FSPIOP"),
    ("messenger", "Messenger", "delivers text messages", "SMS"),
];

#[test]
fn the_stage_reads_without_scripts() {
    let html = stage(true);
    for words in [
        "The pension office asks the civil registry whether Tomas is alive",
        "From applicant to beneficiary in 0.03 s",
        "from Civil Registry",
        "✕ 503",
        "Your code is 111111",
        "100.00 XTS",
        r#"name="csrf" value="token-1""#,
    ] {
        assert!(html.contains(words), "the page does not say: {words}");
    }
}

#[test]
fn nothing_on_the_stage_is_inline() {
    let html = stage(true);
    for forbidden in [" style=", "<style", " onclick=", "javascript:", "http://", "https://"] {
        assert!(!html.contains(forbidden), "the page holds {forbidden}");
    }
    assert!(!html.contains("<script>"), "scripts come from files only");
}

#[test]
fn a_value_from_a_message_is_never_html() {
    let mut lanes = Lanes::default();
    lanes.add(person_lane("tomas", "<b>Tomas</b>", ""));
    let entry = FeedEntry {
        seq: 1,
        kind: Kind::Request,
        from: "tomas".into(),
        to: "x\"><script>".into(),
        sentence: "<script>alert(1)</script>".into(),
        ..FeedEntry::default()
    };
    let f = Frame {
        texts: in_language("en"),
        prefix: String::new(),
        page: String::from("/"),
        csrf: String::new(),
        here: "",
    };
    let html = StagePage::new(f, Story::default(), Show::default(), vec![entry], lanes)
        .render()
        .expect("the page renders");
    assert!(!html.contains("<script>"), "a message brought its own script into the page");
    assert!(!html.contains("<b>Tomas"), "a name was read as HTML");
}

/// Leaves the pages in the target folder, for `preview.mjs` and for people to look at.
#[test]
fn pages_can_be_previewed() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR"));
    std::fs::write(dir.join("stage.html"), stage(false)).expect("the target folder can be written");
    std::fs::write(dir.join("still.html"), stage(true)).expect("the target folder can be written");
    let portrait = Portrait::of("tomas").render().expect("the portrait renders");
    std::fs::write(dir.join("tomas.svg"), portrait).expect("the target folder can be written");
}

/// Every key that a template or a script uses must be in the English words.
#[test]
fn every_text_that_a_page_uses_exists_in_english() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let keys = in_language("en").keys();
    let mut used = 0;
    for (folder, openings) in [
        (
            "templates",
            ["f.t(\"", "f.one(\"", "texts.with(\"", "texts.one(\"", "texts.get(\"", "format!(\""]
                .as_slice(),
        ),
        ("src/pages", ["f.t(\"", ".one(\"", ".with(\"", "texts.get(\""].as_slice()),
        ("static/js", ["t(\"", "t(`", "\"js-", "`js-"].as_slice()),
    ] {
        for file in std::fs::read_dir(root.join(folder)).expect("the folder exists") {
            let path = file.expect("the folder can be read").path();
            let source = std::fs::read_to_string(&path).unwrap_or_default();
            for key in openings.iter().flat_map(|opening| keys_after(&source, opening)) {
                let found =
                    keys.iter().any(|k| *k == key || (key.ends_with('-') && k.starts_with(&key)));
                assert!(found, "{} uses `{key}`, which web/texts/en.ftl lacks", path.display());
                used += 1;
            }
        }
    }
    assert!(used > 150, "the search found only {used} uses, so it does not search well");
}

/// The keys that follow an opening such as `t("`. A key put together at run time ends in a hyphen.
fn keys_after(source: &str, opening: &str) -> Vec<String> {
    let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let bare = opening.trim_start_matches(['"', '`']);
    let start = if bare == "js-" { "js-" } else { "" };
    let key = |rest: &str| {
        let end = rest.find(|c| !legal(c)).unwrap_or(rest.len());
        format!("{start}{}", &rest[..end])
    };
    let whole = source.match_indices(opening).filter(|(at, _)| {
        *at == 0 || !source[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_')
    });
    whole.map(|(at, _)| key(&source[at + opening.len()..])).filter(|k| k.contains('-')).collect()
}
