//! Keys that somebody should look at.

use db::Conn;
use types::{
    Timestamp,
    console::{AttentionReason, KeyAttention},
};

use super::store;
use crate::Result;

/// Shown at most.
const MOST: i64 = 5;
const DAY: i64 = 86_400;
/// A key that was made so long ago should have been used by now, in seconds.
const FIRST_USE: i64 = 7 * DAY;
/// One that was not used for so long is perhaps forgotten.
const UNUSED: i64 = 90 * DAY;
/// One that is older should be rotated.
const OLD: i64 = 365 * DAY;
/// One that ends within this time needs a successor.
const EXPIRING: i64 = 14 * DAY;

/// What an overview tells of keys.
pub(crate) struct Keys {
    /// Whether there ever was one.
    pub(crate) any: bool,
    /// How many work now.
    pub(crate) active: u64,
    /// Those to look at, the most pressing first.
    pub(crate) attention: Vec<KeyAttention>,
}

/// The tenant's keys, as an overview tells them.
pub(crate) async fn attention(conn: &mut Conn, tenant: &str, now: Timestamp) -> Result<Keys> {
    let (active, all) = store::count(conn, tenant, now).await?;
    let since = store::Since {
        now,
        unused_from_the_start: now.plus_seconds(-FIRST_USE),
        unused: now.plus_seconds(-UNUSED),
        old: now.plus_seconds(-OLD),
        expiring: now.plus_seconds(EXPIRING),
    };
    let rows = store::attention(conn, tenant, &since, MOST).await?;
    let attention = rows.into_iter().map(|row| {
        Ok(KeyAttention {
            key: row.key.into_dto()?,
            reason: match row.reason {
                0 => AttentionReason::Expiring,
                1 => AttentionReason::RotationDue,
                2 => AttentionReason::NeverUsed,
                3 => AttentionReason::Unused,
                _ => AttentionReason::Old,
            },
        })
    });
    Ok(Keys {
        any: all > 0,
        active: u64::try_from(active).unwrap_or_default(),
        attention: attention.collect::<Result<_>>()?,
    })
}
