use leptos::prelude::*;
use types::credentials::SignInMethods;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "credential/methods")]
pub async fn methods() -> Result<SignInMethods, PageError> {
    use platform::identity;

    use crate::server::ctx::{ctx, refuse};

    identity::sign_in_methods(&ctx()?).await.map_err(refuse)
}
