use leptos::prelude::*;
use types::accounts::RecoveryView;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "recovery/view")]
pub async fn view(secret: String) -> Result<RecoveryView, PageError> {
    use platform::recovery;

    use crate::server::ctx::{ctx, refuse};

    recovery::view(&ctx()?, &secret).await.map_err(refuse)
}
