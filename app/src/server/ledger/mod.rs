mod page;

pub use page::page;
