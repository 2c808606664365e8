//! Endpoints of an invented past. What is then told to them is queued, claimed, signed and noted as
//! anything is.

use types::{Timestamp, WebhookId, webhooks::WebhookDraft};

use super::{
    draft::checked_new,
    make::{created, write},
};
use crate::{Result, audit::Tx, demo::Past};

/// An endpoint that was made at that moment.
pub(crate) async fn endpoint(
    past: &Past<'_>,
    tx: &mut Tx,
    draft: &WebhookDraft,
    made: Timestamp,
) -> Result<()> {
    past.clock.set(made);
    let (checked, environment) = checked_new(past.then, draft)?;
    let terms = (&checked, environment);
    let id = WebhookId::new(past.then.clock(), past.then.rng());
    write(past.here, tx, (&past.tenant, id), terms, (past.maker.0, made)).await?;
    past.maker.1.append(tx, &created(id, terms)).await
}
