use leptos::{prelude::*, server_fn::codec::Json};

use crate::PageError;

/// Takes the authenticator's answer; the session's fresh secret comes as a cookie.
#[server(prefix = "/fn", endpoint = "step_up/finish", input = Json)]
pub async fn finish(ceremony: String, credential: String) -> Result<(), PageError> {
    use platform::identity;

    use crate::server::ctx::{begin_session, ctx, read_json, refuse};

    let credential = read_json(&credential)?;
    let confirmed = identity::step_up_finish(&ctx()?, &ceremony, credential)
        .await
        .map_err(refuse)?;
    begin_session(&confirmed.session)
}
