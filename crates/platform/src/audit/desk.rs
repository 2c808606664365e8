//! Events as the support desk reads them: of every tenant, and with nothing opened that is
//! sealed.

use db::{Conn, DbError};
use serde_json::Value;
use types::{AuditEventId, OrganisationId, Timestamp, console::AuditResult};

use super::{
    list::{facts, named},
    sentence::sentence,
};
use crate::{
    Result,
    search::{Query, fetch},
};

/// Which events.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Concerned<'a> {
    /// Whatever stands in this tenant's log; the installation's, if it is empty.
    Tenant(&'a str),
    /// What was done to this, in whichever log.
    Target(&'a str),
    /// What was done to this, in one tenant's log.
    TargetIn(&'a str, &'a str),
    /// What this actor did, in one tenant's log.
    ActorIn(&'a str, &'a str),
    /// What one request came to, in whichever log.
    Request(&'a str),
}

/// An event as it is told.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) id: AuditEventId,
    pub(crate) at: Timestamp,
    pub(crate) action: String,
    pub(crate) sentence: String,
    pub(crate) result: AuditResult,
    pub(crate) organisation: Option<OrganisationId>,
    /// Who did it and what it was done to: ids.
    pub(crate) names: Vec<String>,
}

#[derive(sqlx::FromRow)]
struct DeskRow {
    id: String,
    organisation_id: String,
    occurred_at: i64,
    action: String,
    actor_kind: String,
    actor_id: Option<String>,
    result: String,
    canonical: String,
    user_name: Option<String>,
    key_name: Option<String>,
}

const SELECT: &str =
    "SELECT e.id, e.organisation_id, e.occurred_at, e.action, e.actor_kind, e.actor_id, e.result,
                e.canonical, u.name AS user_name, k.name AS key_name
         FROM audit_events e
         LEFT JOIN users u ON u.id = e.actor_id
         LEFT JOIN api_keys k ON k.id = e.actor_id AND k.organisation_id = e.organisation_id";

/// Those with an id before this one, newest first: what is asked for is an equality, so that an
/// index gives them in their order.
pub(super) fn search(concerned: Concerned<'_>, before: &str) -> (String, Vec<String>) {
    let mut query = Query::new(SELECT);
    match concerned {
        Concerned::Tenant(tenant) => query.hold("e.organisation_id =", tenant),
        Concerned::Target(target) => query.hold("e.target_id =", target),
        Concerned::TargetIn(tenant, target) => {
            query.hold("e.organisation_id =", tenant);
            query.hold("e.target_id =", target);
        }
        Concerned::ActorIn(tenant, actor) => {
            query.hold("e.organisation_id =", tenant);
            query.hold("e.actor_id =", actor);
        }
        Concerned::Request(request) => query.hold("e.request_id =", request),
    }
    query.hold("e.id <", before);
    query.end("e.id DESC")
}

/// Events before this id, newest first.
///
/// # Errors
/// If the database fails.
pub(crate) async fn told(
    conn: &mut Conn,
    concerned: Concerned<'_>,
    before: &str,
    limit: i64,
) -> Result<Vec<Told>> {
    let rows: Result<Vec<DeskRow>, DbError> = fetch!(conn, DeskRow, search(concerned, before), limit);
    rows?.into_iter().map(tell).collect()
}

fn tell(row: DeskRow) -> Result<Told> {
    let actor = named(&row.actor_kind, row.user_name.as_deref(), row.key_name.as_deref());
    let canonical: Value = serde_json::from_str(&row.canonical)?;
    let targets = canonical.get("targets").and_then(Value::as_array);
    let targets = targets.into_iter().flatten();
    let targets = targets.filter_map(|target| target.get("id").and_then(Value::as_str));
    let names = row.actor_id.iter().map(String::as_str).chain(targets);
    Ok(Told {
        id: row.id.parse()?,
        at: Timestamp::from_millis(row.occurred_at),
        sentence: sentence(&row.action, &actor, &facts(&row.canonical)?),
        result: row.result.parse()?,
        organisation: (!row.organisation_id.is_empty())
            .then(|| row.organisation_id.parse())
            .transpose()?,
        names: names.map(ToOwned::to_owned).collect(),
        action: row.action,
    })
}
