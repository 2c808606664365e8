//! One's own account: signing up, name and e-mail address.
//!
//! What somebody asks for in the name of an address that is not confirmed yet is written down
//! sealed and answered by a job, by mail. So the request takes the same steps, and gets the same
//! answer, whether an account has the address or not (OWASP ASVS 5.0.0, 6.3.8).

mod answer;
mod email_change;
mod profile;
mod request;
mod sign_up;
mod store;

pub use email_change::{ask_email_change, confirm_email_change, email_change_of};
pub use profile::{profile, rename};
pub use request::ask_recovery;
pub use sign_up::{SignUpForm, ask_sign_up, sign_up_offer};

pub(crate) use answer::answer;
pub(crate) use request::{check_address, forget_of};
pub(crate) use sign_up::{complete as complete_sign_up, guest as sign_up_guest};

use crate::{Ctx, Result, audit::Tx};

/// How people come in and back, as the operator decides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Whether anybody can make an account and an organisation of their own.
    pub sign_up: bool,
    /// How long a recovery waits after its second way was shown, in seconds.
    pub recovery_delay: i64,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            sign_up: false,
            recovery_delay: 86_400,
        }
    }
}

/// Removes requests whose time is over.
pub(crate) async fn sweep(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    Ok(store::sweep(tx, ctx.now()).await?)
}
