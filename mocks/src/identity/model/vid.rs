//! Virtual numbers (MOSIP VID): a stand-in for the UIN that its holder can revoke. Perpetual: one, without an end.
//! Temporary: five at the most, half an hour each, one use (MOSIP's default VID policy).

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::person::Person;

/// How long a temporary number lives, on the sandbox clock.
const TEMPORARY_LIFE: SignedDuration = SignedDuration::from_mins(30);

/// The policy under which a number is issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
pub(in crate::identity) enum Kind {
    Perpetual,
    Temporary,
}

/// Where a number stands in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub(in crate::identity) enum State {
    Active,
    Revoked,
    Expired,
    Used,
    /// Its UIN no longer counts.
    Deactivated,
}

/// A virtual number as the archive keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::identity) struct Vid {
    pub(in crate::identity) vid: String,
    pub(in crate::identity) uin: String,
    pub(in crate::identity) kind: Kind,
    /// As it was last set; see [`Vid::state`].
    pub(in crate::identity) set: State,
    pub(in crate::identity) until: Option<Timestamp>,
    pub(in crate::identity) issued: String,
}

/// Whom a number stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::identity) enum Bearer {
    Nobody,
    /// The person, and the virtual number where it was one.
    Is(Box<Person>, Option<String>),
    /// A virtual number that no longer counts.
    Ended(State, Box<Person>),
}

impl Kind {
    /// The word on the wire and in the archive.
    pub(in crate::identity) fn word(self) -> &'static str {
        match self {
            Self::Perpetual => "Perpetual",
            Self::Temporary => "Temporary",
        }
    }

    /// Reads the word in any case.
    pub(in crate::identity) fn read(word: &str) -> Option<Self> {
        [Self::Perpetual, Self::Temporary].into_iter().find(|k| k.word().eq_ignore_ascii_case(word))
    }

    /// How many of a kind one person may have active at a time.
    pub(in crate::identity) fn instances(self) -> usize {
        match self {
            Self::Perpetual => 1,
            Self::Temporary => 5,
        }
    }

    /// Until when a number issued now counts.
    pub(in crate::identity) fn until(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Perpetual => None,
            Self::Temporary => Some(super::otp::later(now, TEMPORARY_LIFE)),
        }
    }

    /// Whether a number is spent once it has proved somebody.
    pub(in crate::identity) fn once(self) -> bool {
        self == Self::Temporary
    }
}

impl State {
    /// The word on the wire and in the archive.
    pub(in crate::identity) fn word(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Revoked => "REVOKED",
            Self::Expired => "EXPIRED",
            Self::Used => "USED",
            Self::Deactivated => "DEACTIVATED",
        }
    }

    /// Reads the word.
    pub(in crate::identity) fn read(word: &str) -> Option<Self> {
        [Self::Active, Self::Revoked, Self::Expired, Self::Used, Self::Deactivated]
            .into_iter()
            .find(|s| s.word() == word)
    }

    /// Whether a number may be set from this state to `next`: back to life from a pause only, and what has ended stays
    /// ended.
    pub(in crate::identity) fn may_become(self, next: Self) -> bool {
        match self {
            Self::Active => matches!(next, Self::Revoked | Self::Deactivated),
            Self::Deactivated => matches!(next, Self::Active | Self::Revoked),
            Self::Revoked | Self::Expired | Self::Used => false,
        }
    }
}

impl Vid {
    /// Where the number stands now.
    pub(in crate::identity) fn state(&self, now: Timestamp) -> State {
        match self.set {
            State::Active if self.until.is_some_and(|until| until <= now) => State::Expired,
            set => set,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_number_expires_at_its_moment_and_what_has_ended_stays_ended() {
        let start = Timestamp::UNIX_EPOCH;
        let vid = Vid {
            vid: String::from("9830872690593682"),
            uin: String::from("2154189532"),
            kind: Kind::Temporary,
            set: State::Active,
            until: Kind::Temporary.until(start),
            issued: String::new(),
        };
        assert_eq!(vid.state(start + SignedDuration::from_secs(1799)), State::Active);
        assert_eq!(vid.state(start + SignedDuration::from_mins(30)), State::Expired);
        assert_eq!(Kind::Perpetual.until(start), None);
        assert!(State::Active.may_become(State::Revoked));
        assert!(
            !State::Revoked.may_become(State::Active) && !State::Used.may_become(State::Active)
        );
    }
}
