use leptos::{prelude::*, server_fn::codec::Json};

use crate::{PageError, server::sign_in::Ceremony};

#[server(prefix = "/fn", endpoint = "set_up/begin", input = Json)]
pub async fn begin(
    token: String,
    name: String,
    email: String,
    organisation: String,
    time_zone: String,
) -> Result<Ceremony, PageError> {
    use platform::identity::{SetupForm, setup_begin};

    use crate::server::ctx::{ctx, refuse};

    let form = SetupForm {
        name,
        email,
        organisation,
        time_zone,
    };
    let begun = setup_begin(&ctx()?, &token, form).await.map_err(refuse)?;
    Ok(Ceremony {
        ceremony: begun.ceremony,
        options: begun.options.to_string(),
    })
}
