//! One's own ways to sign in: what there are, the two halves of adding a passkey, and what an
//! authenticator app is given.

mod add_begin;
mod add_finish;
mod app;
mod methods;

pub use add_begin::add_begin;
pub use add_finish::add_finish;
pub use app::{AppOffer, app};
pub use methods::methods;
