//! What the page of staff access shows of elevations.

use types::{
    Permission,
    team::{ElevationRow, ElevationState},
};

use super::{actor, may_approve, store};
use crate::{Actor, Ctx, Result};

/// Of those that are over.
const PAST: usize = 20;

/// Those that are open, and the newest that are over. The caller has asked for the permission.
pub(crate) async fn list(ctx: &Ctx) -> Result<(Vec<ElevationRow>, Vec<ElevationRow>)> {
    let me = actor(ctx)?;
    let lasting = match ctx.actor() {
        Actor::User { staff_role, .. } => *staff_role,
        _ => None,
    };
    let limit = i64::try_from(PAST).unwrap_or_default();
    let records = store::list(&mut *ctx.read().await?, limit).await?;
    let rows = records
        .into_iter()
        .map(|record| {
            let one = record.elevation()?;
            let state = one.state_at(ctx.now());
            let own = one.user == me;
            let open = matches!(state, ElevationState::Requested | ElevationState::Approved);
            let waits = state == ElevationState::Requested;
            Ok(ElevationRow {
                id: one.id,
                user: one.user,
                name: record.name,
                role: one.role,
                reason: record.reason,
                minutes: one.minutes,
                state,
                requested_at: one.requested_at,
                decided_by: record.decider,
                starts_at: one.starts_at,
                ends_at: one.ends_at,
                may_approve: waits && !own && may_approve(lasting, one.role),
                may_stop: open && (own || ctx.actor().may(Permission::StaffApprove)),
                own,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    let is_open =
        |row: &ElevationRow| matches!(row.state, ElevationState::Requested | ElevationState::Approved);
    let (open, mut past): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_open);
    past.truncate(PAST);
    Ok((open, past))
}
