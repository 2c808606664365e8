use leptos::prelude::*;
use types::console::SetupInvitation;

use crate::PageError;

/// Whom the one-time link is for, if it works; `None` for the first person.
#[server(prefix = "/fn", endpoint = "set_up/open")]
pub async fn open(token: String) -> Result<Option<SetupInvitation>, PageError> {
    use platform::identity;

    use crate::server::ctx::{ctx, refuse};

    identity::setup_view(&ctx()?, &token).await.map_err(refuse)
}
