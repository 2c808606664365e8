//! What a billable unit costs an organisation, as its operator says. Nothing is billed by it: it is
//! what `alerts` of spend go by.

use db::Conn;
use types::{OrganisationId, Permission, StepUp, Timestamp, alerts::Currency, usage::UnitPrice};

use super::{quota::bad_reason, store};
use crate::{
    Ctx, Error, Result, access,
    audit::{Action, Event},
};

/// Minor units that a unit costs at most.
const LARGEST: u64 = 100_000_000;

/// A price.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Price {
    /// Minor units of the currency.
    pub(crate) minor: i64,
    /// In what.
    pub(crate) currency: Currency,
}

/// What a unit costs the tenant; none if nobody has said so.
pub(crate) async fn price(conn: &mut Conn, tenant: &str) -> Result<Option<Price>> {
    let Some(row) = store::price(conn, tenant).await? else {
        return Ok(None);
    };
    Ok(Some(Price {
        minor: row.minor,
        currency: row.currency.parse()?,
    }))
}

/// The same for a page.
pub(super) async fn row(conn: &mut Conn, tenant: &str) -> Result<Option<UnitPrice>> {
    let Some(row) = store::price(conn, tenant).await? else {
        return Ok(None);
    };
    Ok(Some(UnitPrice {
        minor: u64::try_from(row.minor).unwrap_or_default(),
        currency: row.currency.parse()?,
        set_at: Timestamp::from_millis(row.set_at),
    }))
}

/// Sets what a unit costs an organisation, in minor units of a currency; none takes the price away.
/// The organisation's log tells it.
///
/// # Errors
/// `Forbidden` without [`Permission::QuotasManage`]; `StepUp`; `Invalid` for the price or the
/// reason; `NotFound`.
pub async fn set_price(
    ctx: &Ctx,
    organisation: OrganisationId,
    price: Option<(u64, Currency)>,
    reason: &str,
) -> Result<()> {
    ctx.require(Permission::QuotasManage).await?;
    ctx.require_fresh(StepUp::Staff).await?;
    let reason = reason.trim();
    let mut fields: Vec<_> = bad_reason(reason).into_iter().collect();
    if price.is_some_and(|(minor, _)| minor == 0 || minor > LARGEST) {
        let words = "Give 1 to 100,000,000 minor units, or none for no price.";
        fields.push(("minor".to_owned(), words.to_owned()));
    }
    if !fields.is_empty() {
        return Err(Error::Invalid { fields });
    }
    let tenant = organisation.to_string();
    let mut tx = ctx.begin().await?;
    if access::organisation(&mut tx, &tenant).await?.is_none() {
        return Err(Error::NotFound("The organisation"));
    }
    let before = row(&mut tx, &tenant).await?;
    match price {
        Some((minor, currency)) => {
            let minor = i64::try_from(minor).map_err(Error::internal)?;
            store::set_price(&mut tx, &tenant, (minor, currency.as_str()), ctx.now()).await?;
        }
        None => store::lift_price(&mut tx, &tenant).await?,
    }
    let told = |price: Option<(u64, Currency)>| {
        price.map_or_else(|| "none".to_owned(), |(minor, currency)| currency.tell(minor))
    };
    let event = Event::new(Action::PriceSet)
        .target(organisation)
        .as_staff()
        .on_behalf_of(organisation)
        .in_organisation(organisation)
        .detail("from", told(before.map(|price| (price.minor, price.currency))))
        .detail("to", told(price))
        .detail("reason", reason);
    ctx.commit(tx, event).await
}
