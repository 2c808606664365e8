//! Getting back into an account whose ways to sign in are lost.
//!
//! Two different ways are needed (NIST SP 800-63B-4, section 4.2.2): the link in the mail to the
//! account's address, and one more, which is a recovery code, a factor that is left, or the
//! approval of somebody who answers for it. Then a time passes in which the account's address
//! and every open session can cancel. Nobody who starts or approves a recovery ever sees or sets
//! a secret: the person with the link makes a new way to sign in, and only then the old ones go.
//!
//! **Invariant**: an account has one open recovery at most. A second start neither makes
//! another nor moves the time.
//!
//! **Invariant**: nobody approves the recovery of their own account, or one that they began.

mod approve;
mod begin;
mod cancel;
mod complete;
mod page;
mod second_way;
mod store;
mod tell;

pub use approve::{approve, start_for_account, start_for_member};
pub use begin::start_on_host;
pub(crate) use cancel::withdraw;
pub use cancel::{cancel_by_link, cancel_own, cancel_view};
pub use page::{find_account, own, view, waiting};
pub use second_way::{SecondWay, prove};

pub(crate) use begin::begin_own;
pub(crate) use complete::{complete, guest};
pub(crate) use page::{open_since, state_of};

use crate::{Ctx, Result, audit::Tx};

/// How long a recovery waits for its second way, and then for its end once its time has come,
/// in seconds.
const PATIENCE: i64 = 3 * 86_400;

/// Ends recoveries whose time is over.
pub(crate) async fn sweep(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    store::expire(tx, ctx.now()).await?;
    Ok(())
}
