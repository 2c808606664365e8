//! Removing from `audit_events` and `audit_personal`, and writing `audit_retired`.

use db::{Conn, DbError, execute, on};

use super::{Due, HeldPerson};

/// Rows of one statement: 4 values each at most.
pub(super) const ROWS: usize = 900;

#[derive(sqlx::FromRow)]
pub(super) struct OldRow {
    pub(super) id: String,
    pub(super) leaf_index: i64,
    pub(super) leaf_hash: Vec<u8>,
    occurred_at: i64,
    actor_id: Option<String>,
    target_id: Option<String>,
    pub(super) canonical: String,
}

impl OldRow {
    /// Whether one of these people did it, or it was done to them. The canonical bytes name
    /// targets beyond the first too; an id is no part of another.
    pub(super) fn concerns(&self, people: &[HeldPerson]) -> bool {
        people.iter().any(|person| {
            let id = &person.id;
            let named = self.actor_id.as_ref() == Some(id)
                || self.target_id.as_ref() == Some(id)
                || self.canonical.contains(id.as_str());
            let (from, before) = person.times;
            named && (from.as_millis()..before.as_millis()).contains(&self.occurred_at)
        })
    }
}

/// Events with a place and ids in `[from, before)`, by id; those that tell of a retirement
/// excepted.
pub(super) async fn sequenced_before(
    conn: &mut Conn,
    tenant: &str,
    (from, before): (&str, &str),
    limit: i64,
) -> Result<Vec<OldRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, OldRow>(
        "SELECT id, leaf_index, leaf_hash, occurred_at, actor_id, target_id,
                canonical
         FROM audit_events
         WHERE organisation_id = $1 AND id >= $2 AND id < $3 AND leaf_index IS NOT NULL
           AND action <> 'audit.retired'
         ORDER BY id LIMIT $4"
    )
    .bind(tenant)
    .bind(from)
    .bind(before)
    .bind(limit)
    .fetch_all(c)
    .await)
}

pub(super) async fn keep_hashes(
    conn: &mut Conn,
    tenant: &str,
    by: &str,
    events: &[Due],
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO audit_retired (leaf_index, organisation_id, leaf_hash, retirement_event_id) "
        )
        .push_values(events, |mut values, event| {
            values
                .push_bind(event.leaf)
                .push_bind(tenant.to_owned())
                .push_bind(event.hash().to_vec())
                .push_bind(by.to_owned());
        })
        .build()
    )
    .map(|_| ())
}

/// Removes events and what hangs on them.
pub(super) async fn remove(conn: &mut Conn, ids: &[&str]) -> Result<(), DbError> {
    for table in [
        "DELETE FROM audit_personal WHERE event_id IN (",
        "DELETE FROM audit_events WHERE id IN (",
    ] {
        on!(conn, |c| {
            let mut query = sqlx::QueryBuilder::new(table);
            let mut values = query.separated(", ");
            for id in ids {
                values.push_bind((*id).to_owned());
            }
            query.push(")").build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}
