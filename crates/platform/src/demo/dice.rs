//! Chance that can be repeated.

use std::sync::{Mutex, PoisonError};

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng as _, SeedableRng as _},
};
use types::Entropy;

/// A stream of chance.
pub(super) struct Dice(ChaCha8Rng);

impl Dice {
    /// A stream of its own for each part of what is invented, so that a change to one part
    /// leaves the others as they are.
    pub(super) fn new(seed: u64, part: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(part);
        Self(rng)
    }

    /// From 0 to just under 1.
    pub(super) fn unit(&mut self) -> f64 {
        // 53 bits are what the number holds.
        let bits = u32::try_from(self.0.next_u64() >> 32).unwrap_or_default();
        f64::from(bits) / (f64::from(u32::MAX) + 1.0)
    }

    pub(super) fn chance(&mut self, likelihood: f64) -> bool {
        self.unit() < likelihood
    }

    /// A whole number from 0 to just under `end`.
    pub(super) fn below(&mut self, end: i64) -> i64 {
        let end = u64::try_from(end).unwrap_or_default().max(1);
        i64::try_from(self.0.next_u64() % end).unwrap_or_default()
    }

    /// Around 0, mostly within 1 (Box and Muller).
    pub(super) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Around `median`, with a long tail to the right.
    pub(super) fn log_normal(&mut self, median: f64, sigma: f64) -> f64 {
        median * (sigma * self.normal()).exp()
    }

    pub(super) fn pick<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        let index = self.below(i64::try_from(of.len()).unwrap_or_default());
        of.get(usize::try_from(index).unwrap_or_default())
    }
}

/// The same as a source of random bytes for ids. Never for secrets.
pub(super) struct Stream(Mutex<ChaCha8Rng>);

impl Stream {
    pub(super) fn new(seed: u64, part: u64) -> Self {
        Self(Mutex::new(Dice::new(seed, part).0))
    }
}

impl Entropy for Stream {
    fn fill(&self, buffer: &mut [u8]) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(buffer);
    }
}
