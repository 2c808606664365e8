mod list;
mod member;

pub use list::list;
pub use member::member;
