//! The report of a period.

use std::collections::BTreeMap;

use db::Conn;
use types::{
    Permission, Timestamp,
    usage::{
        CallFigures, UsageForecast, UsageGrouping, UsagePoint, UsageQuery, UsageReport, UsageTotals,
        VerificationFigures,
    },
};

use super::{
    figures::{Grouper, add, count, latency},
    period::{Month, Period},
    quota,
    store::{self, DayRow, Of, Scope},
};
use crate::{
    Ctx, Error, Result, calendar,
    metering::{self, DAY},
    search::given,
    verification::figures,
};

/// Minutes to a quarter of an hour.
const QUARTER: i64 = 15;
/// Days whose pace a forecast goes on with.
pub(crate) const PACE: i64 = 7;

/// What the organisation used in a period, and in the one before it.
///
/// # Errors
/// `Forbidden` without [`Permission::UsageRead`]; `Invalid` for a period that cannot be read or is
/// longer than 366 days, and for an endpoint that there is not.
pub async fn report(ctx: &Ctx, query: &UsageQuery) -> Result<UsageReport> {
    ctx.require(Permission::UsageRead).await?;
    let period = Period::read(query, ctx.now())?;
    let tenant = ctx.tenant()?.to_string();
    let scope = scope(query, &tenant)?;
    let by = query.group_by.unwrap_or(UsageGrouping::Key);
    let month = Month::of(ctx.now())?;
    let mut read = ctx.read().await?;
    let of = match by {
        UsageGrouping::Key | UsageGrouping::Environment => Of::Key,
        UsageGrouping::Endpoint => Of::Endpoint,
        UsageGrouping::Status => Of::All,
    };
    let days = (period.from, period.before);
    let stretch = Stretch::read(&mut read, (&scope, of), query, days).await?;
    let before = Stretch::read(&mut read, (&scope, Of::All), query, period.preceding()).await?;
    let points = points(&mut read, &scope, &period, &stretch.rows).await?;
    let keys = store::keys(&mut read, &tenant).await?;
    let so_far = store::billable(&mut read, &Scope::whole(&tenant), month.days()).await?;
    let forecast = forecast(&mut read, &tenant, ctx.now(), so_far).await?;
    let quota = quota::of(&mut read, &tenant, so_far).await?;
    drop(read);
    Ok(UsageReport {
        from: period.first.to_string(),
        to: period.last.to_string(),
        resolution: if period.span() == DAY { "day" } else { "hour" }.to_owned(),
        totals: stretch.totals,
        before: before.totals,
        forecast,
        quota,
        points,
        grouped_by: by,
        groups: Grouper::new(by, &keys).groups(&stretch.rows)?,
    })
}

fn scope<'a>(query: &UsageQuery, tenant: &'a str) -> Result<Scope<'a>> {
    let endpoint = given(query.endpoint.as_deref()).unwrap_or_default();
    if !endpoint.is_empty() && endpoint != "other" && !metering::ENDPOINTS.contains(&endpoint) {
        let known = metering::ENDPOINTS.join(", ");
        return Err(Error::invalid(
            "endpoint",
            format!("endpoint is one of {known}, other."),
        ));
    }
    Ok(Scope {
        tenant,
        key: query.key.map(|key| key.to_string()).unwrap_or_default(),
        endpoint: endpoint.to_owned(),
        environment: query.environment.map_or("", |environment| environment.as_str()),
    })
}

const fn minutes((from, before): (i64, i64)) -> (i64, i64) {
    (from * DAY, before * DAY)
}

fn sum(rows: &[DayRow]) -> CallFigures {
    let statuses = rows.iter().flat_map(|row| &row.statuses);
    statuses.fold(CallFigures::default(), |mut sum, (status, calls)| {
        add(&mut sum, *status, *calls);
        sum
    })
}

/// What some days came to, and the rows that the groups are made of.
struct Stretch {
    rows: Vec<DayRow>,
    totals: UsageTotals,
}

impl Stretch {
    async fn read(
        read: &mut Conn,
        (scope, of): (&Scope<'_>, Of),
        query: &UsageQuery,
        (from, before): (i64, i64),
    ) -> Result<Self> {
        let rows = store::days(read, scope, of, minutes((from, before))).await?;
        let quarters = (from * DAY / QUARTER, before * DAY / QUARTER);
        let [open, approved, denied, rejected] =
            figures::sum(read, scope.tenant, quarters, query.environment)
                .await?
                .map(count);
        let totals = UsageTotals {
            calls: sum(&rows),
            verifications: VerificationFigures {
                started: open + approved + denied + rejected,
                approved,
                denied,
                rejected,
                open,
            },
            billable: count(store::billable(read, scope, (from, before)).await?),
            latency: latency(&rows)?,
        };
        Ok(Self { rows, totals })
    }
}

/// Calls by the day, of these rows, or by the hour.
async fn points(
    read: &mut Conn,
    scope: &Scope<'_>,
    period: &Period,
    days: &[DayRow],
) -> Result<Vec<UsagePoint>> {
    let mut points: BTreeMap<i64, CallFigures> = period
        .points()
        .map(|begins| (begins, CallFigures::default()))
        .collect();
    let mut add_at = |begins: i64, status: i64, calls: i64| {
        if let Some(figures) = points.get_mut(&begins) {
            add(figures, status, calls);
        }
    };
    if period.span() == DAY {
        for row in days {
            for (status, calls) in &row.statuses {
                add_at(row.begins, *status, *calls);
            }
        }
    } else {
        for row in store::hours(read, scope, minutes((period.from, period.before))).await? {
            add_at(row.begins, row.status, row.calls);
        }
    }
    let points = points.into_iter().map(|(begins, calls)| {
        Ok(UsagePoint {
            begins: calendar::rfc3339(Timestamp::from_millis(begins * 60_000))?,
            calls,
        })
    });
    points.collect()
}

/// The calendar month's units, and what they come to at the pace of the last days. None while
/// nothing was billed.
async fn forecast(
    read: &mut Conn,
    tenant: &str,
    now: Timestamp,
    so_far: i64,
) -> Result<Option<UsageForecast>> {
    let month = Month::of(now)?;
    let today = month.today();
    let paced = store::billable(read, &Scope::whole(tenant), (today - PACE, today)).await?;
    if so_far == 0 && paced == 0 {
        return Ok(None);
    }
    Ok(Some(UsageForecast {
        month: month.name(),
        so_far: count(so_far),
        expected: count(expected(now, so_far, paced)?),
    }))
}

/// What the month of a moment comes to, after so many units of it and so many of the [`PACE`] days
/// before the moment's day.
pub(crate) fn expected(now: Timestamp, so_far: i64, paced: i64) -> Result<i64> {
    let month = Month::of(now)?;
    // Today counts with what is left of it.
    let gone = now.as_millis().rem_euclid(86_400_000);
    let (_, after) = month.days();
    let left = (after - month.today()) * 86_400_000 - gone;
    Ok(so_far + (paced * left + PACE * 43_200_000) / (PACE * 86_400_000))
}
