//! Getting back into an account: asking, going on with the link, cancelling, and the staff's
//! side of it.

mod ask;
mod cancel;
mod go_on;
mod staff;

pub use ask::Recover;
pub use cancel::CancelRecovery;
pub use go_on::Recovery;
pub use staff::Accounts;
