use leptos::prelude::*;
use types::{audit::Found, console::AuditFilter};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "audit/list")]
pub async fn list(filter: AuditFilter) -> Result<Found, PageError> {
    use platform::audit;

    use crate::server::ctx::{ctx, refuse};

    audit::list(&ctx()?, &filter).await.map_err(refuse)
}
