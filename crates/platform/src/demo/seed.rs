//! Writing it all.

use super::{
    alerts,
    calls::Calls,
    cast::COMPANIES,
    dice::Dice,
    means::Means,
    people::{self, Founded},
    plan::{Audit, Plan, Report},
    rhythm::{ratio, whole_number},
    store, verifications, webhooks,
};
use crate::{Ctx, Error, Result};

/// Fills an empty database. `progress` is told how many verifications were written since it
/// was last told.
///
/// # Errors
/// `Conflict` if somebody uses the database; if it fails, what was written before stays.
pub async fn seed(ctx: &Ctx, plan: &Plan, progress: &mut (dyn FnMut(u64) + Send)) -> Result<Report> {
    let means = Means::of(ctx, plan.seed)?;
    if store::in_use(&mut *ctx.read().await?).await? {
        return Err(Error::Conflict(
            "This database has data, and a demo is only written to an empty one. Name another \
             place with LOOMWIRE_DATA, or remove the demo that is there.",
        ));
    }
    let mut all: Vec<Founded> = Vec::new();
    for (number, company) in (0..).zip(COMPANIES) {
        let operator = all.first().and_then(|first| first.members.first());
        let mut dice = Dice::new(plan.seed, 100 + u64::from(number));
        let mut founded = people::found(&means, company, number, operator, &mut dice).await?;
        people::work(&means, &mut founded, plan.days, &mut dice).await?;
        all.push(founded);
    }
    let owner = all.first().and_then(|first| first.members.first());
    let owner = owner.ok_or_else(|| Error::internal("nobody was invented"))?.id;
    let mut report = Report {
        organisations: Vec::new(),
        people: 0,
        keys: 0,
        verifications: 0,
        events: 0,
        calls: 0,
        owner,
    };
    let mut left = plan.verifications;
    // The busiest last: it takes what rounding leaves.
    for (number, founded) in all.iter().enumerate().rev() {
        let share = founded.company.share * ratio(i64::try_from(plan.verifications).unwrap_or(i64::MAX), 1);
        let total = if number == 0 {
            left
        } else {
            whole_number(share).min(left)
        };
        left -= total;
        let part = number as u64;
        let mut dice = Dice::new(plan.seed, 200 + part);
        let audited = plan.audit != Audit::None;
        let calls =
            audited.then(|| Calls::new(founded.id, means.here.now(), Dice::new(plan.seed, 300 + part)));
        let work = verifications::Work::new(&means, founded, plan, calls);
        let written = work.live(plan, total, &mut dice, progress).await?;
        report.people += founded.members.len() as u64;
        report.keys += founded.keys.len() as u64;
        report.verifications += written.verifications;
        report.events += founded.events + written.events;
        report.calls += written.calls;
        report
            .organisations
            .insert(0, (founded.company.name.to_owned(), written.verifications));
    }
    // Last: what they told is found in the verifications and the calls.
    if let Some(busiest) = all.first().filter(|_| plan.audit != Audit::None) {
        let dice = Dice::new(plan.seed, 400);
        report.events += webhooks::tell(&means, busiest, dice).await?;
        report.events += alerts::watch(&means, busiest).await?;
    }
    Ok(report)
}
