//! How files are called, and how decisions are numbered.

use super::listing::Listing;
use std::collections::BTreeMap;

/// Names that say nothing about what is inside, so that anything ends up there.
const EMPTY_NAMES: [&str; 7] = ["utils", "util", "manager", "service", "helper", "helpers", "misc"];

pub(super) fn check(listing: &Listing) -> Vec<String> {
    let mut found: Vec<String> = listing.paths().filter_map(empty_name).collect();
    found.extend(twice_numbered(listing.paths()));
    found
}

fn empty_name(path: &str) -> Option<String> {
    // Kubernetes calls its kinds as it likes.
    if path.starts_with("deploy/") {
        return None;
    }
    let guilty = path.split('/').find(|part| {
        let stem = part.split('.').next().unwrap_or(part);
        EMPTY_NAMES.contains(&stem)
    })?;
    Some(format!(
        "{path}: `{guilty}` says nothing; folders are nouns, files are verbs"
    ))
}

fn twice_numbered<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut numbers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for path in paths {
        if let Some(name) = path.strip_prefix("docs/decisions/")
            && let Some((number, _)) = name.split_once('-')
        {
            numbers.entry(number).or_default().push(path);
        }
    }
    numbers
        .into_iter()
        .filter(|(_, paths)| paths.len() > 1)
        .map(|(number, paths)| format!("decision {number} stands twice: {}", paths.join(", ")))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{empty_name, twice_numbered};

    #[test]
    fn a_drawer_for_everything_is_found() {
        assert!(empty_name("crates/platform/src/utils.rs").is_some());
        assert!(empty_name("app/src/helper/mod.rs").is_some());
        assert!(empty_name("crates/platform/src/services.rs").is_none());
        assert!(empty_name("deploy/kubernetes/service.yaml").is_none());
    }

    #[test]
    fn two_decisions_with_one_number_are_found() {
        let paths = [
            "docs/decisions/0401-a.md",
            "docs/decisions/0401-b.md",
            "docs/decisions/0402-c.md",
        ];
        assert_eq!(twice_numbered(paths.into_iter()).len(), 1);
    }
}
