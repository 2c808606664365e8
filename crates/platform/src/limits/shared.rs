//! A store in which several servers count together: an outside party.
//!
//! **Invariant**: no call waits for a store that is known not to answer, and for one that is
//! believed to answer no longer than the store's own patience. The edges are told, once each:
//! when it stops answering, and when it answers again.

use std::{
    fmt::Write as _,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use vault::DataKey;

use super::{
    Spent,
    limit::{Bucket, Limit},
};
use crate::{
    Ctx, Result, codec,
    keyring::{INSTALLATION, Purpose},
};

/// After a failure it must answer so often in a row: one that answers now and then is worse than
/// none.
const GOOD_AFTER_FAILURE: u8 = 3;

/// What is asked of one bucket. Times are in microseconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Its name in the store. It holds no address.
    pub name: String,
    /// How far ahead of the present its TAT may be.
    pub tolerance: i64,
    /// What the call costs.
    pub price: i64,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The store's time, in microseconds since 1970.
    pub now: i64,
    /// Of each bucket, how far its TAT is ahead of that: after the call if it was taken, which it
    /// was from all of them or from none.
    pub used: Vec<i64>,
    /// Whether it was taken.
    pub admitted: bool,
}

/// Why the store gave no answer, in words for the log. Never what it said: that could hold
/// anything.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SharedError {
    /// There is no connection.
    #[error("there is no connection: {0}")]
    Unreachable(String),
    /// It took too long.
    #[error("no answer in time")]
    TimedOut,
    /// It answered with an error.
    #[error("it refused: {0}")]
    Refused(String),
}

/// Counts for several servers.
#[async_trait::async_trait]
pub trait SharedLimits: Send + Sync {
    /// Takes from all of these or from none, in one question. It fails at once if there is no
    /// connection.
    ///
    /// # Errors
    /// If nothing is known to have been taken.
    async fn take(&self, asked: &[Asked]) -> Result<Taken, SharedError>;

    /// Opens a connection if there is none, and asks for nothing, within the patience of a call.
    ///
    /// # Errors
    /// If a call would have had no answer.
    async fn reach(&self) -> Result<(), SharedError>;
}

/// The store, and whether it answers.
pub(super) struct Sharing {
    store: Arc<dyn SharedLimits>,
    /// Names buckets of addresses.
    key: Arc<DataKey>,
    up: AtomicBool,
    standing: Mutex<Standing>,
}

struct Standing {
    /// Good answers until it is believed.
    wanted: u8,
    /// Whether it was told that it does not answer.
    told: bool,
}

impl Sharing {
    pub(super) async fn new(ctx: &Ctx, store: Arc<dyn SharedLimits>) -> Result<Self> {
        let mut read = ctx.read().await?;
        let key = ctx.data_key(&mut read, Purpose::Abuse, INSTALLATION).await?;
        Ok(Self {
            store,
            key: key.key,
            up: AtomicBool::new(false),
            standing: Mutex::new(Standing {
                wanted: 1,
                told: false,
            }),
        })
    }

    pub(super) fn is_up(&self) -> bool {
        self.up.load(Ordering::Acquire)
    }

    /// What the call took; `None` if the store does not answer.
    pub(super) async fn take(&self, limits: &[Limit]) -> Option<Vec<Spent>> {
        if !self.is_up() || limits.is_empty() {
            return None;
        }
        let asked: Vec<Asked> = limits
            .iter()
            .map(|limit| Asked {
                name: self.name(limit.bucket),
                tolerance: limit.rate.tolerance(),
                price: limit.rate.price(limit.cost),
            })
            .collect();
        match self.store.take(&asked).await {
            Ok(taken) if taken.used.len() == limits.len() => Some(spent(limits, &taken)),
            Ok(_) => {
                self.lost(&SharedError::Refused("its answer is none".to_owned()));
                None
            }
            Err(error) => {
                self.lost(&error);
                None
            }
        }
    }

    pub(super) async fn look_after(&self) {
        match self.store.reach().await {
            Ok(()) => self.answered(),
            Err(error) => self.lost(&error),
        }
    }

    fn lost(&self, error: &SharedError) {
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        self.up.store(false, Ordering::Release);
        standing.wanted = GOOD_AFTER_FAILURE;
        if !standing.told {
            standing.told = true;
            metrics::counter!("loomwire_limits_store_lost_total").increment(1);
            tracing::error!(
                error = %error,
                "the shared store of limits does not answer: this server counts calls for itself until it does"
            );
        }
    }

    fn answered(&self) {
        let mut standing = self.standing.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_up() {
            return;
        }
        standing.wanted = standing.wanted.saturating_sub(1);
        if standing.wanted > 0 {
            return;
        }
        self.up.store(true, Ordering::Release);
        if standing.told {
            standing.told = false;
            tracing::warn!("the shared store of limits answers again: servers count calls together");
        }
    }

    /// A bucket's name in the store. An address is there as a keyed hash only: it is personal.
    fn name(&self, bucket: Bucket) -> String {
        match bucket {
            Bucket::Key(id) => format!("loomwire:limit:{id}"),
            Bucket::Tenant(id) => format!("loomwire:limit:{id}"),
            Bucket::Named(id, None) => format!("loomwire:limit:{id}"),
            Bucket::Named(id, Some(key)) => format!("loomwire:limit:{id}:{key}"),
            Bucket::Address(address) => {
                let message = format!("limits\0{address}");
                let digest = codec::hmac_sha256(self.key.bytes(), message.as_bytes());
                let mut name = "loomwire:limit:address_".to_owned();
                for byte in digest.iter().take(16) {
                    // Writing into a string does not fail.
                    let _ = write!(name, "{byte:02x}");
                }
                name
            }
        }
    }
}

fn spent(limits: &[Limit], taken: &Taken) -> Vec<Spent> {
    let each = limits.iter().zip(&taken.used).map(|(limit, used)| Spent {
        limit: *limit,
        used: *used,
        wait: if taken.admitted {
            0
        } else {
            limit.rate.wait(*used, limit.cost)
        },
    });
    each.collect()
}
