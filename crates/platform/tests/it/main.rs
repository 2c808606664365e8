//! The domain on a real database.
#![cfg(test)]

mod accounts;
mod audit;
mod backups;
mod credentials;
mod demo;
mod figures;
mod guard;
mod identity;
mod invitations;
mod jobs;
mod keys;
mod limits;
mod lists;
mod mail;
mod metering;
mod postgres;
mod recovery;
mod reminders;
mod servers;
mod sessions;
mod signals;
mod step_up;
mod vault;
mod verification;
