//! What people see of the security of their own account, and staff of everybody's.

mod activity;
mod not_me;
mod notifications;
mod report;
mod sessions;
mod signals;

pub use activity::Activity;
pub use not_me::NotMe;
pub use notifications::Notifications;
pub use report::Report;
pub use sessions::{EndOthers, Sessions};
pub use signals::Signals;
