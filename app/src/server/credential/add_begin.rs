use leptos::{prelude::*, server_fn::codec::Json};

use crate::{PageError, server::sign_in::Ceremony};

/// Begins a passkey; `code` is one of the authenticator app, for who has no passkey to confirm
/// with, or empty.
#[server(prefix = "/fn", endpoint = "credential/add_begin", input = Json)]
pub async fn add_begin(code: String) -> Result<Ceremony, PageError> {
    use platform::identity;
    use types::StepUp;

    use crate::server::ctx::{begin_session, ctx, refuse};

    let mut ctx = ctx()?;
    if !code.trim().is_empty() && !ctx.is_fresh(StepUp::Credentials) {
        let confirmed = identity::step_up_with_code(&ctx, StepUp::Credentials, &code)
            .await
            .map_err(refuse)?;
        begin_session(&confirmed.session)?;
        ctx = confirmed.ctx;
    }
    let begun = identity::passkey_add_begin(&ctx).await.map_err(refuse)?;
    Ok(Ceremony {
        ceremony: begun.ceremony,
        options: begun.options.to_string(),
    })
}
