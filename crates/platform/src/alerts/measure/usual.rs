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

/// When the last whole hour before a minute begins.
const fn hour_before(minute: i64) -> i64 {
    minute.div_euclid(HOUR) * HOUR - HOUR
}

/// When the same hour begins by the clock of the weeks before, the last week first.
fn weeks_before(zone: &TimeZone, begins: i64) -> Result<Vec<i64>> {
    let start = jiff::Timestamp::from_millisecond(begins * MINUTE).map_err(Error::internal)?;
    let wall = zone.to_datetime(start);
    let weeks = (1_i64..).take(WEEKS).map(|back| {
        let then = wall.checked_sub(back.weeks()).map_err(Error::internal)?;
        let then = zone.to_zoned_datetime(then).map_err(Error::internal)?;
        Ok(then.timestamp().as_millisecond().div_euclid(HOUR * MINUTE) * HOUR)
    });
    weeks.collect()
}

/// Calls by the hour, as far back as what is usual is known from.
pub(in crate::alerts) struct Hours {
    counts: Tally<1>,
    /// The first hour of all that has a call.
    first: Option<i64>,
    zone: TimeZone,
}

impl Hours {
    /// For one moment, only the hours that it is held against: there are nine of them, and more than
    /// a thousand between.
    pub(super) async fn read(
        conn: &mut Conn,
        scope: &Scope<'_>,
        (from, to): (i64, i64),
        zone: &TimeZone,
    ) -> Result<Self> {
        let stretches = if from == to {
            let observed = hour_before(from);
            let mut hours = weeks_before(zone, observed)?;
            hours.push(observed);
            hours.into_iter().map(|begins| (begins, begins + HOUR)).collect()
        } else {
            // Hours of a day on which the clock is changed may lie two further back.
            let weeks = i64::try_from(WEEKS).unwrap_or_default();
            vec![(from - WEEK * weeks - 3 * HOUR, to)]
        };
        let mut counts = Vec::new();
        for stretch in stretches {
            let rows = measure::hours(conn, scope, stretch).await?;
            counts.extend(rows.into_iter().map(|row| (row.begins, [row.calls])));
        }
        Ok(Self {
            counts: Tally::new(counts),
            first: measure::first_hour(conn, scope).await?,
            zone: zone.clone(),
        })
    }

    /// The hour before this moment, and the same hour by the clock of the weeks before.
    pub(super) fn at(&self, moment: Timestamp) -> Result<Reading> {
        let begins = hour_before(minute(moment));
        let Some(first) = self.first.filter(|first| *first <= begins) else {
            return Ok(Reading::Gap(Gap::NoHistory));
        };
        // An hour before the first call is one of which nothing is known.
        let known = weeks_before(&self.zone, begins)?
            .into_iter()
            .take_while(|then| *then >= first);
        let weeks: Vec<i64> = known
            .map(|then| {
                let [calls] = self.counts.between(then, then + HOUR);
                calls
            })
            .collect();
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
