//! Keys whose owners have left: they work on, and somebody should look at them.

use db::Conn;
use types::{Timestamp, team::LeftKey};

use super::{moment, store};
use crate::Result;

/// Working keys of the organisation whose owners do not belong to it any more, newest first.
/// The caller has asked for the permission.
pub(crate) async fn of_former_members(conn: &mut Conn, tenant: &str, now: Timestamp) -> Result<Vec<LeftKey>> {
    let rows = store::of_former_members(conn, tenant, now).await?;
    rows.into_iter()
        .map(|row| {
            Ok(LeftKey {
                id: row.id.parse()?,
                name: row.name,
                environment: row.environment.parse()?,
                maker: row.maker,
                last_used_at: moment(row.last_used_at),
            })
        })
        .collect()
}
