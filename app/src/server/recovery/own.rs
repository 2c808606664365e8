use leptos::prelude::*;
use types::accounts::OwnRecovery;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "recovery/own")]
pub async fn own() -> Result<Option<OwnRecovery>, PageError> {
    use platform::recovery;

    use crate::server::ctx::{ctx, refuse};

    recovery::own(&ctx()?).await.map_err(refuse)
}
