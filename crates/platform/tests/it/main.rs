//! The domain on a real database.
#![cfg(test)]

mod audit;
mod backups;
mod credentials;
mod demo;
mod elevations;
mod figures;
mod guard;
mod identity;
mod jobs;
mod keys;
mod limits;
mod lists;
mod members;
mod metering;
mod postgres;
mod roles;
mod security;
mod servers;
mod staff;
mod step_up;
mod vault;
mod verification;
