//! What can be measured.

use serde::{Deserialize, Serialize};

use super::{Amount, Currency, grouped};
use crate::verification::words;

words! {
    /// What a rule measures. A word never changes its meaning.
    AlertKind {
        /// Calls of the API in the window.
        Requests = "requests",
        /// Answers 4xx and 5xx among all of the window.
        ErrorRate = "error_rate",
        /// The duration that 95 of 100 calls of the window stay below.
        Latency = "latency",
        /// How far the calls of an hour are from what is usual at that hour of the week.
        Anomaly = "anomaly",
        /// How long no call came.
        NoTraffic = "no_traffic",
        /// Billable units of the month as a share of the quota.
        Quota = "quota",
        /// What the month comes to at the present pace as a share of the quota.
        Pace = "pace",
        /// What the billable units of the month cost.
        Spend = "spend",
        /// How soon the first key ends.
        KeyExpiring = "key_expiring",
        /// For how long a working key was not used.
        KeyUnused = "key_unused",
        /// Networks that a key was used from for the first time.
        KeyNetwork = "key_network",
        /// For how long a webhook has taken nothing.
        WebhookFailing = "webhook_failing",
    }
}

/// Which side of a threshold is the bad one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Worse {
    /// Above it.
    Higher,
    /// Below it.
    Lower,
}

/// What an amount counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AlertUnit {
    /// Calls.
    Calls,
    /// Per cent.
    Percent,
    /// Milliseconds.
    Milliseconds,
    /// Times the usual spread.
    Spreads,
    /// Minutes.
    Minutes,
    /// Major units of the currency of the price.
    Money,
    /// Days.
    Days,
    /// Networks.
    Networks,
    /// Hours.
    Hours,
}

impl AlertUnit {
    /// What stands behind a field of it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Calls => "calls",
            Self::Percent => "per cent",
            Self::Milliseconds => "milliseconds",
            Self::Spreads => "times the usual spread",
            Self::Minutes => "minutes",
            Self::Money => "in the currency of the price",
            Self::Days => "days",
            Self::Networks => "networks",
            Self::Hours => "hours",
        }
    }

    /// An amount for people, to a digit behind the point.
    pub fn tell(self, amount: Amount, currency: Option<Currency>) -> String {
        if self == Self::Money
            && let Some(currency) = currency
        {
            let minor = i128::from(amount.as_thousandths()) * i128::from(currency.minor()) / 1_000;
            return currency.tell(u64::try_from(minor).unwrap_or_default());
        }
        let amount = amount.rounded();
        let whole = u64::try_from(amount.as_thousandths() / 1_000).unwrap_or_default();
        let tenth = amount.as_thousandths() % 1_000 / 100;
        let number = if tenth == 0 {
            grouped(whole)
        } else {
            format!("{}.{tenth}", grouped(whole))
        };
        let one = number == "1";
        match self {
            Self::Calls => format!("{number} {}", if one { "call" } else { "calls" }),
            Self::Percent => format!("{number} %"),
            Self::Milliseconds => format!("{number} ms"),
            Self::Spreads => format!("{number}× the usual spread"),
            Self::Minutes => format!("{number} min"),
            Self::Money => number,
            Self::Days => format!("{number} {}", if one { "day" } else { "days" }),
            Self::Networks => format!("{number} {}", if one { "network" } else { "networks" }),
            Self::Hours => format!("{number} h"),
        }
    }
}

