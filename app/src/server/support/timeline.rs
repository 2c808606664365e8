use leptos::prelude::*;
use types::support::{Source, Subject, SubjectPage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "support/timeline")]
pub async fn timeline(
    id: Subject,
    source: Option<Source>,
    after: Option<String>,
) -> Result<SubjectPage, PageError> {
    use platform::support;

    use crate::server::ctx::{ctx, refuse};

    support::subject(&ctx()?, id, source, after.as_deref())
        .await
        .map_err(refuse)
}
