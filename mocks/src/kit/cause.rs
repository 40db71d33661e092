//! Why a message is sent: the trace it belongs to, the story step, and its place in the tree of causes.
//!
//! Travels between systems in the two W3C Trace Context headers: `traceparent`, and our entry in `tracestate`:
//! `arenoa={from}~{step}~{place}`, before the entries of others, which are passed on. A place such as `3.1.2` is the second
//! message that was sent because of the first message that act 3 caused: sorting by place gives the same order on every run,
//! whatever the threads did.

use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{self, AtomicU32};

use sha2::{Digest, Sha256};

/// The name of our entry in `tracestate`.
const ENTRY: &str = "arenoa";
/// W3C Trace Context allows 256 characters a value; a deeper place is cut there.
const LONGEST_STATE: usize = 256;
/// The entries of others are passed on as far as a `tracestate` of so many characters holds them.
const LONGEST_STATES: usize = 512;

/// A position in the tree of causes, such as `3.1.2`. Kept as the text that every message tells.
#[derive(Debug, Clone, Default)]
pub struct Place(String);

impl Place {
    /// Reads `3.1.2`; anything that is not a number counts as nothing.
    pub fn parse(text: &str) -> Self {
        let is_told = |byte: u8| byte.is_ascii_digit() || byte == b'.';
        Self(if text.bytes().all(is_told) { text.to_owned() } else { joined(numbers(text)) })
    }

    fn root(number: u32) -> Self {
        Self(number.to_string())
    }

    fn child(&self, number: u32) -> Self {
        if self.0.is_empty() { Self::root(number) } else { Self(format!("{self}.{number}")) }
    }
}

fn numbers(text: &str) -> impl Iterator<Item = u32> {
    text.split('.').filter_map(|part| part.parse().ok())
}

fn joined(numbers: impl Iterator<Item = u32>) -> String {
    numbers.map(|number| number.to_string()).collect::<Vec<_>>().join(".")
}

impl Ord for Place {
    fn cmp(&self, other: &Self) -> Ordering {
        numbers(&self.0).cmp(numbers(&other.0))
    }
}

impl PartialOrd for Place {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Place {}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The cause of a message. Clones share one counter, so siblings are numbered in the order in which they are sent.
#[derive(Debug, Clone)]
pub struct Cause {
    thread: Arc<Thread>,
    place: Arc<Place>,
    children: Arc<AtomicU32>,
}

/// What all messages of a trace share.
#[derive(Debug)]
struct Thread {
    trace: String,
    step: String,
    /// The entries of others in `tracestate`.
    others: String,
}

impl Cause {
    /// The start of a tree: act number `number` of a story, or the number of a stranger's request.
    pub fn root(room: &str, step: &str, number: u32) -> Self {
        let digest = Sha256::digest(format!("{room}/{step}/{number}"));
        let thread = Thread { trace: hex(&digest[..16]), step: step.into(), others: String::new() };
        Self::at(Arc::new(thread), Place::root(number))
    }

    /// The cause that a request's headers tell of: who sent it (where ours), and why.
    /// None where `traceparent` is absent or malformed.
    pub fn from_headers(traceparent: &str, tracestate: &str) -> Option<(Option<String>, Self)> {
        let mut parts = traceparent.split('-');
        let (_version, trace) = (parts.next()?, parts.next()?);
        if trace.len() != 32 || !trace.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        let (mut ours, mut others) = (None, String::new());
        for entry in tracestate.split(',').map(str::trim).filter(|entry| !entry.is_empty()) {
            match entry.strip_prefix(ENTRY).and_then(|rest| rest.strip_prefix('=')) {
                Some(own) => ours = ours.or(Some(own)),
                None => append(&mut others, entry),
            }
        }
        let thread =
            |step: &str| Arc::new(Thread { trace: trace.into(), step: step.into(), others });
        let Some(ours) = ours else {
            return Some((None, Self::at(thread(""), Place::default())));
        };
        let mut fields = ours.splitn(3, '~');
        let (from, step, place) = (fields.next()?, fields.next()?, fields.next()?);
        Some((Some(from.to_owned()), Self::at(thread(step), Place::parse(place))))
    }

    /// The cause of the next message that is sent because of this one.
    #[must_use]
    pub fn next(&self) -> Self {
        let number = self.children.fetch_add(1, atomic::Ordering::Relaxed) + 1;
        Self::at(Arc::clone(&self.thread), self.place.child(number))
    }

    /// The cause of what is sent when all that this one started has ended, whichever of it ended last.
    #[must_use]
    pub fn end(&self) -> Self {
        Self::at(Arc::clone(&self.thread), self.place.child(u32::MAX))
    }

