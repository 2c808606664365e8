//! Hours against what is usual at them.

use db::Conn;
use jiff::{ToSpan as _, tz::TimeZone};
use types::{Timestamp, alerts::AlertFacts};

use super::{MINUTE, Reading, count, minute, tally::Tally};
use crate::{
    Error, Result,
    alerts::{
        baseline::{Usual, WEEKS},
        gap::Gap,
        store::measure::{self, Scope},
    },
    metering::HOUR,
};

/// Minutes of a week.
const WEEK: i64 = 10_080;

/// Calls by the hour, as far back as what is usual is known from.
pub(in crate::alerts) struct Hours {
    counts: Tally<1>,
    /// The first hour of all that has a call.
    first: Option<i64>,
    zone: TimeZone,
}

impl Hours {
    pub(super) async fn read(
        conn: &mut Conn,
        scope: &Scope<'_>,
        (from, to): (i64, i64),
        zone: &TimeZone,
    ) -> Result<Self> {
        // Hours of a day on which the clock is changed may lie two further back.
        let weeks = i64::try_from(WEEKS).unwrap_or_default();
        let back = from - WEEK * weeks - 3 * HOUR;
        let rows = measure::hours(conn, scope, (back, to)).await?;
        Ok(Self {
            counts: Tally::new(rows.into_iter().map(|row| (row.begins, [row.calls])).collect()),
            first: measure::first_hour(conn, scope).await?,
            zone: zone.clone(),
        })
    }

    /// The hour before this moment, and the same hour by the clock of the weeks before.
    pub(super) fn at(&self, moment: Timestamp) -> Result<Reading> {
        let begins = minute(moment).div_euclid(HOUR) * HOUR - HOUR;
        let Some(first) = self.first.filter(|first| *first <= begins) else {
            return Ok(Reading::Gap(Gap::NoHistory));
        };
        let start = jiff::Timestamp::from_millisecond(begins * MINUTE).map_err(Error::internal)?;
        let wall = self.zone.to_datetime(start);
        let mut weeks = Vec::with_capacity(WEEKS);
        for back in (1_i64..).take(WEEKS) {
            let then = wall.checked_sub(back.weeks()).map_err(Error::internal)?;
            let then = self.zone.to_zoned_datetime(then).map_err(Error::internal)?;
            let then = then.timestamp().as_millisecond().div_euclid(HOUR * MINUTE) * HOUR;
            // An hour before the first call is one of which nothing is known.
            if then < first {
                break;
            }
            let [calls] = self.counts.between(then, then + HOUR);
            weeks.push(calls);
        }
        let Some(usual) = Usual::of(&weeks) else {
            return Ok(Reading::Gap(Gap::NoHistory));
        };
        let [observed] = self.counts.between(begins, begins + HOUR);
        let (low, high) = usual.range();
        let facts = AlertFacts::Usual {
            observed: count(observed),
            median: usual.median,
            low,
            high,
            weeks: usual.weeks as u64,
        };
        Ok(Reading::Value(usual.score(observed), facts))
    }
}
