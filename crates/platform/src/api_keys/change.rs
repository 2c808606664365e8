//! Changing what a key may do, from where, and for how long.

use types::{ApiKeyId, Permission, StepUp, Timestamp, console::ApiKeyRow, keys::KeyTerms};

use super::{
    event, hold_working, page, policy, store,
    terms::{self, Checked, Maker},
};
use crate::{Ctx, Result, audit::Action, calendar, recall::Topic};

/// Puts these terms in the place of a key's; they hold from the next call on. Where they name no
/// owner, the present one stays.
///
/// # Errors
/// `Forbidden` without [`Permission::KeysManage`]; `StepUp`; `NotFound`; `Conflict` for a key that
/// does not work any more; `Invalid` for the terms.
pub async fn change(ctx: &Ctx, id: ApiKeyId, terms: &KeyTerms) -> Result<ApiKeyRow> {
    ctx.require(Permission::KeysManage).await?;
    ctx.require_fresh(StepUp::Keys).await?;
    let mut tx = ctx.begin().await?;
    let before = page::seen(ctx, &mut tx, id).await?;
    hold_working(&before, ctx.now())?;
    let maker = Maker::of(ctx, &mut tx).await?;
    let checked = terms::checked(ctx, &mut tx, terms, before.owner_id).await?;
    maker.hold(&checked)?;
    policy::hold(&mut tx, &ctx.tenant()?.to_string(), &checked, before.created_at).await?;
    let changes = changes(&before, &checked)?;
    if changes.is_empty() {
        return Ok(before);
    }
    let tenant = ctx.tenant()?.to_string();
    store::change(&mut tx, &tenant, &id.to_string(), &checked, before.created_at).await?;
    let after = page::seen(ctx, &mut tx, id).await?;
    tx.changes(Topic::ApiKeys);
    ctx.commit(
        tx,
        event(Action::ApiKeyChanged, &after).detail("changes", changes.join("; ")),
    )
    .await?;
    Ok(after)
}

/// What is another than before. A note is only told of, not told.
fn changes(before: &ApiKeyRow, after: &Checked) -> Result<Vec<String>> {
    let mut changes = Vec::new();
    let mut compare = |what: &str, from: String, to: String| {
        if from != to {
            changes.push(format!("{what} from {from} to {to}"));
        }
    };
    compare("name", before.name.clone(), after.name.clone());
    let scopes: types::keys::Scopes = before.scopes.iter().copied().collect();
    compare("scopes", scopes.to_string(), after.scopes.to_string());
    compare("networks", any(&before.allow_list), any(&after.networks.list()));
    compare("expiry", day(before.expires_at)?, day(after.expires_at)?);
    compare("owner", before.owner_id.to_string(), after.owner.to_string());
    compare(
        "limit",
        limit(before.calls_per_minute),
        limit(after.calls_per_minute),
    );
    compare(
        "rotation",
        rotation(before.rotate_days),
        rotation(after.rotate_days),
    );
    compare("named limits", none(&before.limits), none(&after.limits));
    if before.note != after.note {
        changes.push("note".to_owned());
    }
    Ok(changes)
}

fn any(networks: &[String]) -> String {
    match networks {
        [] => "everywhere".to_owned(),
        networks => networks.join(" "),
    }
}

fn day(end: Option<Timestamp>) -> Result<String> {
    end.map_or_else(|| Ok("never".to_owned()), calendar::rfc3339)
}

fn none(names: &[String]) -> String {
    match names {
        [] => "none".to_owned(),
        names => names.join(" "),
    }
}

fn rotation(days: Option<u32>) -> String {
    days.map_or_else(|| "unplanned".to_owned(), |days| format!("after {days} days"))
}

fn limit(calls: Option<u32>) -> String {
    calls.map_or_else(|| "as any key's".to_owned(), |calls| format!("{calls} a minute"))
}
