use leptos::prelude::*;
use types::{UserId, retention::ErasurePage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "retention/erasable")]
pub async fn erasable(user: UserId) -> Result<ErasurePage, PageError> {
    use platform::audit;

    use crate::server::ctx::{ctx, refuse};

    audit::erasable(&ctx()?, user).await.map_err(refuse)
}
