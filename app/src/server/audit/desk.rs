use leptos::prelude::*;
use types::audit::LogDesk;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "audit/desk")]
pub async fn desk(of_staff: bool) -> Result<LogDesk, PageError> {
    use platform::audit;

    use crate::server::ctx::{ctx, refuse};

    audit::desk(&ctx()?, of_staff).await.map_err(refuse)
}
