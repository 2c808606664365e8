//! What a rule measures, at one moment or at many. An evaluation reads what one moment needs, a
//! preview what thirty days need; the value at a moment is then found by the same function.
//!
//! It measures what others count: nothing here writes.

mod calls;
mod keys;
mod networks;
mod tally;
mod units;
mod usual;
mod webhooks;

use db::Conn;
use jiff::tz::TimeZone;
use types::{
    Timestamp,
    alerts::{AlertFacts, AlertKind, Amount},
};

use super::{gap::Gap, store::measure::Scope};
use crate::{Ctx, Result};

const MINUTE: i64 = 60_000;

/// What is measured of what.
pub(super) struct Subject<'a> {
    pub(super) kind: AlertKind,
    pub(super) scope: Scope<'a>,
    /// The id of a webhook; empty for all.
    pub(super) webhook: &'a str,
    /// Minutes.
    pub(super) window: i64,
    /// Whose hours of the week.
    pub(super) zone: &'a TimeZone,
}

/// What was found at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// A value, and its numbers.
    Value(Amount, AlertFacts),
    /// There is nothing that could be bad, such as no key that ends.
    Nothing,
    /// It could not be measured.
    Gap(Gap),
}

impl Reading {
    fn plain(value: Amount) -> Self {
        Self::Value(value, AlertFacts::Value)
    }
}

/// What was read to find values.
pub(super) enum History {
    Calls(calls::Calls),
    Durations(calls::Durations),
    Traffic(calls::Traffic),
    Usual(usual::Hours),
    Units(units::Units),
    Expiring(keys::Ends),
    Unused(keys::Uses),
    Networks(networks::Networks),
    Webhooks(webhooks::Stretches),
    Gap(Gap),
}

impl History {
    /// Reads what the moments from one to the other need, both included.
    ///
    /// # Errors
    /// If the database fails.
    pub(super) async fn read(
        ctx: &Ctx,
        conn: &mut Conn,
        subject: &Subject<'_>,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Self> {
        let minutes = (minute(from), minute(to));
        let (scope, window) = (&subject.scope, subject.window);
        Ok(match subject.kind {
            AlertKind::Requests => {
                Self::Calls(calls::Calls::read(conn, scope, window, minutes, false).await?)
            }
            AlertKind::ErrorRate => {
                Self::Calls(calls::Calls::read(conn, scope, window, minutes, true).await?)
            }
            AlertKind::Latency => {
                Self::Durations(calls::Durations::read(conn, scope, window, minutes).await?)
            }
            AlertKind::NoTraffic => Self::Traffic(calls::Traffic::read(conn, scope, minutes).await?),
            AlertKind::Anomaly => Self::Usual(usual::Hours::read(conn, scope, minutes, subject.zone).await?),
            AlertKind::Quota | AlertKind::Pace | AlertKind::Spend => {
                units::Units::read(conn, scope.tenant, subject.kind, (from, to)).await?
            }
            AlertKind::KeyExpiring => Self::Expiring(keys::Ends::read(conn, scope).await?),
            AlertKind::KeyUnused => Self::Unused(keys::Uses::read(conn, scope, minutes).await?),
            AlertKind::KeyNetwork => {
                networks::Networks::read(ctx, conn, scope, (from.as_millis() - window * MINUTE, window))
                    .await?
            }
            AlertKind::WebhookFailing => Self::Webhooks(
                webhooks::Stretches::read(conn, scope.tenant, subject.webhook, (from, to)).await?,
            ),
        })
    }

    /// What there was to find at this moment.
    ///
    /// # Errors
    /// Only if a moment is none that a calendar knows.
    pub(super) fn at(&self, moment: Timestamp) -> Result<Reading> {
        Ok(match self {
            Self::Calls(calls) => calls.at(minute(moment)),
            Self::Durations(durations) => durations.at(minute(moment))?,
            Self::Traffic(traffic) => traffic.at(minute(moment)),
            Self::Usual(hours) => hours.at(moment)?,
            Self::Units(units) => units.at(moment)?,
            Self::Expiring(ends) => ends.at(moment),
            Self::Unused(uses) => uses.at(moment),
            Self::Networks(networks) => networks.at(moment),
            Self::Webhooks(stretches) => stretches.at(moment),
            Self::Gap(gap) => Reading::Gap(*gap),
        })
    }
}

/// Whole minutes since the epoch.
pub(super) const fn minute(moment: Timestamp) -> i64 {
    moment.as_millis().div_euclid(MINUTE)
}

/// A number that cannot be below zero.
pub(super) fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

/// The last moment, up to this one, at which such a kind is evaluated.
pub(super) const fn grid(kind: AlertKind, moment: Timestamp) -> Timestamp {
    let step = kind.step() * MINUTE;
    Timestamp::from_millis(moment.as_millis().div_euclid(step) * step)
}
