//! Counting the jobs: a query, so at most once in a while and within a limit, however often
//! somebody asks.

use std::time::Duration;

use platform::{
    Ctx,
    jobs::{self, Depth},
};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use super::{names, page::Page};

/// How long a count is good.
const FRESH: Duration = Duration::from_secs(5);
/// A reader waits no longer than this for the database.
const PATIENCE: Duration = Duration::from_secs(1);

/// The last count, and how to make the next.
pub(super) struct Jobs {
    ctx: Ctx,
    /// When it was made, and what it was; nothing if the database did not answer.
    last: Mutex<Option<(Instant, Option<Depth>)>>,
}

impl Jobs {
    pub(super) fn new(ctx: Ctx) -> Self {
        Self {
            ctx,
            last: Mutex::default(),
        }
    }

    pub(super) async fn write(&self, page: &mut Page) {
        let depth = timeout(PATIENCE, self.depth()).await.ok().flatten();
        page.count(&names::DATABASE_UP, u64::from(depth.is_some()));
        let Some(depth) = depth else { return };
        page.count(&names::JOBS_QUEUED, depth.queued);
        page.count(&names::JOBS_RUNNING, depth.running);
        page.count(&names::JOBS_FAILED, depth.failed);
        #[expect(clippy::cast_precision_loss, reason = "an age in milliseconds fits 53 bits")]
        let seconds = depth.overdue_millis as f64 / 1000.0;
        page.gauge(&names::JOBS_OVERDUE, seconds);
    }

    async fn depth(&self) -> Option<Depth> {
        let mut last = self.last.lock().await;
        if let Some((_, depth)) = last.filter(|(at, _)| at.elapsed() < FRESH) {
            return depth;
        }
        // Noted before the answer: should this be given up in the middle, the next reader does
        // not add another query to a database that hangs.
        *last = Some((Instant::now(), None));
        let depth = jobs::depth(&self.ctx).await.ok();
        *last = Some((Instant::now(), depth));
        depth
    }
}
