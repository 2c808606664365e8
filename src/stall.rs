//! Watching for a database that does not finish its writes. A full disk is an error; a disk that
//! hangs is silence, and this is what turns it into words.

use std::time::Duration;

use platform::{
    Ctx,
    audit::{Action, Event},
};
use tokio::time::sleep;

const LOOK: Duration = Duration::from_secs(1);

/// What was seen so far.
#[derive(Debug, Default)]
pub struct Watch {
    /// For how long writes have stood still, as of the last look.
    longest: Option<Duration>,
}

impl Watch {
    /// Until it is aborted.
    pub async fn run(mut self, ctx: Ctx) {
        loop {
            self.look(&ctx).await;
            sleep(LOOK).await;
        }
    }

    /// Tells the log at once, and the audit log as soon as it takes an event again.
    pub async fn look(&mut self, ctx: &Ctx) {
        match (ctx.write_stalled(), self.longest) {
            (Some(now), None) => {
                tracing::error!(
                    seconds = now.as_secs(),
                    "the database does not finish its writes: requests that write are refused until it does. \
                     Look at its disk"
                );
                self.longest = Some(now);
            }
            (Some(now), Some(before)) => self.longest = Some(now.max(before)),
            (None, Some(longest)) => {
                tracing::warn!(
                    seconds = longest.as_secs(),
                    "the database finishes its writes again"
                );
                let event = Event::new(Action::WriteStalled)
                    .failed()
                    .detail("seconds", longest.as_secs());
                if ctx.record(event).await.is_ok() {
                    self.longest = None;
                }
            }
            (None, None) => {}
        }
    }
}
