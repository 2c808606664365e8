//! The databases, proven: one suite on both, then what is particular to each.
#![cfg(test)]

mod batch;
mod crash;
mod file;
mod listen;
mod postgres;
mod schema;
mod suite;
mod watch;
