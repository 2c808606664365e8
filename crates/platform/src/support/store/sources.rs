//! What the timelines are joined from, beside the audit log. Nothing that is sealed is read.

use db::{Conn, DbError};

use crate::search::{Query, fetch};

#[derive(sqlx::FromRow)]
pub(in crate::support) struct VerificationRecord {
    pub(in crate::support) id: String,
    pub(in crate::support) environment: String,
    pub(in crate::support) status: String,
    pub(in crate::support) created_at: i64,
}

pub(in crate::support) fn verifications_query(
    tenant: &str,
    key: Option<&str>,
    before: &str,
) -> (String, Vec<String>) {
    let mut query = Query::new("SELECT id, environment, status, created_at FROM verifications");
    query.hold("organisation_id =", tenant);
    query.hold_some("api_key_id =", key);
    query.hold("id <", before);
    query.end("id DESC")
}

/// Verifications of the organisation, or of one of its keys, newest first.
pub(in crate::support) async fn verifications(
    conn: &mut Conn,
    tenant: &str,
    key: Option<&str>,
    before: &str,
    limit: i64,
) -> Result<Vec<VerificationRecord>, DbError> {
    let query = verifications_query(tenant, key, before);
    fetch!(conn, VerificationRecord, query, limit)
}

#[derive(sqlx::FromRow)]
pub(in crate::support) struct MailRecord {
    pub(in crate::support) id: String,
    pub(in crate::support) kind: String,
    pub(in crate::support) state: String,
    pub(in crate::support) created_at: i64,
}

pub(in crate::support) fn mails_query(user: &str, before: &str) -> (String, Vec<String>) {
    let mut query = Query::new("SELECT id, kind, state, created_at FROM mails");
    query.hold("user_id =", user);
    query.hold("id <", before);
    query.end("id DESC")
}

/// Mails to a person, newest first.
pub(in crate::support) async fn mails(
    conn: &mut Conn,
    user: &str,
    before: &str,
    limit: i64,
) -> Result<Vec<MailRecord>, DbError> {
    fetch!(conn, MailRecord, mails_query(user, before), limit)
}

/// Mails to whoever belongs to the organisation, newest first, and no word of to whom.
pub(in crate::support) async fn mails_to_members(
    conn: &mut Conn,
    tenant: &str,
    before: &str,
    limit: i64,
) -> Result<Vec<MailRecord>, DbError> {
    let mut query = Query::new(
        "SELECT l.id, l.kind, l.state, l.created_at FROM memberships m JOIN mails l ON l.user_id = m.user_id",
    );
    query.hold("m.organisation_id =", tenant);
    query.hold("l.id <", before);
    fetch!(conn, MailRecord, query.end("l.id DESC"), limit)
}

#[derive(sqlx::FromRow)]
pub(in crate::support) struct SignalRecord {
    pub(in crate::support) id: String,
    pub(in crate::support) kind: String,
    pub(in crate::support) state: String,
    pub(in crate::support) created_at: i64,
}

pub(in crate::support) fn signals_query(user: &str, before: &str) -> (String, Vec<String>) {
    let mut query = Query::new("SELECT id, kind, state, created_at FROM signals");
    query.hold("user_id =", user);
    query.hold("id <", before);
    query.end("id DESC")
}

/// Signals about a person, newest first.
pub(in crate::support) async fn signals(
    conn: &mut Conn,
    user: &str,
    before: &str,
    limit: i64,
) -> Result<Vec<SignalRecord>, DbError> {
    fetch!(conn, SignalRecord, signals_query(user, before), limit)
}

#[derive(sqlx::FromRow)]
pub(in crate::support) struct SessionRecord {
    pub(in crate::support) id: String,
    pub(in crate::support) method: String,
    pub(in crate::support) organisation_id: String,
    pub(in crate::support) created_at: i64,
}

/// Sessions of a person that are not over, newest first. A person has few: the index by person
/// is enough.
pub(in crate::support) async fn sessions(
    conn: &mut Conn,
    user: &str,
    before: &str,
    limit: i64,
) -> Result<Vec<SessionRecord>, DbError> {
    let mut query = Query::new("SELECT id, method, organisation_id, created_at FROM sessions");
    query.hold("user_id =", user);
    query.hold("id <", before);
    fetch!(conn, SessionRecord, query.end("id DESC"), limit)
}
