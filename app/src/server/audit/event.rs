use leptos::prelude::*;
use types::{AuditEventId, audit::EventPage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "audit/event")]
pub async fn event(id: AuditEventId) -> Result<EventPage, PageError> {
    use platform::audit;

    use crate::server::ctx::{ctx, refuse};

    audit::page(&ctx()?, id).await.map_err(refuse)
}
