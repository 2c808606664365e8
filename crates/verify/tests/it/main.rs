//! Everything that machine-readable lines can say or fail to say.
#![cfg(test)]

mod check_digits;
mod compose;
mod dates;
mod decisions;
mod fields;
mod fuzz;
mod malformed;
mod names;
mod oracle;
mod privacy;
mod properties;
mod specimens;
mod states;

use jiff::civil::{Date, date};
use verify::mrz::{self, Document, Format, Reading};

/// The day on which the tests read, unless they say otherwise.
const TODAY: Date = date(2026, 11, 23);

/// Reads lines of a proper shape.
fn read(lines: &[&str]) -> Reading {
    read_on(lines, TODAY)
}

fn read_on(lines: &[&str], today: Date) -> Reading {
    mrz::read(lines, today).unwrap_or_else(|malformed| panic!("{malformed:?}"))
}

/// Reads a specimen.
fn read_document(document: &Document) -> Reading {
    let lines = mrz::compose(document).unwrap();
    read(&borrow(&lines))
}

fn borrow(lines: &[String]) -> Vec<&str> {
    lines.iter().map(String::as_str).collect()
}

/// A specimen that is current on `TODAY` and whose holder is of age.
fn current(format: Format) -> Document {
    Document::specimen(format)
        .born(date(1990, 5, 17))
        .expiring(date(2030, 1, 31))
}

/// The lines with one character replaced; line and position from 1.
fn replace(lines: &[String], line: usize, position: usize, with: char) -> Vec<String> {
    let mut lines = lines.to_vec();
    lines[line - 1].replace_range(position - 1..position, with.encode_utf8(&mut [0; 4]));
    lines
}
