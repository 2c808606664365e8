use leptos::prelude::*;
use types::{AuditEventId, audit::EventPage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "audit/any_event")]
pub async fn any_event(id: AuditEventId) -> Result<EventPage, PageError> {
    use platform::audit;

    use crate::server::ctx::{ctx, refuse};

    audit::page_of_any(&ctx()?, id).await.map_err(refuse)
}
