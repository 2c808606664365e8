//! A rule as it is worked with.

use db::Conn;
use jiff::tz::TimeZone;
use types::{
    Timestamp,
    alerts::{AlertFacts, AlertKind, AlertState, Amount},
};

use super::{
    edge::{Band, Standing},
    measure::{History, Subject},
    store::{RuleRecord, Terms, measure::Scope},
};
use crate::{Ctx, Error, Result, access};

/// What a rule measures and where its edges are: of one that is stored, or that is only looked at.
#[derive(Clone, Debug)]
pub(super) struct Rule {
    pub(super) tenant: String,
    pub(super) terms: Terms,
}

impl Rule {
    pub(super) fn of(row: &RuleRecord) -> Result<Self> {
        Ok(Self {
            tenant: row.organisation_id.clone(),
            terms: Terms {
                kind: row.kind.parse()?,
                name: row.name.clone(),
                environment: row.environment.clone(),
                key: row.api_key_id.clone(),
                endpoint: row.endpoint.clone(),
                webhook: row.webhook_id.clone(),
                window: row.window_minutes,
                warning: row.warning.map(Amount::thousandths),
                critical: row.critical.map(Amount::thousandths),
                hysteresis: row.hysteresis,
                clear_after: row.clear_after,
            },
        })
    }

    pub(super) const fn band(&self) -> Band {
        Band {
            worse: self.terms.kind.worse(),
            warning: self.terms.warning,
            critical: self.terms.critical,
            hysteresis: self.terms.hysteresis,
            clear_after: self.terms.clear_after,
        }
    }

    /// Reads what its values from one moment to another are found in.
    pub(super) async fn history(
        &self,
        ctx: &Ctx,
        conn: &mut Conn,
        stretch: (Timestamp, Timestamp),
    ) -> Result<History> {
        let zone = match self.terms.kind {
            AlertKind::Anomaly => zone(conn, &self.tenant).await?,
            _ => TimeZone::UTC,
        };
        let subject = Subject {
            kind: self.terms.kind,
            scope: Scope {
                tenant: &self.tenant,
                environment: &self.terms.environment,
                key: &self.terms.key,
                endpoint: &self.terms.endpoint,
            },
            webhook: &self.terms.webhook,
            window: self.terms.window,
            zone: &zone,
        };
        History::read(ctx, conn, &subject, stretch).await
    }
}

/// Whose hours of the week are meant.
async fn zone(conn: &mut Conn, tenant: &str) -> Result<TimeZone> {
    let row = access::organisation(conn, tenant).await?;
    let row = row.ok_or(Error::NotFound("The organisation"))?;
    access::zone(&row.time_zone)
}

impl RuleRecord {
    pub(super) fn standing(&self) -> Result<Standing> {
        Ok(Standing {
            state: self.state.parse()?,
            calm: self.calm,
        })
    }

    /// What of its state was told.
    pub(super) fn told_state(&self) -> Result<AlertState> {
        Ok(self.told.parse()?)
    }

    pub(super) fn measured(&self) -> AlertFacts {
        facts(&self.facts)
    }
}

/// Facts as they are stored; those of a version that is not known here say nothing.
pub(super) fn facts(text: &str) -> AlertFacts {
    serde_json::from_str(text).unwrap_or_default()
}
