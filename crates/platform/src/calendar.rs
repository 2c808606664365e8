//! Moments and calendar days, in a time zone that is given.

use jiff::{civil::Date, tz::TimeZone};
use types::Timestamp;

use crate::{Error, Result};

/// The calendar day of this moment.
pub(crate) fn day_of(moment: Timestamp, zone: &TimeZone) -> Result<Date> {
    let moment = jiff::Timestamp::from_millisecond(moment.as_millis()).map_err(Error::internal)?;
    Ok(zone.to_datetime(moment).date())
}

/// The first moment of this day; where the clock jumps over midnight, the first after it.
pub(crate) fn start_of(day: Date, zone: &TimeZone) -> Result<Timestamp> {
    let start = zone
        .to_zoned_datetime(day.at(0, 0, 0, 0))
        .map_err(Error::internal)?;
    Ok(Timestamp::from_millis(start.timestamp().as_millisecond()))
}
