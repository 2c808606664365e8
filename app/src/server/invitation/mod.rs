mod page;
mod view;

pub use page::page;
pub use view::view;
