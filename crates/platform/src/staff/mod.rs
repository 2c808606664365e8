//! Who works for the operator of this installation, with which role, and what staff see of its
//! organisations.
//!
//! Rules: nobody gives a staff role that gives more than they have **for good** (what an
//! elevation gives for a time cannot be made to last), nor changes somebody who has more;
//! staff have a passkey; the last operator admin stays.

mod organisations;
mod page;
mod read;
mod roles;
mod store;

pub use organisations::organisations;
pub use page::{page, person};
pub(crate) use read::page_read;
pub use roles::{give, set_role};
pub(crate) use store::{StaffRecord, all, hold, role};

use types::{Permission, StaffRole};

/// Whether a role for good, if there is one, gives all of these.
pub(crate) fn covers(role: Option<StaffRole>, permissions: &[Permission]) -> bool {
    role.is_some_and(|role| permissions.iter().all(|one| role.permissions().contains(one)))
}
