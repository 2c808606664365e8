use leptos::prelude::*;
use types::accounts;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "account/sign_up_offer")]
pub async fn sign_up_offer(secret: String) -> Result<accounts::SignUpOffer, PageError> {
    use platform::accounts::sign_up_offer;

    use crate::server::ctx::{ctx, refuse};

    sign_up_offer(&ctx()?, &secret).await.map_err(refuse)
}
