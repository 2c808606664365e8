//! Durations by size: eight buckets to each power of two of milliseconds, so that a bucket is
//! never wider than an eighth of what is in it.

/// Below this a bucket holds one value.
const EXACT: i64 = 8;

/// The bucket of a duration.
pub(super) const fn bucket(millis: i64) -> i64 {
    if millis < EXACT {
        return if millis < 0 { 0 } else { millis };
    }
    // The three bits after the leading one choose within its power of two.
    let power = millis.ilog2() as i64 - 3;
    power * EXACT + (millis >> power)
}

/// The longest duration in a bucket.
pub(super) const fn upper_bound(bucket: i64) -> u64 {
    if bucket < 2 * EXACT {
        return if bucket < 0 { 0 } else { bucket.unsigned_abs() };
    }
    let power = (bucket / EXACT - 1).unsigned_abs();
    let leading = (bucket % EXACT + EXACT).unsigned_abs();
    if power > 59 {
        return u64::MAX;
    }
    ((leading + 1) << power) - 1
}
