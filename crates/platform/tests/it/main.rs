//! The domain on a real database.
#![cfg(test)]

mod audit;
mod backups;
mod credentials;
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
mod step_up;
mod vault;
mod verification;
