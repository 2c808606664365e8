//! The server: configuration, logs, HTTP, and the commands that start all of it.
//!
//! It is the only crate that knows axum. It holds no rule of the business: a route turns a
//! request into a call of `platform` or into a page of `app`, and the result into an answer.

pub mod alerts;
pub mod audit;
pub mod background;
pub mod backup;
pub mod carrying;
pub mod cli;
pub mod config;
pub mod copy;
pub mod demo;
pub mod doctor;
pub mod guarded;
pub mod healthcheck;
pub mod http;
pub mod jobs;
pub mod leaks;
pub mod ledger;
pub mod master_key;
pub mod metrics;
mod outbound;
pub mod serve;
pub mod smtp;
pub mod source;
pub mod stall;
pub mod start;
pub mod streams;
pub mod supervisor;
pub mod telemetry;
pub mod tls;
pub mod valkey;
pub mod webhooks;
pub mod witness;

/// A page is thousands of small pieces of text: with the C library's allocator, finding room
/// for them takes a fifth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
