//! The frames: the console's, with navigation, and the plain one before it.

mod account;
mod console;
mod limited;
mod looking;
mod navigation;
mod plain;
mod session_end;
mod switcher;

pub use console::Console;
pub use navigation::Place;
pub use plain::Plain;
