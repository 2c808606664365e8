//! How this server's writes go on, for whoever works beside them.

use std::time::Duration;

use tokio::sync::Notify;

use super::Ctx;

impl Ctx {
    /// Rung when this server has written an event. One ring is kept for whoever listens next.
    pub fn written(&self) -> &Notify {
        &self.shared.written
    }

    /// For how long the database has not finished a write, if that is longer than it should be.
    pub fn write_stalled(&self) -> Option<Duration> {
        self.shared.db.stalled()
    }
}
