//! How the ledger stands: a few queries, so at most once in a while and within a limit, however
//! often somebody asks.

use std::time::Duration;

use platform::{
    Ctx,
    ledger::{self, Standing},
};
use tokio::{
    sync::Mutex,
    time::{Instant, timeout},
};

use super::{names, page::Page};

/// How long a look is good.
const FRESH: Duration = Duration::from_secs(5);
/// A reader waits no longer than this for the database.
const PATIENCE: Duration = Duration::from_secs(1);

/// The last look, and how to take the next.
pub(super) struct Ledger {
    ctx: Ctx,
    /// When it was taken, and what was seen; nothing if the database did not answer.
    last: Mutex<Option<(Instant, Option<Standing>)>>,
}

impl Ledger {
    pub(super) fn new(ctx: Ctx) -> Self {
        Self {
            ctx,
            last: Mutex::default(),
        }
    }

    pub(super) async fn write(&self, page: &mut Page) {
        let standing = timeout(PATIENCE, self.standing()).await.ok().flatten();
        let Some(standing) = standing else { return };
        page.count(&names::LEDGER_SIZE, standing.size);
        page.count(&names::LEDGER_WAITING, standing.waiting);
        page.gauge(&names::LEDGER_WAITED, seconds(standing.waiting_millis));
        if let Some(age) = standing.checkpoint_millis {
            page.gauge(&names::LEDGER_CHECKPOINT, seconds(age));
        }
        page.count(&names::LEDGER_STOPPED, u64::from(standing.stopped));
        page.count(&names::LEDGER_WITNESSES, standing.failing);
    }

    async fn standing(&self) -> Option<Standing> {
        let mut last = self.last.lock().await;
        if let Some((_, standing)) = last.filter(|(at, _)| at.elapsed() < FRESH) {
            return standing;
        }
        // Noted before the answer, as with the jobs: a database that hangs is not asked twice.
        *last = Some((Instant::now(), None));
        let standing = ledger::standing(&self.ctx).await.ok();
        *last = Some((Instant::now(), standing));
        standing
    }
}

#[expect(clippy::cast_precision_loss, reason = "an age in milliseconds fits 53 bits")]
fn seconds(millis: u64) -> f64 {
    millis as f64 / 1000.0
}
