//! Migrations: the same names for both databases, and none changes once it is sealed.
//!
//! `migrations/sealed.txt` holds a digest for each. `cargo xtask tidy seal` adds what is new and
//! never touches a line that stands: a database out there has run that text.

use crate::files;
use crate::fingerprint::Fingerprint;
use crate::workspace::Workspace;
use anyhow::{Result, bail};
use std::collections::{BTreeMap, BTreeSet};

const SEALS: &str = "migrations/sealed.txt";
const SIDES: [&str; 2] = ["sqlite", "postgres"];

/// Those before it were sealed before there was a name to choose.
const FIRST_NAMED: u32 = 3;

/// Each migration by its path under `migrations/`, with its digest.
type Digests = BTreeMap<String, String>;

pub(super) fn check(workspace: &Workspace) -> Result<Vec<String>> {
    let present = present(workspace)?;
    let mut found = one_sided(&present);
    found.extend(unnamed(&present));
    found.extend(broken_seals(&sealed(workspace)?, &present));
    Ok(found)
}

/// Seals what is new.
pub(crate) fn seal(workspace: &Workspace) -> Result<()> {
    let present = present(workspace)?;
    let mut seals = sealed(workspace)?;
    if let Some(first) = changed(&seals, &present).first() {
        bail!("{first}");
    }
    for (path, digest) in present {
        seals.entry(path).or_insert(digest);
    }
    let lines: Vec<String> = seals
        .iter()
        .map(|(path, digest)| format!("{digest}  {path}\n"))
        .collect();
    files::write(&workspace.path(SEALS), lines.concat().as_bytes())
}

fn present(workspace: &Workspace) -> Result<Digests> {
    let mut digests = Digests::new();
    for side in SIDES {
        let folder = workspace.path("migrations").join(side);
        for name in files::under(&folder)? {
            let digest = Fingerprint::of("migration").file(&folder.join(&name))?.finish();
            digests.insert(format!("{side}/{}", name.display()), digest);
        }
    }
    Ok(digests)
}

fn sealed(workspace: &Workspace) -> Result<Digests> {
    let path = workspace.path(SEALS);
    if !path.exists() {
        return Ok(Digests::new());
    }
    let text = files::text(&path)?;
    Ok(text
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(d, p)| (p.to_owned(), d.to_owned()))
        .collect())
}

fn one_sided(present: &Digests) -> Vec<String> {
    let names = |side: &str| -> BTreeSet<&str> {
        present
            .keys()
            .filter_map(|path| path.strip_prefix(side)?.strip_prefix('/'))
            .collect()
    };
    let [one, other] = SIDES.map(names);
    one.symmetric_difference(&other)
        .map(|name| format!("migrations: {name} stands on one side only"))
        .collect()
}

/// From the third on the name says what an older program has to expect (docs/decisions/0062).
fn unnamed(present: &Digests) -> Vec<String> {
    let says = |path: &str| {
        let name = path.split_once('/').map_or(path, |(_, name)| name);
        let (number, rest) = name.split_once('_')?;
        let number: u32 = number.parse().ok()?;
        let named = ["expand_", "contract_"].iter().any(|word| rest.starts_with(word));
        Some(named || number < FIRST_NAMED)
    };
    present
        .keys()
        .filter(|path| says(path) != Some(true))
        .map(|path| {
            format!(
                "migrations/{path}: its name does not say what it does to an older program; call it \
                 NNNN_expand_words.sql or NNNN_contract_words.sql"
            )
        })
        .collect()
}

fn broken_seals(seals: &Digests, present: &Digests) -> Vec<String> {
    let mut found = changed(seals, present);
    found.extend(
        present
            .keys()
            .filter(|path| !seals.contains_key(*path))
            .map(|path| {
                format!("migrations/{path}: not sealed; when it is final, run `cargo xtask tidy seal`")
            }),
    );
    found
}

fn changed(seals: &Digests, present: &Digests) -> Vec<String> {
    seals
        .iter()
        .filter(|(path, digest)| present.get(*path) != Some(digest))
        .map(|(path, _)| {
            format!("migrations/{path}: sealed, and changed or gone since; a change is a new migration")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{Digests, broken_seals, changed, one_sided, unnamed};

    fn digests(of: &[(&str, &str)]) -> Digests {
        of.iter()
            .map(|(path, digest)| ((*path).to_owned(), (*digest).to_owned()))
            .collect()
    }

    #[test]
    fn a_name_on_one_side_only_is_found() {
        let both = digests(&[("sqlite/1.sql", "a"), ("postgres/1.sql", "b")]);
        assert!(one_sided(&both).is_empty());
        let one = digests(&[
            ("sqlite/1.sql", "a"),
            ("sqlite/2.sql", "c"),
            ("postgres/1.sql", "b"),
        ]);
        assert_eq!(one_sided(&one).len(), 1);
    }

    #[test]
    fn a_name_that_says_neither_is_found() {
        let named = [
            ("sqlite/0001_ground.sql", "a"),
            ("sqlite/0002_figures.sql", "b"),
            ("sqlite/0003_expand_words.sql", "c"),
            ("postgres/0004_contract_words.sql", "d"),
        ];
        assert!(unnamed(&digests(&named)).is_empty());
        for bad in [
            "0003_words.sql",
            "0012_expanded.sql",
            "words.sql",
            "x_expand_y.sql",
        ] {
            assert_eq!(
                unnamed(&digests(&[(&format!("sqlite/{bad}"), "a")])).len(),
                1,
                "{bad}"
            );
        }
    }

    #[test]
    fn a_sealed_migration_neither_changes_nor_goes() {
        let seals = digests(&[("sqlite/1.sql", "a")]);
        assert!(changed(&seals, &digests(&[("sqlite/1.sql", "a")])).is_empty());
        assert_eq!(changed(&seals, &digests(&[("sqlite/1.sql", "b")])).len(), 1);
        assert_eq!(changed(&seals, &digests(&[])).len(), 1);
        assert_eq!(
            broken_seals(&seals, &digests(&[("sqlite/1.sql", "a"), ("sqlite/2.sql", "b")])).len(),
            1
        );
    }
}
