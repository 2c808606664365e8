//! The overview page.

use std::{collections::BTreeMap, sync::Arc};

use db::Conn;
use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use types::{
    OrganisationId, Permission,
    console::{Checklist, DayCount, Overview},
};

use super::{
    super::{list::into_dto, store::lists},
    durations, store,
    tally::QUARTER,
};
use crate::{Ctx, Error, Result, access, alerts, api_keys, calendar};

/// Days shown; as many before them are summed up.
const DAYS: i64 = 30;
/// Rows of the shortest list.
const RECENT: i64 = 5;

/// What the organisation's overview shows. Keys that need a look are for those who may see
/// keys.
///
/// # Errors
/// `Forbidden` without [`Permission::OrganisationRead`].
pub async fn overview(ctx: &Ctx) -> Result<Overview> {
    ctx.require(Permission::OrganisationRead).await?;
    let organisation = ctx.tenant()?;
    let recall = ctx.recalled_figures();
    let whole = match recall.find(organisation, ctx.now()) {
        Some(whole) => whole,
        None => assemble_once(ctx, organisation).await?,
    };
    let mut overview = Arc::unwrap_or_clone(whole);
    if !ctx.permissions().contains(&Permission::KeysRead) {
        overview.attention.clear();
    }
    Ok(overview)
}

/// Of those who ask at the same moment, one puts it together.
async fn assemble_once(ctx: &Ctx, organisation: OrganisationId) -> Result<Arc<Overview>> {
    let recall = ctx.recalled_figures();
    let turn = recall.turn(organisation);
    let _turn = turn.lock().await;
    let (generation, now) = (recall.generation(organisation), ctx.now());
    if let Some(whole) = recall.find(organisation, now) {
        return Ok(whole);
    }
    let whole = Arc::new(assemble(ctx, &organisation.to_string()).await?);
    recall.keep(organisation, generation, now, &whole);
    Ok(whole)
}

/// Puts it together from the database: seven statements, one more in the weeks around a
/// change of the clock, and one more until there was a decision.
async fn assemble(ctx: &Ctx, tenant: &str) -> Result<Overview> {
    let mut read = ctx.read().await?;
    let organisation = access::organisation(&mut read, tenant).await?;
    let organisation = organisation.ok_or(Error::NotFound("The organisation"))?;
    let zone = access::zone(&organisation.time_zone)?;
    let today = calendar::day_of(ctx.now(), &zone)?;
    let back = |days: i64| today.checked_sub(days.days()).map_err(Error::internal);
    let (first, split) = (back(DAYS * 2 - 1)?, back(DAYS - 1)?);
    let days = days(&mut read, tenant, first, today, &zone).await?;
    let (since, from) = (calendar::day_number(first), calendar::day_number(split));
    let [time_before, time_to_outcome] = durations::of_periods(&mut read, tenant, since, from).await?;
    let keys = api_keys::attention(&mut read, tenant, ctx.now()).await?;
    let recent = lists::newest(&mut read, tenant, RECENT).await?;
    let mut checklist = Checklist {
        key_made: keys.any,
        verification_started: !recent.is_empty(),
        verification_decided: days.iter().any(|day| day.approved + day.denied > 0),
        alert_set: alerts::any(&mut read, tenant).await?,
    };
    if checklist.verification_started && !checklist.verification_decided {
        checklist.verification_decided = lists::any_decided(&mut read, tenant).await?;
    }
    drop(read);
    let half = usize::try_from(DAYS).unwrap_or_default().min(days.len());
    let (before, days) = days.split_at(half);
    Ok(Overview {
        checklist,
        before: sum(before),
        days: days.to_vec(),
        time_to_outcome,
        time_before,
        active_keys: keys.active,
        attention: keys.attention,
        recent: recent.into_iter().map(into_dto).collect::<Result<_>>()?,
    })
}

/// Every day from the first to the last, none left out.
async fn days(
    conn: &mut Conn,
    tenant: &str,
    first: Date,
    last: Date,
    zone: &TimeZone,
) -> Result<Vec<DayCount>> {
    let all = first.series(1.day()).take_while(|day| *day <= last);
    let mut days: BTreeMap<i64, DayCount> = all
        .map(|day| (calendar::day_number(day), empty(day.to_string())))
        .collect();
    let from = calendar::start_of(first, zone)?;
    let before = calendar::start_of(last.tomorrow().map_err(Error::internal)?, zone)?;
    for stretch in calendar::stretches(from, before, zone)? {
        let quarters = (
            stretch.from.as_millis().div_euclid(QUARTER),
            stretch.before.as_millis().div_euclid(QUARTER),
        );
        for row in store::days(conn, tenant, quarters, stretch.offset).await? {
            let Some(day) = days.get_mut(&row.day) else {
                continue;
            };
            day.open += count(row.open);
            day.approved += count(row.approved);
            day.denied += count(row.denied);
            day.rejected += count(row.rejected);
        }
    }
    Ok(days.into_values().collect())
}

fn count(verifications: i64) -> u64 {
    u64::try_from(verifications).unwrap_or_default()
}

const fn empty(day: String) -> DayCount {
    DayCount {
        day,
        approved: 0,
        denied: 0,
        rejected: 0,
        open: 0,
    }
}

fn sum(days: &[DayCount]) -> DayCount {
    let first = days.first().map(|day| day.day.clone()).unwrap_or_default();
    days.iter().fold(empty(first), |sum, day| DayCount {
        approved: sum.approved + day.approved,
        denied: sum.denied + day.denied,
        rejected: sum.rejected + day.rejected,
        open: sum.open + day.open,
        ..sum
    })
}
