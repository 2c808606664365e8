//! Dates: the century, what is unknown, and days that do not exist.

use jiff::civil::{Date, date};
use verify::mrz::{Document, Expiry, Format, Reason, compose};

use crate::{TODAY, borrow, current, read_on};

fn born(birth: &str, today: Date) -> Result<(Date, bool), Reason> {
    let document = Document {
        birth: birth.to_owned(),
        ..current(Format::Td2)
    };
    let lines = compose(&document).unwrap();
    let reading = read_on(&borrow(&lines), today);
    let birth = reading.birth();
    match &birth.value {
        Some(value) => Ok((value.youngest(), value.is_complete())),
        None => Err(birth.fault.unwrap().reason),
    }
}

fn expires(expiry: &str, today: Date) -> Result<Expiry, Reason> {
    let document = Document {
        expiry: expiry.to_owned(),
        ..current(Format::Td1)
    };
    let lines = compose(&document).unwrap();
    let reading = read_on(&borrow(&lines), today);
    reading
        .expiry()
        .value
        .ok_or_else(|| reading.expiry().fault.unwrap().reason)
}

#[test]
fn a_birth_date_is_the_latest_that_is_not_in_the_future() {
    for (birth, today, expected) in [
        ("740812", TODAY, date(1974, 8, 12)),
        ("261122", TODAY, date(2026, 11, 22)),
        ("261123", TODAY, date(2026, 11, 23)),
        ("261124", TODAY, date(1926, 11, 24)),
        ("270101", TODAY, date(1927, 1, 1)),
        ("000101", TODAY, date(2000, 1, 1)),
        ("991231", TODAY, date(1999, 12, 31)),
        ("000101", date(2000, 1, 1), date(2000, 1, 1)),
        ("000102", date(2000, 1, 1), date(1900, 1, 2)),
        ("991231", date(2000, 1, 1), date(1999, 12, 31)),
        ("991231", date(2099, 12, 31), date(2099, 12, 31)),
        ("991231", date(2099, 12, 30), date(1999, 12, 31)),
    ] {
        assert_eq!(born(birth, today), Ok((expected, true)), "{birth} on {today}");
    }
}

#[test]
fn leap_days_count_only_where_a_calendar_has_them() {
    assert_eq!(born("000229", TODAY), Ok((date(2000, 2, 29), true)));
    assert_eq!(born("240229", TODAY), Ok((date(2024, 2, 29), true)));
    assert_eq!(born("280229", TODAY), Ok((date(1928, 2, 29), true)));
    // Neither 2026 nor 1926 is a leap year.
    assert_eq!(born("260229", TODAY), Err(Reason::ImpossibleDate));
    assert_eq!(born("250229", TODAY), Err(Reason::ImpossibleDate));
    // In 2000 it is still to come, and 1900 had none.
    assert_eq!(born("000229", date(2000, 2, 28)), Err(Reason::ImpossibleDate));
    assert_eq!(born("000229", date(2100, 3, 1)), Ok((date(2000, 2, 29), true)));
}

#[test]
fn what_is_unknown_gives_the_youngest_reading() {
    for (birth, today, expected) in [
        // The day.
        ("7408<<", TODAY, date(1974, 8, 31)),
        ("740800", TODAY, date(1974, 8, 31)),
        ("7402<<", TODAY, date(1974, 2, 28)),
        ("7602<<", TODAY, date(1976, 2, 29)),
        ("2611<<", TODAY, TODAY),
        ("2612<<", TODAY, date(1926, 12, 31)),
        // The month and the day.
        ("74<<<<", TODAY, date(1974, 12, 31)),
        ("740000", TODAY, date(1974, 12, 31)),
        ("26<<<<", TODAY, TODAY),
        ("26<<<<", date(2026, 2, 3), date(2026, 2, 3)),
        ("27<<<<", TODAY, date(1927, 12, 31)),
        ("00<<<<", TODAY, date(2000, 12, 31)),
        // The month alone.
        ("74<<31", TODAY, date(1974, 12, 31)),
        ("740012", TODAY, date(1974, 12, 12)),
        ("26<<24", TODAY, date(2026, 10, 24)),
        ("26<<23", TODAY, TODAY),
        // The year.
        ("<<0812", TODAY, date(2026, 8, 12)),
        ("<<1124", TODAY, date(2025, 11, 24)),
        ("<<0229", TODAY, date(2024, 2, 29)),
        ("<<0229", date(1904, 2, 28), date(1896, 2, 29)),
        // Everything: all zeros too, since whoever writes zeros for unknown may mean the year.
        ("<<<<<<", TODAY, TODAY),
        ("000000", TODAY, TODAY),
    ] {
        assert_eq!(born(birth, today), Ok((expected, false)), "{birth} on {today}");
    }
}

