use leptos::prelude::*;
use types::{
    console::Page,
    security::{SignalRow, SignalState},
};

use crate::PageError;

#[server(prefix = "/fn", endpoint = "signal/list")]
pub async fn list(state: SignalState, after: Option<String>) -> Result<Page<SignalRow>, PageError> {
    use platform::signals;

    use crate::server::ctx::{ctx, refuse};

    signals::page(&ctx()?, state, after.as_deref())
        .await
        .map_err(refuse)
}
