//! What stands behind a value: its numbers, so that an alert says why.

use serde::{Deserialize, Serialize};

use super::{Amount, Currency, grouped};
use crate::{ApiKeyId, Timestamp, WebhookId};

/// The numbers behind a value. Nothing personal: no address, no name of a person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum AlertFacts {
    /// The value says it all.
    #[default]
    Value,
    /// A share of calls.
    Errors {
        /// Answers 4xx and 5xx.
        errors: u64,
        /// All answers.
        calls: u64,
    },
    /// Durations.
    Latency {
        /// Calls that were measured.
        calls: u64,
    },
    /// An hour against the same hour of weeks before.
    Usual {
        /// Calls of the hour.
        observed: u64,
        /// The middle of the weeks before.
        median: Amount,
        /// Where three of the usual spreads begin.
        low: Amount,
        /// And where they end.
        high: Amount,
        /// Weeks that were looked at.
        weeks: u64,
    },
    /// When the last call came.
    LastCall {
        /// To five minutes.
        at: Timestamp,
    },
    /// Units of a quota.
    Quota {
        /// Units of the month so far.
        used: u64,
        /// The quota.
        limit: u64,
    },
    /// What the month comes to.
    Pace {
        /// Units of the month so far.
        used: u64,
        /// Units at its end, at the present pace.
        expected: u64,
        /// The quota.
        limit: u64,
    },
    /// Units and their price.
    Spend {
        /// Units of the month so far.
        used: u64,
        /// What one costs, in minor units.
        minor: u64,
        /// In what.
        currency: Currency,
    },
    /// A key, and when something ends or was.
    Key {
        /// Which.
        id: ApiKeyId,
        /// What it is called.
        name: String,
        /// Its end, or its last use.
        at: Timestamp,
    },
    /// Keys that came from elsewhere.
    Networks {
        /// The key with the newest.
        id: ApiKeyId,
        /// What it is called.
        name: String,
        /// New networks of all keys.
        networks: u64,
    },
    /// A webhook that takes nothing.
    Webhook {
        /// Which.
        id: WebhookId,
        /// Where it leads, without its query.
        target: String,
    },
}

impl AlertFacts {
    /// Whether there is more to say than the value; as a sentence.
    pub fn sentence(&self) -> Option<String> {
        let many = |count: u64, one: &str, many: &str| {
            format!("{} {}", grouped(count), if count == 1 { one } else { many })
        };
        Some(match self {
            Self::Value | Self::LastCall { .. } => return None,
            Self::Errors { errors, calls } => {
                format!(
                    "{} of {} were errors.",
                    grouped(*errors),
                    many(*calls, "call", "calls")
                )
            }
            Self::Latency { calls } => format!("Measured over {}.", many(*calls, "call", "calls")),
            Self::Usual {
                observed,
                median,
                low,
                high,
                weeks,
            } => format!(
                "{} in the hour. Usual at this hour of the week is {}, between {} and {}, going by the last {weeks} \
                 weeks.",
                many(*observed, "call", "calls"),
                median.rounded(),
                low.rounded(),
                high.rounded()
            ),
            Self::Quota { used, limit } => {
                format!(
                    "{} of {} billable units are used.",
                    grouped(*used),
                    grouped(*limit)
                )
            }
            Self::Pace {
                used,
                expected,
                limit,
            } => format!(
                "{} units are used; at the pace of the last seven days the month comes to {}, of {} that the quota \
                 allows.",
                grouped(*used),
                grouped(*expected),
                grouped(*limit)
            ),
            Self::Spend {
                used,
                minor,
                currency,
            } => format!(
                "{} at {} each.",
                many(*used, "billable unit", "billable units"),
                currency.tell(*minor)
            ),
            Self::Key { name, .. } => format!("The key is “{name}”."),
            Self::Networks { name, networks, .. } => format!(
                "{} in the window, the latest with the key “{name}”. Its page says from where.",
                many(*networks, "new network", "new networks")
            ),
            Self::Webhook { target, .. } => format!("The webhook leads to {target}."),
        })
    }

    /// The page that tells more of it.
    pub fn path(&self) -> Option<String> {
        match self {
            Self::Key { id, .. } | Self::Networks { id, .. } => Some(format!("/keys/{id}")),
            Self::Webhook { id, .. } => Some(format!("/webhooks/{id}")),
            _ => None,
        }
    }

    /// The currency that the value is in.
    pub const fn currency(&self) -> Option<Currency> {
        match self {
            Self::Spend { currency, .. } => Some(*currency),
            _ => None,
        }
    }
}
