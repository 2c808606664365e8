//! What pages show of rules, channels and what was told.

use std::collections::HashMap;

use db::Conn;
use types::{
    AlertChannelId, AlertEventId, AlertRuleId, Permission, Timestamp,
    alerts::{
        AlertDelivery, AlertEventRow, AlertPage, AlertRow, AlertsPage, Amount, ChannelChoice, ChannelKind,
        ChannelPage, ChannelRow, ChannelsPage, Routed,
    },
    console::Page,
    webhooks::DeliveryState,
};

use super::{
    found, found_channel,
    gap::Gap,
    preview::{replay, stretch},
    rule::{Rule, facts},
    store::{
        self, RouteRow, RuleRecord,
        channels::{self, ChannelRecord},
        events::{self, EventRecord, SentRecord},
        measure,
    },
};
use crate::{
    Ctx, Result, identity,
    search::{AFTER_ALL, Problems},
    webhooks,
};

/// Events a page.
const PAGE: usize = 20;
/// Messages of a channel that are shown.
const SENT: i64 = 50;

/// What ids are called, for rows that name them.
struct Names {
    keys: HashMap<String, (String, String)>,
    webhooks: HashMap<String, String>,
    channels: HashMap<String, i64>,
}

impl Names {
    async fn read(conn: &mut Conn, tenant: &str) -> Result<Self> {
        let keys = measure::key_names(conn, tenant).await?;
        let endpoints = measure::endpoints(conn, tenant, "").await?;
        Ok(Self {
            keys: keys
                .into_iter()
                .map(|(id, name, env)| (id, (name, env)))
                .collect(),
            webhooks: endpoints
                .into_iter()
                .map(|row| (row.id, webhooks::shown(&row.url)))
                .collect(),
            channels: store::route_counts(conn, tenant).await?.into_iter().collect(),
        })
    }
}

