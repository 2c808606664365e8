//! Keys: how soon one ends, and for how long one was not used.

use std::collections::HashMap;

use db::Conn;
use types::{
    Timestamp,
    alerts::{AlertFacts, Amount},
};

use super::{MINUTE, Reading, tally::Tally};
use crate::{
    Result,
    alerts::store::measure::{self, KeyRecord, Scope},
    metering::HOUR,
};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;

impl KeyRecord {
    /// Whether it worked then, as far as is known today, and none has taken over from it: a key
    /// that was rotated is meant to end unused.
    fn worked_at(&self, moment: i64) -> bool {
        let until = |end: Option<i64>| end.is_none_or(|end| moment < end);
        self.created_at <= moment
            && until(self.revoked_at)
            && until(self.expires_at)
            && until(self.disabled_at)
            && self.ends_at.is_none()
    }

    fn facts(&self, at: i64) -> Option<AlertFacts> {
        Some(AlertFacts::Key {
            id: self.id.parse().ok()?,
            name: self.name.clone(),
            at: Timestamp::from_millis(at),
        })
    }
}

/// Milliseconds as days.
fn days(millis: i64) -> Amount {
    Amount::thousandths(millis / (DAY / 1_000))
}

fn reading(key: &KeyRecord, (at, millis): (i64, i64)) -> Reading {
    Reading::Value(days(millis), key.facts(at).unwrap_or_default())
}

/// When keys end.
pub(in crate::alerts) struct Ends(Vec<KeyRecord>);

impl Ends {
    pub(super) async fn read(conn: &mut Conn, scope: &Scope<'_>) -> Result<Self> {
        Ok(Self(measure::keys(conn, scope).await?))
    }

    pub(super) fn at(&self, moment: Timestamp) -> Reading {
        let now = moment.as_millis();
        let working = self.0.iter().filter(|key| key.worked_at(now));
        let first = working
            .filter_map(|key| Some((key, key.expires_at?)))
            .min_by_key(|(_, end)| *end);
        first.map_or(Reading::Nothing, |(key, end)| reading(key, (end, end - now)))
    }
}

/// When keys were used.
pub(in crate::alerts) struct Uses {
    keys: Vec<KeyRecord>,
    /// By key: the hours in which it was.
    hours: HashMap<String, Tally<1>>,
}

impl Uses {
    pub(super) async fn read(conn: &mut Conn, scope: &Scope<'_>, (from, to): (i64, i64)) -> Result<Self> {
        let mut by_key: HashMap<String, Vec<(i64, [i64; 1])>> = HashMap::new();
        let mut used = measure::last_uses(conn, scope, from).await?;
        used.extend(measure::uses(conn, scope, (from, to)).await?);
        for row in used {
            by_key.entry(row.api_key_id).or_default().push((row.begins, [1]));
        }
        let hours = by_key.into_iter().map(|(key, hours)| (key, Tally::new(hours)));
        Ok(Self {
            keys: measure::keys(conn, scope).await?,
            hours: hours.collect(),
        })
    }

    /// When it was last used before a moment: as the key itself says, or to the hour, if it was used
    /// since; when it was made, if never.
    fn last(&self, key: &KeyRecord, now: i64) -> i64 {
        if let Some(own) = key.last_used_at.filter(|used| *used <= now) {
            return own;
        }
        let hours = self.hours.get(&key.id);
        let hour = hours.and_then(|hours| hours.last_before(now.div_euclid(MINUTE)));
        hour.map_or(key.created_at, |begins| {
            ((begins + HOUR) * MINUTE).min(now).max(key.created_at)
        })
    }

    pub(super) fn at(&self, moment: Timestamp) -> Reading {
        let now = moment.as_millis();
        let working = self.keys.iter().filter(|key| key.worked_at(now));
        let longest = working
            .map(|key| (key, self.last(key, now)))
            .min_by_key(|(_, last)| *last);
        longest.map_or(Reading::Nothing, |(key, last)| reading(key, (last, now - last)))
    }
}
