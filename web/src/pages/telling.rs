//! From what the player and the journal know to what people are told: words, lanes, times of day.

use mocks::kit::clock::Pace;
use mocks::kit::country::Country;
use mocks::kit::faults::Misbehaviour;
use mocks::kit::journal::{Entry, Journal, Kind};
use mocks::kit::room::{Hall, Room};
use orchestrator::player::{self, PhoneLine, Show as Played, StepState};
use orchestrator::report::feed::{self, FeedEntry};
use orchestrator::report::words::capital;
use orchestrator::scenario::{AT_WORK, Library, Story as Scenario, named};

use super::feed::{Decision, Fact, Persona, Show, State, Trouble};
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
    for persona in country.people.cast() {
        lanes.add(person_lane(persona.id, persona.name, &texts.get("lane-person")));
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
    let lead = persona.name.clone();
    let branches = told.scenario.branches.keys().map(|id| {
        let text = words.branches.get(id).cloned().unwrap_or_default();
        let title = if text.title.is_empty() { id.clone() } else { named(&text.title, &lead) };
        Branch { id: id.clone(), title, text: named(&text.text, &lead) }
    });
    let mut lanes: Vec<_> = system_lanes(country, texts).into_iter().filter(takes_part).collect();
    lanes.sort_by_key(|lane| usual_place(&lane.id));
    Story {
        id: told.name.clone(),
        title: words.title.clone(),
        summary: named(&words.summary, &lead),
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
    let people = &country.people;
    let known = people.persona(id);
    Persona {
        id: id.into(),
        name: known.map_or_else(|| capital(id), |persona| persona.name.to_owned()),
        age: known.map_or(0, |persona| people.person(persona.person).age().into()),
        words: words.into(),
    }
}

/// The story before it plays: every step to come.
pub(super) fn at_rest(country: &Country, told: &Scenario, manner: &Manner<'_>) -> Show {
    let Manner { texts, wish, lanes } = manner;
    let branch = if wish.story == told.name { wish.branch.as_str() } else { "" };
    let plan = told.plan(branch).or_else(|_| told.plan("")).ok();
    let lead = plan.as_ref().map_or(told.scenario.persona.value.as_str(), |p| p.persona.as_str());
    let persona = persona(country, lead, told.words_of(branch, texts.code()));
    let steps = plan.iter().flat_map(|plan| &plan.steps).map(|step| {
        feed::step(told, &step.id.value, StepState::Waiting, &persona.name, texts.code())
    });
    let (pace, delay_ms) = feed::pace(wish.pace);
    let (ending, tagline) = headline(told, branch, &persona.name, texts);
    Show {
        story: told.name.clone(),
        branch: branch.into(),
        ending,
        tagline,
        trouble: trouble(wish, lanes, texts),
        steps: steps.collect(),
        pace,
        delay_ms: delay_ms.unwrap_or(0),
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
    let lead = &played.persona;
    let (pace, delay_ms) = feed::pace(wish.pace);
    let (ending, tagline) = headline(told, &played.branch, &lead.name, texts);
    let trouble = trouble(wish, lanes, texts);
    Show {
        story: played.story.clone(),
        branch: played.branch.clone(),
        ending,
        tagline,
        state: state(played, &hall.room),
        note: note(hall, played, &trouble, manner),
        trouble,
        step: played.step.clone(),
        steps: feed::steps(played, told, texts.code()),
        pace,
        delay_ms: delay_ms.unwrap_or(0),
        elapsed_ms: played.elapsed_ms(),
        play_ms: wish.watch.millis(),
        messages: played.messages,
        signatures: played.signatures,
        clock: played.clock.clone(),
        persona: Persona {
            id: lead.id.clone(),
            name: lead.name.clone(),
            age: lead.age,
            words: told.words_of(&played.branch, texts.code()).to_owned(),
        },
        decisions: played.decisions.iter().map(|d| decided(d, &hall.room.journal, texts)).collect(),
        phone: played.phone.iter().map(|line| received(line, lanes)).collect(),
        balance: played.balance.clone().unwrap_or_default(),
    }
}

fn state(played: &Played, room: &Room) -> State {
    let is_held = room.clock.pace() == Pace::Step;
    if played.state == player::State::Playing && is_held {
        return State::Paused;
    }
    played.state.into()
}

/// Why the story broke; where people themselves are the likely cause, that comes first.
fn note(hall: &Hall, played: &Played, trouble: &[Trouble], manner: &Manner<'_>) -> String {
    if played.state != player::State::Broken {
        return played.note.clone();
    }
    let Manner { texts, lanes, .. } = manner;
    let changed = hall.offices().filter(|office| office.is_changed());
    let changed: Vec<_> = changed.map(|o| lanes.get(o.system.name).name).collect();
    let trouble: Vec<_> = trouble.iter().map(|one| one.words.clone()).collect();
    let note = with_cause("stage-changed-before", &changed, &played.note, texts);
    capital(&with_cause("stage-in-trouble", &trouble, &note, texts))
}

fn decided(decision: &player::Decision, journal: &Journal, texts: &Texts) -> Decision {
    let facts = decision.facts.iter().map(|fact| Fact {
        name: fact.name.clone(),
        value: fact.said(),
        source: fact.source.clone(),
        seq: where_told(journal, &fact.source, decision.seq),
    });
    Decision {
        id: decision.id.clone(),
        title: in_words("decision", &decision.title, texts),
        verdict: decision.verdict,
        rule: decision.rule.clone(),
        facts: facts.collect(),
        seq: decision.seq,
    }
}

/// A text message as the phone shows it.
fn received(line: &PhoneLine, lanes: &Lanes) -> PhoneLine {
    PhoneLine {
        from: lanes.get(&line.from).name,
        text: line.text.clone(),
        at: time_of_day(&line.at),
    }
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
    if branch.is_empty() {
        return (String::new(), named(&words.summary, lead));
    }
    let text = words.branches.get(branch).cloned().unwrap_or_default();
    let title = if text.title.is_empty() { branch.to_owned() } else { named(&text.title, lead) };
    let tagline = if text.text.is_empty() { &words.summary } else { &text.text };
    (title, named(tagline, lead))
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
    journal.last_answer(source, before).ok().flatten().map_or(0, |answer| answer.seq)
}

/// An entry in the words of the story that is played, or in plain words outside stories.
pub(super) fn entry(row: &Entry, told: Option<&Scenario>, lead: &str, texts: &Texts) -> FeedEntry {
    let mut entry = feed::entry(row, told, lead, texts.code());
    entry.label = capital(without_status(&entry));
    // The message delivers what was asked for; its answer only says thank you.
    entry.callback &= entry.kind == Kind::Request;
    entry
}

/// What a refusal says, without its status: that is shown apart, and would run into a count ("409 25 people").
fn without_status(entry: &FeedEntry) -> &str {
    let says = entry.label.strip_prefix(&entry.status.to_string()).map(str::trim_start);
    says.filter(|says| entry.kind == Kind::Answer && !says.is_empty()).unwrap_or(&entry.label)
}

/// What a story's or a programme's author calls something, in the language's own words where it has any:
/// `decision-is-alive` for the decision "Is alive".
fn in_words(kind: &str, name: &str, texts: &Texts) -> String {
    let key = format!("{kind}-{}", name.to_lowercase().replace(' ', "-"));
    texts.find(&key).unwrap_or_else(|| capital(name))
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
        let told = |kind, label: &str| {
            let entry =
                FeedEntry { kind, status: 409, label: label.into(), ..FeedEntry::default() };
            without_status(&entry).to_owned()
        };
        assert_eq!(told(Kind::Answer, "409 25 people were not paid"), "25 people were not paid");
        assert_eq!(told(Kind::Answer, "409 "), "409 ");
        assert_eq!(told(Kind::Request, "409 people"), "409 people");
    }
}
