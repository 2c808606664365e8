//! Whether the ledger is in order, in words.

use types::{Timestamp, ledger::LedgerPage};

use crate::{
    components::{Glyph, Tone},
    time::{relative, span},
};

/// An event that waits for longer than this, in milliseconds, is worth a word.
const LATE: i64 = 60_000;

/// Something that is not as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Concern {
    /// Something in the database was changed: what, and since when.
    Stopped(String, String),
    /// The database does not finish its writes, for so long.
    Stalled(String),
    /// Events wait, the first of them for so long.
    Late(String),
    /// A witness does not sign: which, since when, why.
    Witness(String, String, String),
}

impl Concern {
    /// Tone, icon, what is the matter, what to do.
    pub(super) fn words(self) -> (Tone, Glyph, &'static str, String) {
        match self {
            Self::Stopped(problem, since) => (
                Tone::Bad,
                Glyph::CircleX,
                "The audit log was tampered with, and nothing more is sequenced",
                format!(
                    "{problem}. Found {since}. Events are still written, and get their places once this is put right: the server looks again every ten seconds. Keep a copy of the database as it is for whoever investigates."
                ),
            ),
            Self::Stalled(long) => (
                Tone::Bad,
                Glyph::Alert,
                "The database does not finish its writes",
                format!(
                    "No write has come to its end for {long}. Whatever has to be written is refused until one does. Look at the database's disk and at what else uses it."
                ),
            ),
            Self::Late(long) => (
                Tone::Warn,
                Glyph::Clock,
                "Events wait for their places",
                format!(
                    "The first of them has waited for {long}. If the number does not fall, see in the server's log why: the sequencer says what keeps it."
                ),
            ),
            Self::Witness(name, since, problem) => (
                Tone::Warn,
                Glyph::Alert,
                "A witness does not sign",
                format!("{name} has not signed since {since}. {problem}"),
            ),
        }
    }
}

/// What is not in order, the worst first.
pub(super) fn concerns(page: &LedgerPage, now: Timestamp) -> Vec<Concern> {
    let mut found = Vec::new();
    if let Some(seconds) = page.write_stalled_seconds {
        found.push(Concern::Stalled(span(i64::try_from(seconds).unwrap_or(i64::MAX))));
    }
    if let Some(problem) = &page.problem {
        let since = page
            .problem_at
            .map_or_else(|| "just now".to_owned(), |at| relative(at, now));
        found.push(Concern::Stopped(problem.clone(), since));
    }
    let age = page.waiting_since.map_or(0, |at| now.millis_since(at));
    if page.problem.is_none() && age > LATE {
        found.push(Concern::Late(span(age / 1000)));
    }
    for witness in &page.witnesses {
        if let Some(since) = witness.failing_since {
            found.push(Concern::Witness(
                witness.name.clone(),
                relative(since, now),
                witness.problem.clone().unwrap_or_default(),
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use types::ledger::LedgerWitness;

    use super::*;

    fn page() -> LedgerPage {
        LedgerPage {
            tree_size: 10,
            waiting: 0,
            waiting_is_more: false,
            waiting_since: None,
            problem: None,
            problem_at: None,
            write_stalled_seconds: None,
            verifier_keys: vec!["k".to_owned()],
            public: true,
            witnesses: Vec::new(),
            checkpoints: Vec::new(),
        }
    }

    const NOW: Timestamp = Timestamp::from_millis(1_795_435_200_000);

    #[test]
    fn a_ledger_in_order_gives_no_concern() {
        assert_eq!(concerns(&page(), NOW), []);
        let fresh = LedgerPage {
            waiting: 3,
            waiting_since: Some(NOW.plus_seconds(-60)),
            ..page()
        };
        assert_eq!(concerns(&fresh, NOW), []);
    }

    #[test]
    fn the_worst_comes_first_and_what_stops_it_is_not_told_twice() {
        let bad = LedgerPage {
            waiting: 3,
            waiting_since: Some(NOW.plus_seconds(-120)),
            problem: Some("The event evt_1 was changed".to_owned()),
            problem_at: Some(NOW.plus_seconds(-100)),
            write_stalled_seconds: Some(12),
            witnesses: vec![LedgerWitness {
                name: "w.example".to_owned(),
                url: "https://w.example".to_owned(),
                signed: 4,
                answered_at: None,
                failing_since: Some(NOW.plus_seconds(-3600)),
                problem: Some("It cannot be reached.".to_owned()),
            }],
            ..page()
        };
        let found = concerns(&bad, NOW);
        assert!(matches!(
            found.as_slice(),
            [Concern::Stalled(_), Concern::Stopped(..), Concern::Witness(..)]
        ));
        let late = LedgerPage { problem: None, ..bad };
        assert!(
            concerns(&late, NOW)
                .iter()
                .any(|concern| matches!(concern, Concern::Late(_)))
        );
        for concern in found {
            let (_, _, title, text) = concern.words();
            assert!(!title.is_empty() && !text.is_empty());
        }
    }
}
