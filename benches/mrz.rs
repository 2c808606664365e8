//! How fast machine-readable lines are read, on one core: `cargo xtask bench` runs it.
//!
//! One line a figure, `name value`. The second is how often SHA-256 goes over the same lines in
//! a second, so that machines can be compared.
#![expect(
    clippy::print_stdout,
    reason = "its figures are read from its standard output"
)]
#![expect(
    clippy::expect_used,
    reason = "a specimen that cannot be composed ends the measurement"
)]

use jiff::civil::{Date, date};
use sha2::{Digest as _, Sha256};
use std::hint::black_box;
use std::time::Instant;
use verify::mrz::{Document, Format, compose, read};

const ROUNDS: u32 = 40_000;
const TODAY: Date = date(2026, 1, 1);

fn main() {
    let specimens: Vec<Vec<String>> = [Format::Td1, Format::Td2, Format::Td3, Format::MrvA, Format::MrvB]
        .map(|format| compose(&Document::specimen(format)).expect("the standard's specimen is sound"))
        .into();
    let specimens: Vec<Vec<&str>> = specimens
        .iter()
        .map(|lines| lines.iter().map(String::as_str).collect())
        .collect();

    let readings = per_second(&specimens, |lines| drop(black_box(read(black_box(lines), TODAY))));
    let digests = per_second(&specimens, |lines| {
        black_box(lines.iter().fold(Sha256::new(), Sha256::chain_update).finalize());
    });
    println!("readings {readings:.0}");
    println!("digests {digests:.0}");
}

#[expect(clippy::disallowed_methods, reason = "measuring is what this is for")]
fn per_second(specimens: &[Vec<&str>], work: impl Fn(&[&str])) -> f64 {
    let start = Instant::now();
    for _ in 0..ROUNDS {
        for lines in specimens {
            work(lines);
        }
    }
    let count = f64::from(ROUNDS) * f64::from(u32::try_from(specimens.len()).unwrap_or(u32::MAX));
    count / start.elapsed().as_secs_f64()
}
