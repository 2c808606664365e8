//! The rows of `audit_terms` and `audit_index`, and the ids that indexes give.

use db::{Conn, DbError, execute, on};

use super::{
    plan::{Scope, Source},
    terms::EVERYWHERE,
};
use crate::search::{Query, fetch};

/// Events that are looked at in one statement.
pub(super) const LOOK: usize = 128;
/// Rows of one INSERT: 3 values each.
const ROWS: usize = 500;

/// The query of one source.
pub(super) fn query(
    scope: &Scope,
    source: &Source,
    (from, before): (Option<&str>, &str),
) -> Option<(String, Vec<String>)> {
    const EVENTS: &str = "SELECT id FROM audit_events";
    let mut query = Query::new(EVENTS);
    let tenant = scope.tenant();
    match source {
        Source::All => query.hold_some("organisation_id =", tenant),
        Source::Action(code) => {
            query.hold_some("organisation_id =", tenant);
            query.hold("action =", *code);
        }
        Source::Actor(id) => {
            query.hold_some("organisation_id =", tenant);
            query.hold("actor_id =", id);
        }
        Source::Target(id) => {
            query.hold_some("organisation_id =", tenant);
            query.hold("target_id =", id);
        }
        Source::Event(id) => {
            query.hold_some("organisation_id =", tenant);
            query.hold("id =", id);
        }
        Source::Term { everywhere, term } => {
            let list = if *everywhere { EVERYWHERE } else { scope.as_str() };
            query = Query::new("SELECT event_id FROM audit_terms");
            query.hold("organisation_id =", list);
            query.hold("term =", term);
            query.hold("event_id <", before);
            query.hold_some("event_id >=", from);
            return Some(query.end("event_id DESC"));
        }
        Source::Personal { .. } | Source::AnyOf(_) => return None,
    }
    query.hold("id <", before);
    query.hold_some("id >=", from);
    Some(query.end("id DESC"))
}

/// The source's newest ids within the bounds.
pub(super) async fn ids(
    conn: &mut Conn,
    scope: &Scope,
    source: &Source,
    (from, before): (Option<&str>, &str),
    limit: usize,
) -> Result<Vec<String>, DbError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    if let (Source::Personal { field, blind }, Some(tenant)) = (source, scope.tenant()) {
        return on!(conn, |c| {
            sqlx::query_scalar::<_, String>(
                "SELECT event_id FROM audit_personal
                 WHERE organisation_id = $1 AND field = $2 AND blind_index = $3 AND event_id >= $4 AND event_id < $5
                 ORDER BY event_id DESC LIMIT $6",
            )
            .bind(tenant)
            .bind(field)
            .bind(blind)
            .bind(from.unwrap_or_default())
            .bind(before)
            .bind(limit)
            .fetch_all(c)
            .await
        });
    }
    let Some(query) = query(scope, source, (from, before)) else {
        return Ok(Vec::new());
    };
    let rows = fetch!(conn, (String,), query, limit)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// Whether the event has this personal field with this value.
pub(super) async fn has_personal(
    conn: &mut Conn,
    tenant: &str,
    (field, blind): (&str, &[u8]),
    event: &str,
) -> Result<bool, DbError> {
    let found = on!(conn, |c| {
        sqlx::query_scalar::<_, String>(
            "SELECT event_id FROM audit_personal
             WHERE organisation_id = $1 AND field = $2 AND blind_index = $3 AND event_id = $4",
        )
        .bind(tenant)
        .bind(field)
        .bind(blind)
        .bind(event)
        .fetch_optional(c)
        .await
    })?;
    Ok(found.is_some())
}

/// `$n, $n+1 ..`, so many.
pub(in crate::audit) fn placeholders(first: usize, count: usize) -> String {
    let numbers: Vec<String> = (first..first + count)
        .map(|number| format!("${number}"))
        .collect();
    numbers.join(", ")
}

/// Id and canonical bytes of these events, newest first, as far as they are the scope's; at most
/// [`LOOK`].
pub(super) async fn canonicals(
    conn: &mut Conn,
    scope: &Scope,
    ids: &[String],
) -> Result<Vec<(String, String)>, DbError> {
    let Some(last) = ids.last() else {
        return Ok(Vec::new());
    };
    // Always as many placeholders, so that it is one prepared statement: the last id again.
    let places = placeholders(1, LOOK);
    let own = scope
        .tenant()
        .map_or_else(String::new, |_| format!(" AND organisation_id = ${}", LOOK + 1));
    let text = format!("SELECT id, canonical FROM audit_events WHERE id IN ({places}){own} ORDER BY id DESC");
    on!(conn, |c| {
        let mut query = sqlx::query_as::<_, (String, String)>(sqlx::AssertSqlSafe(text));
        for id in ids.iter().chain(std::iter::repeat(last)).take(LOOK) {
            query = query.bind(id);
        }
        if let Some(tenant) = scope.tenant() {
            query = query.bind(tenant);
        }
        query.fetch_all(c).await
    })
}

