//! The calls of the API that the businesses made: what metering would have counted.

use std::time::Duration;

use types::{OrganisationId, Timestamp};

use super::{
    dice::Dice,
    fate::{Fate, Step},
    people::LivingKey,
};
use crate::{
    Result,
    audit::Tx,
    metering::{self, Call, Counts},
};

/// How often a business asks how it stands, in milliseconds.
const EVERY: i64 = 10_000;
/// After so many questions it waits for the person to come back.
const QUESTIONS: i64 = 30;

/// An organisation's calls, as far as they are not written yet.
pub(super) struct Calls {
    organisation: OrganisationId,
    now: Timestamp,
    /// Its own: with calls or without, the verifications are the same.
    dice: Dice,
    counts: Counts,
    invented: u64,
}

impl Calls {
    pub(super) fn new(organisation: OrganisationId, now: Timestamp, dice: Dice) -> Self {
        Self {
            organisation,
            now,
            dice,
            counts: Counts::default(),
            invented: 0,
        }
    }

    /// What was asked about one verification with the key that started it.
    pub(super) fn invent(&mut self, fate: &Fate, key: &LivingKey) {
        if self.dice.chance(0.012) {
            self.add(key, fate.started, metering::START, 422);
        }
        self.add(key, fate.started, metering::START, 201);
        if fate.direct {
            for (at, step) in &fate.steps {
                if matches!(step, Step::WrongDigit(_) | Step::Decided) {
                    self.add(key, *at, metering::COMPLETE, 200);
                }
            }
        } else {
            self.ask(fate, key);
        }
        let Some(at) = fate.completed_at().filter(|_| fate.reason().is_none()) else {
            return;
        };
        if self.dice.chance(0.8) {
            let later = Timestamp::from_millis(at.as_millis().saturating_add(self.dice.below(4000)));
            self.add(key, later, metering::VALIDATE, 200);
        }
    }

    /// How does it stand? Now and then about one that is not there.
    fn ask(&mut self, fate: &Fate, key: &LivingKey) {
        let until = fate.completed_at().unwrap_or(self.now).as_millis();
        let mut at = fate.started.as_millis();
        for _ in 0..QUESTIONS {
            at = at.saturating_add(EVERY);
            self.add(key, Timestamp::from_millis(at), metering::STATUS, 200);
            if at >= until {
                break;
            }
        }
        if self.dice.chance(0.01) {
            self.add(key, Timestamp::from_millis(at), metering::STATUS, 404);
        }
    }

    /// Nothing is called in the future, or with a key that is not used any more.
    fn add(&mut self, key: &LivingKey, at: Timestamp, endpoint: &'static str, status: u16) {
        let until = key.used.map_or(self.now, |used| used.min(self.now));
        if at > until {
            return;
        }
        let call = Call::at(at, self.organisation, key.id, endpoint, status);
        self.counts.add(call, 1);
        self.counts.took(call, took(endpoint, at), 1);
        self.invented += 1;
    }

    /// Writes what has gathered; how many calls it were.
    pub(super) async fn write(&mut self, tx: &mut Tx) -> Result<u64> {
        self.counts.write(tx).await?;
        self.counts = Counts::default();
        Ok(std::mem::take(&mut self.invented))
    }
}

/// How long such a call took: by its moment, so that no dice are thrown for it. A few lengths only,
/// since each is a row of its hour.
fn took(endpoint: &str, at: Timestamp) -> Duration {
    let usual = match endpoint {
        metering::START => 9_000,
        metering::COMPLETE => 14_000,
        metering::VALIDATE => 3_000,
        _ => 2_000,
    };
    let share = match at.as_millis().rem_euclid(97) {
        0 => 600,
        1..=6 => 220,
        7..=50 => 110,
        _ => 90,
    };
    Duration::from_micros(usual * share / 100)
}
