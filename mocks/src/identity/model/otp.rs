//! One-time codes: how long they live, how often one may be wrong, and what is decided about an attempt.

use jiff::{SignedDuration, Timestamp};

/// How long a code may be typed, on the sandbox clock.
pub(in crate::identity) const LIFE: SignedDuration = SignedDuration::from_mins(3);
/// After so many wrong codes in a row the person's login is locked.
pub(in crate::identity) const TRIES: u32 = 5;
/// How long it stays locked, on the sandbox clock.
pub(in crate::identity) const LOCKED_FOR: SignedDuration = SignedDuration::from_mins(10);
/// The code that is sent where chance is switched off: a workshop can be read aloud.
pub(in crate::identity) const FIXED: &str = "111111";

/// What is known when a person types a code.
#[derive(Debug, Clone, Copy)]
pub(in crate::identity) struct Attempt<'a> {
    /// Digest of the code that was sent, and until when it counts.
    pub(in crate::identity) sent: Option<(&'a str, Timestamp)>,
    /// Digest of what was typed.
    pub(in crate::identity) typed: &'a str,
    /// Wrong codes before this one.
    pub(in crate::identity) wrong: u32,
    pub(in crate::identity) locked_until: Option<Timestamp>,
    pub(in crate::identity) now: Timestamp,
}

/// What is decided about an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::identity) enum Outcome {
    Right,
    /// Wrong, and so many tries are left.
    Wrong {
        left: u32,
    },
    /// Wrong once too often: locked until then.
    LockedNow {
        until: Timestamp,
    },
    /// It was locked before.
    Locked {
        until: Timestamp,
    },
    Expired,
    NotSent,
}

/// Decides about an attempt.
pub(in crate::identity) fn decide(attempt: &Attempt<'_>) -> Outcome {
    if let Some(until) = locked(attempt.locked_until, attempt.now) {
        return Outcome::Locked { until };
    }
    let Some((sent, until)) = attempt.sent else { return Outcome::NotSent };
    if attempt.now >= until {
        return Outcome::Expired;
    }
    if sent == attempt.typed {
        return Outcome::Right;
    }
    match TRIES.saturating_sub(attempt.wrong.saturating_add(1)) {
        0 => Outcome::LockedNow { until: later(attempt.now, LOCKED_FOR) },
        left => Outcome::Wrong { left },
    }
}

/// Until when it is locked, where that moment is still to come.
pub(in crate::identity) fn locked(until: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
    until.filter(|until| now < *until)
}

/// A moment after `now`; the end of time where there is none.
pub(in crate::identity) fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.saturating_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn attempt(wrong: u32, now_secs: i64) -> Attempt<'static> {
        let second = |s| Timestamp::from_second(s).unwrap();
        let sent = Some(("right", second(180)));
        Attempt { sent, typed: "wrong", wrong, locked_until: None, now: second(now_secs) }
    }

    #[test]
    fn the_fifth_wrong_code_locks() {
        assert_eq!(decide(&attempt(0, 0)), Outcome::Wrong { left: 4 });
        assert!(matches!(decide(&attempt(4, 0)), Outcome::LockedNow { .. }));
    }

    #[test]
    fn a_locked_person_cannot_even_use_the_right_code() {
        let until = Timestamp::from_second(60).unwrap();
        let locked = Attempt { locked_until: Some(until), typed: "right", ..attempt(0, 30) };
        assert_eq!(decide(&locked), Outcome::Locked { until });
        assert_eq!(decide(&Attempt { now: until, ..locked }), Outcome::Right);
    }

    #[test]
    fn a_code_expires_at_its_moment_and_not_before() {
        assert_eq!(decide(&Attempt { typed: "right", ..attempt(0, 179) }), Outcome::Right);
        assert_eq!(decide(&Attempt { typed: "right", ..attempt(0, 180) }), Outcome::Expired);
    }
}
