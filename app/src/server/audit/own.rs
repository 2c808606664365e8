use leptos::prelude::*;
use types::{console::Page, security::ActivityRow};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "audit/own")]
pub async fn own(after: Option<String>) -> Result<Page<ActivityRow>, PageError> {
    use platform::audit;

    use crate::server::ctx::{ctx, refuse};

    audit::own(&ctx()?, after.as_deref()).await.map_err(refuse)
}
