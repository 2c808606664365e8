//! When a person has reached an age.

use jiff::civil::{Date, date};

/// Whether somebody born on `birth` has completed `years` years on `today`.
///
/// The birthday counts. Who was born on 29 February comes of age on 1 March where the year has
/// no such day: the later of the two customs, so nobody passes a day too early.
pub fn has_reached(birth: Date, years: u8, today: Date) -> bool {
    let Some(year) = birth.year().checked_add(i16::from(years)) else {
        return false;
    };
    if !(Date::MIN.year()..=Date::MAX.year()).contains(&year) {
        return false;
    }
    let birthday = Date::new(year, birth.month(), birth.day()).unwrap_or(date(year, 3, 1));
    birthday <= today
}
