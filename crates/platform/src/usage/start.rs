//! Billable units.

use types::{ApiKeyId, OrganisationId, Timestamp, VerificationId};

use super::{
    fold,
    store::{self, UnitRow},
};
use crate::{Result, audit::Tx};

/// What one start of a live key is billed as; calls with test keys are free. Whose, with which key,
/// which, and when.
pub(crate) type Unit = (OrganisationId, ApiKeyId, VerificationId, Timestamp);

/// Notes the units of starts, in the transaction that starts them.
pub(crate) async fn started(tx: &mut Tx, units: &[Unit]) -> Result<()> {
    for some in units.chunks(store::ROWS) {
        store::bill(tx, some, false).await?;
    }
    Ok(())
}

/// Notes the units of an invented past, added up already.
pub(crate) async fn invented(tx: &mut Tx, units: &[Unit]) -> Result<()> {
    for some in units.chunks(store::ROWS) {
        store::bill(tx, some, true).await?;
        let rows = some.iter().map(|(organisation, key, _, at)| UnitRow {
            organisation_id: organisation.to_string(),
            api_key_id: key.to_string(),
            occurred_at: at.as_millis(),
        });
        fold::add(tx, rows.collect()).await?;
    }
    Ok(())
}
