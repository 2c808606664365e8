//! The business's own programs are told of the end, in the transaction that makes it.

use types::{Assurance, VerificationStatus};

use super::{complete::confidence, store::VerificationRow};
use crate::{
    Ctx, Result,
    audit::Tx,
    webhooks::{self, Ended},
};

/// Queues the event for every endpoint that listens.
pub(super) async fn ended(
    ctx: &Ctx,
    tx: &mut Tx,
    row: &VerificationRow,
    (status, assurance): (VerificationStatus, Option<Assurance>),
) -> Result<()> {
    let ended = Ended {
        id: row.id,
        organisation: row.organisation,
        environment: row.environment,
        reference: row.reference.as_deref(),
        status,
        confidence: assurance.map(confidence),
        created_at: row.created_at,
        completed_at: ctx.now(),
    };
    webhooks::completed(ctx, tx, &ended).await
}
