use leptos::prelude::*;
use types::console::{Page, VerificationFilter, VerificationRow};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "verification/list")]
pub async fn list(filter: VerificationFilter) -> Result<Page<VerificationRow>, PageError> {
    use platform::verification;

    use crate::server::ctx::{ctx, refuse};

    verification::list(&ctx()?, &filter).await.map_err(refuse)
}
