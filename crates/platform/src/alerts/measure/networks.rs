//! Networks that keys are used from for the first time.

use std::collections::HashMap;

use db::Conn;
use types::{
    ApiKeyId, Timestamp,
    alerts::{AlertFacts, Amount},
};

use super::{History, MINUTE, Reading};
use crate::{
    Ctx, Result,
    alerts::{
        gap::Gap,
        store::measure::{self, Scope},
    },
    api_keys,
};

/// Places that are looked through at most.
const MOST: i64 = 5_000;
/// A key is so old before a network can be new to it, in milliseconds: where it is used from is
/// only found out on its first day.
const SETTLED: i64 = 86_400_000;

/// When networks were new to keys, oldest first.
pub(in crate::alerts) struct Networks {
    new: Vec<(i64, ApiKeyId, String)>,
    window: i64,
}

impl Networks {
    pub(super) async fn read(
        ctx: &Ctx,
        conn: &mut Conn,
        scope: &Scope<'_>,
        (since, window): (i64, i64),
    ) -> Result<History> {
        // Nothing is opened unless something came to be there.
        let mut new = Vec::new();
        if measure::any_place(conn, scope, since).await? {
            let places = measure::places(conn, scope, MOST + 1).await?;
            if i64::try_from(places.len()).unwrap_or(i64::MAX) > MOST {
                return Ok(History::Gap(Gap::TooMuch));
            }
            // A network is known to all keys that took over one from another.
            let mut known: HashMap<(String, String), (i64, ApiKeyId, String)> = HashMap::new();
            let mut made: HashMap<String, i64> = HashMap::new();
            for place in places {
                let first = made.entry(place.family.clone()).or_insert(place.created_at);
                *first = (*first).min(place.created_at);
                let network = api_keys::network(ctx, conn, scope.tenant, &place.sealed()).await?;
                let (Some(network), Ok(key)) = (network, place.api_key_id.parse()) else {
                    continue;
                };
                let seen = (place.first_at, key, place.name);
                let before = known
                    .entry((place.family, network))
                    .or_insert_with(|| seen.clone());
                if seen.0 < before.0 {
                    *before = seen;
                }
            }
            let settled = known
                .into_iter()
                .filter(|((family, _), (at, ..))| made.get(family).is_some_and(|made| made + SETTLED <= *at));
            new.extend(settled.map(|(_, seen)| seen));
            new.sort_unstable();
        }
        Ok(History::Networks(Self { new, window }))
    }

    pub(super) fn at(&self, moment: Timestamp) -> Reading {
        let now = moment.as_millis();
        let from = now - self.window * MINUTE;
        let first = self.new.partition_point(|(at, ..)| *at <= from);
        let after = self.new.partition_point(|(at, ..)| *at <= now);
        let found = self.new.get(first..after).unwrap_or_default();
        let value = Amount::whole(i64::try_from(found.len()).unwrap_or(i64::MAX));
        let Some((_, id, name)) = found.last() else {
            return Reading::plain(value);
        };
        let facts = AlertFacts::Networks {
            id: *id,
            name: name.clone(),
            networks: found.len() as u64,
        };
        Reading::Value(value, facts)
    }
}
