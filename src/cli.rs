//! The command line.

use std::{
    future::Future,
    io::{self, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};

use crate::{
    audit::{self, VerifyArguments},
    backup,
    config::{self, Config},
    copy,
    demo::{self, DemoArguments},
    doctor::{self, DoctorArguments},
    healthcheck, master_key,
    start::{self, Failure, say},
    witness::{self, WitnessArguments},
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

#[derive(Debug, Clone, Subcommand)]
enum Command {
    /// Serve until SIGTERM or SIGINT. This is what happens without a command.
    Serve,
    /// Bring the database's schema up to date, and say what was applied.
    Migrate {
        /// Only say what would be applied.
        #[arg(long)]
        pending: bool,
    },
    /// Move to another database.
    #[command(subcommand)]
    Db(DbCommand),
    /// Look at the configuration.
    #[command(subcommand)]
    Config(ConfigCommand),
    /// Look after the master key.
    #[command(subcommand)]
    Vault(VaultCommand),
    /// Ask the server on this machine whether it is ready. Ends with 1 if it is not.
    Healthcheck,
    /// Look at everything: configuration, key, disk, clock, database, address. Ends with 1 if
    /// something is wrong.
    Doctor(DoctorArguments),
    /// Print a fresh link for setting up the first account. Older links stop working.
    SetupLink,
    /// What only the operator at the host may do.
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Fill an empty database with invented life, and print a link for signing in to it.
    Demo(DemoArguments),
    /// Check the audit log.
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Make an encrypted backup now, while the server runs.
    Backup(BackupArgs),
    /// Cosign the checkpoints of other installations' ledgers. Needs no configuration.
    Witness(WitnessArguments),
    /// Restore a backup into an empty place, or see in a drill that it could be.
    Restore(RestoreArgs),
}

#[derive(Debug, Clone, Args)]
struct BackupArgs {
    /// Only look: can one be made, was one made, is the master key safe.
    #[arg(long)]
    check: bool,
    #[command(subcommand)]
    command: Option<BackupCommand>,
}

#[derive(Debug, Clone, Subcommand)]
enum BackupCommand {
    /// Make a key for backups: its secret half goes to FILE, its recipient is printed.
    Keygen {
        /// A new file, to be kept where the server is not.
        file: PathBuf,
    },
}

#[derive(Debug, Clone, Args)]
struct RestoreArgs {
    /// The backup.
    file: PathBuf,
    /// The file with the secret half of a key that the backup was made for.
    #[arg(long, value_name = "FILE")]
    identity: PathBuf,
    /// The database to restore into; without it the configured one. It must be empty.
    #[arg(long, value_name = "URL")]
    into: Option<String>,
    /// Restore into a scratch place, compare, and remove it again.
    #[arg(long, conflicts_with = "into")]
    drill: bool,
}

#[derive(Debug, Clone, Subcommand)]
enum DbCommand {
    /// Copy everything to another database, while no server writes. Run again after a crash.
    Copy {
        /// The target: empty, or with half a copy of this database. A password may stand in
        /// PGPASSWORD instead.
        #[arg(long, value_name = "URL")]
        to: String,
    },
}

#[derive(Debug, Clone, Subcommand)]
enum AuditCommand {
    /// Check offline that nothing was changed, taken out or put in: a database, an export or a
    /// proof. Ends with 1 and names the first bad row if something was, and with 2 if it could
    /// not be checked.
    Verify(VerifyArguments),
}

#[derive(Debug, Clone, Subcommand)]
enum AdminCommand {
    /// Print a link with which the person of an account makes a new way to sign in, at once. It
    /// works once, for a day; nothing is removed before. The account's address is told.
    Recover {
        /// The e-mail address of the account.
        email: String,
    },
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum ConfigCommand {
    /// Check everything and print what is in effect; passwords are redacted. Ends with 2 if
    /// something is wrong.
    Check,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum VaultCommand {
    /// Make a key file, where a server is not to make its own.
    Create,
    /// Add a master key to the key file, which a credential is then made from.
    Add,
    /// Add a master key to the key file and wrap every data key under it.
    Rotate,
    /// Make another pepper for the digests of API keys. Keys stay as they are: each is moved to it
    /// at its next use.
    Pepper,
}

impl From<RestoreArgs> for backup::Request {
    fn from(args: RestoreArgs) -> Self {
        Self {
            file: args.file,
            identity: args.identity,
            into: args.into,
            drill: args.drill,
        }
    }
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Some(Command::Witness(arguments)) = cli.command {
        return witness::main(arguments);
    }
    let config = Config::load(cli.config, &config::environment());
    if let Some(Command::Doctor(arguments)) = cli.command {
        return doctor::main(config, arguments);
    }
    if let Some(Command::Audit(AuditCommand::Verify(arguments))) = cli.command {
        return audit::verify(config, arguments);
    }
    let config = match config {
        Ok(config) => config,
        Err(problems) => {
            complain(&problems.to_string());
            return ExitCode::from(MISUSE);
        }
    };
    let done = match cli.command.unwrap_or(Command::Serve) {
        Command::Config(ConfigCommand::Check) => say(&config.show()),
        Command::Doctor(arguments) => return doctor::main(Ok(config), arguments),
        Command::Witness(arguments) => return witness::main(arguments),
        Command::Audit(AuditCommand::Verify(arguments)) => return audit::verify(Ok(config), arguments),
        Command::Serve => run(start::serve(config)),
        Command::Migrate { pending: true } => run(start::pending(config)),
        Command::Migrate { pending: false } => run(start::migrate(config)),
        Command::Db(DbCommand::Copy { to }) => run(copy::copy(config, to)),
        Command::Healthcheck => run(healthcheck::run(config)),
        Command::SetupLink => run(start::setup_link(config)),
        Command::Admin(AdminCommand::Recover { email }) => run(start::recover(config, email)),
        Command::Demo(arguments) => run(demo::demo(config, arguments)),
        Command::Vault(VaultCommand::Create) => master_key::create(&config),
        Command::Vault(VaultCommand::Add) => master_key::add(&config),
        Command::Vault(VaultCommand::Rotate) => run(start::rotate(config)),
        Command::Vault(VaultCommand::Pepper) => run(start::rotate_pepper(config)),
        Command::Backup(args) => match args.command {
            Some(BackupCommand::Keygen { file }) => backup::keygen(&file),
            None if args.check => run(backup::check(config)),
            None => run(backup::make(config)),
        },
        Command::Restore(args) => run(backup::restore(config, args.into())),
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

    /// The public key of RFC 8032's first example.
    const LOG: &str = "log.example+814a2008+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea";

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
            vec!["migrate", "--pending"],
            vec!["db", "copy", "--to", "postgres://localhost/x"],
            vec!["config", "check"],
            vec!["healthcheck"],
            vec!["doctor"],
            vec!["doctor", "--json"],
            vec!["vault", "create"],
            vec!["vault", "add"],
            vec!["vault", "rotate"],
            vec!["setup-link"],
            vec!["admin", "recover", "ada@example.com"],
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
            vec!["audit", "verify"],
            vec!["audit", "verify", "--database"],
            vec!["audit", "verify", "--database", "sqlite://x.db"],
            vec!["audit", "verify", "--export", "a.csv"],
            vec!["audit", "verify", "--proof", "a.json", "--event", "e.json"],
            vec!["audit", "verify", "--quorum", "2", "--checkpoint", "c.txt"],
            vec!["backup"],
            vec!["backup", "--check"],
            vec!["witness", "keygen", "w.key", "--name", "w.example"],
            vec!["witness", "--key", "w.key", "--state", "w.json", "--log", LOG],
            vec!["backup", "keygen", "key.txt"],
            vec!["restore", "a.age", "--identity", "key.txt"],
            vec!["restore", "a.age", "--identity", "key.txt", "--drill"],
            vec![
                "restore",
                "a.age",
                "--identity",
                "key.txt",
                "--into",
                "sqlite://b.db",
            ],
            vec!["config", "check", "--config", "a.toml"],
        ] {
            let all = std::iter::once("loomwire").chain(words.iter().copied());
            assert!(Cli::try_parse_from(all).is_ok(), "{words:?}");
        }
        assert!(Cli::try_parse_from(["loomwire", "config"]).is_err());
        assert!(Cli::try_parse_from(["loomwire", "fly"]).is_err());
        for wrong in [
            vec!["witness"],
            vec!["witness", "--key", "w.key", "--state", "w.json", "--log", "x"],
            vec!["--scale", "10000001"],
            vec!["--days", "0"],
            vec!["--without-audit", "--audit-days", "3"],
        ] {
            let demo = (wrong.first() != Some(&"witness")).then_some("demo");
            let all = std::iter::once("loomwire").chain(demo).chain(wrong);
            assert!(Cli::try_parse_from(all).is_err());
        }
    }
}
