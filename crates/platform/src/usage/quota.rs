//! How many billable units an organisation may start in a calendar month (UTC).
//!
//! **Invariant**: the starts of an organisation that has a quota are held to it one after the
//! other, so that of two at the last unit one is refused. Without a quota nobody waits for anybody.

use std::collections::{BTreeSet, HashMap};

use db::Conn;
use types::{
    OrganisationId, Permission, StepUp, Timestamp,
    usage::{QuotaPage, UsageQuota},
};

use super::{
    figures::count,
    period::Month,
    price,
    store::{self, Scope},
};
use crate::{
    Ctx, Error, Result, access,
    audit::{Action, Event, Tx},
    staff::page_read,
};

/// Units that a quota has at most: beyond, it would be none.
const LARGEST: u64 = 1_000_000_000;
/// A reason has so many characters.
const REASON: std::ops::RangeInclusive<usize> = 10..=500;

/// What a quota leaves, and nobody else is given until the transaction ends.
pub(crate) struct Left {
    /// Units a month.
    limit: i64,
    /// Of which month.
    month: Month,
    /// How many may yet be started.
    pub(crate) units: usize,
}

impl Left {
    /// What a refusal tells: units a month, and which month.
    pub(crate) fn told(&self) -> (u64, String) {
        (count(self.limit), self.month.name())
    }
}

/// Holds the quotas of those of the organisations that have one, for starts at this moment. It is
/// the first thing of a start's transaction: what else two starts can wait for (a name, a data
/// key), one of them then has before the other begins.
pub(crate) async fn hold(
    tx: &mut Tx,
    organisations: &BTreeSet<OrganisationId>,
    at: Timestamp,
) -> Result<HashMap<OrganisationId, Left>> {
    let mut left = HashMap::new();
    if organisations.is_empty() {
        return Ok(left);
    }
    let ids = organisations.iter().map(OrganisationId::to_string);
    for (tenant, limit) in store::quotas_held(tx, ids).await? {
        let month = Month::of(at)?;
        let used = store::billable(tx, &Scope::whole(&tenant), month.days()).await?;
        let units = usize::try_from(limit.saturating_sub(used)).unwrap_or_default();
        left.insert(tenant.parse()?, Left { limit, month, units });
    }
    Ok(left)
}

/// Tells the organisation's log that a start was refused: once in a while, since its programs may
/// go on calling.
pub(crate) async fn tell_refused(ctx: &Ctx, limit: u64, month: &str) -> Result<()> {
    if !ctx.tells_of_quota(ctx.tenant()?) {
        return Ok(());
    }
    let event = Event::new(Action::QuotaReached)
        .denied()
        .detail("limit", limit)
        .detail("month", month);
    ctx.record(event).await
}

/// Billable units that the tenant may start in a month; none if there is no limit.
pub(crate) async fn limit(conn: &mut Conn, tenant: &str) -> Result<Option<i64>> {
    Ok(store::quota(conn, tenant).await?.map(|quota| quota.units))
}

/// The tenant's quota, if it has one, beside what is used of it.
pub(super) async fn of(read: &mut Conn, tenant: &str, used: i64) -> Result<Option<UsageQuota>> {
    let quota = store::quota(read, tenant).await?;
    Ok(quota.map(|quota| UsageQuota {
        limit: count(quota.units),
        used: count(used),
    }))
}

/// An organisation's quota, for whoever sets it. That it was read is audited.
///
/// # Errors
/// `Forbidden` without [`Permission::QuotasManage`]; `NotFound`.
pub async fn quota(ctx: &Ctx, organisation: OrganisationId) -> Result<QuotaPage> {
    ctx.require(Permission::QuotasManage).await?;
    let tenant = organisation.to_string();
    let mut read = ctx.read().await?;
    let row = access::organisation(&mut read, &tenant).await?;
    let name = row.ok_or(Error::NotFound("The organisation"))?.name;
    let quota = store::quota(&mut read, &tenant).await?;
    let price = price::row(&mut read, &tenant).await?;
    let month = Month::of(ctx.now())?;
    let used = store::billable(&mut read, &Scope::whole(&tenant), month.days()).await?;
    drop(read);
    page_read(ctx, "quota", &tenant).await?;
    Ok(QuotaPage {
        organisation,
        name,
        limit: quota.as_ref().map(|quota| count(quota.units)),
        set_at: quota.map(|quota| Timestamp::from_millis(quota.set_at)),
        used: count(used),
        price,
    })
}

/// Sets how many billable units the organisation may start in a month; none is no limit. It holds
/// from the next start on, for the month that has begun too. The organisation's log tells it.
///
/// # Errors
/// `Forbidden` without [`Permission::QuotasManage`]; `StepUp`; `Invalid` for the units or the
/// reason; `NotFound`.
pub async fn set_quota(
    ctx: &Ctx,
    organisation: OrganisationId,
    units: Option<u64>,
    reason: &str,
) -> Result<()> {
    ctx.require(Permission::QuotasManage).await?;
    ctx.require_fresh(StepUp::Staff).await?;
    let (units, reason) = checked(units, reason)?;
    let tenant = organisation.to_string();
    let mut tx = ctx.begin().await?;
    if access::organisation(&mut tx, &tenant).await?.is_none() {
        return Err(Error::NotFound("The organisation"));
    }
    let held = store::quotas_held(&mut tx, std::iter::once(tenant.clone())).await?;
    let before = held.first().map(|(_, units)| *units);
    match units {
        Some(units) => store::set_quota(&mut tx, &tenant, units, ctx.now()).await?,
        None => store::lift_quota(&mut tx, &tenant).await?,
    }
    let told = |units: Option<i64>| units.map_or_else(|| "no limit".to_owned(), |units| units.to_string());
    let event = Event::new(Action::QuotaSet)
        .target(organisation)
        .as_staff()
        .on_behalf_of(organisation)
        .in_organisation(organisation)
        .detail("from", told(before))
        .detail("to", told(units))
        .detail("reason", reason);
    ctx.commit(tx, event).await
}

/// What is wrong with a reason.
pub(super) fn bad_reason(reason: &str) -> Option<(String, String)> {
    let fits = REASON.contains(&reason.chars().count());
    (!fits).then(|| ("reason".to_owned(), "Write 10 to 500 characters.".to_owned()))
}

fn checked(units: Option<u64>, reason: &str) -> Result<(Option<i64>, &str)> {
    let reason = reason.trim();
    let mut fields = Vec::new();
    if units.is_some_and(|units| units > LARGEST) {
        fields.push((
            "units".to_owned(),
            "Give at most 1,000,000,000 units, or none for no limit.".to_owned(),
        ));
    }
    fields.extend(bad_reason(reason));
    if !fields.is_empty() {
        return Err(Error::Invalid { fields });
    }
    let units = units.map(i64::try_from).transpose().map_err(Error::internal)?;
    Ok((units, reason))
}

#[cfg(test)]
mod tests {
    use super::checked;

    #[test]
    fn a_quota_is_a_number_with_a_reason() {
        let reason = " As agreed on the telephone ";
        let read = checked(Some(0), reason).unwrap();
        assert_eq!(read, (Some(0), "As agreed on the telephone"));
        assert_eq!(checked(None, reason).unwrap().0, None);
        assert!(checked(Some(1_000_000_001), reason).is_err());
        assert!(checked(Some(5), "too short").is_err());
    }
}
