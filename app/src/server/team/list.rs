use leptos::prelude::*;
use types::team::TeamPage;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "team/list")]
pub async fn list() -> Result<TeamPage, PageError> {
    use platform::access::members;

    use crate::server::ctx::{ctx, refuse};

    members::list(&ctx()?).await.map_err(refuse)
}
