use leptos::prelude::*;
use types::console;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "verification/overview")]
pub async fn overview() -> Result<console::Overview, PageError> {
    use platform::verification;

    use crate::server::ctx::{ctx, refuse};

    verification::overview(&ctx()?).await.map_err(refuse)
}
