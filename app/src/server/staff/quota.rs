use leptos::prelude::*;
use types::{OrganisationId, usage::QuotaPage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "staff/quota")]
pub async fn quota(organisation: OrganisationId) -> Result<QuotaPage, PageError> {
    use platform::usage;

    use crate::server::ctx::{ctx, refuse};

    usage::quota(&ctx()?, organisation).await.map_err(refuse)
}
