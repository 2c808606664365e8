use leptos::prelude::*;
use types::alerts::ChannelsPage;

use crate::PageError;

#[server(prefix = "/fn", endpoint = "alerts/channels")]
pub async fn channels() -> Result<ChannelsPage, PageError> {
    use platform::alerts;

    use crate::server::ctx::{ctx, refuse};

    alerts::channels(&ctx()?).await.map_err(refuse)
}
