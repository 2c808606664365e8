//! Webhooks: an organisation's own programs are told of what happened.
//!
//! What happened is written as a message in the transaction in which it happened, with a delivery
//! for each endpoint that listens: if the transaction is undone, nobody is told, and if it is
//! committed, everybody will be. Whichever server claims a delivery first sends it. It arrives at
//! least once, in no promised order; an endpoint tells repeats by the message's id.
//!
//! It is not the sending (that is a [`Courier`], an outside party).
//!
//! **Invariant**: an attempt is noted only under the claim that made it, with its line in the log
//! and what it says of the endpoint's health, in one transaction.
//!
//! **Invariant**: who locks an endpoint and its deliveries locks the endpoint first.
//!
//! **Invariant**: an attempt leaves no audit event; what changes of an endpoint does, and so do its
//! failing, its being disabled and its recovery.

mod attempt;
mod backoff;
mod change;
mod courier;
mod deliver;
mod draft;
mod health;
pub(crate) mod invent;
mod make;
mod outbox;
mod page;
mod probe;
mod replay;
mod rotate;
mod secret;
mod store;
mod sweep;

#[cfg(test)]
mod tests;

pub(crate) use attempt::AGENT;
pub(crate) use backoff::next as next_try;
pub use change::{delete, disable, enable, update};
pub use courier::{Answer, Courier, Posting, Undelivered};
pub(crate) use deliver::problem;
pub use deliver::{Delivery, claim, deliver};
pub use make::{Made, create};
pub(crate) use outbox::{Ended, Happening, completed, tell};
pub use page::{delivery, one, page};
pub use probe::test;
pub use replay::{replay, replay_since};
pub use rotate::{end_old_secret, rotate};
pub(crate) use sweep::sweep;

use db::Conn;
use types::WebhookId;
use url::Url;

use crate::{Error, Result, outward};
use store::EndpointRecord;

/// The endpoint, if it is the tenant's.
async fn found(conn: &mut Conn, tenant: &str, id: WebhookId) -> Result<EndpointRecord> {
    let row = store::get(conn, tenant, &id.to_string()).await?;
    row.ok_or(Error::NotFound("The webhook"))
}

/// An address as it is shown and told: without what may be a secret in its query.
pub(crate) fn shown(url: &str) -> String {
    Url::parse(url).map_or_else(|_| url.to_owned(), |url| outward::shown(&url))
}
