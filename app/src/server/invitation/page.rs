use leptos::prelude::*;
use types::accounts::InvitationsPage;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "invitation/page")]
pub async fn page() -> Result<InvitationsPage, PageError> {
    use platform::invitations;

    use crate::server::ctx::{ctx, refuse};

    invitations::page(&ctx()?).await.map_err(refuse)
}
