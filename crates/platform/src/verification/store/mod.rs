//! The rows of `verifications`. No column holds what a document says.

pub(super) mod bulk;
pub(super) mod idempotency;
pub(super) mod lists;
pub(super) mod signing_keys;

use db::{Conn, DbError, execute, on};
use types::{
    Assurance, Environment, OrganisationId, Timestamp, TokenId, VerificationId, VerificationStatus,
    verification::Check,
};

use crate::{Error, Result};

/// A verification as it is stored.
#[derive(sqlx::FromRow)]
pub(super) struct StoredVerification {
    id: String,
    organisation_id: String,
    environment: String,
    status: String,
    reference: Option<String>,
    minimum_age: Option<i64>,
    return_url: Option<String>,
    consented_at: Option<i64>,
    attempts: i64,
    assurance: Option<String>,
    over18: Option<bool>,
    checks: Option<String>,
    reason: Option<String>,
    token_id: Option<String>,
    token_expires_at: Option<i64>,
    created_at: i64,
    expires_at: i64,
    completed_at: Option<i64>,
}

/// A verification, read.
pub(super) struct VerificationRow {
    pub(super) id: VerificationId,
    pub(super) organisation: OrganisationId,
    pub(super) environment: Environment,
    pub(super) status: VerificationStatus,
    pub(super) reference: Option<String>,
    pub(super) minimum_age: Option<u8>,
    pub(super) return_url: Option<String>,
    pub(super) consented_at: Option<Timestamp>,
    pub(super) attempts: i64,
    pub(super) assurance: Option<Assurance>,
    pub(super) over18: Option<bool>,
    pub(super) checks: Vec<Check>,
    pub(super) reason: Option<String>,
    pub(super) token_id: Option<TokenId>,
    pub(super) token_expires_at: Option<Timestamp>,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
    pub(super) completed_at: Option<Timestamp>,
}

impl TryFrom<StoredVerification> for VerificationRow {
    type Error = Error;

    fn try_from(row: StoredVerification) -> Result<Self> {
        Ok(Self {
            id: row.id.parse()?,
            organisation: row.organisation_id.parse()?,
            environment: row.environment.parse()?,
            status: row.status.parse()?,
            reference: row.reference,
            minimum_age: row.minimum_age.and_then(|age| u8::try_from(age).ok()),
            return_url: row.return_url,
            consented_at: row.consented_at.map(Timestamp::from_millis),
            attempts: row.attempts,
            assurance: row.assurance.as_deref().map(str::parse).transpose()?,
            over18: row.over18,
            checks: row
                .checks
                .as_deref()
                .map(serde_json::from_str)
                .transpose()?
                .unwrap_or_default(),
            reason: row.reason,
            token_id: row.token_id.as_deref().map(str::parse).transpose()?,
            token_expires_at: row.token_expires_at.map(Timestamp::from_millis),
            created_at: Timestamp::from_millis(row.created_at),
            expires_at: Timestamp::from_millis(row.expires_at),
            completed_at: row.completed_at.map(Timestamp::from_millis),
        })
    }
}

pub(super) async fn get(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
) -> Result<Option<StoredVerification>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, StoredVerification>(
        "SELECT id, organisation_id, environment, status, reference, minimum_age, return_url, consented_at,
                attempts, assurance, over18, checks, reason, token_id, token_expires_at,
                created_at, expires_at, completed_at
         FROM verifications WHERE organisation_id = $1 AND id = $2"
    )
    .bind(tenant)
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// The verification with this link, whosever it is: the link is what tells the tenant.
pub(super) async fn by_link(conn: &mut Conn, digest: &[u8]) -> Result<Option<StoredVerification>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, StoredVerification>(
        "SELECT id, organisation_id, environment, status, reference, minimum_age, return_url, consented_at,
                attempts, assurance, over18, checks, reason, token_id, token_expires_at,
                created_at, expires_at, completed_at
         FROM verifications WHERE link_digest = $1"
    )
    .bind(digest)
    .fetch_optional(c)
    .await)
}

pub(super) struct NewVerification {
    pub(super) id: String,
    pub(super) organisation_id: String,
    pub(super) api_key_id: String,
    pub(super) environment: Environment,
    pub(super) reference: Option<String>,
    pub(super) minimum_age: Option<u8>,
    pub(super) return_url: Option<String>,
    pub(super) link_digest: Vec<u8>,
    pub(super) user_agent_digest: Option<Vec<u8>>,
    pub(super) address_digest: Option<Vec<u8>>,
    pub(super) created_at: Timestamp,
    pub(super) expires_at: Timestamp,
}

