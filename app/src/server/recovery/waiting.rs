use leptos::prelude::*;
use types::accounts::RecoveryRow;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "recovery/waiting")]
pub async fn waiting() -> Result<Vec<RecoveryRow>, PageError> {
    use platform::recovery;

    use crate::server::ctx::{ctx, refuse};

    recovery::waiting(&ctx()?).await.map_err(refuse)
}
