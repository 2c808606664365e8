//! Invitations: the team's side, and the invited person's.

mod accept;
mod invite;

pub use accept::Invitation;
pub use invite::Invite;
