//! Writing events and queueing them for channels, in the transaction in which they happen.

use types::{
    AlertDeliveryId, AlertEventId, Timestamp,
    alerts::{AlertCause, AlertState},
};

use super::store::{self, RouteRow, events::NewEvent, queue};
use crate::{Ctx, Result, audit::Tx};

/// An event of a rule.
pub(super) struct Edge<'a> {
    pub(super) tenant: &'a str,
    pub(super) rule: &'a str,
    pub(super) name: &'a str,
    pub(super) kind: &'a str,
    pub(super) cause: AlertCause,
    pub(super) from: AlertState,
    pub(super) to: AlertState,
    pub(super) value: Option<i64>,
    pub(super) threshold: Option<i64>,
    pub(super) facts: &'a str,
    pub(super) silenced: bool,
    pub(super) at: Timestamp,
}

/// Writes it, and queues it for these channels; its id.
pub(super) async fn tell(
    ctx: &Ctx,
    tx: &mut Tx,
    edge: &Edge<'_>,
    channels: &[String],
) -> Result<AlertEventId> {
    let now = ctx.now();
    let id = AlertEventId::at(now, ctx.event_sequence(now), ctx.rng());
    let own = id.to_string();
    let new = NewEvent {
        id: &own,
        rule_id: Some(edge.rule),
        cause: edge.cause,
        name: edge.name,
        kind: edge.kind,
        from: edge.from,
        to: edge.to,
        value: edge.value,
        threshold: edge.threshold,
        facts: edge.facts,
        silenced: edge.silenced,
        at: edge.at,
    };
    store::events::insert(tx, edge.tenant, &new).await?;
    for channel in channels {
        let delivery = AlertDeliveryId::new(ctx.clock(), ctx.rng()).to_string();
        queue::insert(tx, edge.tenant, (&delivery, &own, channel), None, now).await?;
    }
    Ok(id)
}

/// The channels that are told of a state.
pub(super) fn routed(routes: &[RouteRow], state: AlertState) -> Vec<String> {
    let told = |route: &&RouteRow| match state {
        AlertState::Ok => false,
        AlertState::Warning => route.warning,
        AlertState::Critical => route.critical,
    };
    routes
        .iter()
        .filter(told)
        .map(|route| route.channel_id.clone())
        .collect()
}
