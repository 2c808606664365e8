//! Which crate may know which: `docs/ARCHITECTURE.md` as a test.

use crate::command;
use crate::workspace::Workspace;
use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::collections::BTreeSet;

/// A crate of the house and the ones that it may depend on.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("types", &[]),
    ("backup", &["db", "types"]),
    ("db", &["types"]),
    ("ledger", &["types"]),
    ("receipt", &["types"]),
    ("vault", &["types"]),
    ("verify", &["types"]),
    (
        "platform",
        &["db", "ledger", "receipt", "types", "vault", "verify"],
    ),
    ("app", &["platform", "types"]),
    ("frontend", &["app", "types"]),
    ("verifier", &["ledger", "receipt", "types"]),
    (
        "loomwire",
        &[
            "app", "backup", "db", "ledger", "platform", "receipt", "types", "vault", "verify",
        ],
    ),
    // Tests stand on it; nothing that ships does.
    (
        "testkit",
        &[
            "db", "loomwire", "platform", "receipt", "types", "vault", "verify",
        ],
    ),
    ("xtask", &[]),
];

/// Outside crates that a crate may not have anywhere below it.
const MUST_NOT_SEE: &[(&str, &[&str])] = &[
    ("types", &["axum", "getrandom", "leptos", "sqlx", "tokio"]),
    ("ledger", &["axum", "sqlx", "tokio"]),
    ("receipt", &["axum", "sqlx", "tokio"]),
    ("verify", &["axum", "sqlx", "tokio"]),
    ("vault", &["axum", "sqlx", "tokio"]),
    ("backup", &["axum", "leptos"]),
    ("db", &["axum", "leptos"]),
    ("platform", &["axum", "leptos"]),
];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    kind: Option<String>,
    path: Option<String>,
}

pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>> {
    let mut ask = workspace.cargo("metadata");
    ask.args(["--format-version", "1", "--no-deps", "--locked"]);
    let metadata: Metadata =
        serde_json::from_str(&command::read(&mut ask)?).context("cargo metadata is not as expected")?;
    let mut found: Vec<String> = metadata.packages.iter().flat_map(wrong_arrows).collect();
    for (name, banned) in MUST_NOT_SEE {
        if metadata.packages.iter().any(|package| package.name == *name) {
            found.extend(seen(workspace, name, banned)?);
        }
    }
    Ok(found)
}

fn wrong_arrows(package: &Package) -> Vec<String> {
    let Some((_, may)) = MAY_KNOW.iter().find(|(name, _)| *name == package.name) else {
        return vec![format!(
            "crate {}: say in xtask/src/tidy/arrows.rs which crates it may know",
            package.name
        )];
    };
    package
        .dependencies
        .iter()
        // What a test knows does not ship.
        .filter(|dependency| dependency.path.is_some() && dependency.kind.as_deref() != Some("dev"))
        .filter(|dependency| !may.contains(&dependency.name.as_str()))
        .map(|dependency| format!("crate {}: may not know {}", package.name, dependency.name))
        .collect()
}

fn seen(workspace: &Workspace, name: &str, banned: &[&str]) -> Result<Vec<String>> {
    let mut tree = workspace.cargo("tree");
    tree.args([
        "--locked",
        "--package",
        name,
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let tree = command::read(&mut tree)?;
    let below: BTreeSet<&str> = tree.lines().filter_map(|line| line.split(' ').next()).collect();
    Ok(banned
        .iter()
        .filter(|banned| below.contains(**banned))
        .map(|banned| {
            format!("crate {name}: has {banned} below it; `cargo tree -p {name} -i {banned}` says by whom")
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::{Dependency, Package, wrong_arrows};

    fn package(name: &str, knows: &str, kind: Option<&str>) -> Package {
        let dependency = Dependency {
            name: knows.to_owned(),
            kind: kind.map(str::to_owned),
            path: Some("crates/x".to_owned()),
        };
        Package {
            name: name.to_owned(),
            dependencies: vec![dependency],
        }
    }

    #[test]
    fn an_arrow_that_points_back_is_found() {
        assert_eq!(wrong_arrows(&package("verify", "db", None)).len(), 1);
        assert_eq!(wrong_arrows(&package("app", "db", None)).len(), 1);
        assert!(wrong_arrows(&package("db", "types", None)).is_empty());
    }

    #[test]
    fn a_test_may_know_more_and_a_new_crate_must_be_placed() {
        assert!(wrong_arrows(&package("verify", "testkit", Some("dev"))).is_empty());
        assert_eq!(wrong_arrows(&package("newcomer", "types", None)).len(), 1);
    }
}
