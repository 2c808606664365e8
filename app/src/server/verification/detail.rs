use leptos::prelude::*;
use types::{VerificationId, console::VerificationDetail};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "verification/detail")]
pub async fn detail(id: VerificationId) -> Result<VerificationDetail, PageError> {
    use platform::verification;

    use crate::server::ctx::{ctx, refuse};

    verification::detail(&ctx()?, id).await.map_err(refuse)
}
