//! The two halves of signing in with a passkey.

mod begin;
mod finish;

pub use begin::begin;
pub use finish::finish;

use serde::{Deserialize, Serialize};

/// What the browser is given for a passkey ceremony. JSON texts travel as texts, since only
/// the browser and the domain read them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ceremony {
    /// Names the ceremony's state on the server.
    pub ceremony: String,
    /// WebAuthn options: `PublicKeyCredential*OptionsJSON` under `publicKey`.
    pub options: String,
}
