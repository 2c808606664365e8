mod detail;
mod list;
mod overview;

pub use detail::detail;
pub use list::list;
pub use overview::overview;
