//! What a page shows of retention.

use types::retention::{LogScope, RetentionKind, RetentionPage, RetentionRow};

use super::{holds, policy, run};
use crate::{
    Ctx, Result,
    audit::managed,
    jobs::{self, Job},
};

/// What is kept how long, what goes next and when, and what is held.
///
/// # Errors
/// `Forbidden` without [`types::Permission::AuditManage`], or `AuditManageAll` for the
/// installation's own log.
pub async fn page(ctx: &Ctx, scope: LogScope) -> Result<RetentionPage> {
    let log = managed(ctx, scope).await?;
    let mut read = ctx.read().await?;
    let (mut rows, mut waiting_for) = (Vec::new(), Vec::new());
    for policy in policy::of(ctx, &mut read, log).await? {
        let span = ctx.settings().retention.of(policy.kind);
        let (due, held) = run::preview(ctx, &mut read, log, policy.kind, policy.days).await?;
        if policy.kind == RetentionKind::AuditEvents {
            waiting_for = run::waiting_for(ctx, &mut read, log, &policy).await?;
        }
        rows.push(RetentionRow {
            kind: policy.kind,
            days: policy.days,
            coming: policy.coming,
            least: span.least,
            most: span.most,
            due,
            held,
        });
    }
    Ok(RetentionPage {
        rows,
        next_run_at: jobs::run_at(&mut read, &Job::Retire(None)).await?,
        waiting_for,
        holds: holds::shown(&mut read, log).await?,
    })
}
