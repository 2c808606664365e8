use leptos::prelude::*;

use crate::PageError;

/// A fresh key for an authenticator app, as text. It counts once a code of it came back.
#[server(prefix = "/fn", endpoint = "set_up/app_key")]
pub async fn app_key() -> Result<String, PageError> {
    use platform::identity;

    use crate::server::ctx::ctx;

    Ok(identity::begin_totp(&ctx()?))
}
