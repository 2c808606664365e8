//! The domain on a real database.
#![cfg(test)]

mod audit;
mod backups;
mod identity;
mod jobs;
mod keys;
mod postgres;
mod vault;
mod verification;
