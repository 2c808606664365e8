//! The columns of `organisations` that hold the policy.

use db::{Conn, DbError, execute, on};
use types::team::SecurityPolicy;

use crate::Result;

#[derive(sqlx::FromRow)]
pub(super) struct PolicyRow {
    mfa_requirement: String,
    session_idle_minutes: Option<i64>,
    session_absolute_minutes: Option<i64>,
}

impl PolicyRow {
    pub(super) fn read(self) -> Result<SecurityPolicy> {
        Ok(SecurityPolicy {
            requirement: self.mfa_requirement.parse()?,
            idle_minutes: self.session_idle_minutes,
            absolute_minutes: self.session_absolute_minutes,
        })
    }
}

pub(super) async fn get(conn: &mut Conn, tenant: &str) -> Result<Option<PolicyRow>, DbError> {
    on!(conn, |c| sqlx::query_as::<_, PolicyRow>(
        "SELECT mfa_requirement, session_idle_minutes, session_absolute_minutes
         FROM organisations WHERE id = $1"
    )
    .bind(tenant)
    .fetch_optional(c)
    .await)
}

pub(super) async fn set(conn: &mut Conn, tenant: &str, policy: SecurityPolicy) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query(
            "UPDATE organisations SET mfa_requirement = $2, session_idle_minutes = $3,
             session_absolute_minutes = $4 WHERE id = $1"
        )
        .bind(tenant)
        .bind(policy.requirement.as_str())
        .bind(policy.idle_minutes)
        .bind(policy.absolute_minutes)
    )
    .map(|_| ())
}
