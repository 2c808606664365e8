//! Dates of two-digit years (9303-3, 4.8), which say neither the century nor, always, the day.
//!
//! The standard gives no rule for the century. Ours, and why, is decision 0010: a birth date is
//! the latest that is not in the future; a date of expiry is the one nearest to today. What is
//! unknown is read so that it grants less: the youngest person, the earliest expiry.

use std::fmt;

use jiff::civil::Date;
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::problem::Reason;

/// A date of birth: the youngest reading of what the lines say.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Birth {
    year: i16,
    month: i8,
    day: i8,
    complete: bool,
}

impl Birth {
    /// The latest day, not after the reading's today, that the lines allow.
    pub fn youngest(&self) -> Date {
        // The parts are those of a `Date`; were they not, nobody born then is of any age.
        Date::new(self.year, self.month, self.day).unwrap_or(Date::MAX)
    }

    /// Whether the lines give year, month and day.
    pub fn is_complete(&self) -> bool {
        self.complete
    }
}

impl fmt::Debug for Birth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Birth")
            .field("complete", &self.complete)
            .finish_non_exhaustive()
    }
}

/// A date of expiry, or of a visa's "valid until".
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Expiry {
    /// The last day on which the document is certainly valid.
    On(Date),
    /// The lines have only fillers: no date is stated. The standard does not provide for it,
    /// but issuers of cards without an end do it.
    NotStated,
}

impl fmt::Debug for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::On(_) => "On(..)",
            Self::NotStated => "NotStated",
        })
    }
}

/// Year of the century, month and day; what is unknown is `None`.
struct Parts {
    year: Option<i16>,
    month: Option<i8>,
    day: Option<i8>,
}

/// Reads `YYMMDD`. Fillers are unknown, and so is a month or a day of `00`, which some issuers
/// write instead. All zeros say nothing either, the year included.
fn parts(field: &[u8]) -> Result<Parts, Reason> {
    if field == b"000000" {
        return Ok(Parts {
            year: None,
            month: None,
            day: None,
        });
    }
    let mut pairs = field.chunks_exact(2).map(pair);
    let mut next = || pairs.next().unwrap_or(Err(Reason::NotADate));
    let (year, month, day) = (next()?, next()?, next()?);
    Ok(Parts {
        year: year.map(i16::from),
        month: month.filter(|month| *month != 0),
        day: day.filter(|day| *day != 0),
    })
}

/// Two digits, or two fillers for unknown.
fn pair(pair: &[u8]) -> Result<Option<i8>, Reason> {
    match *pair {
        [b'<', b'<'] => Ok(None),
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9'] => Ok(i8::try_from((tens - b'0') * 10 + (ones - b'0')).ok()),
        [b'<', b'0'..=b'9'] | [b'0'..=b'9', b'<'] => Err(Reason::HalfADatePart),
        _ => Err(Reason::NotADate),
    }
}

/// The latest day that fits and is not after `today`.
pub(super) fn birth(field: &[u8], today: Date) -> Result<Birth, Reason> {
    let parts = parts(field)?;
    let century = today.year() - today.year().rem_euclid(100);
    let day = match parts.year {
        Some(year) => latest_in(century + year, &parts, today)
            .or_else(|| latest_in(century + year - 100, &parts, today)),
        // Eight years back there has been a 29 February, even across 1900 or 2100.
        None => (0..=8).find_map(|back| latest_in(today.year() - back, &parts, today)),
    };
    let day = day.ok_or(Reason::ImpossibleDate)?;
    Ok(Birth {
        year: day.year(),
        month: day.month(),
        day: day.day(),
        complete: parts.year.is_some() && parts.month.is_some() && parts.day.is_some(),
    })
}

/// The latest day of a year that fits and is not after `today`.
fn latest_in(year: i16, parts: &Parts, today: Date) -> Option<Date> {
    if year > today.year() {
        return None;
    }
    let months = parts.month.map_or(1..=12, |month| month..=month);
    months.rev().find_map(|month| {
        let days = parts.day.map_or(1..=31, |day| day..=day);
        days.rev()
            .find_map(|day| Date::new(year, month, day).ok().filter(|date| *date <= today))
    })
}

/// The earliest day that fits, in the century that brings it nearest to `today`.
pub(super) fn expiry(field: &[u8], today: Date) -> Result<Expiry, Reason> {
    let parts = parts(field)?;
    let (month, day) = (parts.month.unwrap_or(1), parts.day.unwrap_or(1));
    let Some(year) = parts.year else {
        // Without a year nothing can be said; a month alone is no date at all.
        let nothing = parts.month.is_none() && parts.day.is_none();
        return if nothing {
            Ok(Expiry::NotStated)
        } else {
            Err(Reason::NotADate)
        };
    };
    let year = nearest(year, (month, day), today);
    Date::new(year, month, day)
        .map(Expiry::On)
        .map_err(|_| Reason::ImpossibleDate)
}

/// The year that ends in `year` and brings its `(month, day)` to within fifty years of
/// `today`: after the same day fifty years ago, and not after the same day fifty years ahead.
fn nearest(year: i16, (month, day): (i8, i8), today: Date) -> i16 {
    let year = today.year() - today.year().rem_euclid(100) + year;
    let fifty = |years| (today.year() + years, today.month(), today.day());
    if (year, month, day) > fifty(50) {
        year - 100
    } else if (year, month, day) <= fifty(-50) {
        year + 100
    } else {
        year
    }
}
