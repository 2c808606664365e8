mod delivery;
mod one;
mod page;

pub use delivery::delivery;
pub use one::one;
pub use page::page;
