//! What this server remembers of the database for a moment, so that the hot path need not ask:
//! who a key or a session stands for, and where a verification stands.
//!
//! It is not a store: everything here can be lost at any time.
//!
//! **Invariant**: what is remembered is at most `LONGEST` old by this server's clock, and is
//! forgotten at once when this server commits a change of its `Topic` or to it, or hears that
//! another one changed its `Topic`. So a revoked key is refused on the next request here, as soon as the notice is
//! through elsewhere, and after `LONGEST` even where no notice comes.

mod follow;

#[cfg(test)]
mod tests;

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use moka::sync::Cache;
use types::{Environment, OrganisationId, Timestamp, UserId, VerificationId};

use crate::{Ctx, access, api_keys, keyring::NamedKey, sessions, verification::Standing};

pub use follow::Follower;

/// In milliseconds. Below a second: that is what is promised of a revocation on every server.
pub(crate) const LONGEST: i64 = 900;
/// Entries of each kind; beyond it the least used go.
const ENTRIES: u64 = 10_000;
/// Where servers on one PostgreSQL tell each other.
pub(crate) const CHANNEL: &str = "loomwire_recall";

/// What a change can make untrue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Whom API keys stand for.
    ApiKeys,
    /// Whom sessions stand for, and what their pages show of it: a session's end, its
    /// organisation, a role, a name, a time zone.
    Sessions,
    /// Data keys: one was destroyed.
    DataKeys,
}

impl Topic {
    pub(crate) const ALL: &'static [Self] = &[Self::ApiKeys, Self::Sessions, Self::DataKeys];

    /// As it is told to other servers.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::ApiKeys => "api_keys",
            Self::Sessions => "sessions",
            Self::DataKeys => "data_keys",
        }
    }
}

/// Into so many parts the targets of audit events fall: a change of one makes a server read
/// again what it remembers of its part.
const PARTS: usize = 1024;

/// Counts the changes that this server knows of: of each topic, and of what audit events name
/// as their target.
#[derive(Debug)]
pub(crate) struct Generations {
    topics: [AtomicU64; Topic::ALL.len()],
    targets: Vec<AtomicU64>,
}

impl Default for Generations {
    fn default() -> Self {
        Self {
            topics: Default::default(),
            targets: (0..PARTS).map(|_| AtomicU64::new(0)).collect(),
        }
    }
}

impl Generations {
    const fn of(&self, topic: Topic) -> &AtomicU64 {
        let [keys, sessions, data_keys] = &self.topics;
        match topic {
            Topic::ApiKeys => keys,
            Topic::Sessions => sessions,
            Topic::DataKeys => data_keys,
        }
    }

    /// The part that a target falls into.
    fn of_target(&self, target: &str) -> Option<&AtomicU64> {
        let mut hasher = DefaultHasher::new();
        target.hash(&mut hasher);
        let parts = u64::try_from(self.targets.len()).ok()?;
        let part = hasher.finish().checked_rem(parts)?;
        self.targets.get(usize::try_from(part).ok()?)
    }

    /// What was remembered of this target before is not used again.
    pub(crate) fn advance_target(&self, target: &str) {
        if let Some(count) = self.of_target(target) {
            count.fetch_add(1, Ordering::SeqCst);
        }
    }

    pub(crate) fn now(&self, topic: Topic) -> u64 {
        self.of(topic).load(Ordering::SeqCst)
    }

    /// What was remembered of the topic before is not used again.
    pub(crate) fn advance(&self, topic: Topic) {
        self.of(topic).fetch_add(1, Ordering::SeqCst);
    }
}

/// The point from which a value is known to be true.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Of the value's topic.
    pub(crate) generation: u64,
    /// When it was read.
    pub(crate) at: Timestamp,
}

/// A bounded memory of one kind of thing. Absence can be a value too.
pub(crate) struct Memory<K, V>(Cache<K, (V, Mark)>);

impl<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static> Memory<K, V> {
    pub(crate) fn new() -> Self {
        Self(Cache::new(ENTRIES))
    }

    /// What is remembered, and from when, if it is of `now`'s generation and less than
    /// `longest` milliseconds old. A clock that was set back makes everything too old.
    pub(crate) fn get(&self, key: &K, now: Mark, longest: i64) -> Option<(V, Mark)> {
        let (value, mark) = self.0.get(key)?;
        let age = now.at.millis_since(mark.at);
        (mark.generation == now.generation && (0..longest).contains(&age)).then_some((value, mark))
    }

    /// Remembers a value. The mark is from **before** it was read, so that a change in between
    /// is not missed.
    pub(crate) fn put(&self, key: K, value: V, mark: Mark) {
        self.0.insert(key, (value, mark));
    }
}

impl<K: Hash + Eq + Send + Sync + 'static, V: Clone + Send + Sync + 'static> Default for Memory<K, V> {
    fn default() -> Self {
        Self::new()
    }
}

/// What this server remembers for a moment.
#[derive(Default)]
pub(crate) struct Remembered {
    /// API keys by digest; `None` for digests that are no key's.
    pub(crate) keys: Memory<[u8; 32], Option<api_keys::Known>>,
    /// The peppers of API keys, the newest first.
    pub(crate) peppers: Memory<(), Arc<[NamedKey]>>,
    /// Sessions by digest; `None` for digests that are no session's.
    pub(crate) sessions: Memory<[u8; 32], Option<sessions::Known>>,
    /// What the console's frame shows of whom, in which organisation.
    pub(crate) viewers: Memory<(UserId, OrganisationId), access::Seen>,
    /// Where verifications stand. What another server changes shows after `LONGEST`; a notice
    /// for each would make all of PostgreSQL's commits wait in line.
    pub(crate) standings: Memory<(OrganisationId, VerificationId), (Environment, Standing)>,
}

impl Ctx {
    /// The present point of a topic: take it before reading what is to be remembered.
    pub(crate) fn mark(&self, topic: Topic) -> Mark {
        Mark {
            generation: self.generations().now(topic),
            at: self.now(),
        }
    }
    /// The present point of what audit events name by this id.
    pub(crate) fn target_mark(&self, target: &str) -> Mark {
        let generation = self.generations().of_target(target);
        Mark {
            generation: generation.map_or(0, |count| count.load(Ordering::SeqCst)),
            at: self.now(),
        }
    }
}
