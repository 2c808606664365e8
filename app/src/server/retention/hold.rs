use leptos::prelude::*;
use types::{
    LegalHoldId,
    retention::{HoldRow, LogScope},
};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "retention/hold")]
pub async fn hold(scope: LogScope, id: LegalHoldId) -> Result<HoldRow, PageError> {
    use platform::retention;

    use crate::server::ctx::{ctx, refuse};

    retention::hold(&ctx()?, scope, id).await.map_err(refuse)
}
