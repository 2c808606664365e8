use leptos::{prelude::*, server_fn::codec::Json};

use super::Ceremony;
use crate::PageError;

#[server(prefix = "/fn", endpoint = "sign_in/begin", input = Json)]
pub async fn begin() -> Result<Ceremony, PageError> {
    use platform::identity;

    use crate::server::ctx::{ctx, refuse};

    let begun = identity::sign_in_begin(&ctx()?).await.map_err(refuse)?;
    Ok(Ceremony {
        ceremony: begun.ceremony,
        options: begun.options.to_string(),
    })
}
