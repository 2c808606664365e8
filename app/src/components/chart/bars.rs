//! What a chart is of.

use crate::number::grouped;

/// What a kind is called, and its class.
pub(super) type Series = (&'static str, &'static str);

/// How the chart speaks of what it counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Words {
    /// One of it, such as `verification`.
    pub(super) one: &'static str,
    /// Several, such as `verifications`.
    pub(super) many: &'static str,
    /// `day` or `hour`.
    pub(super) stretch: &'static str,
}

impl Words {
    /// Such as `Verifications by day`.
    pub(super) fn title(self) -> String {
        format!("{} by {}", capital(self.many), self.stretch)
    }
}

/// The word at the beginning of a sentence.
pub(super) fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// A stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    /// For machines.
    pub(super) begins: String,
    /// As a sentence has it, such as `Mon 23 Nov`.
    pub(super) long: String,
    /// As the axis has it, such as `23 Nov`.
    pub(super) short: String,
    /// By kind, in the order of the series.
    pub(super) counts: Vec<u64>,
}

impl Stretch {
    pub(super) fn count(&self, kind: usize) -> u64 {
        self.counts.get(kind).copied().unwrap_or_default()
    }

    pub(super) fn total(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// All of them, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bars {
    /// From the baseline up.
    pub(super) series: &'static [Series],
    pub(super) stretches: Vec<Stretch>,
    pub(super) words: Words,
}

impl Bars {
    pub(super) fn all(&self) -> u64 {
        self.stretches.iter().map(Stretch::total).sum()
    }

    /// What one sees at a glance, in words.
    pub(super) fn summary(&self) -> String {
        let (all, length) = (self.all(), self.stretches.len());
        let Words { one, many, stretch } = self.words;
        let highest = self.stretches.iter().max_by_key(|stretch| stretch.total());
        match highest {
            Some(highest) if all > 0 => format!(
                "{} {many} in {length} {stretch}s, most of them on {}: {}.",
                grouped(all),
                highest.long,
                grouped(highest.total())
            ),
            _ => format!("No {one} in {length} {stretch}s."),
        }
    }
}
