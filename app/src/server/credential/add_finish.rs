use leptos::{prelude::*, server_fn::codec::Json};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "credential/add_finish", input = Json)]
pub async fn add_finish(ceremony: String, credential: String, name: String) -> Result<(), PageError> {
    use platform::identity;

    use crate::server::ctx::{ctx, read_json, refuse};

    let credential = read_json(&credential)?;
    identity::passkey_add_finish(&ctx()?, &ceremony, credential, &name)
        .await
        .map_err(refuse)?;
    Ok(())
}
