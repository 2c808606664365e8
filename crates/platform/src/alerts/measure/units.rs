//! Billable units of a month: against the quota, at the present pace, and what they cost.

use db::Conn;
use types::{
    Timestamp,
    alerts::{AlertFacts, AlertKind, Amount},
};

use super::{History, Reading, count, minute, tally::Tally};
use crate::{
    Result,
    alerts::{gap::Gap, store::measure},
    metering::DAY,
    usage::{self, Month, PACE, Price},
};

/// Minutes of one count, of the days that are looked at closely.
const STEP: i64 = 5;

/// What units are held against.
enum Against {
    Quota(i64),
    Pace(i64),
    Price(Price),
}

/// Units: whole days, and five minutes of the days in which the moments are.
pub(in crate::alerts) struct Units {
    counts: Tally<1>,
    against: Against,
}

impl Units {
    /// Quota and price are those of today, also for days that have passed.
    pub(super) async fn read(
        conn: &mut Conn,
        tenant: &str,
        kind: AlertKind,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<History> {
        let against = if kind == AlertKind::Spend {
            let Some(price) = usage::price(conn, tenant).await? else {
                return Ok(History::Gap(Gap::NoPrice));
            };
            Against::Price(price)
        } else {
            // Of a quota of nothing there is no share.
            let Some(quota) = usage::limit(conn, tenant).await?.filter(|quota| *quota > 0) else {
                return Ok(History::Gap(Gap::NoQuota));
            };
            if kind == AlertKind::Pace {
                Against::Pace(quota)
            } else {
                Against::Quota(quota)
            }
        };
        let month = Month::of(from)?;
        let (first, _) = month.days();
        let close = month.today();
        let days = measure::unit_days(conn, tenant, (first.min(close - PACE), close)).await?;
        let starts = measure::unit_steps(conn, tenant, STEP, (close * DAY, minute(to))).await?;
        let whole = days.into_iter().map(|row| (row.bucket * DAY, [row.units]));
        let fine = starts.into_iter().map(|row| (row.bucket * STEP, [row.units]));
        Ok(History::Units(Self {
            counts: Tally::new(whole.chain(fine).collect()),
            against,
        }))
    }

    pub(super) fn at(&self, moment: Timestamp) -> Result<Reading> {
        // At midnight of the first, what ends is the month before: nothing of the new one is used.
        let month = Month::of(moment)?;
        let (first, _) = month.days();
        let [used] = self.counts.between(first * DAY, minute(moment));
        Ok(match &self.against {
            Against::Quota(limit) => {
                let facts = AlertFacts::Quota {
                    used: count(used),
                    limit: count(*limit),
                };
                Reading::Value(Amount::percent(used, *limit).unwrap_or_default(), facts)
            }
            Against::Pace(limit) => {
                let today = month.today();
                let [paced] = self.counts.between((today - PACE) * DAY, today * DAY);
                let expected = usage::expected(moment, used, paced)?;
                let facts = AlertFacts::Pace {
                    used: count(used),
                    expected: count(expected),
                    limit: count(*limit),
                };
                Reading::Value(Amount::percent(expected, *limit).unwrap_or_default(), facts)
            }
            Against::Price(price) => {
                let minor = i128::from(used) * i128::from(price.minor);
                let major = minor * 1_000 / i128::from(price.currency.minor());
                let facts = AlertFacts::Spend {
                    used: count(used),
                    minor: count(price.minor),
                    currency: price.currency,
                };
                Reading::Value(
                    Amount::thousandths(i64::try_from(major).unwrap_or(i64::MAX)),
                    facts,
                )
            }
        })
    }
}
