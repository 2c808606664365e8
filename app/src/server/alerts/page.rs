use leptos::prelude::*;
use types::alerts::AlertsPage;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "alerts/page")]
pub async fn page() -> Result<AlertsPage, PageError> {
    use platform::alerts;

    use crate::server::ctx::{ctx, refuse};

    alerts::page(&ctx()?).await.map_err(refuse)
}
