//! The strongest way in which people can sign in, as far as an organisation's policy asks.

use std::collections::HashMap;

use db::Conn;
use types::SignInMethod;

use super::store;
use crate::Result;

/// The strongest way of each member of the organisation who has any, by user id.
pub(crate) async fn strongest_in(conn: &mut Conn, tenant: &str) -> Result<HashMap<String, SignInMethod>> {
    let with_password = store::passwords_in(conn, tenant).await?.into_iter();
    let mut strongest: HashMap<_, _> = with_password
        .map(|user| (user, SignInMethod::PasswordTotp))
        .collect();
    for (user, credential) in store::credentials_in(conn, tenant).await? {
        let method = method_of(&credential)?;
        let best = strongest.entry(user).or_insert(method);
        *best = (*best).max(method);
    }
    Ok(strongest)
}

/// A passkey may be copied to other devices unless its authenticator said, when it was made,
/// that it may not (WebAuthn Level 3, section 6.1.3: flag BE).
fn method_of(credential: &str) -> Result<SignInMethod> {
    let stored: serde_json::Value = serde_json::from_str(credential)?;
    let eligible = stored.pointer("/cred/backup_eligible");
    Ok(match eligible.and_then(serde_json::Value::as_bool) {
        Some(false) => SignInMethod::DeviceBoundPasskey,
        _ => SignInMethod::Passkey,
    })
}
