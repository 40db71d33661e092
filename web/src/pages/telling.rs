//! From what the player and the journal know to what people are told: words, lanes, times of day.

use mocks::kit::clock::Pace;
use mocks::kit::country::Country;
use mocks::kit::faults::Misbehaviour;
use mocks::kit::journal::{Entry, Journal};
use mocks::kit::room::Hall;
use orchestrator::player::{Show as Played, State};
use orchestrator::report::feed;
use orchestrator::scenario::{AT_WORK, Library, Story as Scenario};
use serde_json::Value;

use super::feed::{FeedEntry, Persona, Show, Step, Trouble};
use super::frame::{Lane, Lanes, person_lane, system_lane, usual_place};
use super::story::{Branch, Story};
use super::wishes::Wish;
use crate::texts::Texts;

/// How a story is told to one visitor.
#[derive(Debug)]
pub(super) struct Manner<'a> {
    pub(super) texts: &'a Texts,
    pub(super) wish: &'a Wish,
    pub(super) lanes: &'a Lanes,
}

/// The lanes of all systems, of everybody in the cast, and of people at work.
pub(super) fn lanes(country: &Country, texts: &Texts) -> Lanes {
    let mut lanes = Lanes::default();
    for lane in system_lanes(country, texts) {
        lanes.add(lane);
    }
    for card in country.people.cast_cards().as_array().into_iter().flatten() {
        if let (Some(id), Some(name)) = (card["id"].as_str(), card["name"].as_str()) {
            lanes.add(person_lane(id, name, &texts.get("lane-person")));
        }
    }
    for id in AT_WORK {
        lanes.add(person_lane(id, &texts.get(&format!("lane-{id}")), ""));
    }
    lanes
}

/// The lanes of the systems, in the order of the country's table.
pub(super) fn system_lanes(country: &Country, texts: &Texts) -> Vec<Lane> {
    let systems = country.fabric.systems().iter();
    systems.map(|s| system_lane(texts, s.name, s.title, s.does, s.standard)).collect()
}

/// A story as its card and its stage show it.
pub(super) fn story(country: &Country, told: &Scenario, texts: &Texts) -> Story {
    let words = told.texts(texts.code());
    // A story whose messages have no words of their own yet names its systems in its steps alone.
    let named_in_steps = told.scenario.systems();
    let takes_part = |lane: &Lane| {
        let opening = format!("{} ", lane.id);
        let told_of = words.messages.keys().any(|key| key.starts_with(&opening));
        told_of || named_in_steps.contains(lane.id.as_str())
    };
    let persona = persona(country, &told.scenario.persona.value, &words.words);
    let given = persona.name.split(' ').next().unwrap_or_default().to_owned();
    let branches = told.scenario.branches.keys().map(|id| {
        let text = words.branches.get(id).cloned().unwrap_or_default();
        let title = if text.title.is_empty() { id.clone() } else { named(&text.title, &given) };
        Branch { id: id.clone(), title, text: named(&text.text, &given) }
    });
    let mut lanes: Vec<_> = system_lanes(country, texts).into_iter().filter(takes_part).collect();
    lanes.sort_by_key(|lane| usual_place(&lane.id));
    Story {
        id: told.name.clone(),
        title: words.title.clone(),
        summary: named(&words.summary, &given),
        family: in_words("family", &told.scenario.family, texts),
        processes: told.scenario.processes.clone(),
        minutes: told.scenario.minutes,
        persona,
        lanes,
        branches: branches.collect(),
    }
}

/// All stories of the library, the pension first: it shows most and is understood at once.
pub(super) fn stories(country: &Country, library: &Library, texts: &Texts) -> Vec<Story> {
    let mut told: Vec<_> = library.stories().collect();
    told.sort_by(|a, b| a.scenario.id.cmp(&b.scenario.id));
    told.into_iter().map(|one| story(country, one, texts)).collect()
}

fn persona(country: &Country, id: &str, words: &str) -> Persona {
    let cards = country.people.cast_cards();
    let card = cards.as_array().into_iter().flatten().find(|card| card["id"] == id);
    let card = card.cloned().unwrap_or(Value::Null);
    Persona {
        id: id.into(),
        name: card["name"].as_str().map_or_else(|| capital(id), str::to_owned),
        age: card["age"].as_i64().unwrap_or(0),
        words: words.into(),
    }
}

