//! Alerts of an invented past: what they told is what an evaluation of the invented calls tells.

use types::{
    AlertChannelId, AlertDeliveryId, AlertEventId, AlertRuleId, Timestamp, UserId,
    alerts::{AlertCause, AlertDraft, AlertKind, AlertState, Amount, ChannelKind},
    webhooks::DeliveryState,
};

use super::{
    draft::{Checked, checked},
    evaluate::LAG,
    preview::{Replayed, Turn, replay, stretch},
    rule::Rule,
    secret::{self, Target},
    store::{
        self,
        channels::{self, NewChannel},
        events::{self, NewEvent},
        queue::{self, Outcome},
        work::{self, Found},
    },
    told::routed,
};
use crate::{
    Error, Result,
    audit::{Action, Event, Tx},
    demo::Past,
};

/// A channel; its id. A mail goes to whoever makes it.
pub(crate) async fn channel(
    past: &Past<'_>,
    tx: &mut Tx,
    (kind, name, url): (ChannelKind, &str, &str),
) -> Result<AlertChannelId> {
    past.clock.set(past.made);
    let id = AlertChannelId::new(past.then.clock(), past.then.rng());
    let (own, maker) = (id.to_string(), past.maker.0.to_string());
    let (mut sealed, mut data_key) = (None, None);
    if kind != ChannelKind::Email {
        let key = secret::sealing_key(past.here, tx, &past.tenant).await?;
        let target = Target {
            url: url.to_owned(),
            secret: None,
        };
        sealed = Some(secret::seal(past.here, &key, (&past.tenant, &own), &target)?);
        data_key = Some(key.id);
    }
    let host = url::Url::parse(url).ok();
    let host = host.as_ref().and_then(|url| url.host_str()).unwrap_or_default();
    let new = NewChannel {
        id: &own,
        kind,
        name,
        user_id: (kind == ChannelKind::Email).then_some(maker.as_str()),
        data_key_id: data_key.as_deref(),
        sealed,
        host,
        created_by: &maker,
    };
    channels::insert(tx, &past.tenant, &new, past.made).await?;
    channels::tested(tx, &past.tenant, &own, past.made).await?;
    let event = Event::new(Action::AlertChannelCreated)
        .target(id)
        .detail("name", name)
        .detail("kind", kind)
        .detail("to", if host.is_empty() { &maker } else { host });
    past.maker.1.append(tx, &event).await?;
    Ok(id)
}

/// A rule with what it told in the last thirty days; whoever is named has acknowledged what fires.
/// How many events of the log there are of it.
pub(crate) async fn rule(
    past: &Past<'_>,
    tx: &mut Tx,
    draft: &AlertDraft,
    acknowledged: Option<UserId>,
) -> Result<u64> {
    let now = past.here.now();
    let Checked { terms, routes } = checked(tx, &past.tenant, draft, None).await?;
    past.clock.set(past.made);
    let id = AlertRuleId::new(past.then.clock(), past.then.rng());
    let own = id.to_string();
    let maker = past.maker.0.to_string();
    store::insert(tx, &past.tenant, (&own, &maker), &terms, past.made).await?;
    store::set_routes(tx, &past.tenant, &own, &routes).await?;
    let event = Event::new(Action::AlertRuleCreated)
        .target(id)
        .detail("name", &terms.name)
        .detail("kind", terms.kind)
        .detail("warning", "as in the form")
        .detail("critical", "as in the form");
    past.maker.1.append(tx, &event).await?;
    let rule = Rule {
        tenant: past.tenant.clone(),
        terms,
    };
    let stretch = stretch(rule.terms.kind, now);
    let found = replay(&rule, &rule.history(past.here, tx, stretch).await?, stretch)?;
    let mut episode = None;
    for turn in &found.turns {
        let event = tell(past, tx, (&own, &rule, &routes), turn).await?;
        if turn.from == AlertState::Ok {
            episode = Some(event);
        }
        if turn.to == AlertState::Ok {
            episode = None;
        }
    }
    settle(tx, &own, &rule, &found, (episode.as_deref(), stretch.1)).await?;
    if let (Some(who), Some(episode)) = (acknowledged, &episode) {
        let who = who.to_string();
        store::acknowledge(tx, &past.tenant, &own, &who, now).await?;
        events::acknowledge(tx, &past.tenant, (&own, episode), &who, now).await?;
    }
    Ok(1 + found.turns.len() as u64)
}

