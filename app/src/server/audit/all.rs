use leptos::prelude::*;
use types::{audit::Found, console::AuditFilter};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "audit/all")]
pub async fn all(filter: AuditFilter) -> Result<Found, PageError> {
    use platform::audit;

    use crate::server::ctx::{ctx, refuse};

    audit::list_all(&ctx()?, &filter).await.map_err(refuse)
}