#[test]
fn days_that_do_not_exist_and_texts_that_are_no_dates_fail() {
    for (text, reason) in [
        ("740231", Reason::ImpossibleDate),
        ("740431", Reason::ImpossibleDate),
        ("741301", Reason::ImpossibleDate),
        ("749912", Reason::ImpossibleDate),
        ("740832", Reason::ImpossibleDate),
        ("740899", Reason::ImpossibleDate),
        ("74<<32", Reason::ImpossibleDate),
        ("7<0812", Reason::HalfADatePart),
        ("74<812", Reason::HalfADatePart),
        ("7408<1", Reason::HalfADatePart),
        ("74O812", Reason::NotADate),
        ("7408I2", Reason::NotADate),
        ("ABCDEF", Reason::NotADate),
    ] {
        assert_eq!(born(text, TODAY), Err(reason), "{text}");
        assert_eq!(expires(text, TODAY), Err(reason), "{text}");
    }
    assert_eq!(expires("<<0812", TODAY), Err(Reason::NotADate));
}

#[test]
fn an_expiry_is_the_one_nearest_to_today() {
    for (expiry, today, expected) in [
        ("300131", TODAY, date(2030, 1, 31)),
        ("261123", TODAY, TODAY),
        ("120415", TODAY, date(2012, 4, 15)),
        ("991231", TODAY, date(1999, 12, 31)),
        ("761123", TODAY, date(2076, 11, 23)),
        ("761124", TODAY, date(1976, 11, 24)),
        ("770101", TODAY, date(1977, 1, 1)),
        ("951231", date(2090, 1, 1), date(2095, 12, 31)),
        ("050101", date(2090, 1, 1), date(2105, 1, 1)),
        ("050101", date(1999, 6, 1), date(2005, 1, 1)),
        ("950101", date(2005, 1, 1), date(1995, 1, 1)),
        ("400101", date(2090, 1, 1), date(2140, 1, 1)),
        ("400102", date(2090, 1, 1), date(2040, 1, 2)),
        ("240229", TODAY, date(2024, 2, 29)),
    ] {
        assert_eq!(
            expires(expiry, today),
            Ok(Expiry::On(expected)),
            "{expiry} on {today}"
        );
    }
    assert_eq!(expires("270229", TODAY), Err(Reason::ImpossibleDate));
}

#[test]
fn an_expiry_with_unknown_parts_is_the_earliest_that_fits() {
    for (expiry, expected) in [
        ("3001<<", date(2030, 1, 1)),
        ("300100", date(2030, 1, 1)),
        ("30<<<<", date(2030, 1, 1)),
        ("300000", date(2030, 1, 1)),
        ("30<<15", date(2030, 1, 15)),
        ("26<<<<", date(2026, 1, 1)),
    ] {
        assert_eq!(expires(expiry, TODAY), Ok(Expiry::On(expected)), "{expiry}");
    }
    assert_eq!(expires("<<<<<<", TODAY), Ok(Expiry::NotStated));
    assert_eq!(expires("000000", TODAY), Ok(Expiry::NotStated));
}

#[test]
fn a_date_is_readable_even_if_its_check_digit_is_wrong() {
    let mut lines = compose(&current(Format::Td3)).unwrap();
    lines[1].replace_range(13..19, "900518");
    let reading = read_on(&borrow(&lines), TODAY);
    let birth = reading.birth();
    assert_eq!(birth.value.as_ref().unwrap().youngest(), date(1990, 5, 18));
    assert_eq!(birth.fault.unwrap().reason, Reason::CheckDigit);
}

#[test]
fn the_ends_of_the_calendar_do_no_harm() {
    for today in [
        Date::MIN,
        Date::MAX,
        date(0, 1, 1),
        date(-1, 12, 31),
        date(99, 6, 1),
    ] {
        for text in ["740812", "<<<<<<", "000000", "99<<<<", "<<0229", "001231"] {
            let _ = (born(text, today), expires(text, today));
        }
    }
}