/// The story before it plays: every step to come.
pub(super) fn at_rest(country: &Country, told: &Scenario, manner: &Manner<'_>) -> Show {
    let Manner { texts, wish, lanes } = manner;
    let words = told.texts(texts.code());
    let branch = if wish.story == told.name { wish.branch.as_str() } else { "" };
    let plan = told.plan(branch).or_else(|_| told.plan("")).ok();
    let lead = plan.as_ref().map_or(told.scenario.persona.value.as_str(), |p| p.persona.as_str());
    let says = words.branches.get(branch).map(|b| b.words.as_str()).filter(|w| !w.is_empty());
    let persona = persona(country, lead, says.unwrap_or(&words.words));
    let given = persona.name.split(' ').next().unwrap_or_default();
    let steps = plan.iter().flat_map(|plan| &plan.steps).map(|step| {
        let id = step.id.value.clone();
        let text = words.steps.get(&id).cloned().unwrap_or_default();
        Step {
            title: named(&text.title, given),
            text: named(&text.text, given),
            notes: named(&text.notes, given),
            state: "waiting".into(),
            id,
        }
    });
    let (pace, delay_ms) = pace_of(wish);
    let (ending, tagline) = headline(told, branch, &persona.name, texts);
    Show {
        story: told.name.clone(),
        branch: branch.into(),
        ending,
        tagline,
        trouble: trouble(wish, lanes, texts),
        state: "idle".into(),
        steps: steps.collect(),
        pace,
        delay_ms,
        persona,
        ..Show::default()
    }
}

/// The story as it plays, in the words of one language.
pub(super) fn as_played(
    hall: &Hall,
    told: &Scenario,
    played: &Played,
    manner: &Manner<'_>,
) -> Show {
    let Manner { texts, wish, lanes } = manner;
    let mut value = feed::show(played, told, texts.code());
    // What is not known yet (no balance, no pace) is left out, and reads as empty.
    if let Some(fields) = value.as_object_mut() {
        fields.retain(|_, field| !field.is_null());
    }
    let mut show: Show = serde_json::from_value(value).unwrap_or_else(|error| {
        tracing::error!(%error, "the player's state does not read as the feed has it");
        Show { story: played.story.clone(), ..Show::default() }
    });
    if played.state == State::Playing && hall.room.clock.pace() == Pace::Step {
        show.state = "paused".into();
    }
    (show.pace, show.delay_ms) = pace_of(wish);
    (show.ending, show.tagline) = headline(told, &show.branch, &show.persona.name, texts);
    show.trouble = trouble(wish, lanes, texts);
    show.play_ms = wish.watch.millis();
    if played.state == State::Broken {
        let changed = hall.offices().filter(|office| office.is_changed());
        let changed: Vec<_> = changed.map(|o| lanes.get(o.system.name).name).collect();
        let trouble: Vec<_> = show.trouble.iter().map(|one| one.words.clone()).collect();
        for (key, what) in [("stage-changed-before", changed), ("stage-in-trouble", trouble)] {
            show.note = with_cause(key, &what, &show.note, texts);
        }
        show.note = capital(&show.note);
    }
    for line in &mut show.phone {
        line.from = lanes.get(&line.from).name;
        line.at = time_of_day(&line.at);
    }
    for decision in &mut show.decisions {
        decision.title = in_words("decision", &decision.title, texts);
        for fact in &mut decision.facts {
            if fact.seq == 0 {
                fact.seq = where_told(&hall.room.journal, &fact.source, decision.seq);
            }
        }
    }
    show
}

/// Why a story broke, before the words of the step that did not hold, where people themselves are the likely cause.
fn with_cause(key: &str, what: &[String], note: &str, texts: &Texts) -> String {
    if what.is_empty() {
        return note.to_owned();
    }
    texts.with(key, &[("trouble", what.join("; ").as_str()), ("note", note)])
}

