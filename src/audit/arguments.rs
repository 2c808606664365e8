//! What is to be checked, and what it is held against.

use std::{fs, path::PathBuf};

use clap::Args;
use ledger::checkpoint::NoteKey;
use platform::audit::walk::Trust;

use super::Unchecked;

/// Checks a database, an export or a proof, offline.
#[derive(Debug, Clone, Args)]
pub struct VerifyArguments {
    /// Check a whole database: the configured one, or the one at URL. This is what happens
    /// without anything else.
    #[arg(long, value_name = "URL", num_args = 0..=1, conflicts_with_all = ["export", "proof"])]
    #[expect(
        clippy::option_option,
        reason = "clap's way to have a flag with an optional value"
    )]
    database: Option<Option<String>>,
    /// Check an export with its proofs: JSON Lines, OCSF JSON Lines, or CSV (by the ending .csv).
    #[arg(long, value_name = "FILE", conflicts_with = "proof")]
    export: Option<PathBuf>,
    /// Check one event's proof: as the console gives it, or a C2SP tlog-proof with --event.
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
    /// The exact text of the event that a tlog-proof is for.
    #[arg(long, value_name = "FILE", requires = "proof")]
    event: Option<PathBuf>,
    /// The log's verifier key, as it was kept from the first day (repeatable).
    #[arg(long = "key", value_name = "VKEY")]
    keys: Vec<NoteKey>,
    /// A witness's verifier key (repeatable).
    #[arg(long = "witness", value_name = "VKEY")]
    witnesses: Vec<NoteKey>,
    /// How many of the witnesses must have signed; 1 if any is given.
    #[arg(long, value_name = "N")]
    quorum: Option<usize>,
    /// A checkpoint that was kept earlier: the log must still contain it (repeatable).
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
}

/// What is checked.
#[derive(Debug)]
pub(super) enum What {
    /// The configured database, or the one at this address.
    Database(Option<String>),
    Export(PathBuf),
    Proof {
        file: PathBuf,
        event: Option<PathBuf>,
    },
}

impl VerifyArguments {
    /// What is asked for, and what it is held against.
    pub(super) fn sort_out(self) -> Result<(What, Trust), Unchecked> {
        let what = match (self.export, self.proof) {
            (Some(file), _) => What::Export(file),
            (None, Some(file)) => What::Proof {
                file,
                event: self.event,
            },
            (None, None) => What::Database(self.database.flatten()),
        };
        // What vouches for itself proves nothing; a database at least is the operator's own.
        if self.keys.is_empty() && !matches!(what, What::Database(_)) {
            return Err(Unchecked::because(
                "give the log's verifier key with --key, as you kept it: /ledger/key of the installation has it",
            ));
        }
        let quorum = self.quorum.unwrap_or(usize::from(!self.witnesses.is_empty()));
        if quorum > self.witnesses.len() {
            return Err(Unchecked(format!(
                "--quorum asks for {quorum} witnesses, and {} are given with --witness",
                self.witnesses.len()
            )));
        }
        if let Some(key) = self.witnesses.iter().find(|key| !key.is_witness()) {
            return Err(Unchecked(format!("{key} is a log's key and no witness's")));
        }
        if let Some(key) = self.keys.iter().find(|key| key.is_witness()) {
            return Err(Unchecked(format!("{key} is a witness's key and no log's")));
        }
        let remembered = self.checkpoints.iter().map(|path| {
            fs::read_to_string(path).map_err(|why| Unchecked(format!("{}: {why}", path.display())))
        });
        let trust = Trust {
            logs: self.keys,
            witnesses: self.witnesses,
            quorum,
            remembered: remembered.collect::<Result<_, _>>()?,
        };
        Ok((what, trust))
    }
}
