//! Argon2id (RFC 9106), and a bound on how many hashes are made at once.

use std::sync::{
    Arc,
    atomic::{AtomicU64, AtomicUsize, Ordering},
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString},
};
use tokio::sync::Semaphore;
use types::{Entropy, source::random};
use zeroize::Zeroizing;

use crate::{Error, Result};

/// Hashes made at the same moment: more would gain nothing on the processors there are, and
/// each takes its memory.
const AT_ONCE: usize = 2;
/// We compute on one lane.
const LANES: u32 = 1;
/// Hashes that may wait for their turn. Whoever comes then is sent away at once.
const WAITING: usize = 64;

/// What a hash costs. The default is the second recommended option of RFC 9106, section 4, with
/// one lane, since we compute on one: 64 MiB, three passes. See docs/decisions/0120.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordCost {
    /// In KiB.
    pub memory: u32,
    /// Passes over the memory.
    pub passes: u32,
}

impl Default for PasswordCost {
    fn default() -> Self {
        Self {
            memory: 65_536,
            passes: 3,
        }
    }
}

/// Makes and checks hashes, off the threads that serve.
pub(crate) struct Hasher {
    cost: PasswordCost,
    turns: Arc<Semaphore>,
    waiting: AtomicUsize,
    runs: AtomicU64,
}

impl Hasher {
    pub(crate) fn new(cost: PasswordCost) -> Self {
        Self {
            cost,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            waiting: AtomicUsize::new(0),
            runs: AtomicU64::new(0),
        }
    }

    /// How many hashes were computed, right, wrong and for nobody.
    pub(crate) fn runs(&self) -> u64 {
        self.runs.load(Ordering::Relaxed)
    }

    /// The PHC string of a password, with a fresh salt of 128 bits.
    pub(crate) async fn hash(&self, entropy: &dyn Entropy, password: &str) -> Result<Zeroizing<String>> {
        let salt = salt(entropy)?;
        let password = Zeroizing::new(password.to_owned());
        let cost = self.cost;
        self.compute(move || {
            let hash = argon2(cost)?.hash_password(password.as_bytes(), &salt);
            Ok(Zeroizing::new(hash.map_err(fault)?.to_string()))
        })
        .await
    }

    /// Whether the password is the one of the PHC string. Without a string, the same work is
    /// done for nothing: the time must not tell whether there is an account.
    pub(crate) async fn verify(
        &self,
        entropy: &dyn Entropy,
        password: &str,
        kept: Option<Zeroizing<String>>,
    ) -> Result<bool> {
        let salt = salt(entropy)?;
        let password = Zeroizing::new(password.to_owned());
        let cost = self.cost;
        self.compute(move || {
            let Some(kept) = kept else {
                argon2(cost)?
                    .hash_password(password.as_bytes(), &salt)
                    .map_err(fault)?;
                return Ok(false);
            };
            let kept = PasswordHash::new(&kept).map_err(fault)?;
            // Takes algorithm and cost from the string.
            Ok(argon2(cost)?.verify_password(password.as_bytes(), &kept).is_ok())
        })
        .await
    }

    /// Whether the PHC string was made in another way than it would be made now: it is made anew
    /// when its password is known, at a sign-in (RFC 9106, section 4, lets costs grow).
    pub(crate) fn is_outdated(&self, kept: &str) -> bool {
        let Ok(kept) = PasswordHash::new(kept) else {
            return false;
        };
        let made = Params::try_from(&kept).map(|made| (made.m_cost(), made.t_cost(), made.p_cost()));
        kept.algorithm != Algorithm::Argon2id.ident()
            || kept.version != Some(Version::V0x13.into())
            || made != Ok((self.cost.memory, self.cost.passes, LANES))
    }

    async fn compute<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let place = Place::take(&self.waiting)?;
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(Error::internal)?;
        drop(place);
        self.runs.fetch_add(1, Ordering::Relaxed);
        let done = tokio::task::spawn_blocking(move || {
            // Held by the work itself: a request that goes away frees no memory.
            let _turn = turn;
            work()
        });
        done.await.map_err(Error::internal)?
    }
}

/// A place in the queue, given back also when whoever waits goes away.
struct Place<'h>(&'h AtomicUsize);

impl<'h> Place<'h> {
    fn take(waiting: &'h AtomicUsize) -> Result<Self> {
        let before = waiting.fetch_add(1, Ordering::Relaxed);
        let place = Self(waiting);
        if before >= WAITING {
            return Err(Error::Unavailable("too many passwords wait to be checked".into()));
        }
        Ok(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn salt(entropy: &dyn Entropy) -> Result<SaltString> {
    SaltString::encode_b64(&random::<16>(entropy)).map_err(fault)
}

fn argon2(cost: PasswordCost) -> Result<Argon2<'static>> {
    let params = Params::new(cost.memory, cost.passes, LANES, None)
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn fault(error: argon2::password_hash::Error) -> Error {
    Error::internal(error.to_string())
}
