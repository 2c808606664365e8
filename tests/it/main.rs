//! The server as a whole: every route through its frame, on a real database.
#![cfg(test)]

mod accounts;
mod api;
mod app;
mod bad_input;
mod canary;
mod console;
mod credentials;
mod deployment;
mod export;
mod fields;
mod hammer;
mod hosted;
mod keys;
mod limits;
mod matrix;
mod metrics;
mod openapi;
mod others;
mod proofs;
mod report;
mod security;
mod stall;
mod team;
mod traces;
mod usage;
mod webhooks;
