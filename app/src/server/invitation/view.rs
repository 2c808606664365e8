use leptos::prelude::*;
use types::accounts::InvitationOffer;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "invitation/view")]
pub async fn view(secret: String) -> Result<InvitationOffer, PageError> {
    use platform::invitations;

    use crate::server::ctx::{ctx, refuse};

    invitations::view(&ctx()?, &secret).await.map_err(refuse)
}
