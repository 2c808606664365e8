//! Evaluating alerts, and carrying what they tell.

use std::time::Duration;

use platform::{
    Ctx, Result,
    alerts::{self, Delivery},
};
use tokio::{sync::watch, time::timeout};

use crate::carrying::Carried;

/// Between two looks for rules that are due.
const PAUSE: Duration = Duration::from_secs(2);

/// Messages of alerts.
#[derive(Clone, Copy, Debug)]
pub struct Deliveries;

impl Carried for Deliveries {
    type Claim = Delivery;

    const WHAT: &'static str = "alerts";

    async fn claim(&self, ctx: &Ctx, most: usize) -> Result<Vec<Delivery>> {
        alerts::claim(ctx, most).await
    }

    async fn deliver(&self, ctx: &Ctx, delivery: Delivery) -> Result<()> {
        alerts::deliver(ctx, delivery).await
    }
}

/// Evaluates rules when they are due, until the word to stop. On every server; a rule is claimed by
/// one of them at a time.
pub async fn evaluate(ctx: Ctx, mut stopped: watch::Receiver<bool>) {
    while !*stopped.borrow() {
        match alerts::evaluate(&ctx).await {
            Ok(0) => {}
            Ok(_) => continue,
            Err(error) => tracing::error!(%error, "alerts cannot be evaluated at the moment"),
        }
        // Whichever is first: the time is over, or the word to stop.
        drop(timeout(PAUSE, stopped.changed()).await);
    }
}