    /// `traceparent` and `tracestate` of a message sent by `from` for this cause.
    pub fn headers(&self, from: &str) -> (String, String) {
        let Thread { trace, step, others } = &*self.thread;
        let place = self.place.to_string();
        let span =
            Sha256::new().chain_update(trace).chain_update("/").chain_update(&place).finalize();
        let mut state = format!("{ENTRY}={from}~{step}~{place}");
        state.truncate(state.floor_char_boundary(LONGEST_STATE));
        for entry in others.split(',').filter(|entry| !entry.is_empty()) {
            append(&mut state, entry);
        }
        (format!("00-{trace}-{}-01", hex(&span[..8])), state)
    }

    /// The cause as text, to be kept with work that must go on after a restart.
    pub fn to_text(&self) -> String {
        let (parent, state) = self.headers("");
        format!("{parent} {state}")
    }

    /// The cause that [`Cause::to_text`] wrote. What is sent for it is counted from one again.
    pub fn from_text(text: &str) -> Option<Self> {
        let (parent, state) = text.split_once(' ')?;
        Self::from_headers(parent, state).map(|(_, cause)| cause)
    }

    /// The trace id: 32 hexadecimal digits.
    pub fn trace(&self) -> &str {
        &self.thread.trace
    }

    /// The id of the story step, empty outside stories.
    pub fn step(&self) -> &str {
        &self.thread.step
    }

    /// Where in the tree of causes this stands.
    pub fn place(&self) -> &Place {
        &self.place
    }

    fn at(thread: Arc<Thread>, place: Place) -> Self {
        Self { thread, place: Arc::new(place), children: Arc::default() }
    }
}

/// Puts an entry behind those of a `tracestate`, where it still fits.
fn append(states: &mut String, entry: &str) {
    if states.len() + 1 + entry.len() > LONGEST_STATES {
        return;
    }
    if !states.is_empty() {
        states.push(',');
    }
    states.push_str(entry);
}

fn hex(bytes: &[u8]) -> String {
    let digit = |n: u8| char::from(b"0123456789abcdef"[usize::from(n)]);
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_survives_its_headers() {
        let cause = Cause::root("main", "apply", 3).next();
        let (parent, state) = cause.headers("programme_office");
        let (from, read) = Cause::from_headers(&parent, &format!("other=1, {state}")).unwrap();
        assert_eq!(from.as_deref(), Some("programme_office"));
        assert_eq!((read.trace(), read.step()), (cause.trace(), "apply"));
        assert_eq!(read.place().to_string(), "3.1");
    }

    #[test]
    fn entries_of_others_are_passed_on_behind_ours_as_far_as_they_fit() {
        let parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        let long = "x".repeat(LONGEST_STATES);
        let (from, cause) =
            Cause::from_headers(parent, &format!("foo=1,big={long}, bar=2")).unwrap();
        assert_eq!(from, None);
        let (_, state) = cause.next().headers("bank");
        assert_eq!(state, "arenoa=bank~~1,foo=1,bar=2");
        let (_, again) = Cause::from_headers(parent, &state).unwrap();
        assert_eq!(again.headers("hub").1, "arenoa=hub~~1,foo=1,bar=2");
    }

    #[test]
    fn the_end_comes_after_everything_else() {
        let cause = Cause::root("main", "pay", 2);
        let end = cause.end().next();
        let others = [cause.next(), cause.next().next()];
        assert!(others.iter().all(|other| other.place() < end.place()));
        assert_eq!(Place::parse(&end.place().to_string()), *end.place());
    }

    #[test]
    fn a_cause_survives_being_kept() {
        let cause = Cause::root("main", "apply", 3).next();
        let kept = Cause::from_text(&cause.to_text()).unwrap();
        assert_eq!((kept.trace(), kept.step()), (cause.trace(), "apply"));
        assert_eq!(kept.place(), cause.place());
    }

    #[test]
    fn siblings_sort_in_the_order_they_were_sent() {
        let root = Cause::root("main", "", 1);
        let (a, b) = (root.next(), root.clone().next());
        assert!(a.place() < b.place() && a.next().place() < b.place());
    }

    #[test]
    fn places_sort_by_number_and_not_by_letter() {
        let told = ["1", "1.2", "1.2.1", "1.10", "2", "10"].map(Place::parse);
        assert!(told.is_sorted());
        assert_eq!(Place::parse("3.x.1").to_string(), "3.1");
        assert_eq!(Place::default().child(7).child(1), Place::parse("7.1"));
    }

    #[test]
    fn a_malformed_trace_is_no_cause() {
        assert!(Cause::from_headers("00-xyz-1-01", "").is_none());
    }
}
