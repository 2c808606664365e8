//! The rows of `audit_personal` that are of one person.

use db::{Conn, DbError, execute, on};

/// Every log: the tenant as rows name it, and a name for people.
pub(super) async fn logs(conn: &mut Conn) -> Result<Vec<(String, String)>, DbError> {
    let rows = on!(conn, |c| sqlx::query_as::<_, (String, String)>(
        "SELECT id, name FROM organisations ORDER BY id"
    )
    .fetch_all(c)
    .await)?;
    let own = (String::new(), "The installation".to_owned());
    Ok(std::iter::once(own).chain(rows).collect())
}

/// Fields that the person's key seals in a log: those of events that they did, at these times.
pub(super) async fn fields(
    conn: &mut Conn,
    tenant: &str,
    user: &str,
    (from, before): (i64, i64),
) -> Result<i64, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "SELECT COUNT(*) FROM audit_events e JOIN audit_personal p ON p.event_id = e.id
         WHERE e.organisation_id = $1 AND e.actor_id = $2 AND e.occurred_at >= $3 AND e.occurred_at < $4"
    )
    .bind(tenant)
    .bind(user)
    .bind(from)
    .bind(before)
    .fetch_one(c)
    .await)
}

pub(super) async fn erase(conn: &mut Conn, tenant: &str, user: &str) -> Result<u64, DbError> {
    execute!(
        conn,
        sqlx::query(
            "DELETE FROM audit_personal WHERE event_id IN
                 (SELECT id FROM audit_events WHERE organisation_id = $1 AND actor_id = $2)"
        )
        .bind(tenant)
        .bind(user)
    )
}
