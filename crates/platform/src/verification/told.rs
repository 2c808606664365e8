//! The business's own programs are told of the end, in the transaction that makes it.

use db::Conn;
use types::{Assurance, Environment, OrganisationId, Timestamp, VerificationId, VerificationStatus};

use super::{
    complete::confidence,
    store::{
        VerificationRow,
        lists::{self, Bounds},
    },
};
use crate::{
    Ctx, Error, Result,
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
        reference: row.reference.clone(),
        status,
        confidence: assurance.map(confidence),
        created_at: row.created_at,
        completed_at: ctx.now(),
    };
    webhooks::completed(ctx, tx, &ended).await
}

/// What there is to tell of live verifications that were started since then and have ended, the
/// first to end first: for an invented past, whose programs were told.
pub(crate) async fn ended_since(
    conn: &mut Conn,
    organisation: OrganisationId,
    since: Timestamp,
    most: i64,
) -> Result<Vec<Ended>> {
    let bounds = Bounds {
        status: None,
        environment: Some(Environment::Live),
        key: None,
        reference: None,
        from: Some(VerificationId::first_at(since)),
        before: None,
    };
    let mut all = Vec::new();
    for row in lists::list_whole(conn, &organisation.to_string(), &bounds, most).await? {
        let Some(completed_at) = row.completed_at else {
            continue;
        };
        let assurance: Option<Assurance> = row.assurance.as_deref().map(str::parse).transpose()?;
        all.push(Ended {
            id: row.id.parse()?,
            organisation,
            environment: Environment::Live,
            reference: row.reference,
            status: row.status.parse().map_err(Error::internal)?,
            confidence: assurance.map(confidence),
            created_at: Timestamp::from_millis(row.created_at),
            completed_at: Timestamp::from_millis(completed_at),
        });
    }
    all.sort_by_key(|ended| ended.completed_at);
    Ok(all)
}
