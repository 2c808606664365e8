use leptos::prelude::*;
use types::console::JobsPage;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "job/page")]
pub async fn page() -> Result<JobsPage, PageError> {
    use platform::jobs;

    use crate::server::ctx::{ctx, refuse};

    jobs::page(&ctx()?).await.map_err(refuse)
}
