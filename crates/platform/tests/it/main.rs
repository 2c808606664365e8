//! The domain on a real database.
#![cfg(test)]

mod accounts;
mod audit;
mod backups;
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
mod servers;
mod vault;
mod verification;