/// What the header says: the ending that is played, and what the story or this ending of it is about.
fn headline(told: &Scenario, branch: &str, lead: &str, texts: &Texts) -> (String, String) {
    let words = told.texts(texts.code());
    let given = lead.split(' ').next().unwrap_or_default();
    if branch.is_empty() {
        return (String::new(), named(&words.summary, given));
    }
    let text = words.branches.get(branch).cloned().unwrap_or_default();
    let title = if text.title.is_empty() { branch.to_owned() } else { named(&text.title, given) };
    let tagline = if text.text.is_empty() { &words.summary } else { &text.text };
    (title, named(tagline, given))
}

/// The trouble that people chose, in words.
fn trouble(wish: &Wish, lanes: &Lanes, texts: &Texts) -> Vec<Trouble> {
    let told = |(system, what): &(String, Misbehaviour)| {
        let word = match what {
            Misbehaviour::Late { .. } => "late",
            Misbehaviour::Silent => "silent",
            Misbehaviour::Refusing { .. } => "refusing",
            Misbehaviour::Duplicating => "duplicating",
            Misbehaviour::Tampering => "tampering",
        };
        let does = texts.get(&format!("trouble-{word}"));
        let name = lanes.get(system).name;
        let words = texts.with("trouble-at", &[("system", name.as_str()), ("does", does.as_str())]);
        Trouble { system: system.clone(), words }
    };
    wish.trouble.iter().map(told).collect()
}

/// The last answer of `source` before a decision: the message that its fact came in. 0 where there is none.
fn where_told(journal: &Journal, source: &str, before: i64) -> i64 {
    // Keys are fetched in between, and no fact comes in them.
    let condition = "where kind = 'answer' and sender = $1 and seq < $2 \
                     and action not like '%/.well-known/%' order by seq desc limit 1";
    let found = journal.select(condition, (source, before));
    found.ok().and_then(|rows| rows.first().map(|entry| entry.seq)).unwrap_or(0)
}

/// An entry in the words of the story that is played, or in plain words outside stories.
pub(super) fn entry(row: &Entry, told: Option<&Scenario>, lead: &str, texts: &Texts) -> FeedEntry {
    let value = feed::entry(row, told, lead, texts.code());
    let told = serde_json::from_value(value).map(|mut entry: FeedEntry| {
        entry.label = capital(without_status(&entry));
        // The message delivers what was asked for; its answer only says thank you.
        entry.callback &= entry.kind == "request";
        entry
    });
    told.unwrap_or_else(|error| {
        tracing::error!(%error, seq = row.seq, "an entry does not read as the feed has it");
        FeedEntry { seq: row.seq, ..FeedEntry::default() }
    })
}

/// What a refusal says, without its status: that is shown apart, and would run into a count ("409 25 people").
fn without_status(entry: &FeedEntry) -> &str {
    let says = entry.label.strip_prefix(&entry.status.to_string()).map(str::trim_start);
    says.filter(|says| entry.kind == "answer" && !says.is_empty()).unwrap_or(&entry.label)
}

fn pace_of(wish: &Wish) -> (String, u64) {
    match wish.pace {
        Pace::Play => ("play".into(), 0),
        Pace::Timed { delay_ms } => ("timed".into(), delay_ms),
        Pace::Step => ("step".into(), 0),
    }
}

fn named(text: &str, given: &str) -> String {
    text.replace("{name}", given)
}

/// What a story's or a programme's author calls something, in the language's own words where it has any:
/// `decision-is-alive` for the decision "Is alive".
fn in_words(kind: &str, name: &str, texts: &Texts) -> String {
    let key = format!("{kind}-{}", name.to_lowercase().replace(' ', "-"));
    texts.find(&key).unwrap_or_else(|| capital(name))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `08:00` of `2026-10-01T08:00:00.000Z`.
fn time_of_day(stamp: &str) -> String {
    stamp.get(11..16).unwrap_or(stamp).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_without_its_status_where_it_says_more() {
        let told = |kind: &str, label: &str| {
            let entry = FeedEntry {
                kind: kind.into(),
                status: 409,
                label: label.into(),
                ..FeedEntry::default()
            };
            without_status(&entry).to_owned()
        };
        assert_eq!(told("answer", "409 25 people were not paid"), "25 people were not paid");
        assert_eq!(told("answer", "409 "), "409 ");
        assert_eq!(told("request", "409 people"), "409 people");
    }
}
