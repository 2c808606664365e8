//! Calls of the API: how many, how many of them errors, how long they took, when the last one came.

use db::Conn;
use types::{
    Timestamp,
    alerts::{AlertFacts, Amount},
};

use super::{MINUTE, Reading, count, tally::Tally};
use crate::{
    Result,
    alerts::{
        gap::{Gap, LEAST_CALLS},
        store::measure::{self, DurationRow, Scope},
    },
    metering::histogram,
};

/// Minutes of one count.
pub(super) const STEP: i64 = 5;

/// Calls by five minutes, and how many of them were errors.
pub(in crate::alerts) struct Calls {
    counts: Tally<2>,
    window: i64,
    /// The share of errors; else how many there were.
    share: bool,
}

impl Calls {
    pub(super) async fn read(
        conn: &mut Conn,
        scope: &Scope<'_>,
        window: i64,
        (from, to): (i64, i64),
        share: bool,
    ) -> Result<Self> {
        let rows = measure::calls(conn, scope, STEP, (from - window, to)).await?;
        let counts = rows
            .into_iter()
            .map(|row| (row.bucket * STEP, [row.calls, row.errors]));
        Ok(Self {
            counts: Tally::new(counts.collect()),
            window,
            share,
        })
    }

    pub(super) fn at(&self, minute: i64) -> Reading {
        let [calls, errors] = self.counts.between(minute - self.window, minute);
        if !self.share {
            return Reading::plain(Amount::whole(calls));
        }
        if calls < LEAST_CALLS {
            return Reading::Gap(Gap::FewCalls);
        }
        let facts = AlertFacts::Errors {
            errors: count(errors),
            calls: count(calls),
        };
        Reading::Value(Amount::percent(errors, calls).unwrap_or_default(), facts)
    }
}

/// How long calls took, by the hour.
pub(in crate::alerts) struct Durations {
    /// By the minute at which their hour begins.
    rows: Vec<DurationRow>,
    window: i64,
}

impl Durations {
    pub(super) async fn read(
        conn: &mut Conn,
        scope: &Scope<'_>,
        window: i64,
        (from, to): (i64, i64),
    ) -> Result<Self> {
        let mut rows = measure::durations(conn, scope, (from - window, to)).await?;
        rows.sort_unstable_by_key(|row| row.begins);
        Ok(Self { rows, window })
    }

    pub(super) fn at(&self, minute: i64) -> Result<Reading> {
        let first = self.rows.partition_point(|row| row.begins < minute - self.window);
        let after = self.rows.partition_point(|row| row.begins < minute);
        let rows = self.rows.get(first..after).unwrap_or_default();
        let calls: i64 = rows.iter().map(|row| row.calls).sum();
        if calls < LEAST_CALLS {
            return Ok(Reading::Gap(Gap::FewCalls));
        }
        let mut durations = histogram()?;
        for row in rows {
            // Within the bounds it cannot fail, and what is beyond was cut when it was counted.
            durations.saturating_record_n(count(row.duration), count(row.calls));
        }
        // Microseconds are thousandths of the unit.
        let micros = i64::try_from(durations.value_at_quantile(0.95)).unwrap_or(i64::MAX);
        let facts = AlertFacts::Latency { calls: count(calls) };
        Ok(Reading::Value(Amount::thousandths(micros), facts))
    }
}

/// When calls came, to five minutes.
pub(in crate::alerts) struct Traffic {
    counts: Tally<1>,
}

impl Traffic {
    pub(super) async fn read(conn: &mut Conn, scope: &Scope<'_>, (from, to): (i64, i64)) -> Result<Self> {
        let rows = measure::calls(conn, scope, STEP, (from, to)).await?;
        let mut counts: Vec<_> = rows
            .into_iter()
            .map(|row| (row.bucket * STEP, [row.calls]))
            .collect();
        if let Some(last) = measure::last_call(conn, scope, from).await? {
            counts.push((last.div_euclid(STEP) * STEP, [1]));
        }
        Ok(Self {
            counts: Tally::new(counts),
        })
    }

    pub(super) fn at(&self, minute: i64) -> Reading {
        let Some(begins) = self.counts.last_before(minute) else {
            return Reading::Gap(Gap::NoCall);
        };
        let last = begins + STEP;
        let facts = AlertFacts::LastCall {
            at: Timestamp::from_millis(last.min(minute) * MINUTE),
        };
        Reading::Value(Amount::whole((minute - last).max(0)), facts)
    }
}