/// An edge with its messages, all of them taken; its id.
async fn tell(
    past: &Past<'_>,
    tx: &mut Tx,
    (id, rule, routes): (&str, &Rule, &[store::RouteRow]),
    turn: &Turn,
) -> Result<String> {
    let at = turn.at.plus_seconds(LAG);
    past.clock.set(at);
    let (cause, action) = if turn.to > turn.from {
        (AlertCause::Fired, Action::AlertFired)
    } else if turn.to.fires() {
        (AlertCause::Eased, Action::AlertEased)
    } else {
        (AlertCause::Cleared, Action::AlertCleared)
    };
    let event = AlertEventId::at(at, 0, past.then.rng()).to_string();
    let threshold = rule.band().threshold(turn.from.max(turn.to));
    let new = NewEvent {
        id: &event,
        rule_id: Some(id),
        cause,
        name: &rule.terms.name,
        kind: rule.terms.kind.as_str(),
        from: turn.from,
        to: turn.to,
        value: turn.value.map(Amount::as_thousandths),
        threshold: threshold.map(Amount::as_thousandths),
        facts: &serde_json::to_string(&turn.facts)?,
        silenced: false,
        at: turn.at,
    };
    events::insert(tx, &past.tenant, &new).await?;
    for channel in routed(routes, turn.from.max(turn.to)) {
        let delivery = AlertDeliveryId::at(at, 0, past.then.rng()).to_string();
        let claim = Some(("demo", at));
        queue::insert(tx, &past.tenant, (&delivery, &event, &channel), claim, at).await?;
        let outcome = Outcome {
            state: DeliveryState::Delivered,
            status: None,
            problem: None,
            next_try_at: at,
            now: at,
        };
        queue::note(tx, (&delivery, "demo"), &outcome).await?;
    }
    let told = Event::new(action)
        .target(id)
        .target(&event)
        .in_organisation(past.tenant.parse()?)
        .detail("name", &rule.terms.name)
        .detail("kind", rule.terms.kind)
        .detail("from", turn.from)
        .detail("to", turn.to)
        .detail("value", value(rule.terms.kind, turn));
    past.then.append(tx, &told).await?;
    Ok(event)
}

fn value(kind: AlertKind, turn: &Turn) -> String {
    turn.value.map_or_else(
        || "nothing to measure".to_owned(),
        |value| kind.unit().tell(value, turn.facts.currency()),
    )
}

/// How it stands after the last moment.
async fn settle(
    tx: &mut Tx,
    id: &str,
    rule: &Rule,
    found: &Replayed,
    (episode, last): (Option<&str>, Timestamp),
) -> Result<()> {
    let since = found.turns.last().map_or(last, |turn| turn.at);
    let (value, facts) = found.last.clone().unwrap_or_default();
    let state = found.standing.state;
    let settled = Found {
        state,
        since,
        calm: found.standing.calm,
        told: state,
        told_at: Some(since.plus_seconds(LAG)),
        episode,
        silenced_until: None,
        acknowledged: false,
        value: value.map(Amount::as_thousandths),
        facts: &serde_json::to_string(&facts)?,
        problem: None,
        evaluated_at: last,
        due_at: last.plus_seconds(rule.terms.kind.step() * 60 + LAG),
    };
    work::note(tx, id, &settled).await.map_err(Error::from)
}

/// The value at the end of an invented past, to choose a threshold by.
pub(crate) async fn value_now(past: &Past<'_>, tx: &mut Tx, draft: &AlertDraft) -> Result<Option<Amount>> {
    let terms = checked(tx, &past.tenant, draft, None).await?.terms;
    let rule = Rule {
        tenant: past.tenant.clone(),
        terms,
    };
    let stretch = stretch(rule.terms.kind, past.here.now());
    let found = replay(&rule, &rule.history(past.here, tx, stretch).await?, stretch)?;
    Ok(found.last.and_then(|(value, _)| value))
}
