use leptos::prelude::*;
use serde::{Deserialize, Serialize};
use types::{Timestamp, console::Viewer};

use crate::PageError;

/// What the frame of every console page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shown {
    pub viewer: Viewer,
    pub now: Timestamp,
    /// Alerts that fire and that nobody has acknowledged; none for whoever may not see them.
    pub firing: Option<u64>,
}

#[server(prefix = "/fn", endpoint = "console/load")]
pub async fn load() -> Result<Shown, PageError> {
    use platform::{access, alerts};
    use types::Permission;

    use crate::server::ctx::{ctx, refuse};

    let ctx = ctx()?;
    let viewer = access::viewer(&ctx).await.map_err(refuse)?;
    let firing = if viewer.may(Permission::AlertsRead) {
        Some(alerts::firing(&ctx).await.map_err(refuse)?)
    } else {
        None
    };
    Ok(Shown {
        viewer,
        now: ctx.now(),
        firing,
    })
}
