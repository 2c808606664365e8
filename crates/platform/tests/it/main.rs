//! The domain on a real database.
#![cfg(test)]

mod accounts;
mod audit;
mod backups;
mod credentials;
mod demo;
mod elevations;
mod figures;
mod guard;
mod identity;
mod invitations;
mod jobs;
mod keys;
mod limits;
mod lists;
mod mail;
mod members;
mod metering;
mod passwords;
mod postgres;
mod recovery;
mod reminders;
mod roles;
mod security;
mod servers;
mod sessions;
mod signals;
mod staff;
mod step_up;
mod vault;
mod verification;
