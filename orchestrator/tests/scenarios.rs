//! Plays every folder of `scenarios/`, the main story and every branch, and holds the transcript against
//! `expected.txt` byte for byte. `BLESS=1` rewrites the expectation; read the difference before you commit it.

#![expect(clippy::unwrap_used, reason = "a test stops where something is missing")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use mocks::kit::courier::Letter;
use mocks::kit::journal::{Entry, Kind};
use mocks::kit::room::Policy;
use mocks::kit::trial::Trial;
use orchestrator::player::{Player, Show};
use orchestrator::report::{feed, junit};
use orchestrator::scenario::{Library, Story};
use orchestrator::transcript::transcript;
use tokio::sync::watch;

/// Few people are enough for most stories: they live by their cast.
const PEOPLE: usize = 300;

/// The folders of stories that need so many people; a country is made once for all stories that it is large enough for.
fn folders_by_people() -> BTreeMap<usize, Vec<PathBuf>> {
    let mut by_people: BTreeMap<usize, Vec<PathBuf>> = BTreeMap::new();
    for folder in folders() {
        let text = std::fs::read_to_string(folder.join("scenario.yaml")).unwrap();
        let said: serde_json::Value = serde_saphyr::from_str(&text).unwrap();
        let needed = said["people"].as_u64().map_or(0, |n| usize::try_from(n).unwrap());
        by_people.entry(needed.max(PEOPLE)).or_default().push(folder);
    }
    by_people
}

fn folders() -> Vec<PathBuf> {
    let scenarios = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("scenarios");
    let entries = std::fs::read_dir(scenarios).unwrap().flatten().map(|e| e.path());
    let mut folders: Vec<PathBuf> = entries.filter(|p| p.join("scenario.yaml").exists()).collect();
    folders.sort();
    folders
}

/// The transcripts of a story: the main one and each branch, and what did not hold.
async fn play_all(trial: &Trial, story: &Story) -> (String, Vec<String>) {
    let mut told = String::new();
    let mut broken = Vec::new();
    let branches = story.scenario.branches.keys().map(String::as_str);
    for branch in std::iter::once("").chain(branches) {
        let plan = story.plan(branch).unwrap();
        let steps = plan.steps.clone();
        let show = watch::Sender::new(Arc::new(Show::default()));
        let stepwise = Arc::new(AtomicBool::new(false));
        let player =
            Player::new(trial.hall(), plan, &trial.country.people, show, stepwise).unwrap();
        let outcome = player.play().await;
        if let Some(failure) = &outcome.failure {
            broken.push(format!("{} {branch} at {}: {}", story.name, failure.step, failure.what));
        }
        assert!(!junit(story, &outcome).contains("{name}"), "steps name their lead");
        broken.extend(untitled(&outcome.entries));
        told.push_str(&transcript(story, &steps, &outcome));
        told.push('\n');
    }
    (told, broken)
}

/// Events that no language has a title for: a stage in French would tell them in English.
fn untitled(entries: &[Entry]) -> Vec<String> {
    let events =
        entries.iter().filter(|entry| entry.kind == Kind::Event && !entry.remark.is_empty());
    let in_english = events.filter(|e| feed::entry(e, None, "", "fr").sentence == e.remark);
    in_english.map(|e| format!("orchestrator/texts have no event `{}`", e.action)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_story_and_branch_holds_and_tells_the_same_as_ever() {
    let bless = std::env::vars().any(|(name, _)| name == "BLESS");
    let mut wrong = Vec::new();
    for (people, folders) in folders_by_people() {
        let trial = Trial::start(mocks::ALL, people);
        for folder in folders {
            let story =
                Story::folder(&folder, &trial.country.people).unwrap_or_else(|p| panic!("{p}"));
            let (told, mut broken) = play_all(&trial, &story).await;
            wrong.append(&mut broken);
            let expected = folder.join("expected.txt");
            let before = std::fs::read_to_string(&expected).unwrap_or_default();
            if bless {
                std::fs::write(&expected, &told).unwrap();
            } else if let Some(line) = first_difference(&before, &told) {
                let name = &story.name;
                wrong.push(format!("{name}: the transcript differs from expected.txt: {line}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Stories of a large country are left out: `expected.txt` comes from another country already.
#[tokio::test(flavor = "multi_thread")]
async fn a_story_tells_the_same_in_another_country_of_the_same_seed_where_all_must_be_signed() {
    let mut told = Vec::new();
    for policy in [Policy::Open, Policy::Strict] {
        let trial = Trial::start(mocks::ALL, PEOPLE);
        trial.hall().room.set_policy(policy).unwrap();
        for folder in folders_by_people().remove(&PEOPLE).unwrap_or_default() {
            let story =
                Story::folder(&folder, &trial.country.people).unwrap_or_else(|p| panic!("{p}"));
            told.push(play_all(&trial, &story).await.0);
        }
    }
    let (first, second) = told.split_at(told.len() / 2);
    for (one, two) in first.iter().zip(second) {
        assert_eq!(first_difference(one, two), None);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_story_that_needs_a_larger_country_says_so_and_sends_nothing() {
    let trial = Trial::start(mocks::ALL, PEOPLE);
    let (status, _) = trial.ask(Letter::get("gateway", "/_arenoa/health")).await;
    assert_eq!(status, 200);
    let before = trial.journal().await.len();
    for folder in folders_by_people().split_off(&(PEOPLE + 1)).into_values().flatten() {
        let story = Story::folder(&folder, &trial.country.people).unwrap_or_else(|p| panic!("{p}"));
        let show = watch::Sender::new(Arc::new(Show::default()));
        let plan = story.plan("").unwrap();
        let player = Player::new(trial.hall(), plan, &trial.country.people, show, Arc::default());
        let too_small = player.unwrap_err().to_string();
        assert!(too_small.contains("needs a country of"), "{too_small}");
        assert_eq!(trial.journal().await.len(), before, "what the room did before stands");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pension_is_paid_with_a_civil_registry_from_elsewhere() {
    let (trial, elsewhere) = (Trial::start(mocks::ALL, PEOPLE), Trial::start(mocks::ALL, PEOPLE));
    elsewhere.hall().room.serve_strangers();
    let guest = format!("{}/civil-registry", elsewhere.running.base);
    trial.hall().room.invite("civil_registry", Some(guest));
    let library = Library::built_in(&trial.country.people).unwrap();
    let plan = library.story("old-age-pension").unwrap().plan("").unwrap();
    let show = watch::Sender::new(Arc::new(Show::default()));
    let player =
        Player::new(trial.hall(), plan, &trial.country.people, show, Arc::default()).unwrap();
    assert_eq!(player.play().await.failure, None);
}

fn first_difference(expected: &str, told: &str) -> Option<String> {
    if expected == told {
        return None;
    }
    let mut lines = expected.lines().zip(told.lines()).enumerate();
    let different = lines.find(|(_, (a, b))| a != b);
    Some(different.map_or_else(
        || {
            format!(
                "{} lines were expected, {} came",
                expected.lines().count(),
                told.lines().count()
            )
        },
        |(n, (a, b))| format!("line {}:\n  expected {a}\n  came     {b}", n + 1),
    ))
}

#[test]
fn every_story_fits_the_schema_that_editors_use() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("scenarios");
    let schema = std::fs::read_to_string(root.join("scenario.schema.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for folder in folders() {
        let text = std::fs::read_to_string(folder.join("scenario.yaml")).unwrap();
        let story: serde_json::Value = serde_saphyr::from_str(&text).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&story)
            .map(|e| format!("{e} at {}", e.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", folder.display());
    }
}
