//! `loomwire witness`: a small witness (C2SP tlog-witness) for those who want to check an
//! installation without trusting its operator. It runs elsewhere, needs no database and no
//! configuration, and remembers of each log only the greatest tree that it has signed.
//!
//! **Invariant**: that is on disk before a cosignature leaves the process, so that after any crash
//! it signs nothing that contradicts what it signed before.

mod key;
mod serve;
mod state;

#[cfg(test)]
pub(crate) mod tests;

use std::{io, net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use clap::{Args, Subcommand};
use ledger::checkpoint::NoteKey;
use tokio::net::TcpListener;

use crate::{
    config::{self, LogFormat},
    http::Health,
    serve::{Ended, Transport, stop_signal},
    source::{OsEntropy, SystemClock},
    start::{Failure, say},
    telemetry,
};

pub use serve::Witness;
pub use state::State;

pub(crate) const LIMITS: config::Limits = config::Limits {
    body_bytes: serve::LONGEST,
    request: Duration::from_secs(10),
    header: Duration::from_secs(10),
    header_bytes: 8192,
    drain: Duration::from_secs(10),
    calls: platform::limits::Policy::NONE,
};

/// What the command line says.
#[derive(Clone, Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct WitnessArguments {
    /// The address and port to listen on. For https, put a proxy in front.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:3080")]
    listen: SocketAddr,
    /// The witness's key, from `loomwire witness keygen`.
    #[arg(long, value_name = "FILE", required = true)]
    key: Option<PathBuf>,
    /// Where to keep what was signed last. Lose it, and the witness begins anew.
    #[arg(long, value_name = "FILE", required = true)]
    state: Option<PathBuf>,
    /// The verifier key of a log, as its page /staff/ledger and its address /ledger/key show it.
    #[arg(long = "log", value_name = "VKEY", required = true, num_args = 1..)]
    logs: Vec<NoteKey>,
    #[command(subcommand)]
    command: Option<WitnessCommand>,
}

#[derive(Clone, Debug, Subcommand)]
enum WitnessCommand {
    /// Make a key: its secret half goes to FILE, its verifier key is printed.
    Keygen {
        /// A new file.
        file: PathBuf,
        /// The witness's name: a host name that is yours, and a path if you like.
        #[arg(long)]
        name: String,
    },
}

/// Does what the command line says.
pub fn main(arguments: WitnessArguments) -> ExitCode {
    let done = match &arguments.command {
        Some(WitnessCommand::Keygen { file, name }) => keygen(file, name),
        None => run(arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            // Nobody is left to tell if this fails.
            drop(io::Write::write_all(
                &mut io::stderr().lock(),
                format!("{failure}\n").as_bytes(),
            ));
            ExitCode::FAILURE
        }
    }
}

fn keygen(file: &std::path::Path, name: &str) -> Result<(), Failure> {
    let verifier = key::make(file, name, &OsEntropy)?;
    say(&format!(
        "The secret half is in {}. Give the operator this verifier key:\n\n{verifier}\n",
        file.display()
    ))
}

fn run(arguments: WitnessArguments) -> Result<(), Failure> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve_until_stopped(arguments))
}

async fn serve_until_stopped(arguments: WitnessArguments) -> Result<(), Failure> {
    telemetry::start(&config::Log {
        format: LogFormat::Pretty,
        filter: "info".to_owned(),
    });
    let (Some(key), Some(state)) = (&arguments.key, &arguments.state) else {
        return Err(Failure::Witness("--key and --state are needed.".to_owned()));
    };
    let stop = stop_signal()?;
    let signer = key::open(key)?;
    let state = State::open(state)?;
    if let Some(wrong) = arguments.logs.iter().find(|log| log.is_witness()) {
        return Err(Failure::Witness(format!(
            "{} is the key of a witness: --log takes those of logs.",
            wrong.name()
        )));
    }
    let verifier = signer.vkey();
    let logs = arguments
        .logs
        .iter()
        .map(NoteKey::name)
        .collect::<Vec<_>>()
        .join(", ");
    let witness = Witness::new(signer, arguments.logs.clone(), state, Arc::new(SystemClock));
    let address = arguments.listen;
    let listener = TcpListener::bind(address)
        .await
        .map_err(|source| Failure::Listen {
            address,
            key: "--listen",
            source,
        })?;
    tracing::info!(listen = %address, logs, key = %verifier, "witnessing");
    let health = Health::new(|| async { true });
    let router = witness.routes(LIMITS.request).merge(health.clone().routes());
    let ended = crate::serve::serve(listener, Transport::Plain, router, LIMITS, health, stop).await;
    if let Ended::CutOff(connections) = ended {
        tracing::warn!(connections, "stopped with connections still open");
    }
    Ok(())
}
