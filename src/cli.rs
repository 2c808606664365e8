//! The command line.

use std::{
    future::Future,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Parser, Subcommand};

use crate::{
    config::{self, Config},
    demo::{self, DemoArguments},
    start::{self, Failure, say},
};

/// The configuration, or the command line, cannot be used; as clap has it.
const MISUSE: u8 = 2;

/// Self-hosted identity verification that keeps no evidence.
#[derive(Debug, Parser)]
#[command(name = "loomwire", version, disable_help_subcommand = true)]
struct Cli {
    /// The configuration file; without it `loomwire.toml` in the current folder, if there.
    #[arg(long, global = true, env = "LOOMWIRE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Command {
    /// Serve until SIGTERM or SIGINT. This is what happens without a command.
    Serve,
    /// Bring the database's schema up to date, and say what was applied.
    Migrate,
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Look after the master key.
    #[command(subcommand)]
    Vault(VaultCommand),
    /// Print a fresh link for setting up the first account. Older links stop working.
    SetupLink,
    /// Fill an empty database with invented life, and print a link for signing in to it.
    Demo(DemoArguments),
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum ConfigCommand {
    /// Check everything and print what is in effect; passwords are redacted. Ends with 2 if
    /// something is wrong.
    Check,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum VaultCommand {
    /// Add a master key to the key file and wrap every data key under it.
    Rotate,
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let config = match Config::load(cli.config, &config::environment()) {
        Ok(config) => config,
        Err(problems) => {
            complain(&problems.to_string());
            return ExitCode::from(MISUSE);
        }
    };
    let done = match cli.command.unwrap_or(Command::Serve) {
        Command::Config(ConfigCommand::Check) => say(&config.show()),
        Command::Serve => run(start::serve(config)),
        Command::Migrate => run(start::migrate(config)),
        Command::SetupLink => run(start::setup_link(config)),
        Command::Demo(arguments) => run(demo::demo(config, arguments)),
        Command::Vault(VaultCommand::Rotate) => run(start::rotate(config)),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            complain(&failure.to_string());
            ExitCode::FAILURE
        }
    }
}

fn run(command: impl Future<Output = Result<(), Failure>>) -> Result<(), Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?
        .block_on(command)
}

fn complain(text: &str) {
    // Nobody is left to tell if this fails.
    drop(writeln!(io::stderr().lock(), "{text}"));
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_command_has_its_words() {
        for words in [
            vec![],
            vec!["serve"],
            vec!["migrate"],
            vec!["config", "check"],
            vec!["vault", "rotate"],
            vec!["setup-link"],
            vec![
                "demo",
                "--seed",
                "7",
                "--scale",
                "1000",
                "--days",
                "30",
                "--without-audit",
            ],
            vec!["demo", "--audit-days", "3"],
            vec!["config", "check", "--config", "a.toml"],
        ] {
            let all = std::iter::once("loomwire").chain(words.iter().copied());
            assert!(Cli::try_parse_from(all).is_ok(), "{words:?}");
        }
        assert!(Cli::try_parse_from(["loomwire", "config"]).is_err());
        assert!(Cli::try_parse_from(["loomwire", "fly"]).is_err());
        for wrong in [
            vec!["--scale", "10000001"],
            vec!["--days", "0"],
            vec!["--without-audit", "--audit-days", "3"],
        ] {
            let all = ["loomwire", "demo"].into_iter().chain(wrong);
            assert!(Cli::try_parse_from(all).is_err());
        }
    }
}