/// How many alerts fire that nobody has acknowledged.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsRead`].
pub async fn firing(ctx: &Ctx) -> Result<u64> {
    ctx.require(Permission::AlertsRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let count = store::firing(&mut *ctx.read().await?, &tenant).await?;
    Ok(u64::try_from(count).unwrap_or_default())
}

/// Whether the organisation has an alert.
pub(crate) async fn any(conn: &mut Conn, tenant: &str) -> Result<bool> {
    Ok(store::any(conn, tenant).await?)
}

/// The organisation's alerts: what fires first, the worst first; then by name.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsRead`].
pub async fn page(ctx: &Ctx) -> Result<AlertsPage> {
    ctx.require(Permission::AlertsRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let names = Names::read(&mut read, &tenant).await?;
    let mut rows = Vec::new();
    for record in store::list(&mut read, &tenant).await? {
        rows.push(row(ctx, &mut read, &record, &names).await?);
    }
    // Stable, so that those alike stay in the order of their names.
    rows.sort_by_key(|row| (std::cmp::Reverse(row.state), !row.enabled));
    let channels = channels::list(&mut read, &tenant).await?.len();
    Ok(AlertsPage {
        rows,
        channels: channels as u64,
    })
}

async fn row(ctx: &Ctx, conn: &mut Conn, record: &RuleRecord, names: &Names) -> Result<AlertRow> {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let key = some(&record.api_key_id)
        .map(|id| {
            let name = names.keys.get(&id).map(|(name, _)| name.clone());
            Ok::<_, crate::Error>((id.parse()?, name.unwrap_or(id)))
        })
        .transpose()?;
    let webhook = some(&record.webhook_id)
        .map(|id| {
            let target = names.webhooks.get(&id).cloned();
            Ok::<_, crate::Error>((
                id.parse()?,
                target.unwrap_or_else(|| "a webhook that is gone".into()),
            ))
        })
        .transpose()?;
    let acknowledged = match (&record.acknowledged_by, record.acknowledged_at) {
        (Some(who), Some(at)) => {
            let user = identity::user(conn, who).await?;
            let name = user.map_or_else(|| "somebody who is gone".to_owned(), |user| user.name);
            Some((name, Timestamp::from_millis(at)))
        }
        _ => None,
    };
    let until = record.silenced_until.map(Timestamp::from_millis);
    let count = names.channels.get(&record.id).copied().unwrap_or_default();
    Ok(AlertRow {
        id: record.id.parse()?,
        kind: record.kind.parse()?,
        name: record.name.clone(),
        environment: some(&record.environment).map(|word| word.parse()).transpose()?,
        key,
        endpoint: some(&record.endpoint),
        webhook,
        window: record.window_minutes,
        warning: record.warning.map(Amount::thousandths),
        critical: record.critical.map(Amount::thousandths),
        hysteresis: record.hysteresis,
        clear_after: record.clear_after,
        enabled: record.enabled,
        silenced_until: until.filter(|until| ctx.now() < *until),
        state: record.state.parse()?,
        since: Timestamp::from_millis(record.state_since),
        acknowledged,
        value: record.value.map(Amount::thousandths),
        facts: record.measured(),
        problem: record
            .problem
            .as_deref()
            .and_then(|word| word.parse().ok())
            .map(|gap: Gap| gap.sentence().to_owned()),
        evaluated_at: record.evaluated_at.map(Timestamp::from_millis),
        channels: u64::try_from(count).unwrap_or_default(),
    })
}

/// One alert: how it stands, its last thirty days, and what was told, from behind this event on.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsRead`]; `NotFound`; `Invalid` for a place that is none.
pub async fn one(ctx: &Ctx, id: AlertRuleId, after: Option<&str>) -> Result<AlertPage> {
    ctx.require(Permission::AlertsRead).await?;
    let mut problems = Problems::default();
    let after = problems.place::<AlertEventId>(after);
    problems.settle()?;
    let before = after.map_or_else(|| AFTER_ALL.to_owned(), |id| id.to_string());
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let record = found(&mut read, &tenant, id).await?;
    let names = Names::read(&mut read, &tenant).await?;
    let own = row(ctx, &mut read, &record, &names).await?;
    let rule = Rule::of(&record)?;
    let stretch = stretch(rule.terms.kind, ctx.now());
    let history = rule.history(ctx, &mut read, stretch).await?;
    let limit = i64::try_from(PAGE + 1).unwrap_or_default();
    let mut told = events::of_rule(&mut read, &tenant, &record.id, &before, limit).await?;
    let more = told.len() > PAGE;
    told.truncate(PAGE);
    let sent = match (told.last(), told.first()) {
        (Some(first), Some(last)) => {
            events::sent_of_rule(&mut read, &tenant, &record.id, (&first.id, &last.id)).await?
        }
        _ => Vec::new(),
    };
    let next = told.last().filter(|_| more).map(|event| event.id.clone());
    let rows = told
        .into_iter()
        .map(|event| event_row(event, &sent))
        .collect::<Result<_>>()?;
    let fired = events::fired(&mut read, &tenant, &record.id, stretch.0).await?;
    let routes = store::routes(&mut read, &tenant, &record.id).await?;
    let known = channels::list(&mut read, &tenant).await?;
    drop(read);
    Ok(AlertPage {
        row: own,
        points: replay(&rule, &history, stretch)?.points,
        fired: fired
            .into_iter()
            .map(|(at, state)| Ok((Timestamp::from_millis(at), state.parse()?)))
            .collect::<Result<_>>()?,
        routes: routed(&routes, &known)?,
        events: Page { rows, next },
    })
}

fn routed(routes: &[RouteRow], known: &[ChannelRecord]) -> Result<Vec<Routed>> {
    let mut told = Vec::new();
    for channel in known {
        if let Some(route) = routes.iter().find(|route| route.channel_id == channel.id) {
            told.push(Routed {
                channel: choice(channel)?,
                warning: route.warning,
                critical: route.critical,
            });
        }
    }
    Ok(told)
}

pub(super) fn choice(channel: &ChannelRecord) -> Result<ChannelChoice> {
    Ok(ChannelChoice {
        id: channel.id.parse()?,
        name: channel.name.clone(),
        kind: channel.kind.parse()?,
    })
}

fn event_row(event: EventRecord, sent: &[SentRecord]) -> Result<AlertEventRow> {
    let deliveries = sent.iter().filter(|one| one.event_id == event.id).cloned();
    let acknowledged = event
        .acknowledged_at
        .map(|at| (event.acknowledger.unwrap_or_default(), Timestamp::from_millis(at)));
    Ok(AlertEventRow {
        id: event.id.parse()?,
        cause: event.cause.parse()?,
        from: event.from_state.parse()?,
        to: event.to_state.parse()?,
        value: event.value.map(Amount::thousandths),
        threshold: event.threshold.map(Amount::thousandths),
        facts: facts(&event.facts),
        silenced: event.silenced,
        acknowledged,
        at: Timestamp::from_millis(event.at),
        deliveries: deliveries.map(delivery).collect::<Result<_>>()?,
    })
}

fn delivery(record: SentRecord) -> Result<AlertDelivery> {
    let state: DeliveryState = record.state.parse()?;
    let waits = state == DeliveryState::Pending;
    Ok(AlertDelivery {
        channel: record.channel_id.parse()?,
        channel_name: record.channel_name,
        name: record.name,
        cause: record.cause.parse()?,
        state,
        attempts: u32::try_from(record.attempts).unwrap_or_default(),
        status: record.status.and_then(|status| u16::try_from(status).ok()),
        problem: record.problem,
        next_try_at: waits.then_some(Timestamp::from_millis(record.next_try_at)),
        at: Timestamp::from_millis(record.created_at),
    })
}

/// The organisation's channels.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsRead`].
pub async fn channels(ctx: &Ctx) -> Result<ChannelsPage> {
    ctx.require(Permission::AlertsRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let rules = channels::rules(&mut read, &tenant).await?;
    let last: HashMap<_, _> = channels::last(&mut read, &tenant).await?.into_iter().collect();
    let rows = channels::list(&mut read, &tenant).await?;
    let rows = rows.iter().map(|row| {
        let count = rules.iter().filter(|(channel, ..)| *channel == row.id).count();
        channel_row(row, count as u64, last.get(&row.id))
    });
    let rows = rows.collect::<Result<_>>()?;
    let members = if ctx.actor().may(Permission::AlertsManage) {
        channels::members(&mut read, &tenant).await?
    } else {
        Vec::new()
    };
    Ok(ChannelsPage {
        rows,
        members: members
            .into_iter()
            .map(|(id, name)| Ok((id.parse()?, name)))
            .collect::<Result<_>>()?,
    })
}

fn channel_row(record: &ChannelRecord, rules: u64, last: Option<&String>) -> Result<ChannelRow> {
    let kind: ChannelKind = record.kind.parse()?;
    let target = match kind {
        ChannelKind::Email => record
            .member
            .clone()
            .unwrap_or_else(|| "A member who left".to_owned()),
        _ => record.host.clone(),
    };
    Ok(ChannelRow {
        id: record.id.parse()?,
        kind,
        name: record.name.clone(),
        target,
        tested_at: record.tested_at.map(Timestamp::from_millis),
        rules,
        last: last.map(|state| state.parse()).transpose()?,
        created_at: Timestamp::from_millis(record.created_at),
    })
}

/// One channel, and what was sent through it.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsRead`]; `NotFound`.
pub async fn channel(ctx: &Ctx, id: AlertChannelId) -> Result<ChannelPage> {
    ctx.require(Permission::AlertsRead).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let record = found_channel(&mut read, &tenant, id).await?;
    let sent = events::sent_through(&mut read, &tenant, &record.id, SENT).await?;
    let rules = channels::rules(&mut read, &tenant).await?;
    let rules: Vec<_> = rules
        .into_iter()
        .filter(|(channel, ..)| *channel == record.id)
        .collect();
    let last = sent.first().map(|one| one.state.clone());
    Ok(ChannelPage {
        row: channel_row(&record, rules.len() as u64, last.as_ref())?,
        rules: rules
            .into_iter()
            .map(|(_, id, name)| Ok((id.parse()?, name)))
            .collect::<Result<_>>()?,
        deliveries: sent.into_iter().map(delivery).collect::<Result<_>>()?,
    })
}
