//! One's own account.

mod email;
mod profile;
mod recovery;

pub use email::ConfirmEmail;
pub use profile::Profile;
pub use recovery::OwnRecovery;
