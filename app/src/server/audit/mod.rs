mod all;
mod any_event;
mod desk;
mod event;
mod exports;
mod list;
mod own;

pub use all::all;
pub use any_event::any_event;
pub use desk::desk;
pub use event::event;
pub use exports::exports;
pub use list::list;
pub use own::own;
