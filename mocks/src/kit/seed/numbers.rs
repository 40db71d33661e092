//! Numbers that name people and events: UIN (MOSIP: 10 digits, the last is Verhoeff), BRN, MRN, DRN, telephone.

use std::fmt;
use std::num::NonZeroU32;

/// How one digit moves another: the dihedral group of order ten (Verhoeff, 1969).
static PRODUCT: [[u8; 10]; 10] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
    [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
    [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
    [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
    [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
    [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
    [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
    [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
    [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
];

/// How a digit is mixed by its place; the pattern comes back after eight places.
static MIXED: [[u8; 10]; 8] = [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
    [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
    [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
    [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
    [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
    [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
    [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
];

static INVERSE: [u8; 10] = [0, 4, 3, 2, 1, 5, 6, 7, 8, 9];

/// Whether the last digit of `text` is the Verhoeff check digit of the others.
pub fn verhoeff_holds(text: &str) -> bool {
    text.len() > 1
        && text.bytes().all(|byte| byte.is_ascii_digit())
        && folded(text.bytes().rev(), 0) == 0
}

/// The Verhoeff check digit to write behind `number`.
pub fn verhoeff_digit(number: u64) -> u8 {
    let text = number.to_string();
    INVERSE[usize::from(folded(text.bytes().rev(), 1))]
}

fn folded(digits: impl Iterator<Item = u8>, first_place: usize) -> u8 {
    digits.enumerate().fold(0, |sum, (place, byte)| {
        let mixed = MIXED[(place + first_place) % 8][usize::from(byte - b'0')];
        PRODUCT[usize::from(sum)][usize::from(mixed)]
    })
}

/// A shuffle of the numbers `first..first + size` that needs no memory: one multiplication, undone by another.
#[derive(Debug, Clone, Copy)]
struct Shuffle {
    first: u64,
    size: u64,
    factor: u64,
}

impl Shuffle {
    const fn number(self, index: u64) -> u64 {
        self.first + (index * self.factor + self.factor / 3) % self.size
    }

    /// The index whose number this is.
    fn index(self, number: u64) -> Option<u64> {
        let moved = number.checked_sub(self.first).filter(|moved| *moved < self.size)?;
        let unshifted = (moved + self.size - self.factor / 3 % self.size) % self.size;
        Some(unshifted * self.back() % self.size)
    }

    /// The factor that undoes the other: by Euler, since factor and size share no divisor.
    fn back(self) -> u64 {
        let (mut old, mut new) = (i128::from(self.size), i128::from(self.factor % self.size));
        let (mut old_times, mut new_times) = (0_i128, 1_i128);
        while new != 0 {
            let quotient = old / new;
            (old, new) = (new, old - quotient * new);
            (old_times, new_times) = (new_times, old_times - quotient * new_times);
        }
        u64::try_from(old_times.rem_euclid(i128::from(self.size))).unwrap_or(1)
    }
}

/// Numbers of the cast start with 2, those of everybody else with 3 to 9; none with 0 or 1.
const CAST_UIN: Shuffle = Shuffle { first: 200_000_000, size: 100_000_000, factor: 38_196_601 };
const UIN: Shuffle = Shuffle { first: 300_000_000, size: 700_000_000, factor: 432_673_849 };
const CAST_PHONE: Shuffle = Shuffle { first: 20_000_000, size: 10_000_000, factor: 6_180_339 };
const PHONE: Shuffle = Shuffle { first: 30_000_000, size: 70_000_000, factor: 27_182_819 };

/// Where a person's numbers come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The place in the register: the `index`th person who is not of the cast.
    Index(u32),
    /// The place in the roster of the cast, which neither seed nor count can move.
    Roster(u32),
}

/// The unique identity number of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uin(u64);

impl Uin {
    pub(super) fn issue(source: Source) -> Self {
        let nine = match source {
            Source::Index(index) => UIN.number(u64::from(index)),
            Source::Roster(slot) => CAST_UIN.number(u64::from(slot)),
        };
        Self(nine * 10 + u64::from(verhoeff_digit(nine)))
    }

    /// The number, if it is one that Arenoa could have issued.
    pub fn parse(text: &str) -> Option<Self> {
        let well_formed = text.len() == 10 && text.as_bytes()[0] > b'1' && verhoeff_holds(text);
        well_formed.then(|| text.parse().ok().map(Self))?
    }

    /// The register index this number was issued for; `None` for one of the cast.
    pub(super) fn index(self) -> Option<u64> {
        UIN.index(self.0 / 10)
    }

    /// The ten digits as a number.
    pub fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Uin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A telephone number: `+999` and eight digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone(NonZeroU32);

impl Phone {
    pub(super) fn issue(source: Source) -> Option<Self> {
        let number = match source {
            Source::Index(index) => PHONE.number(u64::from(index)),
            Source::Roster(slot) => CAST_PHONE.number(u64::from(slot)),
        };
        u32::try_from(number).ok().and_then(NonZeroU32::new).map(Self)
    }

    /// The number without the plus sign, as payment switches want it.
    pub fn msisdn(self) -> String {
        format!("999{:08}", self.0)
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+999{:08}", self.0)
    }
}

/// What a register entry is about; it gives the number its three letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryKind {
    Birth,
    Marriage,
    Death,
}

/// The number of an entry in the civil register: kind, year, place in that year. `BRN-1958-0042`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryNumber {
    pub kind: EntryKind,
    pub year: i16,
    pub serial: u32,
}

impl fmt::Display for EntryNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letters = match self.kind {
            EntryKind::Birth => "BRN",
            EntryKind::Marriage => "MRN",
            EntryKind::Death => "DRN",
        };
        write!(f, "{letters}-{}-{:04}", self.year, self.serial)
    }
}
