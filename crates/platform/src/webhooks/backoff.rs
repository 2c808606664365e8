//! When a delivery that was not taken is sent again.

use types::{Entropy, Timestamp, source::random};

/// Attempts before a delivery is given up.
pub(super) const TRIES: i64 = 10;
/// Seconds in which they are made: three days.
pub(super) const WINDOW: i64 = 72 * 3_600;
/// Seconds before the second attempt; each later pause is three times as long. Nine of them are
/// 54.7 hours, and 65.6 with the most that chance adds.
const FIRST: i64 = 20;
const FACTOR: i64 = 3;
/// Per cent by which chance makes a pause shorter or longer, so that what failed together does
/// not come back together.
const JITTER: i64 = 20;

/// The moment of the next attempt, after so many in this round; none if it was the last.
pub(crate) fn next(now: Timestamp, began: Timestamp, tries: i64, entropy: &dyn Entropy) -> Option<Timestamp> {
    if tries >= TRIES {
        return None;
    }
    let exponent = u32::try_from(tries.saturating_sub(1)).unwrap_or_default();
    let seconds = FIRST.saturating_mul(FACTOR.saturating_pow(exponent));
    let chance = i64::from(u32::from_be_bytes(random::<4>(entropy)));
    // From -JITTER to +JITTER per cent, in steps of a thousandth.
    let thousandths = 1_000 - 10 * JITTER + chance % (20 * JITTER + 1);
    let at = Timestamp::from_millis(
        now.as_millis()
            .saturating_add(seconds.saturating_mul(thousandths)),
    );
    (at <= began.plus_seconds(WINDOW)).then_some(at)
}
