//! Making a stream.

use types::{StepUp, StreamId, retention::LogScope, streams::StreamDraft};

use super::{
    change::Made,
    draft::checked,
    secret,
    store::{self, Origin, StreamRecord},
};
use crate::{
    Actor, Ctx, Error, Result,
    audit::{self, Action, Event, managed},
    keyring::Purpose,
};

/// Streams of one log at most.
const MOST: usize = 10;

/// Makes a stream, which begins to send at once: from the first event of the log, or with what
/// comes from now on.
///
/// # Errors
/// `Forbidden` without [`types::Permission::AuditManage`], or `AuditManageAll` for the
/// installation's own log; `StepUp`; `Invalid`; `Conflict` if there are too many.
pub async fn create(ctx: &Ctx, scope: LogScope, draft: &StreamDraft) -> Result<Made> {
    let log = managed(ctx, scope).await?;
    ctx.require_fresh(StepUp::Audit).await?;
    let Actor::User { id: user, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    let checked = checked(ctx, draft)?;
    let tenant = log.tenant();
    let id = StreamId::new(ctx.clock(), ctx.rng());
    let mut tx = ctx.begin().await?;
    if store::list(&mut tx, &tenant).await?.len() >= MOST {
        return Err(Error::Conflict(
            "There are ten streams. Delete one before you make another.",
        ));
    }
    let key = ctx
        .data_key_or_new(&mut tx, Purpose::Streams, secret::subject(&tenant))
        .await?;
    let next_leaf = if draft.from_start {
        0
    } else {
        audit::places(&mut tx).await?
    };
    let shown = checked.stored.destination.shown();
    let row = StreamRecord {
        id: id.to_string(),
        organisation_id: tenant.clone(),
        name: checked.name.clone(),
        format: checked.format.to_string(),
        with_personal: draft.with_personal,
        target: serde_json::to_string(&checked.stored)?,
        sealed: checked.secrets.seal(ctx, &key, &tenant, &id.to_string())?,
        data_key_id: key.id,
        next_leaf,
        state: "active".to_owned(),
        attempts: 0,
        next_try_at: ctx.now().as_millis(),
        failing_since: None,
        problem: None,
        told_at: None,
        delivered_at: None,
        delivered: 0,
        created_at: ctx.now().as_millis(),
    };
    let origin = Origin {
        kind: checked.stored.destination.kind().as_str(),
        created_by: &user.to_string(),
    };
    store::insert(&mut tx, &row, &origin).await?;
    let event = Event::new(Action::StreamCreated)
        .target(id)
        .detail("name", &checked.name)
        .detail("target", shown)
        .detail("format", checked.format)
        .detail("from", next_leaf)
        .detail("personal", if draft.with_personal { "with" } else { "without" });
    ctx.commit(tx, log.tell(event)).await?;
    Ok(Made {
        id,
        secret: Some(checked.secrets.signing.clone()).filter(|secret| !secret.is_empty()),
    })
}
