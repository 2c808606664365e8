//! For how long webhooks have taken nothing.

use std::collections::HashMap;

use db::Conn;
use types::{
    Timestamp,
    alerts::{AlertFacts, Amount},
};

use super::Reading;
use crate::{
    Result,
    alerts::{
        gap::Gap,
        store::measure::{self, EndpointRecord},
    },
    webhooks,
};

/// Attempts that are looked through at most.
const MOST: i64 = 100_000;

/// A time in which an endpoint took nothing: its first failure, and its end.
struct Stretch {
    endpoint: usize,
    from: i64,
    before: Option<i64>,
}

/// Such times of all endpoints.
pub(in crate::alerts) struct Stretches {
    endpoints: Vec<EndpointRecord>,
    failures: Vec<Stretch>,
    /// Before this moment the log was not looked through.
    since: i64,
}

impl Stretches {
    /// Of one moment, endpoints say themselves how they are; of the past the log of attempts does.
    pub(super) async fn read(
        conn: &mut Conn,
        tenant: &str,
        webhook: &str,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Self> {
        let endpoints = measure::endpoints(conn, tenant, webhook).await?;
        let mut since = i64::MIN;
        let stretches = if from == to {
            let failing = endpoints.iter().enumerate().filter(|(_, row)| row.enabled);
            failing
                .filter_map(|(endpoint, row)| {
                    Some(Stretch {
                        endpoint,
                        from: row.failing_since?,
                        before: None,
                    })
                })
                .collect()
        } else {
            // What failed when the time began, began to fail before.
            let attempts = measure::attempts(conn, tenant, webhook, to.as_millis(), MOST).await?;
            if attempts.len() >= usize::try_from(MOST).unwrap_or(usize::MAX) {
                since = attempts.first().map_or(since, |attempt| attempt.at);
            }
            stretches(&endpoints, &attempts)
        };
        Ok(Self {
            endpoints,
            failures: stretches,
            since,
        })
    }

    pub(super) fn at(&self, moment: Timestamp) -> Reading {
        let now = moment.as_millis();
        if self.endpoints.is_empty() {
            return Reading::Nothing;
        }
        if now < self.since {
            return Reading::Gap(Gap::TooMuch);
        }
        let open = self
            .failures
            .iter()
            .filter(|stretch| stretch.from <= now && stretch.before.is_none_or(|before| now < before));
        let longest = open.min_by_key(|stretch| stretch.from);
        let Some(stretch) = longest else {
            return Reading::plain(Amount::default());
        };
        let facts = self.endpoints.get(stretch.endpoint).and_then(|row| {
            Some(AlertFacts::Webhook {
                id: row.id.parse().ok()?,
                target: webhooks::shown(&row.url),
            })
        });
        // Thousandths of an hour.
        let value = Amount::thousandths((now - stretch.from) / 3_600);
        Reading::Value(value, facts.unwrap_or_default())
    }
}

/// From attempts in their order to times of failure. A disabled endpoint fails no longer.
fn stretches(endpoints: &[EndpointRecord], attempts: &[measure::AttemptRow]) -> Vec<Stretch> {
    let places: HashMap<&str, usize> = endpoints
        .iter()
        .enumerate()
        .map(|(place, row)| (row.id.as_str(), place))
        .collect();
    let mut open: HashMap<usize, i64> = HashMap::new();
    let mut found = Vec::new();
    for attempt in attempts {
        let Some(endpoint) = places.get(attempt.endpoint_id.as_str()).copied() else {
            continue;
        };
        if attempt.failed {
            open.entry(endpoint).or_insert(attempt.at);
        } else if let Some(from) = open.remove(&endpoint) {
            found.push(Stretch {
                endpoint,
                from,
                before: Some(attempt.at),
            });
        }
    }
    for (endpoint, from) in open {
        let before = endpoints.get(endpoint).and_then(|row| row.disabled_at);
        found.push(Stretch {
            endpoint,
            from,
            before,
        });
    }
    found
}
