//! Events in the order of their places: what streams send.

mod store;

use db::Conn;
use types::Timestamp;

use super::{list::opened, withheld::is_staff};
use crate::{Ctx, Result, keyring::INSTALLATION};

/// An event that has its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sequenced {
    /// Its place.
    pub(crate) leaf: i64,
    /// Its id.
    pub(crate) id: String,
    /// When it happened.
    pub(crate) occurred_at: Timestamp,
    /// Its code.
    pub(crate) action: String,
    /// How it ended: a word of `AuditResult`.
    pub(crate) result: String,
    /// Its canonical bytes.
    pub(crate) canonical: String,
    /// Its personal fields that are still there, if they were asked for.
    pub(crate) personal: Vec<(String, String)>,
}

/// The events of a log from this place on, in order, at most so many. Places are given in
/// the order of commits, so nothing ever comes to stand behind what was read.
///
/// # Errors
/// If the database fails.
pub(crate) async fn sequenced(
    ctx: &Ctx,
    conn: &mut Conn,
    tenant: &str,
    from: i64,
    limit: i64,
    with_personal: bool,
) -> Result<Vec<Sequenced>> {
    let mut events = Vec::new();
    for row in store::sequenced(conn, tenant, from, limit).await? {
        let mut personal = Vec::new();
        // An organisation's stream has nothing of the operator's staff.
        let is_withheld = !tenant.is_empty() && is_staff(&row.actor_kind);
        if with_personal && !is_withheld {
            let place = if tenant.is_empty() { INSTALLATION } else { tenant };
            let address = row.address_key.zip(row.address_sealed);
            let agent = row.agent_key.zip(row.agent_sealed);
            personal.extend(opened(ctx, conn, (place, &row.id, "address"), address).await?);
            personal.extend(opened(ctx, conn, (place, &row.id, "userAgent"), agent).await?);
        }
        events.push(Sequenced {
            leaf: row.leaf_index,
            id: row.id,
            occurred_at: Timestamp::from_millis(row.occurred_at),
            action: row.action,
            result: row.result,
            canonical: row.canonical,
            personal,
        });
    }
    Ok(events)
}

/// How many events of a log wait from this place on (at most so many are counted), and when
/// the first of them happened.
///
/// # Errors
/// If the database fails.
pub(crate) async fn waiting(
    conn: &mut Conn,
    tenant: &str,
    from: i64,
    limit: i64,
) -> Result<(u64, Option<Timestamp>)> {
    let count = store::count_sequenced(conn, tenant, from, limit).await?;
    let first = store::sequenced(conn, tenant, from, 1).await?.into_iter().next();
    let first = first.map(|row| Timestamp::from_millis(row.occurred_at));
    Ok((u64::try_from(count).unwrap_or_default(), first))
}

/// How many places the whole log has given.
///
/// # Errors
/// If the database fails.
pub(crate) async fn places(conn: &mut Conn) -> Result<i64> {
    Ok(store::places(conn).await?)
}
