//! What is usual at an hour of the week: the middle of the same hour in the weeks before, and how
//! far from it such hours lie (median and median absolute deviation). Neither is moved by one
//! strange week, as mean and standard deviation are. Pure.

use types::alerts::Amount;

/// Weeks that are looked at, at most.
pub(super) const WEEKS: usize = 8;
/// Weeks without which nothing is said.
pub(super) const LEAST: usize = 4;
/// A deviation of normally distributed values is so many thousandths of their standard deviation
/// (1 / 0.6745, Iglewicz and Hoaglin 1993).
const SCALE: i64 = 1_483;
/// Usual is what lies within so many spreads.
const RANGE: i64 = 3;
/// The spread is never taken for less than so many per cent of the middle, nor than so many calls
/// (in thousandths): where the weeks before were all alike, or quiet, a handful more is not unusual.
const LEAST_PERCENT: i64 = 5;
const LEAST_CALLS: i64 = 7_000;

/// What is usual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Usual {
    /// The middle.
    pub(super) median: Amount,
    /// How far such hours lie from it: as a standard deviation is.
    pub(super) spread: Amount,
    pub(super) weeks: usize,
}

/// The middle of these; of two in the middle, what is between them.
fn median(sorted: &[i64]) -> Option<i64> {
    let half = sorted.len() / 2;
    let upper = *sorted.get(half)?;
    if sorted.len() % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(half.checked_sub(1)?)?;
    Some(lower.saturating_add(upper) / 2)
}

impl Usual {
    /// From the calls of the same hour in weeks before; nothing from too few of them.
    pub(super) fn of(calls: &[i64]) -> Option<Self> {
        if calls.len() < LEAST {
            return None;
        }
        let mut counts: Vec<i64> = calls.iter().map(|count| count.saturating_mul(1_000)).collect();
        counts.sort_unstable();
        let middle = median(&counts)?;
        let mut away: Vec<i64> = counts.iter().map(|count| (count - middle).abs()).collect();
        away.sort_unstable();
        let spread = median(&away)?.saturating_mul(SCALE) / 1_000;
        let least = (middle / 100 * LEAST_PERCENT).max(LEAST_CALLS);
        Some(Self {
            median: Amount::thousandths(middle),
            spread: Amount::thousandths(spread.max(least)),
            weeks: calls.len(),
        })
    }

    /// How many spreads the calls of an hour lie from the middle, either way.
    pub(super) fn score(&self, calls: i64) -> Amount {
        let away = calls
            .saturating_mul(1_000)
            .saturating_sub(self.median.as_thousandths())
            .abs();
        Amount::thousandths(away.saturating_mul(1_000) / self.spread.as_thousandths().max(1))
    }

    /// Where what is usual begins and ends.
    pub(super) fn range(&self) -> (Amount, Amount) {
        let (middle, wide) = (
            self.median.as_thousandths(),
            self.spread.as_thousandths().saturating_mul(RANGE),
        );
        (
            Amount::thousandths(middle.saturating_sub(wide).max(0)),
            Amount::thousandths(middle.saturating_add(wide)),
        )
    }
}

#[cfg(test)]
mod tests {
    use types::alerts::Amount;

    use super::Usual;

    #[test]
    fn numbers_by_hand() {
        // In order 90, 95, 100, 100, 105, 110; deviations 0, 0, 5, 5, 10, 10.
        let usual = Usual::of(&[100, 110, 90, 105, 95, 100]).unwrap();
        assert_eq!(usual.median, Amount::whole(100));
        assert_eq!(usual.spread, Amount::thousandths(7_415));
        assert_eq!(usual.weeks, 6);
        assert_eq!(usual.score(160), Amount::thousandths(8_091));
        assert_eq!(
            usual.score(40),
            usual.score(160),
            "too few are as unusual as too many"
        );
        assert_eq!(
            usual.range(),
            (Amount::thousandths(77_755), Amount::thousandths(122_245))
        );
    }

    #[test]
    fn one_strange_week_moves_nothing() {
        let calm = Usual::of(&[100, 101, 99, 100, 100]).unwrap();
        let strange = Usual::of(&[100, 101, 99, 100, 100_000]).unwrap();
        assert_eq!(calm.median, strange.median);
        assert!(strange.spread <= Amount::whole(7), "{strange:?}");
    }

    #[test]
    fn weeks_that_are_all_alike_leave_some_room() {
        let busy = Usual::of(&[1_000; 8]).unwrap();
        assert_eq!(busy.spread, Amount::whole(50), "five per cent");
        assert_eq!(busy.score(1_001), Amount::thousandths(20));
        let quiet = Usual::of(&[0; 8]).unwrap();
        assert_eq!(quiet.spread, Amount::whole(7), "and some calls at least");
        assert_eq!(quiet.score(21), Amount::whole(3));
        assert_eq!(quiet.range().0, Amount::default(), "never below zero");
    }

    #[test]
    fn three_weeks_are_too_few() {
        assert_eq!(Usual::of(&[1, 2, 3]), None);
        assert!(Usual::of(&[1, 2, 3, 4]).is_some());
        assert_eq!(
            Usual::of(&[1, 2, 3, 4]).unwrap().median,
            Amount::thousandths(2_500)
        );
    }
}
