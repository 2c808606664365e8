//! `cargo xtask test`: the whole gate, on a laptop as in CI.
//!
//! Steps stand in order of cost, so that a cheap one fails before a dear one starts. The first
//! failure ends it; the times are printed either way. No step loosens another.

pub(crate) mod browser;
pub(crate) mod crates;
mod deploy;
mod supply;

use crate::stopwatch::{self, Stopwatch};
use crate::workspace::Workspace;
use crate::{command, site, tidy};
use anyhow::{Result, bail};
use std::process::ExitCode;
use std::time::Duration;

struct Step {
    name: &'static str,
    what: &'static str,
    run: fn(&Workspace) -> Result<()>,
}

const STEPS: &[Step] = &[
    Step {
        name: "format",
        what: "rustfmt would change nothing",
        run: crates::format,
    },
    Step {
        name: "tidy",
        what: "the structure is as the design says",
        run: tidy::check,
    },
    Step {
        name: "spelling",
        what: "no typing errors",
        run: supply::spelling,
    },
    Step {
        name: "unused",
        what: "no crate names a dependency that it does not use",
        run: supply::unused,
    },
    Step {
        name: "supply",
        what: "deny.toml holds",
        run: supply::deny,
    },
    Step {
        name: "deploy",
        what: "the files for deployment are sound",
        run: deploy::check,
    },
    Step {
        name: "site",
        what: "the browser half builds",
        run: site_release,
    },
    Step {
        name: "budget",
        what: "what the browser loads stays small",
        run: browser::budget,
    },
    Step {
        name: "lints",
        what: "clippy is silent about the server half",
        run: crates::lints,
    },
    Step {
        name: "lints-browser",
        what: "clippy is silent about the browser half",
        run: crates::lints_browser,
    },
    Step {
        name: "docs",
        what: "the documentation builds without a warning",
        run: crates::docs,
    },
    Step {
        name: "tests",
        what: "unit, integration and property tests",
        run: crates::tests,
    },
    Step {
        name: "doctests",
        what: "the examples in the documentation",
        run: crates::doctests,
    },
    Step {
        name: "unit",
        what: "the systemd unit runs, and holds what it says",
        run: deploy::unit,
    },
    Step {
        name: "browser",
        what: "the story in a real browser",
        run: browser::story,
    },
];

/// Runs all steps, or those named.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<ExitCode> {
    if arguments.iter().any(|argument| argument == "--list") {
        for step in STEPS {
            println!("{:14} {}", step.name, step.what);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let chosen = choose(arguments)?;
    let whole = Stopwatch::start();
    let before = tracked_state(workspace)?;
    let mut times = Vec::new();
    let mut failure = None;
    for step in chosen {
        println!("\n=== {}: {}", step.name, step.what);
        let stopwatch = Stopwatch::start();
        let outcome = (step.run)(workspace);
        times.push((step.name, stopwatch.read(), outcome.is_ok()));
        if let Err(error) = outcome {
            failure = Some(format!("{}: {error:#}", step.name));
            break;
        }
    }
    if failure.is_none() && tracked_state(workspace)? != before {
        failure = Some("generated: the gate changed files of the clone; commit what it made".to_owned());
    }
    report(&times, whole.read());
    let Some(failure) = failure else {
        return Ok(ExitCode::SUCCESS);
    };
    println!("\n{failure}");
    Ok(ExitCode::FAILURE)
}

fn choose(arguments: &[String]) -> Result<Vec<&'static Step>> {
    if arguments.is_empty() {
        return Ok(STEPS.iter().collect());
    }
    for name in arguments {
        if !STEPS.iter().any(|step| step.name == name) {
            bail!("the gate has no step `{name}`: `cargo xtask test --list` shows them");
        }
    }
    Ok(STEPS
        .iter()
        .filter(|step| arguments.iter().any(|name| name == step.name))
        .collect())
}

fn report(times: &[(&str, Duration, bool)], whole: Duration) {
    println!("\n--- times");
    for (name, time, passed) in times {
        let mark = if *passed { "ok" } else { "FAILED" };
        println!("{name:14} {:>12}  {mark}", stopwatch::text(*time));
    }
    println!("{:14} {:>12}", "in all", stopwatch::text(whole));
    let failed = times.iter().filter(|(_, _, passed)| !passed).count();
    println!("steps: {} passed, {failed} failed", times.len() - failed);
}

fn site_release(workspace: &Workspace) -> Result<()> {
    site::build(workspace, site::Profile::Release)
}

/// What git sees of the clone: generated files (snapshots, lock files) must come out as committed.
fn tracked_state(workspace: &Workspace) -> Result<String> {
    if !workspace.path(".git").exists() {
        return Ok(String::new());
    }
    let status = command::read(workspace.command("git").args(["status", "--porcelain"]))?;
    let diff = command::read(workspace.command("git").args(["diff", "HEAD"]))?;
    Ok(status + &diff)
}

#[cfg(test)]
mod tests {
    use super::{STEPS, choose};
    use std::collections::BTreeSet;

    #[test]
    fn every_step_has_its_own_name() {
        let names: BTreeSet<_> = STEPS.iter().map(|step| step.name).collect();
        assert_eq!(names.len(), STEPS.len());
    }

    #[test]
    fn named_steps_run_in_the_gates_order_and_an_unknown_one_is_refused() {
        let chosen = choose(&["docs".to_owned(), "format".to_owned()]).unwrap();
        assert_eq!(
            chosen.iter().map(|step| step.name).collect::<Vec<_>>(),
            ["format", "docs"]
        );
        assert!(choose(&["everything".to_owned()]).is_err());
    }
}
