//! A higher staff role for a time: asked for with a reason, approved by another person, ended by
//! itself.
//!
//! What an elevation gives lasts from `starts_at` to `ends_at` by the clock of each request
//! (`sessions` reads it); the job that notes the end in the audit log takes nothing away.
//!
//! Where nobody else could approve it, it holds after a delay: everybody who is staff is told,
//! and can stop it until then and after.

mod ask;
mod decide;
mod end;
mod list;
mod store;

pub use ask::{LONGEST, SHORTEST, ask};
pub use decide::approve;
pub use end::stop;
pub(crate) use end::{end_all, end_due};
pub(crate) use list::list;

use types::{ElevationId, Permission, StaffRole, Timestamp, UserId, team::ElevationState};

use crate::{
    Actor, Ctx, Error, Result,
    audit::Tx,
    staff::{self, StaffRecord, covers},
};

/// A request that nobody decides is over after this long, in seconds.
const PATIENCE: i64 = 86_400;

/// Who acts.
fn actor(ctx: &Ctx) -> Result<UserId> {
    match ctx.actor() {
        Actor::User { id, .. } => Ok(*id),
        _ => Err(Error::Unauthenticated("Sign in first.")),
    }
}

/// Whether this role for good lets somebody approve an elevation to that one.
fn may_approve(lasting: Option<StaffRole>, asked: StaffRole) -> bool {
    covers(lasting, &[Permission::StaffApprove]) && covers(lasting, asked.permissions())
}

/// Others who could approve it: whose role allows it, and who can sign in.
async fn approvers(tx: &mut Tx, asked: StaffRole, except: UserId) -> Result<Vec<StaffRecord>> {
    let except = except.to_string();
    let mut found = Vec::new();
    for record in staff::all(tx).await? {
        if record.id != except && record.has_passkey && may_approve(Some(record.role()?), asked) {
            found.push(record);
        }
    }
    Ok(found)
}

/// An elevation, read.
struct Elevation {
    id: ElevationId,
    user: UserId,
    role: StaffRole,
    minutes: i64,
    state: ElevationState,
    requested_at: Timestamp,
    starts_at: Option<Timestamp>,
    ends_at: Option<Timestamp>,
}

impl Elevation {
    /// Where it stands at this moment: time ends it before the job notes that.
    fn state_at(&self, now: Timestamp) -> ElevationState {
        let over = match self.state {
            ElevationState::Approved => self.ends_at.is_some_and(|end| end <= now),
            ElevationState::Requested => self.requested_at.plus_seconds(PATIENCE) <= now,
            _ => false,
        };
        if over { ElevationState::Ended } else { self.state }
    }

    /// Whether it holds at this moment.
    fn holds(&self, now: Timestamp) -> bool {
        self.state_at(now) == ElevationState::Approved && self.starts_at.is_some_and(|start| start <= now)
    }
}

/// The elevation within a transaction that is about to decide it.
async fn find(tx: &mut Tx, id: ElevationId) -> Result<Elevation> {
    let row = store::get(tx, &id.to_string()).await?;
    row.ok_or(Error::NotFound("The request"))?.elevation()
}
