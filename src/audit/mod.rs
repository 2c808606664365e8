//! `loomwire audit verify`: whether the audit log is what it was, checked offline.
//!
//! A whole database, an export, or a single proof. It asks no server, writes nothing, and names
//! the first row that is wrong. The checks are `ledger`'s; here files and the database are read
//! for them, and the findings put into words.
//!
//! It ends with 0 if all is well, with 1 if something is wrong with the log, and with 2 if it
//! could not be checked: a wrong command line, an unreadable file, no database.

mod arguments;
mod bundles;
mod database;
mod export;
mod proof;
mod report;
mod screen;

#[cfg(test)]
mod tests;

use std::process::ExitCode;

pub use arguments::VerifyArguments;

use crate::{
    config::{Config, Problems},
    start::say,
};

/// The log could not be checked; as clap has it for a command line that cannot be used.
const MISUSE: u8 = 2;

/// How a check came out.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// All is well, in words.
    Sound(String),
    /// Something is wrong, in words.
    Bad(String),
}

/// Why nothing could be checked.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Unchecked(String);

impl Unchecked {
    fn because(why: impl std::fmt::Display) -> Self {
        Self(why.to_string())
    }
}

/// Checks what the arguments name.
pub fn verify(config: Result<Config, Problems>, arguments: VerifyArguments) -> ExitCode {
    let checked = arguments.sort_out().and_then(|(what, trust)| match what {
        arguments::What::Database(url) => database::check(config, url, trust),
        arguments::What::Export(file) => export::check(&file, &trust),
        arguments::What::Proof { file, event } => proof::check(&file, event.as_deref(), &trust),
    });
    match checked {
        Ok(Verdict::Sound(words)) => match say(&words) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(MISUSE),
        },
        Ok(Verdict::Bad(words)) => {
            screen::complain(&words);
            ExitCode::FAILURE
        }
        Err(why) => {
            screen::complain(&format!("Nothing was checked: {why}\n"));
            ExitCode::from(MISUSE)
        }
    }
}
