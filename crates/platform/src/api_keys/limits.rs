//! Named limits, as keys have them.

use db::Conn;
use types::Timestamp;

use super::store;
use crate::{Result, audit::Tx};

/// The names of the limits of each working key that has any, parted by spaces.
pub(crate) async fn limits_of_working(conn: &mut Conn, tenant: &str, now: Timestamp) -> Result<Vec<String>> {
    Ok(store::limits_of_working(conn, tenant, now).await?)
}

/// Takes a limit from every key of the organisation that has it.
pub(crate) async fn take_limit(tx: &mut Tx, tenant: &str, name: &str) -> Result<()> {
    for (id, names) in store::limited(tx, tenant).await? {
        let left: Vec<&str> = names.split_whitespace().filter(|one| *one != name).collect();
        let left = left.join(" ");
        if left != names {
            store::set_limits(tx, tenant, &id, &left).await?;
        }
    }
    Ok(())
}
