//! The domain on a real database.

mod audit;
mod identity;
mod jobs;
mod keys;
mod postgres;
mod vault;
mod verification;
