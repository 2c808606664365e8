mod limits;
mod list;
mod page;
mod policy;

pub use limits::{limit, limits};
pub use list::list;
pub use page::page;
pub use policy::policy;
