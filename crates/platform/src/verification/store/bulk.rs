//! Many verifications at once, for an invented past.

use db::{Conn, DbError, execute};
use sqlx::QueryBuilder;
use types::{
    ApiKeyId, Assurance, Environment, OrganisationId, Timestamp, TokenId, VerificationId, VerificationStatus,
};

/// Rows of one INSERT: 20 values each, and SQLite takes 32,766 of them.
const ROWS: usize = 500;

/// A verification, whole.
pub(crate) struct BulkRow {
    pub(crate) id: VerificationId,
    pub(crate) organisation: OrganisationId,
    pub(crate) api_key: ApiKeyId,
    pub(crate) environment: Environment,
    pub(crate) status: VerificationStatus,
    pub(crate) reference: Option<String>,
    pub(crate) minimum_age: Option<u8>,
    pub(crate) link_digest: Vec<u8>,
    pub(crate) consented_at: Option<Timestamp>,
    pub(crate) attempts: i64,
    pub(crate) over18: Option<bool>,
    /// With a decision only.
    pub(crate) checks: Option<String>,
    pub(crate) reason: Option<&'static str>,
    /// The token's id, and when it expires.
    pub(crate) token: Option<(TokenId, Timestamp)>,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Timestamp,
    pub(crate) completed_at: Option<Timestamp>,
}

impl BulkRow {
    pub(crate) const fn is_over(&self) -> bool {
        self.status.is_final()
    }
}

pub(crate) async fn insert_many(conn: &mut Conn, rows: &[BulkRow]) -> Result<(), DbError> {
    for some in rows.chunks(ROWS) {
        execute!(
            conn,
            QueryBuilder::new(
                "INSERT INTO verifications (id, organisation_id, api_key_id, environment, status,
                 reference, minimum_age, link_digest, consented_at, attempts, assurance, over18,
                 checks, reason, token_id, token_expires_at, created_at, expires_at, completed_at) "
            )
            .push_values(some, |mut values, row| {
                let assurance = row.checks.as_ref().map(|_| Assurance::SelfAsserted.as_str());
                values
                    .push_bind(row.id.to_string())
                    .push_bind(row.organisation.to_string())
                    .push_bind(row.api_key.to_string())
                    .push_bind(row.environment.as_str())
                    .push_bind(row.status.as_str())
                    .push_bind(row.reference.as_deref())
                    .push_bind(row.minimum_age.map(i64::from))
                    .push_bind(row.link_digest.as_slice())
                    .push_bind(row.consented_at.map(Timestamp::as_millis))
                    .push_bind(row.attempts)
                    .push_bind(assurance)
                    .push_bind(row.over18)
                    .push_bind(row.checks.as_deref())
                    .push_bind(row.reason)
                    .push_bind(row.token.map(|(id, _)| id.to_string()))
                    .push_bind(row.token.map(|(_, expires)| expires.as_millis()))
                    .push_bind(row.created_at.as_millis())
                    .push_bind(row.expires_at.as_millis())
                    .push_bind(row.completed_at.map(Timestamp::as_millis));
            })
            .build()
        )?;
    }
    Ok(())
}
