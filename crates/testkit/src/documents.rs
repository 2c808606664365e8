//! Specimen documents of the state `UTO`, which no one was ever issued.

use verify::mrz::{Document, Format, compose};

/// The lines of a specimen passport, dates as `YYMMDD`.
pub fn passport(birth: &str, expiry: &str) -> Vec<String> {
    let mut document = Document::specimen(Format::Td3);
    birth.clone_into(&mut document.birth);
    expiry.clone_into(&mut document.expiry);
    compose(&document).unwrap()
}

/// The same, as if a state that exists had issued it: what a live key sees.
pub fn issued_passport(birth: &str, expiry: &str) -> Vec<String> {
    let mut document = Document::specimen(Format::Td3);
    birth.clone_into(&mut document.birth);
    expiry.clone_into(&mut document.expiry);
    document.issuer = "NLD".into();
    document.nationality = "NLD".into();
    compose(&document).unwrap()
}

/// Somebody born in 1974 (as 9303-4's own specimen), the document current until 2035.
pub fn adult_passport() -> Vec<String> {
    passport("740812", "350415")
}

/// Somebody born on this day.
pub fn born_on(birth: &str) -> Vec<String> {
    passport(birth, "350415")
}

/// An adult whose passport has expired.
pub fn expired_passport() -> Vec<String> {
    passport("740812", "200415")
}

/// An adult's passport with one wrong check digit: the one of the date of birth.
pub fn wrong_digit_passport() -> Vec<String> {
    let mut lines = adult_passport();
    let line = lines.pop().unwrap();
    // 9303-4, 4.2.2: the check digit of the date of birth is character 20 of the second line.
    let (before, after) = line.split_at(19);
    let (digit, after) = after.split_at(1);
    let wrong = if digit == "9" { "0" } else { "9" };
    lines.push([before, wrong, after].concat());
    lines
}
