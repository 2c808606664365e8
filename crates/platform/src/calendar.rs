//! Moments and calendar days, in a time zone that is given.

use jiff::{civil::Date, tz::TimeZone};
use types::Timestamp;

use crate::{Error, Result};

/// In RFC 3339, UTC, to the second.
pub(crate) fn rfc3339(moment: Timestamp) -> Result<String> {
    Ok(format!("{:.0}", instant(moment)?))
}

/// In RFC 3339, UTC, to the millisecond.
pub(crate) fn rfc3339_millis(moment: Timestamp) -> Result<String> {
    Ok(format!("{:.3}", instant(moment)?))
}

/// For people, in UTC, such as `28 Nov 2026, 20:44 UTC`.
pub(crate) fn to_the_minute(moment: Timestamp) -> Result<String> {
    Ok(instant(moment)?.strftime("%-d %b %Y, %H:%M UTC").to_string())
}

/// The calendar day of this moment.
pub(crate) fn day_of(moment: Timestamp, zone: &TimeZone) -> Result<Date> {
    Ok(zone.to_datetime(instant(moment)?).date())
}

/// The first moment of this day; where the clock jumps over midnight, the first after it.
pub(crate) fn start_of(day: Date, zone: &TimeZone) -> Result<Timestamp> {
    let start = zone
        .to_zoned_datetime(day.at(0, 0, 0, 0))
        .map_err(Error::internal)?;
    Ok(Timestamp::from_millis(start.timestamp().as_millisecond()))
}

/// Days from 1970-01-01 to this day.
pub(crate) fn day_number(day: Date) -> i64 {
    let epoch = Date::constant(1970, 1, 1);
    // Whole days between two dates are never too many to count.
    day.duration_since(epoch).as_hours().div_euclid(24)
}

/// A stretch of time in which the clock is not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    /// Its first moment.
    pub(crate) from: Timestamp,
    /// The first moment after it.
    pub(crate) before: Timestamp,
    /// Seconds by which local time is ahead of UTC.
    pub(crate) offset: i64,
}

/// Cuts `[from, before)` where the clock is changed.
pub(crate) fn stretches(from: Timestamp, before: Timestamp, zone: &TimeZone) -> Result<Vec<Stretch>> {
    let (start, end) = (instant(from)?, instant(before)?);
    let mut offset = i64::from(zone.to_offset(start).seconds());
    let mut begin = from;
    let mut stretches = Vec::new();
    for change in zone
        .following(start)
        .take_while(|change| change.timestamp() < end)
    {
        let at = Timestamp::from_millis(change.timestamp().as_millisecond());
        stretches.push(Stretch {
            from: begin,
            before: at,
            offset,
        });
        begin = at;
        offset = i64::from(change.offset().seconds());
    }
    stretches.push(Stretch {
        from: begin,
        before,
        offset,
    });
    Ok(stretches)
}

fn instant(moment: Timestamp) -> Result<jiff::Timestamp> {
    jiff::Timestamp::from_millisecond(moment.as_millis()).map_err(Error::internal)
}
