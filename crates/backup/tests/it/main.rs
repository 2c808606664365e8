//! Backups, proven: both databases, damage, crashes, and another program's eyes.
#![cfg(test)]

mod crash;
mod damage;
mod full;
mod home;
mod oracle;
mod postgres;
mod sqlite;
