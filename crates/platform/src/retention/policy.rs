//! Saying for how many days what is kept.

use db::Conn;
use types::{
    StepUp, Timestamp,
    retention::{LogScope, RetentionKind, RetentionReview},
};

use super::{
    NOTICE, kinds, run,
    store::{self, PolicyRow},
    tell::tell,
};
use crate::{
    Ctx, Error, Result,
    audit::{Action, Event, Managed, managed},
    calendar,
    mail::Message,
};

/// How long one kind is kept in one log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Policy {
    pub(super) kind: RetentionKind,
    /// Days that count now.
    pub(super) days: i64,
    /// A shorter time, and from when it counts.
    pub(super) coming: Option<(i64, Timestamp)>,
}

/// The policies of a log, within what the operator allows at this moment.
pub(super) async fn of(ctx: &Ctx, conn: &mut Conn, log: Managed) -> Result<Vec<Policy>> {
    let rows = store::policies(conn, &log.tenant()).await?;
    let policy = |kind: &RetentionKind| {
        let span = ctx.settings().retention.of(*kind);
        let within = |days: i64| days.clamp(span.least, span.most);
        let row = rows.iter().find(|row| row.kind == kind.as_str());
        let Some(row) = row else {
            return Policy {
                kind: *kind,
                days: span.most,
                coming: None,
            };
        };
        let from = Timestamp::from_millis(row.holds_from);
        if from <= ctx.now() {
            return Policy {
                kind: *kind,
                days: within(row.days),
                coming: None,
            };
        }
        let (days, coming) = (within(row.days_before), within(row.days));
        Policy {
            kind: *kind,
            days,
            coming: (coming != days).then_some((coming, from)),
        }
    };
    Ok(kinds(log.organisation.is_none()).iter().map(policy).collect())
}

/// What a change comes to: nothing is written.
///
/// # Errors
/// `Forbidden` without [`types::Permission::AuditManage`], or `AuditManageAll` for the
/// installation's own log; `Invalid`.
pub async fn review(ctx: &Ctx, scope: LogScope, days: &[(RetentionKind, i64)]) -> Result<RetentionReview> {
    let log = managed(ctx, scope).await?;
    let days = checked(ctx, log, days)?;
    let mut read = ctx.read().await?;
    let before = of(ctx, &mut read, log).await?;
    let mut going = Vec::new();
    for (kind, days) in &days {
        going.push((*kind, run::preview(ctx, &mut read, log, *kind, *days).await?.0));
    }
    let shorter = before
        .iter()
        .any(|policy| chosen(&days, policy.kind) < Some(policy.days));
    Ok(RetentionReview {
        changes: changes(ctx, &before, &days)?,
        going,
        holds_from: shorter.then(|| ctx.now().plus_seconds(NOTICE)),
        days,
    })
}

/// Saves the policy: a longer time counts at once, a shorter one after 7 days.
///
/// # Errors
/// As [`review`]; `StepUp`.
pub async fn save(ctx: &Ctx, scope: LogScope, days: &[(RetentionKind, i64)]) -> Result<()> {
    let log = managed(ctx, scope).await?;
    ctx.require_fresh(StepUp::Audit).await?;
    let days = checked(ctx, log, days)?;
    let mut tx = ctx.begin().await?;
    let before = of(ctx, &mut tx, log).await?;
    let changes = changes(ctx, &before, &days)?;
    if changes.is_empty() {
        return Ok(());
    }
    let now = ctx.now();
    for policy in before {
        let Some(wanted) = chosen(&days, policy.kind) else {
            continue;
        };
        let shorter = wanted < policy.days;
        // What is already waiting to count, and is asked for again, does not wait anew.
        let holds_from = match policy.coming {
            Some((coming, from)) if coming == wanted => from,
            _ if shorter => now.plus_seconds(NOTICE),
            _ => now,
        };
        let row = PolicyRow {
            kind: policy.kind.to_string(),
            days: wanted,
            days_before: policy.days,
            holds_from: holds_from.as_millis(),
        };
        store::set_policy(&mut tx, &log.tenant(), &row).await?;
    }
    let text = changes.join(" ");
    let message = Message::new(
        "retention.changed",
        format!("retention.changed:{}:{}", log.tenant(), now.as_millis()),
        "How long your audit log is kept was changed",
    )
    .text(&text)
    .text("If you did not expect this, look who did it in the audit log, and set it back before it counts.")
    .link("Open retention", path(log));
    tell(ctx, &mut tx, log.organisation, &message).await?;
    let event = log.tell(Event::new(Action::RetentionChanged).detail("changes", text.trim_end_matches('.')));
    let event = match log.organisation {
        Some(organisation) => event.target(organisation),
        None => event,
    };
    ctx.commit(tx, event).await
}

/// Where the log's retention is shown.
pub(super) const fn path(log: Managed) -> &'static str {
    if log.organisation.is_some() {
        "/audit/retention"
    } else {
        "/staff/retention"
    }
}

fn chosen(days: &[(RetentionKind, i64)], kind: RetentionKind) -> Option<i64> {
    let found = days.iter().find(|(known, _)| *known == kind);
    found.map(|(_, days)| *days)
}

fn checked(ctx: &Ctx, log: Managed, days: &[(RetentionKind, i64)]) -> Result<Vec<(RetentionKind, i64)>> {
    let kinds = kinds(log.organisation.is_none());
    let days: Vec<_> = days
        .iter()
        .copied()
        .filter(|(kind, _)| kinds.contains(kind))
        .collect();
    let mut fields = Vec::new();
    for (kind, days) in &days {
        let span = ctx.settings().retention.of(*kind);
        if !(span.least..=span.most).contains(days) {
            let text = format!("Give whole days from {} to {}.", span.least, span.most);
            fields.push((kind.to_string(), text));
        }
    }
    if fields.is_empty() {
        Ok(days)
    } else {
        Err(Error::Invalid { fields })
    }
}

fn changes(
    ctx: &Ctx,
    before: &[super::policy::Policy],
    days: &[(RetentionKind, i64)],
) -> Result<Vec<String>> {
    let mut changes = Vec::new();
    for policy in before {
        let Some(wanted) = chosen(days, policy.kind) else {
            continue;
        };
        let standing = policy.coming.map_or(policy.days, |(days, _)| days);
        if wanted == standing {
            continue;
        }
        let title = policy.kind.title();
        let from = policy.days;
        changes.push(if wanted < policy.days {
            let at = calendar::to_the_minute(ctx.now().plus_seconds(NOTICE))?;
            format!("{title} are kept for {wanted} days from {at} on; it is {from} until then.")
        } else {
            format!("{title} are kept for {wanted} days; it was {standing}.")
        });
    }
    Ok(changes)
}
