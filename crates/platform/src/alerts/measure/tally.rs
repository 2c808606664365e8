//! Counts over time, added up so that any stretch of them is found at once.

/// Counts by the minute at which each stretch begins; the sums up to and with each.
pub(super) struct Tally<const N: usize>(Vec<(i64, [i64; N])>);

impl<const N: usize> Tally<N> {
    /// From counts in any order.
    pub(super) fn new(mut counts: Vec<(i64, [i64; N])>) -> Self {
        counts.sort_unstable_by_key(|(minute, _)| *minute);
        let mut sum = [0_i64; N];
        for (_, own) in &mut counts {
            for (sum, own) in sum.iter_mut().zip(own.iter_mut()) {
                *sum = sum.saturating_add(*own);
                *own = *sum;
            }
        }
        Self(counts)
    }

    fn before(&self, minute: i64) -> [i64; N] {
        let place = self.0.partition_point(|(begins, _)| *begins < minute);
        let last = place.checked_sub(1).and_then(|place| self.0.get(place));
        last.map_or([0; N], |(_, sums)| *sums)
    }

    /// What began from one minute on and before another.
    pub(super) fn between(&self, from: i64, before: i64) -> [i64; N] {
        let (mut sums, less) = (self.before(before), self.before(from));
        for (sum, less) in sums.iter_mut().zip(less) {
            *sum -= less;
        }
        sums
    }

    /// When the last began that did before a minute.
    pub(super) fn last_before(&self, minute: i64) -> Option<i64> {
        let place = self.0.partition_point(|(begins, _)| *begins < minute);
        let last = place.checked_sub(1).and_then(|place| self.0.get(place));
        last.map(|(begins, _)| *begins)
    }
}

#[cfg(test)]
mod tests {
    use super::Tally;

    #[test]
    fn a_stretch_is_from_its_first_minute_to_before_its_last() {
        let tally = Tally::new(vec![(10, [4, 1]), (0, [1, 0]), (5, [2, 1])]);
        assert_eq!(tally.between(0, 10), [3, 1]);
        assert_eq!(tally.between(5, 11), [6, 2]);
        assert_eq!(tally.between(11, 99), [0, 0]);
        assert_eq!(tally.last_before(10), Some(5));
        assert_eq!(tally.last_before(0), None);
    }
}
