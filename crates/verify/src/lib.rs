//! Reads documents that people show, and decides what they prove.
//!
//! Everything here is a pure function of its arguments: no database, no clock, no network.
//! Whoever calls says which day it is.
//!
//! - [`mrz`]: machine-readable lines of passports, cards and visas (ICAO Doc 9303, parts 3 to 7).
//! - [`decision`]: from what was read to approved, denied or "try again".

pub mod decision;
pub mod mrz;
