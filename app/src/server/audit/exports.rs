use leptos::prelude::*;
use types::audit::ExportRow;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "audit/exports")]
pub async fn exports(of_staff: bool) -> Result<Vec<ExportRow>, PageError> {
    use platform::audit;

    use crate::server::ctx::{ctx, refuse};

    audit::exports(&ctx()?, of_staff).await.map_err(refuse)
}
