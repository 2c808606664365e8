//! A person's ways to sign in, as their own page shows them. Nothing here is secret.

use serde::{Deserialize, Serialize};

use crate::{PasskeyId, Timestamp};

/// All of one person's ways to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInMethods {
    /// Passkeys, oldest first.
    pub passkeys: Vec<PasskeyView>,
    /// Password and authenticator app, if both are set.
    pub password: Option<PasswordView>,
    /// Why password and app cannot be removed, if they cannot.
    pub password_stays: Option<String>,
    /// Whether the person is staff, and so signs in with a passkey only.
    pub is_staff: bool,
    /// The e-mail address, which an authenticator app shows.
    pub email: String,
    /// WebAuthn's relying-party id, for the browser's Signal API.
    pub rp_id: String,
    /// WebAuthn's user handle, base64url, for the same.
    pub user_handle: String,
}

/// A passkey.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasskeyView {
    /// Ours.
    pub id: PasskeyId,
    /// WebAuthn's, base64url.
    pub credential_id: String,
    /// What its owner calls it.
    pub name: String,
    /// Who made it, as the authenticator claims. Nothing attests it.
    pub provider: Option<String>,
    /// Whether it may be copied to other devices, as the authenticator claims.
    pub synced: Option<bool>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used.
    pub last_used_at: Option<Timestamp>,
    /// Why it cannot be removed, if it cannot.
    pub stays: Option<String>,
}

/// Password and authenticator app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PasswordView {
    /// When the password was set.
    pub changed_at: Timestamp,
    /// When the app was set up.
    pub app_since: Timestamp,
    /// Since when neither is taken, after too many wrong answers.
    pub disabled_at: Option<Timestamp>,
    /// Recovery codes not used yet.
    pub recovery_codes: u32,
}
