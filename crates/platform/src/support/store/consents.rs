//! The rows of `support_consents`.

use db::{Conn, DbError, execute, on};
use types::Timestamp;

#[derive(Clone, sqlx::FromRow)]
pub(in crate::support) struct ConsentRecord {
    pub(in crate::support) id: String,
    pub(in crate::support) organisation_id: String,
    pub(in crate::support) state: String,
    pub(in crate::support) created_at: i64,
    pub(in crate::support) asked_by: Option<String>,
    pub(in crate::support) asker: Option<String>,
    pub(in crate::support) data_key_id: Option<String>,
    pub(in crate::support) reason: Option<Vec<u8>>,
    pub(in crate::support) decider: Option<String>,
    pub(in crate::support) ends_at: Option<i64>,
}

/// What is to be written of one just asked for or given.
pub(in crate::support) struct NewConsent<'a> {
    pub(in crate::support) id: &'a str,
    pub(in crate::support) state: &'static str,
    pub(in crate::support) asked_by: Option<String>,
    pub(in crate::support) reason: Option<(String, Vec<u8>)>,
    pub(in crate::support) decided_by: Option<String>,
    pub(in crate::support) ends_at: Option<Timestamp>,
}

/// Writes it, unless one in this state is open; whether it did.
pub(in crate::support) async fn insert(
    conn: &mut Conn,
    tenant: &str,
    new: &NewConsent<'_>,
    now: Timestamp,
) -> Result<bool, DbError> {
    let (key, reason) = match &new.reason {
        Some((key, sealed)) => (Some(key.as_str()), Some(sealed.as_slice())),
        None => (None, None),
    };
    let made = on!(conn, |c| {
        sqlx::query_scalar::<_, String>(
        "INSERT INTO support_consents (id, organisation_id, state, created_at, asked_by, data_key_id, reason,
                                       decided_by, decided_at, ends_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING id"
    )
    .bind(new.id)
    .bind(tenant)
    .bind(new.state)
    .bind(now.as_millis())
    .bind(&new.asked_by)
    .bind(key)
    .bind(reason)
    .bind(&new.decided_by)
    .bind(new.decided_by.as_ref().map(|_| now.as_millis()))
    .bind(new.ends_at.map(Timestamp::as_millis))
    .fetch_optional(c)
    .await
    })?;
    Ok(made.is_some())
}

/// Those of the organisation that are open in the table: a request and a consent at most.
pub(in crate::support) async fn open(conn: &mut Conn, tenant: &str) -> Result<Vec<ConsentRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, ConsentRecord>(
        "SELECT n.id, n.organisation_id, n.state, n.created_at, n.asked_by, a.name AS asker,
                n.data_key_id, n.reason, d.name AS decider, n.ends_at
         FROM support_consents n
         LEFT JOIN users a ON a.id = n.asked_by
         LEFT JOIN users d ON d.id = n.decided_by
         WHERE n.organisation_id = $1 AND n.state IN ('asked', 'granted') ORDER BY n.id"
    )
    .bind(tenant)
    .fetch_all(c)
    .await)
}

/// The organisation's, newest first.
pub(in crate::support) async fn list(
    conn: &mut Conn,
    tenant: &str,
    limit: i64,
) -> Result<Vec<ConsentRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, ConsentRecord>(
        "SELECT n.id, n.organisation_id, n.state, n.created_at, n.asked_by, a.name AS asker,
                n.data_key_id, n.reason, d.name AS decider, n.ends_at
         FROM support_consents n
         LEFT JOIN users a ON a.id = n.asked_by
         LEFT JOIN users d ON d.id = n.decided_by
         WHERE n.organisation_id = $1 ORDER BY n.id DESC LIMIT $2"
    )
    .bind(tenant)
    .bind(limit)
    .fetch_all(c)
    .await)
}

/// One of whichever organisation, for the job that its id was queued with.
pub(in crate::support) async fn get(conn: &mut Conn, id: &str) -> Result<Option<ConsentRecord>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, ConsentRecord>(
        "SELECT n.id, n.organisation_id, n.state, n.created_at, n.asked_by,
                CAST(NULL AS TEXT) AS asker, n.data_key_id, n.reason,
                CAST(NULL AS TEXT) AS decider, n.ends_at
         FROM support_consents n WHERE n.id = $1"
    )
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// Gives one that was asked for, or again one that was given.
pub(in crate::support) async fn grant(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    by: &str,
    ends_at: Timestamp,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE support_consents SET state = 'granted', decided_by = $3, decided_at = $4, ends_at = $5
             WHERE organisation_id = $1 AND id = $2 AND state IN ('asked', 'granted')"
        )
        .bind(tenant)
        .bind(id)
        .bind(by)
        .bind(now.as_millis())
        .bind(ends_at.as_millis())
    )
    .map(|_| ())
}

/// Ends it in this state, now or when its time was over.
pub(in crate::support) async fn end(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    state: &str,
    by: Option<&str>,
    now: Timestamp,
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE support_consents SET state = $3, decided_by = COALESCE($4, decided_by), decided_at = $5,
             ends_at = CASE WHEN ends_at < $5 THEN ends_at ELSE $5 END
             WHERE organisation_id = $1 AND id = $2 AND state IN ('asked', 'granted')"
        )
        .bind(tenant)
        .bind(id)
        .bind(state)
        .bind(by)
        .bind(now.as_millis())
    )
    .map(|_| ())
}
