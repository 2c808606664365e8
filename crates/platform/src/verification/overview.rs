//! The overview page.

use std::collections::BTreeMap;

use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use types::{
    Permission, Timestamp, VerificationId, VerificationStatus,
    console::{Checklist, DayCount, Overview},
};

use super::{detail::into_dto, store::lists};
use crate::{Ctx, Error, Result, access, api_keys, calendar};

/// Days shown; as many before them are summed up.
const DAYS: i64 = 30;

/// What the organisation's overview shows.
///
/// # Errors
/// `Forbidden` without [`Permission::OrganisationRead`].
pub async fn overview(ctx: &Ctx) -> Result<Overview> {
    ctx.require(Permission::OrganisationRead).await?;
    let zone = access::time_zone(ctx).await?;
    let tenant = ctx.tenant()?.to_string();
    let today = calendar::day_of(ctx.now(), &zone)?;
    let first = today
        .checked_sub((DAYS * 2 - 1).days())
        .map_err(Error::internal)?;
    let since = calendar::start_of(first, &zone)?;
    let mut read = ctx.read().await?;
    let quarters =
        lists::by_quarter(&mut read, &tenant, &VerificationId::first_at(since).to_string()).await?;
    let (started, decided) = lists::any(&mut read, &tenant).await?;
    let (active_keys, key_made) = api_keys::count(ctx, &mut read).await?;
    let recent = lists::list(&mut read, &tenant, None, None, "\u{7f}", 5).await?;
    drop(read);
    let days = count_days(first, &quarters, &zone)?;
    let split = usize::try_from(DAYS).unwrap_or_default().min(days.len());
    let (before, days) = days.split_at(split);
    Ok(Overview {
        checklist: Checklist {
            key_made,
            verification_started: started,
            verification_decided: decided,
        },
        before: sum(before),
        days: days.to_vec(),
        time_to_outcome: None,
        time_before: None,
        active_keys,
        attention: Vec::new(),
        recent: recent.into_iter().map(into_dto).collect::<Result<_>>()?,
    })
}

/// Every day from the first on, none left out.
fn count_days(first: Date, rows: &[lists::QuarterRow], zone: &TimeZone) -> Result<Vec<DayCount>> {
    let mut days: BTreeMap<Date, DayCount> = first
        .series(1.day())
        .take(usize::try_from(DAYS * 2).unwrap_or_default())
        .map(|day| (day, empty(day.to_string())))
        .collect();
    for row in rows {
        let began = Timestamp::from_millis(row.quarter.saturating_mul(lists::QUARTER));
        let day = calendar::day_of(began, zone)?;
        let Some(count) = days.get_mut(&day) else { continue };
        let added = u64::try_from(row.verifications).unwrap_or_default();
        match row.status.parse()? {
            VerificationStatus::Approved => count.approved += added,
            VerificationStatus::Denied => count.denied += added,
            VerificationStatus::Rejected => count.rejected += added,
            _ => count.open += added,
        }
    }
    Ok(days.into_values().collect())
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
