use leptos::{prelude::*, server_fn::codec::Json};

use crate::{PageError, server::sign_in::Ceremony};

/// `action` is a word of `types::StepUp`.
#[server(prefix = "/fn", endpoint = "step_up/begin", input = Json)]
pub async fn begin(action: String) -> Result<Ceremony, PageError> {
    use platform::{Error, identity};

    use crate::server::ctx::{ctx, refuse};

    let known = action.parse();
    let action =
        known.map_err(|_| refuse(Error::invalid("action", "There is no such action to confirm.")))?;
    let begun = identity::step_up_begin(&ctx()?, action).await.map_err(refuse)?;
    Ok(Ceremony {
        ceremony: begun.ceremony,
        options: begun.options.to_string(),
    })
}
