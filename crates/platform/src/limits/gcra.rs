//! The generic cell rate algorithm (ITU-T I.371, annex A; "virtual scheduling"), over whole
//! microseconds.
//!
//! All that is kept of a bucket is one moment, its theoretical arrival time (TAT): when it will
//! be whole again. A call moves it on by what the call costs; a call that would move it further
//! than the burst allows is refused and moves nothing.
//!
//! The shared store does the same in Lua (`src/valkey/take.lua`), whose numbers are doubles, so
//! that everything here stays under 2^53.

use std::num::NonZeroU32;

const SECOND: i64 = 1_000_000;
/// More than ninety years. Twice that and the present moment are still a whole number in a double.
const LONGEST: i64 = 3_000_000_000_000_000;

/// How fast, and how many at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    interval: i64,
    burst: NonZeroU32,
}

impl Rate {
    /// So many calls in so many seconds, `burst` of them at once.
    ///
    /// The time of one call is a whole number of microseconds, rounded up: never more calls than
    /// were said, and at 60,000 a minute or fewer at most a thousandth less.
    pub const fn new(calls: NonZeroU32, seconds: NonZeroU32, burst: NonZeroU32) -> Self {
        let (period, calls) = (seconds.get() as i64 * SECOND, calls.get() as i64);
        Self {
            interval: (period + calls - 1) / calls,
            burst,
        }
    }

    /// How many there are at once.
    pub const fn burst(self) -> u32 {
        self.burst.get()
    }

    /// How far ahead of the present the TAT may be: a whole bucket, in microseconds.
    pub const fn tolerance(self) -> i64 {
        let whole = self.interval.saturating_mul(self.burst.get() as i64);
        if whole < LONGEST { whole } else { LONGEST }
    }

    /// What a call costs, in microseconds. One that costs more than a whole bucket takes a whole
    /// bucket: otherwise it would never be taken.
    pub const fn price(self, cost: u32) -> i64 {
        let price = self.interval.saturating_mul(cost as i64);
        let whole = self.tolerance();
        if price < whole { price } else { whole }
    }

    /// How many calls are left when so many microseconds of the bucket are used.
    pub fn remaining(self, used: i64) -> u32 {
        let left = self.tolerance().saturating_sub(used).max(0);
        u32::try_from(left / self.interval).unwrap_or(u32::MAX)
    }

    /// How long until a call of this cost is taken, in microseconds; 0: now.
    pub fn wait(self, used: i64, cost: u32) -> i64 {
        let over = used.saturating_add(self.price(cost)) - self.tolerance();
        over.max(0)
    }
}

/// Whether a call is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is.
    Admitted,
    /// It is one too many.
    Refused {
        /// Microseconds until one like it is taken.
        wait: i64,
    },
}

/// Takes a call from a bucket: the bucket's TAT after it, and whether it was taken.
///
/// A TAT in the past is that of a whole bucket. One further ahead than the bucket is deep comes
/// from a clock that was put back, or from a limit that was larger: it counts as an empty bucket,
/// so that nobody is kept out for longer than it takes to fill.
pub fn take(tat: i64, now: i64, rate: Rate, cost: u32) -> (i64, Decision) {
    let tat = tat.clamp(now, now.saturating_add(rate.tolerance()));
    match rate.wait(tat - now, cost) {
        0 => (tat.saturating_add(rate.price(cost)), Decision::Admitted),
        wait => (tat, Decision::Refused { wait }),
    }
}
