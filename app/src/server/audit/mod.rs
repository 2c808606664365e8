mod list;
mod own;

pub use list::list;
pub use own::own;
