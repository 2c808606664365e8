//! What moves in the browser. Everything else is HTML.

mod add_passkey;
mod conductor;
mod confirm;
mod palette;
mod passkey;
mod session_end;
mod set_up;
mod shortcuts;
mod sign_in;

pub use add_passkey::AddPasskey;
pub use conductor::Conductor;
pub use confirm::ConfirmStep;
pub use palette::Palette;
pub use set_up::SetUpForm;
pub use sign_in::SignInForm;
