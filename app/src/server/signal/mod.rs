mod list;
mod not_me;

pub use list::list;
pub use not_me::not_me;