/// Events that have no terms yet: those with a place in the ledger that the index has not come
/// to, and those without one. And whether there are more.
pub(super) async fn tail(conn: &mut Conn, limit: i64) -> Result<(Vec<(String, String)>, bool), DbError> {
    let next = next_leaf(conn).await?;
    let mut events = on!(conn, |c| {
        sqlx::query_as::<_, (String, String)>(
            "SELECT id, canonical FROM audit_events WHERE leaf_index >= $1 ORDER BY leaf_index DESC LIMIT $2",
        )
        .bind(next)
        .bind(limit)
        .fetch_all(c)
        .await
    })?;
    let placed = events.len();
    events.extend(on!(conn, |c| {
        sqlx::query_as::<_, (String, String)>(
            "SELECT id, canonical FROM audit_events WHERE leaf_index IS NULL ORDER BY id DESC LIMIT $1",
        )
        .bind(limit)
        .fetch_all(c)
        .await
    })?);
    let full = usize::try_from(limit).unwrap_or(usize::MAX);
    let behind = placed >= full || events.len() - placed >= full;
    Ok((events, behind))
}

/// The first leaf that the index has not come to.
pub(super) async fn next_leaf(conn: &mut Conn) -> Result<i64, DbError> {
    let next = on!(conn, |c| {
        sqlx::query_scalar::<_, i64>("SELECT next_leaf FROM audit_index WHERE id = 'terms'")
            .fetch_optional(c)
            .await
    })?;
    Ok(next.unwrap_or_default())
}

/// How many leaves there are.
pub(super) async fn tree_size(conn: &mut Conn) -> Result<i64, DbError> {
    let size = on!(conn, |c| {
        sqlx::query_scalar::<_, i64>("SELECT tree_size FROM ledger_state WHERE id = 'ledger'")
            .fetch_optional(c)
            .await
    })?;
    Ok(size.unwrap_or_default())
}

/// The canonical bytes of the events from one leaf to another, which is left out. Retired ones
/// are not among them.
pub(super) async fn leaves(conn: &mut Conn, from: i64, before: i64) -> Result<Vec<String>, DbError> {
    on!(conn, |c| {
        sqlx::query_scalar::<_, String>(
            "SELECT canonical FROM audit_events WHERE leaf_index >= $1 AND leaf_index < $2 ORDER BY leaf_index",
        )
        .bind(from)
        .bind(before)
        .fetch_all(c)
        .await
    })
}

/// Writes terms: organisation, term, event. What is there stays.
pub(super) async fn insert_terms(conn: &mut Conn, terms: &[(String, String, String)]) -> Result<(), DbError> {
    for some in terms.chunks(ROWS) {
        execute!(
            conn,
            sqlx::QueryBuilder::new("INSERT INTO audit_terms (organisation_id, term, event_id) ")
                .push_values(some, |mut values, (organisation, term, event)| {
                    values
                        .push_bind(organisation.as_str())
                        .push_bind(term.as_str())
                        .push_bind(event.as_str());
                })
                .push(" ON CONFLICT DO NOTHING")
                .build()
        )?;
    }
    Ok(())
}

/// Removes one term of an event.
pub(super) async fn delete_term(
    conn: &mut Conn,
    (organisation, term, event): (&str, &str, &str),
) -> Result<(), DbError> {
    execute!(
        conn,
        sqlx::query("DELETE FROM audit_terms WHERE organisation_id = $1 AND term = $2 AND event_id = $3")
            .bind(organisation)
            .bind(term)
            .bind(event)
    )
    .map(|_| ())
}

/// Moves the index on, if it still stands where it was read: whether it did.
pub(super) async fn advance(conn: &mut Conn, from: i64, to: i64) -> Result<bool, DbError> {
    execute!(
        conn,
        sqlx::query("INSERT INTO audit_index (id, next_leaf) VALUES ('terms', 0) ON CONFLICT DO NOTHING")
    )?;
    let moved = execute!(
        conn,
        sqlx::query("UPDATE audit_index SET next_leaf = $2 WHERE id = 'terms' AND next_leaf = $1")
            .bind(from)
            .bind(to)
    )?;
    Ok(moved == 1)
}

/// By what an event has neighbours.
pub(in crate::audit) enum Around {
    /// What it was done to first.
    Target(String),
    /// Who did it.
    Actor(String),
}

impl Around {
    /// The query of what comes after an event of the tenant, the nearest first.
    pub(super) fn after(&self, tenant: &str, id: &str) -> (String, Vec<String>) {
        let mut query = Query::new("SELECT id FROM audit_events");
        query.hold("organisation_id =", tenant);
        match self {
            Self::Target(target) => query.hold("target_id =", target),
            Self::Actor(actor) => query.hold("actor_id =", actor),
        }
        query.hold("id >", id);
        query.end("id")
    }

    fn source(&self) -> Source {
        match self {
            Self::Target(target) => Source::Target(target.clone()),
            Self::Actor(actor) => Source::Actor(actor.clone()),
        }
    }
}

/// The ids after an event, and before it, each newest first.
pub(in crate::audit) async fn around(
    conn: &mut Conn,
    scope: &Scope,
    around: &Around,
    id: &str,
    limit: i64,
) -> Result<(Vec<String>, Vec<String>), DbError> {
    let after = around.after(scope.tenant().unwrap_or_default(), id);
    let after = fetch!(conn, (String,), after, limit)?;
    let after = after.into_iter().rev().map(|(id,)| id).collect();
    let near = usize::try_from(limit).unwrap_or_default();
    let before = ids(conn, scope, &around.source(), (None, id), near).await?;
    Ok((after, before))
}
