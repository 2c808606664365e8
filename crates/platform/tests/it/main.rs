//! The domain on a real database.
#![cfg(test)]

mod audit;
mod backups;
mod demo;
mod figures;
mod guard;
mod identity;
mod jobs;
mod keys;
mod limits;
mod lists;
mod metering;
mod postgres;
mod servers;
mod vault;
mod verification;
