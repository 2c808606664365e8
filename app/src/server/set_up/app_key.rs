use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::PageError;

/// What an authenticator app is given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewKey {
    /// **Secret**, base32: shown to its owner, and sent back with the form.
    pub secret: String,
    /// The same as a QR code says it.
    pub uri: String,
}

/// A fresh key for an authenticator app, or the one that was offered before. It counts once a
/// code of it came back.
#[server(prefix = "/fn", endpoint = "set_up/app_key")]
pub async fn app_key(email: String, offered: String) -> Result<NewKey, PageError> {
    use platform::identity;

    use crate::server::ctx::ctx;

    let ctx = ctx()?;
    let secret = if offered.is_empty() {
        identity::begin_totp(&ctx)
    } else {
        offered
    };
    let uri = identity::totp_uri(&secret, &email);
    // Known at once; a server function waits all the same.
    std::future::ready(Ok(NewKey { secret, uri })).await
}
