//! The days that are asked for.

use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use types::{Timestamp, usage::UsageQuery};

use crate::{Error, Result, calendar, metering, search::Problems};

/// Days of a period that names none.
const USUAL: i64 = 30;
/// Days of the longest period.
const LONGEST: i64 = 366;
/// A period of so many days is shown by the hour.
const BY_HOUR: i64 = 3;
/// Minutes of a day.
const MINUTES: i64 = 1440;

/// Whole days, by UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) first: Date,
    pub(super) last: Date,
    /// Days since the epoch: the first, and the one after the last.
    pub(super) from: i64,
    pub(super) before: i64,
}

impl Period {
    /// # Errors
    /// `Invalid` for days that cannot be read, that are the wrong way round, or too many.
    pub(super) fn read(query: &UsageQuery, now: Timestamp) -> Result<Self> {
        let mut problems = Problems::default();
        let asked = problems.days(query.from.as_deref(), query.to.as_deref());
        let today = calendar::day_of(now, &TimeZone::UTC)?;
        let last = asked.to.unwrap_or(today);
        let first = match asked.from {
            Some(first) => first,
            None => last.checked_sub((USUAL - 1).days()).map_err(Error::internal)?,
        };
        if asked.to.is_none() && first > last {
            problems.add("from", "The first day is not here yet. Choose one up to today.");
        }
        let period = Self {
            first,
            last,
            from: calendar::day_number(first),
            before: calendar::day_number(last) + 1,
        };
        if period.days() > LONGEST {
            problems.add("from", "These are more than 366 days. Choose fewer.");
        }
        problems.settle()?;
        Ok(period)
    }

    pub(super) const fn days(&self) -> i64 {
        self.before - self.from
    }

    /// As many days, before these: the numbers of the first and of the one after the last.
    pub(super) const fn preceding(&self) -> (i64, i64) {
        (self.from - self.days(), self.from)
    }

    /// Minutes of one point.
    pub(super) const fn span(&self) -> i64 {
        if self.days() <= BY_HOUR {
            metering::HOUR
        } else {
            metering::DAY
        }
    }

    /// When each point begins, in minutes since the epoch.
    pub(super) fn points(&self) -> impl Iterator<Item = i64> {
        let span = self.span();
        (0..self.days() * MINUTES / span).map({
            let begin = self.from * MINUTES;
            move |index| begin + index * span
        })
    }
}

/// A calendar month, by UTC, and a day in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Month(Date);

impl Month {
    /// The one of this moment.
    pub(crate) fn of(moment: Timestamp) -> Result<Self> {
        Ok(Self(calendar::day_of(moment, &TimeZone::UTC)?))
    }

    /// As `YYYY-MM`.
    pub(crate) fn name(self) -> String {
        self.0.strftime("%Y-%m").to_string()
    }

    /// The number of its day.
    pub(crate) fn today(self) -> i64 {
        calendar::day_number(self.0)
    }

    /// The numbers of its first day, and of the one after its last.
    pub(crate) fn days(self) -> (i64, i64) {
        let (first, last) = (self.0.first_of_month(), self.0.last_of_month());
        (calendar::day_number(first), calendar::day_number(last) + 1)
    }
}

#[cfg(test)]
mod tests {
    use types::{Timestamp, usage::UsageQuery};

    use super::{Month, Period};

    /// 2026-11-23T12:00:00Z.
    const NOW: Timestamp = Timestamp::from_millis(1_795_435_200_000);

    fn asked(from: &str, to: &str) -> UsageQuery {
        UsageQuery {
            from: Some(from.to_owned()),
            to: Some(to.to_owned()),
            ..UsageQuery::default()
        }
    }

    #[test]
    fn thirty_days_to_today_if_nothing_is_asked_for() {
        let period = Period::read(&UsageQuery::default(), NOW).unwrap();
        let days = (period.first.to_string(), period.last.to_string(), period.days());
        assert_eq!(days, ("2026-10-25".into(), "2026-11-23".into(), 30));
        assert_eq!((period.span(), period.points().count()), (1440, 30));
        assert_eq!(period.preceding(), (period.from - 30, period.from));
    }

    #[test]
    fn up_to_three_days_are_shown_by_the_hour() {
        let three = Period::read(&asked("2026-11-21", "2026-11-23"), NOW).unwrap();
        assert_eq!((three.span(), three.points().count()), (60, 72));
        let four = Period::read(&asked("2026-11-20", "2026-11-23"), NOW).unwrap();
        assert_eq!((four.span(), four.points().count()), (1440, 4));
    }

    #[test]
    fn days_that_make_no_period_are_refused() {
        for (from, to) in [
            ("2026-11-23", "2026-11-22"),
            ("2025-01-01", "2026-11-23"),
            ("yesterday", ""),
            ("2026-12-01", ""),
        ] {
            assert!(Period::read(&asked(from, to), NOW).is_err(), "{from} {to}");
        }
        assert!(Period::read(&asked("2025-11-23", "2026-11-23"), NOW).is_ok());
    }

    #[test]
    fn a_month_is_whole_days() {
        let month = Month::of(NOW).unwrap();
        let (first, after) = month.days();
        assert_eq!((month.name().as_str(), after - first), ("2026-11", 30));
        assert_eq!(month.today() - first, 22);
    }
}
