use leptos::prelude::*;
use types::{AlertChannelId, alerts::ChannelPage};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "alerts/channel")]
pub async fn channel(id: AlertChannelId) -> Result<ChannelPage, PageError> {
    use platform::alerts;

    use crate::server::ctx::{ctx, refuse};

    alerts::channel(&ctx()?, id).await.map_err(refuse)
}
