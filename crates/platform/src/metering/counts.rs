//! Calls, how many of each, and how long they took.

use std::{collections::BTreeMap, time::Duration};

use hdrhistogram::Histogram;

use super::{
    call::{Call, Slot},
    store,
};
use crate::{Error, Result, audit::Tx};

/// Significant digits of a duration: two durations that a histogram takes for one differ by less
/// than a sixteenth.
const DIGITS: u8 = 1;
/// The longest duration that is told apart, in microseconds: ten minutes.
const LONGEST: u64 = 600_000_000;

/// A histogram of microseconds.
///
/// # Errors
/// `Internal`; its bounds are fixed, so that this does not happen.
pub(crate) fn histogram() -> Result<Histogram<u64>> {
    Histogram::new_with_bounds(1, LONGEST, DIGITS).map_err(Error::internal)
}

/// Ordered, so that two servers that write the same rows do it in one order and do not block each
/// other.
#[derive(Default)]
pub(crate) struct Counts {
    calls: BTreeMap<Call, u64>,
    /// By the middle of a histogram's step, in microseconds.
    durations: BTreeMap<(Slot, u64), u64>,
    /// Only asked for its steps: it records nothing.
    steps: Option<Histogram<u64>>,
}

impl Counts {
    pub(crate) fn add(&mut self, call: Call, count: u64) {
        *self.calls.entry(call).or_default() += count;
    }

    /// Notes how long calls took.
    pub(crate) fn took(&mut self, call: Call, took: Duration, count: u64) {
        let micros = u64::try_from(took.as_micros())
            .unwrap_or(LONGEST)
            .clamp(1, LONGEST);
        if self.steps.is_none() {
            self.steps = histogram().ok();
        }
        let step = self
            .steps
            .as_ref()
            .map_or(micros, |steps| steps.median_equivalent(micros));
        for slot in call.slots() {
            *self.durations.entry((slot, step)).or_default() += count;
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.durations.is_empty()
    }

    pub(super) fn join(&mut self, others: Self) {
        for (call, count) in others.calls {
            self.add(call, count);
        }
        for (place, count) in others.durations {
            *self.durations.entry(place).or_default() += count;
        }
    }

    /// Adds them to what was counted before: by minute, by hour and by day.
    pub(crate) async fn write(&self, tx: &mut Tx) -> Result<()> {
        let calls: Vec<(Call, u64)> = self.calls.iter().map(|(call, count)| (*call, *count)).collect();
        for some in calls.chunks(store::ROWS) {
            store::add(tx, some).await?;
        }
        let mut rolled: BTreeMap<(Slot, u16), u64> = BTreeMap::new();
        for (call, count) in &calls {
            for slot in call.slots() {
                *rolled.entry((slot, call.status)).or_default() += count;
            }
        }
        let rolled: Vec<_> = rolled.into_iter().collect();
        for some in rolled.chunks(store::ROWS) {
            store::roll_up(tx, some).await?;
        }
        let durations: Vec<_> = self
            .durations
            .iter()
            .map(|(place, count)| (*place, *count))
            .collect();
        for some in durations.chunks(store::ROWS) {
            store::add_durations(tx, some).await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::histogram;

    #[test]
    fn a_step_is_less_than_a_sixteenth_wide_and_keeps_its_own_middle() {
        let steps = histogram().unwrap();
        for micros in [1_u64, 99, 1_000, 12_345, 999_999, 60_000_000] {
            let middle = steps.median_equivalent(micros);
            assert!(
                middle.abs_diff(micros) * 16 <= micros.max(16),
                "{micros} in {middle}"
            );
            assert_eq!(steps.median_equivalent(middle), middle, "{micros}");
        }
    }
}
