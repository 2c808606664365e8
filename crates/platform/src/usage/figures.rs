//! Adding up.

use std::collections::{BTreeMap, HashMap};

use hdrhistogram::Histogram;
use types::{
    Environment,
    usage::{CallFigures, Latency, UsageGroup, UsageGrouping},
};

use super::store::{DayRow, KeyRow};
use crate::{Result, metering::histogram};

/// Groups of a report: the largest.
const GROUPS: usize = 100;

pub(super) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// Adds calls that were answered with this status.
pub(super) fn add(figures: &mut CallFigures, status: i64, calls: i64) {
    let calls = count(calls);
    figures.requests += calls;
    match status {
        429 => figures.rate_limited += calls,
        400..500 => figures.client_errors += calls,
        500.. => figures.server_errors += calls,
        _ => figures.succeeded += calls,
    }
}

/// Durations as they are gathered.
pub(super) struct Durations(Histogram<u64>);

impl Durations {
    fn new() -> Result<Self> {
        histogram().map(Self)
    }

    fn add(&mut self, row: &DayRow) {
        for (micros, calls) in &row.durations {
            // Within the bounds it cannot fail, and what is beyond them was cut when it was counted.
            self.0.saturating_record_n(count(*micros), count(*calls));
        }
    }

    fn latency(&self) -> Option<Latency> {
        let at = |share: f64| self.0.value_at_quantile(share);
        (!self.0.is_empty()).then(|| Latency {
            p50: at(0.5),
            p95: at(0.95),
            p99: at(0.99),
        })
    }
}

/// How long all of these took.
pub(super) fn latency(rows: &[DayRow]) -> Result<Option<Latency>> {
    let mut durations = Durations::new()?;
    for row in rows {
        durations.add(row);
    }
    Ok(durations.latency())
}

/// What calls are told apart by.
pub(super) struct Grouper<'a> {
    by: UsageGrouping,
    keys: HashMap<&'a str, &'a KeyRow>,
}

impl<'a> Grouper<'a> {
    pub(super) fn new(by: UsageGrouping, keys: &'a [KeyRow]) -> Self {
        Self {
            by,
            keys: keys.iter().map(|key| (key.id.as_str(), key)).collect(),
        }
    }

    /// The group of these calls, of a key or route; durations are not kept by status.
    fn of(&self, part: &str, status: Option<i64>) -> Option<String> {
        let environment = || self.keys.get(part).map(|key| key.environment.clone());
        match self.by {
            UsageGrouping::Key | UsageGrouping::Endpoint => Some(part.to_owned()),
            UsageGrouping::Status => status.map(|status| status.to_string()),
            UsageGrouping::Environment => environment(),
        }
    }

    fn name(&self, group: &str) -> String {
        match self.by {
            UsageGrouping::Key => self.keys.get(group).map(|key| key.name.clone()),
            UsageGrouping::Environment => group.parse().ok().map(|environment: Environment| {
                match environment {
                    Environment::Live => "Live",
                    Environment::Test => "Test",
                }
                .to_owned()
            }),
            UsageGrouping::Endpoint | UsageGrouping::Status => None,
        }
        .unwrap_or_else(|| group.to_owned())
    }

    /// The groups, those with the most calls first.
    pub(super) fn groups(&self, rows: &[DayRow]) -> Result<Vec<UsageGroup>> {
        let mut figures: BTreeMap<String, CallFigures> = BTreeMap::new();
        for row in rows {
            for (status, calls) in &row.statuses {
                if let Some(group) = self.of(&row.part, Some(*status)) {
                    add(figures.entry(group).or_default(), *status, *calls);
                }
            }
        }
        let mut sorted: Vec<_> = figures.into_iter().collect();
        sorted.sort_by_key(|(_, calls)| std::cmp::Reverse(calls.requests));
        sorted.truncate(GROUPS);
        let mut lengths: HashMap<&str, Durations> = HashMap::new();
        for (group, _) in &sorted {
            lengths.insert(group, Durations::new()?);
        }
        for row in rows {
            let group = self.of(&row.part, None);
            if let Some(durations) = group.and_then(|group| lengths.get_mut(group.as_str())) {
                durations.add(row);
            }
        }
        let groups = sorted.iter().map(|(group, calls)| UsageGroup {
            group: group.clone(),
            name: self.name(group),
            calls: *calls,
            latency: lengths.get(group.as_str()).and_then(Durations::latency),
        });
        Ok(groups.collect())
    }
}
