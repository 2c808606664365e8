mod erasable;
mod hold;
mod page;

pub use erasable::erasable;
pub use hold::hold;
pub use page::page;