impl AlertKind {
    /// How it is called.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Requests => "Requests",
            Self::ErrorRate => "Error rate",
            Self::Latency => "Latency",
            Self::Anomaly => "Unusual traffic",
            Self::NoTraffic => "No traffic",
            Self::Quota => "Share of the quota",
            Self::Pace => "Pace against the quota",
            Self::Spend => "Spend",
            Self::KeyExpiring => "Key expires",
            Self::KeyUnused => "Key unused",
            Self::KeyNetwork => "Key from a new network",
            Self::WebhookFailing => "Webhook failing",
        }
    }

    /// What is measured, as a sentence.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Requests => "Calls of the API within a window.",
            Self::ErrorRate => "Answers 4xx and 5xx among all, of at least 20 calls within a window.",
            Self::Latency => "The duration that 95 of 100 calls stay below, by whole hours.",
            Self::Anomaly => {
                "How far the last whole hour is from what is usual at that hour of the week, either way."
            }
            Self::NoTraffic => "How long no call has come.",
            Self::Quota => "Billable units of this month, of what the quota allows.",
            Self::Pace => "What the month comes to at the pace of the last seven days, of the quota.",
            Self::Spend => "What this month's billable units cost, at the price that your operator set.",
            Self::KeyExpiring => "How soon the first working key ends.",
            Self::KeyUnused => "For how long a working key was not used.",
            Self::KeyNetwork => {
                "Networks that a key was used from for the first time, once the key is a day old."
            }
            Self::WebhookFailing => "For how long an enabled webhook has taken nothing.",
        }
    }

    /// In what it is measured.
    pub const fn unit(self) -> AlertUnit {
        match self {
            Self::Requests => AlertUnit::Calls,
            Self::ErrorRate | Self::Quota | Self::Pace => AlertUnit::Percent,
            Self::Latency => AlertUnit::Milliseconds,
            Self::Anomaly => AlertUnit::Spreads,
            Self::NoTraffic => AlertUnit::Minutes,
            Self::Spend => AlertUnit::Money,
            Self::KeyExpiring | Self::KeyUnused => AlertUnit::Days,
            Self::KeyNetwork => AlertUnit::Networks,
            Self::WebhookFailing => AlertUnit::Hours,
        }
    }

    /// Which side of a threshold is the bad one.
    pub const fn worse(self) -> Worse {
        match self {
            Self::KeyExpiring => Worse::Lower,
            _ => Worse::Higher,
        }
    }

    /// Windows to choose from, in minutes; none for what is measured at a moment or of a month.
    pub const fn windows(self) -> &'static [i64] {
        match self {
            Self::Requests | Self::ErrorRate => &[5, 15, 60, 360, 1_440],
            Self::Latency => &[60, 360, 1_440],
            Self::KeyNetwork => &[60, 1_440, 10_080],
            _ => &[],
        }
    }

    /// Minutes from one evaluation to the next.
    pub const fn step(self) -> i64 {
        match self {
            Self::Requests | Self::ErrorRate | Self::NoTraffic | Self::WebhookFailing => 5,
            Self::Quota | Self::Pace | Self::Spend => 15,
            Self::Latency | Self::Anomaly | Self::KeyExpiring | Self::KeyUnused | Self::KeyNetwork => 60,
        }
    }

    /// Thresholds to begin with, in whole units: warning and critical.
    pub const fn usual(self) -> (i64, i64) {
        match self {
            Self::Requests => (10_000, 20_000),
            Self::ErrorRate => (5, 15),
            Self::Latency => (500, 2_000),
            Self::Anomaly => (4, 8),
            Self::NoTraffic => (60, 360),
            Self::Quota => (80, 95),
            Self::Pace => (100, 120),
            Self::Spend => (500, 1_000),
            Self::KeyExpiring => (14, 3),
            Self::KeyUnused => (30, 90),
            Self::KeyNetwork => (1, 3),
            Self::WebhookFailing => (1, 24),
        }
    }

    /// The window to begin with, in minutes; 0 where there is none to choose.
    pub const fn usual_window(self) -> i64 {
        match self {
            Self::Requests | Self::ErrorRate | Self::Latency => 60,
            Self::KeyNetwork => 1_440,
            _ => 0,
        }
    }

    /// Whether it can be narrowed to an environment, and to a key.
    pub const fn is_of_keys(self) -> bool {
        !matches!(
            self,
            Self::Quota | Self::Pace | Self::Spend | Self::WebhookFailing
        )
    }

    /// Whether it can be narrowed to a route of the API.
    pub const fn is_of_calls(self) -> bool {
        matches!(
            self,
            Self::Requests | Self::ErrorRate | Self::Latency | Self::Anomaly | Self::NoTraffic
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{AlertKind, AlertUnit, Worse};
    use crate::alerts::{Amount, Currency};

    #[test]
    fn what_a_kind_begins_with_can_be_saved() {
        for kind in AlertKind::ALL {
            let (warning, critical) = kind.usual();
            let milder = match kind.worse() {
                Worse::Higher => warning < critical,
                Worse::Lower => warning > critical,
            };
            assert!(milder && warning > 0, "{kind}");
            let windows = kind.windows();
            assert_eq!(windows.is_empty(), kind.usual_window() == 0, "{kind}");
            assert!(windows.is_empty() || windows.contains(&kind.usual_window()));
            assert!(windows.iter().all(|window| window % kind.step() == 0), "{kind}");
        }
    }

    #[test]
    fn amounts_are_told_in_their_unit() {
        let told = |unit: AlertUnit, thousandths| unit.tell(Amount::thousandths(thousandths), None);
        assert_eq!(told(AlertUnit::Calls, 1_234_000), "1,234 calls");
        assert_eq!(told(AlertUnit::Calls, 1_000), "1 call");
        assert_eq!(told(AlertUnit::Percent, 87_460), "87.5 %");
        assert_eq!(told(AlertUnit::Days, 0), "0 days");
        let euros = AlertUnit::Money.tell(Amount::thousandths(12_345_670), Some(Currency::Eur));
        assert_eq!(euros, "12,345.67 EUR");
    }
}
