//! The databases, proven: one suite on both, then what is particular to each.
#![cfg(test)]

mod crash;
mod postgres;
mod schema;
mod sqlite;
mod suite;
