//! Deliveries of webhooks, for the worker that carries them.

use platform::{
    Ctx, Result,
    webhooks::{self, Delivery},
};

use crate::carrying::Carried;

/// Deliveries of webhooks.
#[derive(Clone, Copy, Debug)]
pub struct Deliveries;

impl Carried for Deliveries {
    type Claim = Delivery;

    const WHAT: &'static str = "webhooks";

    async fn claim(&self, ctx: &Ctx, most: usize) -> Result<Vec<Delivery>> {
        webhooks::claim(ctx, most).await
    }

    async fn deliver(&self, ctx: &Ctx, delivery: Delivery) -> Result<()> {
        webhooks::deliver(ctx, delivery).await
    }
}
