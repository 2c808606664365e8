use leptos::prelude::*;
use types::support::{Subject, SubjectHead};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "support/head")]
pub async fn head(id: Subject) -> Result<SubjectHead, PageError> {
    use platform::support;

    use crate::server::ctx::{ctx, refuse};

    support::head(&ctx()?, id).await.map_err(refuse)
}
