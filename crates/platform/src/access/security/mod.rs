//! What an organisation asks of its members' sign-ins, and how long their sessions last there.
//!
//! It can ask for more than the installation does, never for less.

mod store;

use types::{
    MfaRequirement, Permission, SignInMethod, StepUp,
    team::{PolicyReview, SecurityPage, SecurityPolicy},
};

use super::members;
use crate::{
    Actor, Ctx, Error, Result,
    audit::{Action, Event},
    identity,
    recall::Topic,
};

/// The shortest time without a request, in minutes: shorter, and nobody can read a page.
const SHORTEST_IDLE: i64 = 5;
/// The shortest time in any case, in minutes.
const SHORTEST_ABSOLUTE: i64 = 15;

/// The policy.
///
/// # Errors
/// `Forbidden` without [`Permission::SecurityManage`].
pub async fn page(ctx: &Ctx) -> Result<SecurityPage> {
    ctx.require(Permission::SecurityManage).await?;
    let policy = store::get(&mut *ctx.read().await?, &ctx.tenant()?.to_string()).await?;
    Ok(SecurityPage {
        policy: policy.ok_or(Error::NotFound("The organisation"))?.read()?,
        longest_idle: ctx.settings().session.idle / 60,
        longest_absolute: ctx.settings().session.absolute / 60,
    })
}

/// What the change comes to, and who would be locked out. Nothing is written.
///
/// # Errors
/// `Forbidden` without [`Permission::SecurityManage`]; `Invalid`.
pub async fn review(ctx: &Ctx, policy: SecurityPolicy) -> Result<PolicyReview> {
    let before = page(ctx).await?.policy;
    check(ctx, policy)?;
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let strongest = identity::strongest_in(&mut read, &tenant).await?;
    let people = members::store::names(&mut read, &tenant).await?;
    let locked_out = people.into_iter().filter_map(|(id, name)| {
        let best = strongest.get(&id).copied();
        let method = best.unwrap_or(SignInMethod::PasswordTotp);
        (!policy.requirement.is_met_by(method)).then_some((name, best))
    });
    Ok(PolicyReview {
        policy,
        changes: changes(before, policy),
        locked_out: locked_out.collect(),
    })
}

/// Saves the policy; it holds on every member's next request.
///
/// # Errors
/// As [`review`]; `StepUp`.
pub async fn save(ctx: &Ctx, policy: SecurityPolicy) -> Result<()> {
    ctx.require(Permission::SecurityManage).await?;
    ctx.require_fresh(StepUp::Security).await?;
    check(ctx, policy)?;
    let tenant = ctx.tenant()?;
    let mut tx = ctx.begin().await?;
    let before = store::get(&mut tx, &tenant.to_string()).await?;
    let before = before.ok_or(Error::NotFound("The organisation"))?.read()?;
    let changes = changes(before, policy);
    if changes.is_empty() {
        return Ok(());
    }
    tx.changes(Topic::Sessions);
    store::set(&mut tx, &tenant.to_string(), policy).await?;
    let event = Event::new(Action::SecurityPolicyChanged)
        .target(tenant)
        .detail("changes", changes.join(" "));
    ctx.commit(tx, event).await
}

fn check(ctx: &Ctx, policy: SecurityPolicy) -> Result<()> {
    let mut fields = Vec::new();
    let longest = ctx.settings().session.idle / 60;
    let idle = policy.idle_minutes;
    if idle.is_some_and(|minutes| !(SHORTEST_IDLE..=longest).contains(&minutes)) {
        let text = format!("Give whole minutes from {SHORTEST_IDLE} to {longest}, or leave it empty.");
        fields.push(("idle_minutes".to_owned(), text));
    }
    let longest = ctx.settings().session.absolute / 60;
    let absolute = policy.absolute_minutes;
    if absolute.is_some_and(|minutes| !(SHORTEST_ABSOLUTE..=longest).contains(&minutes)) {
        let text = format!("Give whole minutes from {SHORTEST_ABSOLUTE} to {longest}, or leave it empty.");
        fields.push(("absolute_minutes".to_owned(), text));
    }
    if let Some(text) = own_lockout(ctx, policy.requirement) {
        fields.push(("requirement".to_owned(), text));
    }
    if fields.is_empty() {
        Ok(())
    } else {
        Err(Error::Invalid { fields })
    }
}

/// Whoever asks for more shows that it can be met: else nobody might be left to take it back.
fn own_lockout(ctx: &Ctx, asked: MfaRequirement) -> Option<String> {
    let Actor::User { standing, .. } = ctx.actor() else {
        return None;
    };
    (!asked.is_met_by(standing.method)).then(|| {
        format!(
            "You would lock yourself out: this session did not begin with {}. Sign in that way first.",
            asked.phrase()
        )
    })
}

fn changes(before: SecurityPolicy, after: SecurityPolicy) -> Vec<String> {
    let mut changes = Vec::new();
    if before.requirement != after.requirement {
        let (from, to) = (before.requirement.phrase(), after.requirement.phrase());
        changes.push(format!("Sign-in needs {to}; it needed {from}."));
    }
    let limit = |minutes: Option<i64>| {
        minutes.map_or_else(
            || "the installation's limit".to_owned(),
            |n| format!("{n} minutes"),
        )
    };
    if before.idle_minutes != after.idle_minutes {
        let (from, to) = (limit(before.idle_minutes), limit(after.idle_minutes));
        changes.push(format!(
            "Without a request a session ends after {to}; it was {from}."
        ));
    }
    if before.absolute_minutes != after.absolute_minutes {
        let (from, to) = (limit(before.absolute_minutes), limit(after.absolute_minutes));
        changes.push(format!("In any case a session ends after {to}; it was {from}."));
    }
    changes
}
