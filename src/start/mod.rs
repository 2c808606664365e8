//! Putting the parts together: what each command does once the configuration is sound.

mod commands;
mod database;
mod failure;
mod server;

#[cfg(test)]
mod tests;

use std::io::{self, Write};

use crate::config::Config;

pub use commands::{migrate, pending, recover, rotate, rotate_pepper, setup_link};
#[cfg(test)]
pub(crate) use database::open_database;
pub(crate) use database::{existing_keys, open, settings};
pub use failure::Failure;
pub use server::serve;

pub(crate) fn setup_address(config: &Config, secret: &str) -> String {
    format!(
        "{}/setup/{secret}",
        config.public_url.origin().ascii_serialization()
    )
}

pub(crate) fn say(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    Ok(out.flush()?)
}