/// So many rows at once that their values, 14 each, are at most 32,766: SQLite takes no more.
pub(super) async fn insert(conn: &mut Conn, rows: &[NewVerification]) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::QueryBuilder::new(
            "INSERT INTO verifications (id, organisation_id, api_key_id, environment, status, reference,
             minimum_age, return_url, link_digest, user_agent_digest, address_digest, attempts,
             created_at, expires_at) "
        )
        .push_values(rows, |mut values, new| {
            values
                .push_bind(&new.id)
                .push_bind(&new.organisation_id)
                .push_bind(&new.api_key_id)
                .push_bind(new.environment.as_str())
                .push_bind(VerificationStatus::Started.as_str())
                .push_bind(new.reference.as_deref())
                .push_bind(new.minimum_age.map(i64::from))
                .push_bind(new.return_url.as_deref())
                .push_bind(new.link_digest.as_slice())
                .push_bind(new.user_agent_digest.as_deref())
                .push_bind(new.address_digest.as_deref())
                .push_bind(0_i64)
                .push_bind(new.created_at.as_millis())
                .push_bind(new.expires_at.as_millis());
        })
        .build()
        .persistent(rows.len() == 1)
    )
    .map(|_| ())
}

pub(super) async fn consent(conn: &mut Conn, tenant: &str, id: &str, now: Timestamp) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE verifications SET consented_at = $3 WHERE organisation_id = $1 AND id = $2")
            .bind(tenant)
            .bind(id)
            .bind(now.as_millis())
    )
    .map(|_| ())
}

/// Counts a try that could not be used; the count, unless the verification is over.
pub(super) async fn count_try(conn: &mut Conn, tenant: &str, id: &str) -> Result<Option<i64>, DbError> {
    on!(conn, |c| sqlx::query_scalar::<_, i64>(
        "UPDATE verifications SET attempts = attempts + 1, status = 'resubmission'
         WHERE organisation_id = $1 AND id = $2
           AND status IN ('pending', 'started', 'submitted', 'resubmission')
         RETURNING attempts"
    )
    .bind(tenant)
    .bind(id)
    .fetch_optional(c)
    .await)
}

/// A decision as it is stored.
pub(super) struct Decided {
    pub(super) status: VerificationStatus,
    pub(super) assurance: Assurance,
    pub(super) over18: bool,
    pub(super) checks: String,
    pub(super) reason: Option<String>,
    pub(super) token_id: Option<String>,
    pub(super) token_expires_at: Option<i64>,
    pub(super) completed_at: Timestamp,
}

/// Writes the decision, unless the verification is over; whether it was written.
pub(super) async fn decide(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    decided: &Decided,
) -> Result<bool, DbError> {
    let written: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "UPDATE verifications SET status = $3, assurance = $4, over18 = $5, checks = $6,
             reason = $7, token_id = $8, token_expires_at = $9, completed_at = $10
         WHERE organisation_id = $1 AND id = $2
           AND status IN ('pending', 'started', 'submitted', 'resubmission')
         RETURNING id"
    )
    .bind(tenant)
    .bind(id)
    .bind(decided.status.as_str())
    .bind(decided.assurance.as_str())
    .bind(decided.over18)
    .bind(&decided.checks)
    .bind(&decided.reason)
    .bind(&decided.token_id)
    .bind(decided.token_expires_at)
    .bind(decided.completed_at.as_millis())
    .fetch_optional(c)
    .await)?;
    Ok(written.is_some())
}

/// Ends without a decision, unless it is over; whether it was written.
pub(super) async fn reject(
    conn: &mut Conn,
    tenant: &str,
    id: &str,
    reason: &str,
    now: Timestamp,
) -> Result<bool, DbError> {
    let written: Option<String> = on!(conn, |c| sqlx::query_scalar::<_, String>(
        "UPDATE verifications SET status = 'rejected', reason = $3, completed_at = $4
         WHERE organisation_id = $1 AND id = $2
           AND status IN ('pending', 'started', 'submitted', 'resubmission')
         RETURNING id"
    )
    .bind(tenant)
    .bind(id)
    .bind(reason)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)?;
    Ok(written.is_some())
}

/// Ends one whose time ran out, for the system's own job, and gives it, unless it was over.
pub(super) async fn expire(
    conn: &mut Conn,
    id: &str,
    now: Timestamp,
) -> Result<Option<StoredVerification>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, StoredVerification>(
        "UPDATE verifications SET status = 'rejected', reason = 'expired', completed_at = $2
         WHERE id = $1 AND expires_at <= $2
           AND status IN ('pending', 'started', 'submitted', 'resubmission')
         RETURNING id, organisation_id, environment, status, reference, minimum_age, return_url, consented_at,
             attempts, assurance, over18, checks, reason, token_id, token_expires_at, created_at,
             expires_at, completed_at"
    )
    .bind(id)
    .bind(now.as_millis())
    .fetch_optional(c)
    .await)
}

/// Removes the keyed hashes of the person's device, for the system's own job.
pub(super) async fn forget_device(conn: &mut Conn, id: &str) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("UPDATE verifications SET user_agent_digest = NULL, address_digest = NULL WHERE id = $1")
            .bind(id)
    )
    .map(|_| ())
}
