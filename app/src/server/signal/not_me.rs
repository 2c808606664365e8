use leptos::prelude::*;

use crate::PageError;

/// Whether the link in a notice works; it is not used by looking.
#[server(prefix = "/fn", endpoint = "signal/not_me")]
pub async fn not_me(secret: String) -> Result<(), PageError> {
    use platform::signals;

    use crate::server::ctx::{ctx, refuse};

    signals::not_me_open(&ctx()?, &secret).await.map_err(refuse)
}
