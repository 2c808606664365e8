//! The domain on a real database.
#![cfg(test)]

mod audit;
mod backups;
mod demo;
mod identity;
mod jobs;
mod keys;
mod limits;
mod metering;
mod postgres;
mod servers;
mod vault;
mod verification;
