use leptos::prelude::*;

use crate::PageError;

/// Whether anybody can make an account here.
#[server(prefix = "/fn", endpoint = "account/sign_up_offered")]
pub async fn sign_up_offered() -> Result<bool, PageError> {
    use crate::server::ctx::ctx;

    // Known at once; a server function waits all the same.
    std::future::ready(Ok(ctx()?.settings().accounts.sign_up)).await
}
