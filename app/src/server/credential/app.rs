use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::credentials::SignInMethods;

use crate::PageError;

/// What an authenticator app is given, and what its owner has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppOffer {
    pub methods: SignInMethods,
    /// **Secret**, base32: shown to its owner, and sent back with the form.
    pub secret: String,
    /// The same as a QR code says it.
    pub uri: String,
}

/// A fresh secret for an app, or the one that was offered before.
#[server(prefix = "/fn", endpoint = "credential/app")]
pub async fn app(offered: String) -> Result<AppOffer, PageError> {
    use platform::identity;

    use crate::server::ctx::{ctx, refuse};

    let ctx = ctx()?;
    let methods = identity::sign_in_methods(&ctx).await.map_err(refuse)?;
    let secret = if offered.is_empty() {
        identity::begin_totp(&ctx)
    } else {
        offered
    };
    let uri = identity::totp_uri(&secret, &methods.email);
    Ok(AppOffer { methods, secret, uri })
}
