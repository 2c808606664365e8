//! The databases, proven: one suite on both, then what is particular to each.
#![cfg(test)]

mod alike;
mod batch;
mod copy;
mod crash;
mod file;
mod fill;
mod hang;
mod listen;
mod pooler;
mod postgres;
mod schema;
mod suite;
mod watch;
