use leptos::prelude::*;
use types::ledger::LedgerPage;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "ledger/page")]
pub async fn page() -> Result<LedgerPage, PageError> {
    use platform::ledger;

    use crate::server::ctx::{ctx, refuse};

    ledger::page(&ctx()?).await.map_err(refuse)
}
