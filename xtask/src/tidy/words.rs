//! What no file may say, and how long one may be.

use super::listing::Listing;
use anyhow::Result;

/// The longest a Rust file may be.
const LONGEST: usize = 400;

/// A text that may not stand in some files.
struct Ban {
    /// In two halves, so that this file does not hold it.
    text: (&'static str, &'static str),
    /// The endings of the files that are looked at; none means all.
    endings: &'static [&'static str],
    why: &'static str,
}

const CODE: &[&str] = &["rs", "mjs", "js", "css", "sql", "toml"];
const UNFINISHED: &str = "speaks of unfinished work: finish it, or open an issue";
const SILENCED: &str = "silences a check without a reason: use `#[expect(.., reason = \"..\")]`";
const HOST: &str = "names a registry's host: a clone must build from whichever serves it";
const MACHINE: &str = "is a path of one machine";

const BANS: &[Ban] = &[
    Ban {
        text: ("TO", "DO"),
        endings: &[],
        why: UNFINISHED,
    },
    Ban {
        text: ("FIX", "ME"),
        endings: &[],
        why: UNFINISHED,
    },
    Ban {
        text: ("// XX", "X"),
        endings: CODE,
        why: UNFINISHED,
    },
    Ban {
        text: ("// HA", "CK"),
        endings: CODE,
        why: UNFINISHED,
    },
    Ban {
        text: ("for ", "now"),
        endings: CODE,
        why: UNFINISHED,
    },
    Ban {
        text: ("unimple", "mented!"),
        endings: &["rs"],
        why: UNFINISHED,
    },
    Ban {
        text: ("#[", "allow("),
        endings: &["rs"],
        why: SILENCED,
    },
    Ban {
        text: ("#![", "allow("),
        endings: &["rs"],
        why: SILENCED,
    },
    Ban {
        text: ("#[", "ignore]"),
        endings: &["rs"],
        why: "is a test that never runs; `#[ignore = \"..\"]` says who runs it",
    },
    Ban {
        text: ("registry.np", "mjs"),
        endings: &[],
        why: HOST,
    },
    Ban {
        text: ("pypi", ".org"),
        endings: &[],
        why: HOST,
    },
    Ban {
        text: ("pythonho", "sted.org"),
        endings: &[],
        why: HOST,
    },
    Ban {
        text: ("static.cra", "tes.io"),
        endings: &[],
        why: HOST,
    },
    Ban {
        text: ("index.cra", "tes.io"),
        endings: &[],
        why: HOST,
    },
    Ban {
        text: ("deb.deb", "ian.org"),
        endings: &[],
        why: HOST,
    },
    Ban {
        text: ("\"/ro", "ot/"),
        endings: &[],
        why: MACHINE,
    },
    Ban {
        text: ("/wo", "rk/"),
        endings: &["rs", "mjs", "toml", "json", "md", "sh"],
        why: MACHINE,
    },
    Ban {
        text: ("/tm", "p/w/"),
        endings: &[],
        why: MACHINE,
    },
];

/// Where SQL may stand besides a noun's `store.rs`.
/// `search.rs` runs what a store put together of constants; tests and benches look behind the product's back.
const SQL_ROOMS: [&str; 6] = [
    "benches/",
    "crates/db/",
    "crates/platform/src/search.rs",
    "crates/testkit/",
    "tests/",
    "xtask/",
];

pub(super) fn check(listing: &Listing) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for path in listing.paths().filter(|path| !is_foreign(path)) {
        let Some(text) = listing.text(path)? else { continue };
        found.extend(bans(path, &text));
        if has_ending(path, &["rs"]) {
            found.extend(too_long(path, &text));
            found.extend(stray_sql(path, &text));
        }
    }
    Ok(found)
}

/// Not ours to word: the licence, and lock files but for hosts, which they hold by design.
fn is_foreign(path: &str) -> bool {
    path == "LICENSE" || path == "Cargo.lock"
}

fn bans(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for ban in BANS
        .iter()
        .filter(|ban| ban.endings.is_empty() || has_ending(path, ban.endings))
    {
        let banned = format!("{}{}", ban.text.0, ban.text.1);
        for (number, _) in text
            .lines()
            .enumerate()
            .filter(|(_, line)| stands_in(line, &banned))
        {
            found.push(format!("{path}:{}: `{banned}` {}", number + 1, ban.why));
        }
    }
    found
}

/// As a word of its own, where it begins or ends with a letter.
fn stands_in(line: &str, banned: &str) -> bool {
    line.match_indices(banned).any(|(start, _)| {
        let before = line.get(..start).and_then(|text| text.chars().next_back());
        let after = line
            .get(start + banned.len()..)
            .and_then(|text| text.chars().next());
        let joins = |edge: Option<char>, beside: Option<char>| {
            edge.is_some_and(char::is_alphabetic) && beside.is_some_and(char::is_alphanumeric)
        };
        !joins(banned.chars().next(), before) && !joins(banned.chars().next_back(), after)
    })
}

fn too_long(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    (lines > LONGEST).then(|| format!("{path}: {lines} lines; a file does one thing in at most {LONGEST}"))
}

fn stray_sql(path: &str, text: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let may = name == "store.rs"
        || name == "tests.rs"
        || path.contains("/store/")
        || path.contains("/tests/")
        || SQL_ROOMS.iter().any(|room| path.starts_with(room));
    (!may && text.contains("sqlx::query"))
        .then(|| format!("{path}: SQL stands only in a noun's `store.rs` and in crates/db"))
}

fn has_ending(path: &str, endings: &[&str]) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, ending)| endings.contains(&ending))
}

#[cfg(test)]
mod tests {
    use super::{BANS, bans, stands_in, stray_sql, too_long};

    #[test]
    fn every_banned_text_is_found_where_it_stands_and_only_there() {
        for ban in BANS {
            let text = format!("one\n{}{} two\n", ban.text.0, ban.text.1);
            let ending = ban.endings.first().unwrap_or(&"rs");
            let found = bans(&format!("src/x.{ending}"), &text);
            assert!(
                found
                    .iter()
                    .any(|line| line.starts_with(&format!("src/x.{ending}:2:"))),
                "{found:?}"
            );
        }
        assert!(bans("src/x.rs", "nothing to see\n").is_empty());
    }

    #[test]
    fn a_word_inside_another_is_not_it() {
        assert!(stands_in("wait for no", "for no"));
        assert!(!stands_in("wait for nothing", "for no"));
    }

    #[test]
    fn length_and_sql_are_held() {
        assert!(too_long("a.rs", &"x\n".repeat(401)).is_some());
        assert!(too_long("a.rs", &"x\n".repeat(400)).is_none());
        assert!(stray_sql("crates/platform/src/jobs/claim.rs", "sqlx::query(..)").is_some());
        assert!(stray_sql("crates/platform/src/jobs/store.rs", "sqlx::query(..)").is_none());
    }
}
