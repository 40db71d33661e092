//! The dice: whole numbers from one seed, the same on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// What a throw is for. Each purpose has a stream of its own, so that a change to one leaves the others as they were.
#[derive(Debug, Clone, Copy)]
pub(super) enum Purpose {
    Families = 1,
    Farms = 2,
    Careers = 3,
    Programmes = 4,
    Payroll = 5,
    Candidates = 6,
}

/// Throws whole numbers only: floating point would not promise the same bytes everywhere.
#[derive(Debug)]
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    pub(super) fn new(seed: u64, purpose: Purpose) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(purpose as u64);
        Self(rng)
    }

    /// A number from 0 up to, but not including, `sides`.
    pub(super) fn below(&mut self, sides: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(sides);
        u32::try_from(wide >> 32).unwrap_or(u32::MAX)
    }

    /// A number from `low` to `high`, both included; `low` when the range is empty.
    pub(super) fn between(&mut self, low: i32, high: i32) -> i32 {
        let width = u32::try_from(i64::from(high) - i64::from(low)).unwrap_or(0);
        low.saturating_add_unsigned(self.below(width.saturating_add(1)))
    }

    /// True this many times in a thousand.
    pub(super) fn chance(&mut self, per_mille: u32) -> bool {
        self.below(1000) < per_mille
    }

    /// One of the choices, each as likely as the others.
    pub(super) fn pick<T: Copy, const N: usize>(&mut self, choices: &[T; N]) -> T {
        let at = self.below(u32::try_from(N).unwrap_or(1)) as usize;
        choices[at.min(N - 1)]
    }

    /// One of the choices, as likely as its weight says.
    pub(super) fn weigh<T: Copy, const N: usize>(&mut self, choices: &[(u32, T); N]) -> T {
        let mut left = self.below(choices.iter().map(|(weight, _)| weight).sum());
        for &(weight, choice) in choices {
            if left < weight {
                return choice;
            }
            left -= weight;
        }
        choices[N - 1].1
    }
}
