//! The server as a whole: every route through its frame, on a real database.

mod api;
mod app;
mod bad_input;
mod canary;
mod console;
mod hosted;
