//! `cargo xtask`: everything a clone needs besides cargo itself.
//!
//! It builds what the server embeds, starts the server, and is the whole gate. It is not part of
//! a release. Invariants: what is done is not done again (every step but cargo's own goes by a
//! fingerprint of its inputs); nothing is fetched but from package registries; on a machine it
//! may not change it says exactly what to install.
#![expect(
    clippy::print_stdout,
    reason = "a command line tool speaks on its standard output"
)]

mod asvs;
mod bench;
mod command;
mod files;
mod fingerprint;
mod gate;
mod node;
mod server;
mod site;
mod stopwatch;
mod system;
mod tidy;
mod tools;
mod wasm;
mod workspace;

use anyhow::{Result, bail};
use site::Profile;
use std::process::ExitCode;
use workspace::Workspace;

const USAGE: &str = "\
cargo xtask <command>

  run [--release] [-- ARGS]  install what is missing, build the site and the server, start it
  demo [--release] [-- ARGS] the same on an invented installation in data/demo, filled once with
                             `loomwire demo ARGS`
  site [--release]           build only what the browser gets, into target/site
  test [--list] [STEP ..]    the whole gate, or only the steps named
  tidy [seal]                the cheap structural checks; `seal` fixes new migrations for good
  asvs                       write docs/security/asvs.md from tests/asvs.json
  bench [NAME ..]            print figures; never fails because of one
  hammer [audit] [ROUNDS]    kill -9 the server under load, 100 times on each database; `audit`: each
                             second, with the ledger watched, and with two servers on PostgreSQL
  shots [ARGS]               pictures of every page, light and dark, narrow and wide, into shots/
  lighthouse [ARGS]          Lighthouse's scores for the most visited pages; fails under 95
  tools                      install the gate's own tools into target/tools";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match dispatch(&arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch(arguments: &[String]) -> Result<ExitCode> {
    let Some((verb, rest)) = arguments.split_first() else {
        bail!("which command?\n\n{USAGE}");
    };
    let workspace = Workspace::find()?;
    match verb.as_str() {
        "run" => {
            let (profile, rest) = profile(rest);
            server::run(&workspace, profile, rest)
        }
        "demo" => {
            let (profile, rest) = profile(rest);
            server::demo(&workspace, profile, rest)
        }
        "site" => {
            let (profile, rest) = profile(rest);
            nothing_more(rest)?;
            site::build(&workspace, profile)?;
            Ok(ExitCode::SUCCESS)
        }
        "test" => gate::run(&workspace, rest),
        "tidy" if rest == ["seal"] => {
            tidy::seal(&workspace)?;
            Ok(ExitCode::SUCCESS)
        }
        "tidy" => {
            nothing_more(rest)?;
            tidy::check(&workspace)?;
            println!("tidy: in order");
            Ok(ExitCode::SUCCESS)
        }
        "bench" => {
            bench::run(&workspace, rest)?;
            Ok(ExitCode::SUCCESS)
        }
        "hammer" => {
            gate::crates::hammer(&workspace, rest)?;
            Ok(ExitCode::SUCCESS)
        }
        "shots" => server::shots(&workspace, rest),
        "lighthouse" => server::lighthouse(&workspace, rest),
        "asvs" => {
            nothing_more(rest)?;
            asvs::write(&workspace)?;
            Ok(ExitCode::SUCCESS)
        }
        "tools" => {
            nothing_more(rest)?;
            tools::install_all(&workspace)?;
            Ok(ExitCode::SUCCESS)
        }
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        other => bail!("there is no command `{other}`\n\n{USAGE}"),
    }
}

fn profile(arguments: &[String]) -> (Profile, &[String]) {
    match arguments.split_first() {
        Some((first, rest)) if first == "--release" => (Profile::Release, rest),
        _ => (Profile::Dev, arguments),
    }
}

fn nothing_more(arguments: &[String]) -> Result<()> {
    if let Some(first) = arguments.first() {
        bail!("`{first}` means nothing here\n\n{USAGE}");
    }
    Ok(())
}
