//! What moves in the browser. Everything else is HTML.

mod conductor;
mod confirm;
mod palette;
mod passkey;
mod session_end;
mod set_up;
mod shortcuts;
mod sign_in;

pub use conductor::Conductor;
pub use confirm::ConfirmStep;
pub use palette::Palette;
pub use set_up::SetUpForm;
pub use sign_in::SignInForm;
