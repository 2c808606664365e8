//! Looking after the store beside the requests.

use std::time::Duration;

use platform::{Ctx, limits};
use tokio::{task::JoinHandle, time::sleep};

/// So often it is looked at, whether anybody calls or not.
const EVERY: Duration = Duration::from_secs(1);

/// Looks after it until it is dropped.
pub struct Keeper(JoinHandle<()>);

impl Keeper {
    /// Starts it; the first look has been taken when this returns, so that a server whose store
    /// answers counts there from its first call on.
    pub async fn start(ctx: Ctx) -> Self {
        limits::look_after(&ctx).await;
        Self(tokio::spawn(async move {
            loop {
                sleep(EVERY).await;
                limits::look_after(&ctx).await;
            }
        }))
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.0.abort();
    }
}
