//! The vault from outside: what opens, what does not, and what stays of a key file.

use std::sync::{Mutex, PoisonError};

use rand_chacha::{
    ChaCha20Rng,
    rand_core::{Rng, SeedableRng},
};
use types::Entropy;

#[cfg(test)]
mod credential;
#[cfg(test)]
mod file;
#[cfg(test)]
mod seal;

/// Random bytes that are the same on every run.
struct Seeded(Mutex<ChaCha20Rng>);

fn seeded(seed: u64) -> Seeded {
    Seeded(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
}

impl Entropy for Seeded {
    fn fill(&self, buffer: &mut [u8]) {
        let mut rng = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        rng.fill_bytes(buffer);
    }
}
