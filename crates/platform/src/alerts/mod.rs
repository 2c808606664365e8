//! Alerts: an organisation is told that something it watches got worse, and that it is better again.
//!
//! A rule measures what others count (`measure`), and a pure state machine finds its edges
//! (`edge`). Whichever server claims a rule that is due evaluates it; the new state, the event and
//! a delivery for each channel are one transaction. Whichever server claims a delivery sends it: at
//! least once, with backoff, under an id by which a receiver tells repeats.
//!
//! It is not the counting (that is `metering`, `usage`, `webhooks`), and not the notices that are
//! sent whether anybody asked for them or not.
//!
//! **Invariant**: a moment is evaluated once, however many servers there are: under a claim, and
//! never if it is not later than the last.
//!
//! **Invariant**: an event goes through a channel once (`store::queue`); an attempt is noted only
//! under the claim that made it.
//!
//! **Invariant**: what cannot be measured changes no state, and the rule's page says why.

mod baseline;
mod change;
mod channel;
mod choices;
mod deliver;
mod draft;
mod edge;
mod evaluate;
mod gap;
pub(crate) mod invent;
mod measure;
mod message;
mod page;
mod preview;
mod quiet;
mod rule;
mod secret;
mod store;
mod sweep;
mod told;

pub use change::{create, delete, disable, enable, update};
pub use channel::{MadeChannel, create_channel, delete_channel, test_channel};
pub use choices::choices;
pub use deliver::{Delivery, claim, deliver};
pub use evaluate::evaluate;
pub(crate) use page::any;
pub use page::{channel, channels, firing, one, page};
pub use preview::preview;
pub use quiet::{acknowledge, silence, unsilence};
pub(crate) use sweep::sweep;

use db::Conn;
use types::{AlertChannelId, AlertRuleId};

use crate::{Error, Result};
use store::{RuleRecord, channels::ChannelRecord};

/// The rule, if it is the tenant's.
async fn found(conn: &mut Conn, tenant: &str, id: AlertRuleId) -> Result<RuleRecord> {
    let row = store::get(conn, tenant, &id.to_string()).await?;
    row.ok_or(Error::NotFound("The alert"))
}

/// The channel, if it is the tenant's.
async fn found_channel(conn: &mut Conn, tenant: &str, id: AlertChannelId) -> Result<ChannelRecord> {
    let row = store::channels::get(conn, tenant, &id.to_string()).await?;
    row.ok_or(Error::NotFound("The channel"))
}
