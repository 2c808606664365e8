//! Hearing of other servers' changes.

use db::{Listener, Notice};

use super::{CHANNEL, Topic};
use crate::{Ctx, Result};

/// Listens to the other servers on this database. On SQLite there are none.
pub struct Follower {
    ctx: Ctx,
    listener: Listener,
}

impl Follower {
    /// Begins to listen; what is told from now on is heard.
    ///
    /// # Errors
    /// If the database cannot be listened to.
    pub async fn open(ctx: &Ctx) -> Result<Self> {
        let follower = Self {
            ctx: ctx.clone(),
            listener: ctx.listen(CHANNEL).await?,
        };
        // What was remembered before the listener stood may have missed a notice.
        follower.heed(&Notice::Gap);
        Ok(follower)
    }

    /// Forgets whatever another server says has changed, until it is dropped.
    pub async fn run(mut self) {
        loop {
            let notice = self.listener.next().await;
            self.heed(&notice);
        }
    }

    fn heed(&self, notice: &Notice) {
        for topic in Topic::ALL {
            let concerned = match notice {
                Notice::Message(told) => told == topic.as_str(),
                Notice::Gap => true,
            };
            if concerned {
                self.ctx.generations().advance(*topic);
            }
        }
    }
}
