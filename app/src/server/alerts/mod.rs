mod channel;
mod channels;
mod choices;
mod one;
mod page;

pub use channel::channel;
pub use channels::channels;
pub use choices::choices;
pub use one::one;
pub use page::page;
