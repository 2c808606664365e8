//! Buckets in this process's memory.
//!
//! **Invariant**: there are never more than a fixed number of them. A bucket that is whole is one
//! that is not there, so forgetting those loses nothing. If so many are in use at once that one
//! has to make room, it is the one nearest to being whole of a few: its caller gets calls back
//! early, and nobody is refused for it.

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    Spent,
    gcra::{self, Decision},
    limit::{Bucket, Limit},
};

/// Locks: a call holds one at a time, for some nanoseconds.
const SHARDS: usize = 64;
/// Buckets that are looked at when one has to make room.
const LOOKED_AT: usize = 16;

type Shard = HashMap<Bucket, i64>;

/// Buckets by their TAT.
pub(super) struct Local {
    shards: [Mutex<Shard>; SHARDS],
    /// Secret: nobody can choose addresses that all share one lock.
    keys: RandomState,
    /// Buckets of one shard at most.
    most: usize,
}

impl Local {
    /// At most about so many.
    pub(super) fn new(most: usize) -> Self {
        Self {
            shards: std::array::from_fn(|_| Mutex::default()),
            keys: RandomState::new(),
            most: most.div_ceil(SHARDS).max(1),
        }
    }

    /// Takes a call from all of these or from none.
    ///
    /// One after the other: should a later one refuse, the earlier ones get theirs back. A TAT
    /// that a call moved on and moved back stands as if it had never been, whatever came between.
    pub(super) fn take(&self, limits: &[Limit], now: i64) -> Vec<Spent> {
        let mut spent: Vec<Spent> = limits.iter().map(|limit| self.take_one(limit, now)).collect();
        if spent.iter().any(Spent::is_refused) {
            for (limit, spent) in limits.iter().zip(&mut spent).filter(|(_, one)| !one.is_refused()) {
                let price = limit.rate.price(limit.cost);
                self.give_back(limit.bucket, price);
                spent.used -= price;
            }
        }
        spent
    }

    fn take_one(&self, limit: &Limit, now: i64) -> Spent {
        let mut shard = self.shard(limit.bucket);
        let before = shard.get(&limit.bucket).copied();
        if before.is_none() && shard.len() >= self.most {
            make_room(&mut shard, now);
        }
        let (tat, decision) = gcra::take(before.unwrap_or(now), now, limit.rate, limit.cost);
        shard.insert(limit.bucket, tat);
        Spent {
            limit: *limit,
            used: tat - now,
            wait: match decision {
                Decision::Admitted => 0,
                Decision::Refused { wait } => wait,
            },
        }
    }

    fn give_back(&self, bucket: Bucket, price: i64) {
        if let Some(tat) = self.shard(bucket).get_mut(&bucket) {
            *tat -= price;
        }
    }

    /// Forgets buckets that are whole.
    pub(super) fn tidy(&self, now: i64) {
        for shard in &self.shards {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            shard.retain(|_, tat| *tat > now);
            // Some room is kept: it is needed again in a moment.
            let room = shard.len().saturating_mul(2);
            shard.shrink_to(room);
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        let count = |shard: &Mutex<Shard>| shard.lock().unwrap_or_else(PoisonError::into_inner).len();
        self.shards.iter().map(count).sum()
    }

    fn shard(&self, bucket: Bucket) -> MutexGuard<'_, Shard> {
        let [first, ..] = &self.shards;
        let place = self.keys.hash_one(bucket) % (SHARDS as u64);
        let shard = usize::try_from(place)
            .ok()
            .and_then(|place| self.shards.get(place));
        shard
            .unwrap_or(first)
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

fn make_room(shard: &mut Shard, now: i64) {
    let few: Vec<(Bucket, i64)> = shard
        .iter()
        .take(LOOKED_AT)
        .map(|(bucket, tat)| (*bucket, *tat))
        .collect();
    let whole = few.iter().filter(|(_, tat)| *tat <= now);
    let before = shard.len();
    for (bucket, _) in whole {
        shard.remove(bucket);
    }
    if shard.len() < before {
        return;
    }
    if let Some((nearest, _)) = few.iter().min_by_key(|(_, tat)| *tat) {
        shard.remove(nearest);
    }
}
