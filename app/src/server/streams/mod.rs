mod one;
mod page;

pub use one::one;
pub use page::page;
