//! A billable unit.

use types::{ApiKeyId, Environment, OrganisationId, Timestamp, VerificationId};

use super::{
    fold,
    quota::Held,
    store::{self, UnitRow},
};
use crate::{Result, audit::Tx};

/// Notes what a start is billed as: one unit of a live key; calls with test keys are free.
///
/// # Errors
/// `QuotaExceeded`: then the whole start is undone.
pub(crate) async fn started(
    tx: &mut Tx,
    quota: &Held,
    (organisation, key, verification): (OrganisationId, ApiKeyId, VerificationId),
    environment: Environment,
    at: Timestamp,
) -> Result<()> {
    if environment == Environment::Live {
        let unit = (
            organisation.to_string(),
            key.to_string(),
            verification.to_string(),
        );
        quota.admit(tx, &unit.0, at).await?;
        store::bill(tx, &unit, at).await?;
    }
    Ok(())
}

/// A start that an invented past has had: whose, with which key, which, and when.
pub(crate) type Invented = (OrganisationId, ApiKeyId, VerificationId, Timestamp);

/// Notes the units of an invented past, added up already.
pub(crate) async fn invented(tx: &mut Tx, units: &[Invented]) -> Result<()> {
    for some in units.chunks(store::ROWS) {
        store::bill_many(tx, some).await?;
        let rows = some.iter().map(|(organisation, key, _, at)| UnitRow {
            organisation_id: organisation.to_string(),
            api_key_id: key.to_string(),
            occurred_at: at.as_millis(),
        });
        fold::add(tx, rows.collect()).await?;
    }
    Ok(())
}
