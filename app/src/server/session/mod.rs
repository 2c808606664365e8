mod open;
mod page;

pub use open::open;
pub use page::page;
