//! Searches that somebody saved: of one person in one organisation, or of one of the staff on
//! the page of staff.
//!
//! **Invariant**: a saved search holds no personal data: one for an address, a browser or an
//! e-mail address is not saved.

mod store;

use types::{
    Permission, SavedSearchId,
    audit::{LogDesk, SavedSearch},
    console::AuditFilter,
};

use super::{Action, Event, find::Scope};
use crate::{Actor, Ctx, Error, Result, audit::Tx};

/// Searches of one person on one page.
const MOST: usize = 50;
/// Characters of a name, and of a query.
const NAME: usize = 80;
const QUERY: usize = 2_000;

/// Whose list it is: the person's, in this organisation or on the page of staff.
async fn owner(ctx: &Ctx, of_staff: bool) -> Result<(String, String)> {
    let scope = if of_staff {
        ctx.require(Permission::AuditReadAll).await?;
        Scope::Everywhere
    } else {
        ctx.require(Permission::AuditRead).await?;
        Scope::Tenant(ctx.tenant()?.to_string())
    };
    let Actor::User { id, .. } = ctx.actor() else {
        return Err(Error::Unauthenticated("Sign in first."));
    };
    Ok((scope.as_str().to_owned(), id.to_string()))
}

/// The viewer's saved searches, by name.
///
/// # Errors
/// `Forbidden` for whoever may not read the log.
pub async fn searches(ctx: &Ctx, of_staff: bool) -> Result<Vec<SavedSearch>> {
    let (scope, user) = owner(ctx, of_staff).await?;
    let rows = store::list(&mut *ctx.read().await?, &scope, &user).await?;
    let mut searches = rows
        .into_iter()
        .map(|(id, name, query)| {
            Ok(SavedSearch {
                id: id.parse()?,
                name,
                query,
            })
        })
        .collect::<Result<Vec<_>>>()?;
    searches.sort_by_key(|search| search.name.to_lowercase());
    Ok(searches)
}

/// What the page of the log has beside the log.
///
/// # Errors
/// `Forbidden` for whoever may not read the log.
pub async fn desk(ctx: &Ctx, of_staff: bool) -> Result<LogDesk> {
    let searches = searches(ctx, of_staff).await?;
    let logs = if of_staff {
        super::logs(ctx).await?
    } else {
        Vec::new()
    };
    let codes = Action::ALL
        .iter()
        .map(|action| (action.code().to_owned(), action.told()));
    Ok(LogDesk {
        searches,
        codes: codes.collect(),
        logs,
    })
}

/// Saves a search under a name.
///
/// # Errors
/// `Forbidden` for whoever may not read the log; `Invalid` for a name or a search that is not
/// saved; `Conflict` if there are fifty.
pub async fn save_search(ctx: &Ctx, of_staff: bool, name: &str, filter: &AuditFilter) -> Result<()> {
    let (scope, user) = owner(ctx, of_staff).await?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME {
        return Err(Error::invalid("name", "Give it a name of at most 80 characters."));
    }
    let set = filter.set();
    if set.is_empty() {
        return Err(Error::invalid(
            "name",
            "There is nothing to save: set a filter first.",
        ));
    }
    let personal = |(part, value): &(&str, &str)| matches!(*part, "address" | "agent") || value.contains('@');
    if set.iter().any(personal) {
        return Err(Error::invalid(
            "name",
            "A search for an address, a browser or an e-mail address is not saved, since it is personal data.",
        ));
    }
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(&set)
        .finish();
    if query.len() > QUERY {
        return Err(Error::invalid(
            "name",
            "This search is too long to be saved. Leave something out.",
        ));
    }
    let id = SavedSearchId::new(ctx.clock(), ctx.rng());
    let mut tx = ctx.begin().await?;
    let there = store::list(&mut tx, &scope, &user).await?;
    if there.len() >= MOST {
        return Err(Error::Conflict(
            "You have fifty saved searches. Remove one first.",
        ));
    }
    store::insert(
        &mut tx,
        &id.to_string(),
        (&scope, &user),
        (name, &query),
        ctx.now(),
    )
    .await?;
    done(ctx, tx, of_staff, Event::new(Action::SearchSaved).target(id)).await
}

/// Removes a saved search of the viewer's.
///
/// # Errors
/// `Forbidden` for whoever may not read the log; `NotFound` if they have none with this id.
pub async fn remove_search(ctx: &Ctx, of_staff: bool, id: SavedSearchId) -> Result<()> {
    let (scope, user) = owner(ctx, of_staff).await?;
    let mut tx = ctx.begin().await?;
    if !store::delete(&mut tx, &scope, &user, &id.to_string()).await? {
        return Err(Error::NotFound("The saved search"));
    }
    done(ctx, tx, of_staff, Event::new(Action::SearchRemoved).target(id)).await
}

async fn done(ctx: &Ctx, tx: Tx, of_staff: bool, event: Event) -> Result<()> {
    let event = if of_staff {
        event.as_staff().in_installation()
    } else {
        event
    };
    ctx.commit(tx, event).await
}
