//! Invitations to an organisation: by mail, for a week, for one person, once.
//!
//! **Invariant**: nobody offers what he does not have: every permission of the role that is
//! offered is one of the inviter's, and only an owner invites an owner.

mod accept;
mod invite;
mod offer;
mod store;

pub use accept::{accept, view};
pub use invite::{invite, page, resend, revoke};
pub use offer::Offer;

pub(crate) use accept::{complete, guest};

use crate::{Ctx, Result, audit::Tx};

/// Removes invitations that are over: a month after their end nobody asks for them any more.
pub(crate) async fn sweep(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    const MONTH: i64 = 30 * 86_400;

    let now = ctx.now();
    Ok(store::sweep(tx, now.plus_seconds(-MONTH)).await?)
}
