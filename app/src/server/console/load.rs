use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{Timestamp, console::Viewer};

use crate::PageError;

/// What the frame of every console page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub viewer: Viewer,
    pub now: Timestamp,
}

#[server(prefix = "/fn", endpoint = "console/load")]
pub async fn load() -> Result<Shown, PageError> {
    use platform::access;

    use crate::server::ctx::{ctx, refuse};

    let ctx = ctx()?;
    let viewer = access::viewer(&ctx).await.map_err(refuse)?;
    Ok(Shown {
        viewer,
        now: ctx.now(),
    })
}
