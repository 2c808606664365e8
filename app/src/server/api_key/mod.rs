mod list;
mod page;
mod policy;

pub use list::list;
pub use page::page;
pub use policy::policy;
