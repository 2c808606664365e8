use leptos::prelude::*;
use types::backup::BackupsPage;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "backup/page")]
pub async fn page() -> Result<BackupsPage, PageError> {
    use platform::backups;

    use crate::server::ctx::{ctx, refuse};

    backups::page(&ctx()?).await.map_err(refuse)
}
