//! What there is to choose from when an alert is made or changed.

use types::{
    AlertRuleId, Permission,
    alerts::{AlertChoices, AlertDraft, AlertKind, Amount, Unavailable},
};

use super::{
    draft::unavailable,
    found,
    page::choice,
    store::{self, RouteRow, RuleRecord, channels, measure},
};
use crate::{Ctx, Result, usage, webhooks};

/// What there is to choose from in the form of an alert, and the alert as it is, if there is one.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsManage`]; `NotFound`.
pub async fn choices(ctx: &Ctx, id: Option<AlertRuleId>) -> Result<AlertChoices> {
    ctx.require(Permission::AlertsManage).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let draft = match id {
        Some(id) => {
            let record = found(&mut read, &tenant, id).await?;
            let routes = store::routes(&mut read, &tenant, &record.id).await?;
            Some(draft_of(record, &routes))
        }
        None => None,
    };
    let mut missing = Vec::new();
    for kind in AlertKind::ALL {
        if let Some(why) = unavailable(&mut read, &tenant, *kind).await? {
            missing.push(Unavailable {
                kind: *kind,
                why: why.to_owned(),
            });
        }
    }
    let keys = measure::key_names(&mut read, &tenant).await?;
    let endpoints = measure::endpoints(&mut read, &tenant, "").await?;
    let known = channels::list(&mut read, &tenant).await?;
    let price = usage::price(&mut read, &tenant).await?;
    Ok(AlertChoices {
        keys: keys
            .into_iter()
            .map(|(id, name, environment)| Ok((id.parse()?, name, environment.parse()?)))
            .collect::<Result<_>>()?,
        webhooks: endpoints
            .into_iter()
            .map(|row| Ok((row.id.parse()?, webhooks::shown(&row.url))))
            .collect::<Result<_>>()?,
        channels: known.iter().map(choice).collect::<Result<_>>()?,
        unavailable: missing,
        currency: price.map(|price| price.currency),
        draft,
    })
}

fn draft_of(record: RuleRecord, routes: &[RouteRow]) -> AlertDraft {
    let amount = |thousandths: Option<i64>| {
        let amount = thousandths.map(Amount::thousandths);
        amount.map(|amount| amount.to_string()).unwrap_or_default()
    };
    let told = |which: fn(&RouteRow) -> bool| {
        let routes = routes.iter().filter(|route| which(route));
        routes.map(|route| route.channel_id.clone()).collect()
    };
    AlertDraft {
        kind: record.kind,
        name: record.name,
        environment: record.environment,
        key: record.api_key_id,
        endpoint: record.endpoint,
        webhook: record.webhook_id,
        window: record.window_minutes.to_string(),
        warning: amount(record.warning),
        critical: amount(record.critical),
        hysteresis: record.hysteresis.to_string(),
        clear_after: record.clear_after.to_string(),
        warning_channels: told(|route| route.warning),
        critical_channels: told(|route| route.critical),
    }
}
