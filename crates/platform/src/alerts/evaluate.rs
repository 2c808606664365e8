//! Evaluating rules that are due: claimed, measured outside of any write, settled under the claim.

use types::{
    Timestamp,
    alerts::{AlertCause, AlertFacts, AlertState, Amount},
};

use super::{
    edge::Standing,
    measure::{Reading, grid},
    rule::{Rule, facts},
    store::{
        self, RuleRecord,
        work::{self, Found},
    },
    told::{Edge, routed, tell},
};
use crate::{
    Ctx, Result,
    audit::{Action, Event, Housekeeping, Tx},
    codec,
};

/// Rules taken in one go.
const BATCH: i64 = 20;
/// A claimant that has not ended after so many seconds is taken for dead.
const CLAIM: i64 = 120;
/// Seconds by which an evaluation follows its moment: calls are counted in batches of five seconds,
/// on every server.
pub(super) const LAG: i64 = 15;
/// What stays critical is told again after so many seconds.
const AGAIN: i64 = 86_400;

/// Evaluates rules that are due and nobody else's at the moment; how many there were. A rule that
/// cannot be read is tried again, and holds up no other.
///
/// # Errors
/// If the database fails.
pub async fn evaluate(ctx: &Ctx) -> Result<usize> {
    let now = ctx.now();
    if !work::any_due(&mut *ctx.read().await?, now).await? {
        return Ok(0);
    }
    let claim = codec::secret(ctx.rng());
    let mut tx = ctx.begin().await?;
    let rows = work::claim(&mut tx, &claim, now, now.plus_seconds(CLAIM), BATCH).await?;
    ctx.commit_housekeeping(tx, Housekeeping::AlertMoved).await?;
    for row in &rows {
        if let Err(error) = one(ctx, row, &claim).await {
            tracing::error!(rule = %row.id, %error, "an alert could not be evaluated; it is tried again");
        }
    }
    Ok(rows.len())
}

async fn one(ctx: &Ctx, row: &RuleRecord, claim: &str) -> Result<()> {
    let rule = Rule::of(row)?;
    let moment = grid(rule.terms.kind, ctx.now().plus_seconds(-LAG));
    let mut read = ctx.read().await?;
    let history = rule.history(ctx, &mut read, (moment, moment)).await?;
    drop(read);
    let reading = history.at(moment)?;
    let mut tx = ctx.begin().await?;
    let Some(held) = work::hold(&mut tx, &row.id, claim).await? else {
        // Another server has it by now, or it is off or gone.
        return Ok(());
    };
    let now = Rule::of(&held)?;
    if now.terms != rule.terms {
        // Changed since it was measured: whoever changed it made it due.
        work::release(&mut tx, &row.id).await?;
        return ctx.commit_housekeeping(tx, Housekeeping::AlertMoved).await;
    }
    let event = settle(ctx, &mut tx, (&held, &rule), moment, &reading).await?;
    match event {
        Some(event) => {
            count(&mut tx, &rule);
            ctx.commit(tx, event).await
        }
        None => ctx.commit_housekeeping(tx, Housekeeping::AlertMoved).await,
    }
}

/// Counts an edge for whoever watches the installation.
fn count(tx: &mut Tx, rule: &Rule) {
    tx.count(metrics::counter!("loomwire_alert_edges_total", "kind" => rule.terms.kind.as_str()));
}

/// What a reading comes to: how the rule stands, what is told, and what the log says of it.
async fn settle(
    ctx: &Ctx,
    tx: &mut Tx,
    (row, rule): (&RuleRecord, &Rule),
    moment: Timestamp,
    reading: &Reading,
) -> Result<Option<Event>> {
    let before = row.standing()?;
    let fresh = row.evaluated_at.is_none_or(|last| last < moment.as_millis());
    let after = match reading {
        // What cannot be measured changes nothing, and a moment counts once.
        Reading::Gap(_) => before,
        _ if !fresh => before,
        Reading::Nothing => rule.band().step(before, None),
        Reading::Value(value, _) => rule.band().step(before, Some(*value)),
    };
    let now = ctx.now();
    let until = row.silenced_until.map(Timestamp::from_millis);
    let silenced = until.is_some_and(|until| now < until);
    let (value, text) = measured(row, reading)?;
    let mut teller = Teller {
        ctx,
        row,
        rule,
        silenced,
        ended: until.is_some() && !silenced,
        value,
        facts: &text,
        moment,
        told: row.told_state()?,
        told_at: row.told_at.map(Timestamp::from_millis),
        episode: row.episode.clone(),
    };
    let event = if after.state == before.state {
        teller
            .same(tx, after.state, matches!(reading, Reading::Gap(_)))
            .await?;
        None
    } else {
        Some(teller.edge(tx, before, after).await?)
    };
    let changed = after.state != before.state;
    let worse = after.state > before.state;
    let found = Found {
        state: after.state,
        since: if changed {
            moment
        } else {
            Timestamp::from_millis(row.state_since)
        },
        calm: after.calm,
        told: teller.told,
        told_at: teller.told_at,
        episode: teller.episode.as_deref(),
        silenced_until: until.filter(|_| silenced),
        acknowledged: !worse && after.state.fires(),
        value,
        facts: &text,
        problem: match reading {
            Reading::Gap(gap) => Some(gap.as_str()),
            _ => None,
        },
        evaluated_at: moment.max(Timestamp::from_millis(row.evaluated_at.unwrap_or(i64::MIN))),
        due_at: due(rule, moment, until.filter(|_| silenced)),
    };
    work::note(tx, &row.id, &found).await?;
    Ok(event)
}

/// When a rule is due next: with its next moment, or with the end of its silence.
fn due(rule: &Rule, moment: Timestamp, silenced_until: Option<Timestamp>) -> Timestamp {
    let next = moment.plus_seconds(rule.terms.kind.step() * 60 + LAG);
    silenced_until.map_or(next, |until| next.min(until))
}

/// The value and its numbers as they are stored; those before, if there are none.
fn measured(row: &RuleRecord, reading: &Reading) -> Result<(Option<i64>, String)> {
    Ok(match reading {
        Reading::Value(value, facts) => (Some(value.as_thousandths()), serde_json::to_string(facts)?),
        Reading::Nothing => (None, serde_json::to_string(&AlertFacts::Value)?),
        Reading::Gap(_) => (row.value, row.facts.clone()),
    })
}

/// Whoever decides what is told, and remembers it.
struct Teller<'a> {
    ctx: &'a Ctx,
    row: &'a RuleRecord,
    rule: &'a Rule,
    silenced: bool,
    /// A silence has just ended.
    ended: bool,
    value: Option<i64>,
    facts: &'a str,
    moment: Timestamp,
    told: AlertState,
    told_at: Option<Timestamp>,
    episode: Option<String>,
}

impl Teller<'_> {
    async fn tell(
        &self,
        tx: &mut Tx,
        cause: AlertCause,
        (from, to): (AlertState, AlertState),
        channels: &[String],
    ) -> Result<String> {
        let threshold = self.rule.band().threshold(from.max(to));
        let edge = Edge {
            tenant: &self.row.organisation_id,
            rule: &self.row.id,
            name: &self.row.name,
            kind: &self.row.kind,
            cause,
            from,
            to,
            value: self.value,
            threshold: threshold.map(Amount::as_thousandths),
            facts: self.facts,
            silenced: self.silenced,
            at: self.moment,
        };
        Ok(tell(self.ctx, tx, &edge, channels).await?.to_string())
    }

    async fn routed(&self, tx: &mut Tx, state: AlertState) -> Result<Vec<String>> {
        let routes = store::routes(tx, &self.row.organisation_id, &self.row.id).await?;
        Ok(routed(&routes, state))
    }

    /// Those who were told since it began to fire.
    async fn informed(&self, tx: &mut Tx) -> Result<Vec<String>> {
        let Some(episode) = &self.episode else {
            return Ok(Vec::new());
        };
        Ok(store::events::told(tx, &self.row.organisation_id, &self.row.id, episode).await?)
    }

    fn has_told(&mut self, state: AlertState) {
        self.told = state;
        self.told_at = Some(self.ctx.now());
    }

    /// The state has changed.
    async fn edge(&mut self, tx: &mut Tx, before: Standing, after: Standing) -> Result<Event> {
        let (from, to) = (before.state, after.state);
        let (cause, action) = if to > from {
            (AlertCause::Fired, Action::AlertFired)
        } else if to.fires() {
            (AlertCause::Eased, Action::AlertEased)
        } else {
            (AlertCause::Cleared, Action::AlertCleared)
        };
        let mut channels = Vec::new();
        if !self.silenced {
            channels = match cause {
                AlertCause::Fired => self.routed(tx, to).await?,
                _ => self.informed(tx).await?,
            };
            if cause == AlertCause::Eased {
                let milder = self.routed(tx, to).await?;
                channels.extend(milder);
                channels.sort_unstable();
                channels.dedup();
            }
        }
        let id = self.tell(tx, cause, (from, to), &channels).await?;
        if from == AlertState::Ok && self.episode.is_none() {
            self.episode = Some(id.clone());
        }
        if !self.silenced {
            self.has_told(to);
            if !to.fires() {
                self.episode = None;
            }
        }
        self.audited(action, from, to, &id)
    }

    /// The state has not changed: a silence may have ended, or a day be over.
    async fn same(&mut self, tx: &mut Tx, state: AlertState, gap: bool) -> Result<()> {
        if self.silenced {
            return Ok(());
        }
        if self.ended && !state.fires() {
            // It ended while nobody was told: whoever knows of its beginning is told now.
            let channels = self.informed(tx).await?;
            if !channels.is_empty() {
                let states = (AlertState::Ok, AlertState::Ok);
                self.tell(tx, AlertCause::Cleared, states, &channels).await?;
            }
            self.episode = None;
            self.has_told(AlertState::Ok);
            return Ok(());
        }
        if self.told < state && self.ended {
            let channels = self.routed(tx, state).await?;
            self.tell(tx, AlertCause::Unsilenced, (state, state), &channels)
                .await?;
            self.has_told(state);
            return Ok(());
        }
        let now = self.ctx.now();
        let day_over = self.told_at.is_some_and(|told| told.plus_seconds(AGAIN) <= now);
        if state == AlertState::Critical && day_over && !gap && self.row.acknowledged_at.is_none() {
            let channels = self.routed(tx, state).await?;
            self.tell(tx, AlertCause::Reminder, (state, state), &channels)
                .await?;
            self.has_told(state);
        }
        Ok(())
    }

    /// What the log says of an edge.
    fn audited(&self, action: Action, from: AlertState, to: AlertState, event: &str) -> Result<Event> {
        let unit = self.rule.terms.kind.unit();
        let facts = facts(self.facts);
        let value = self.value.map_or_else(
            || "nothing to measure".to_owned(),
            |value| unit.tell(Amount::thousandths(value), facts.currency()),
        );
        Ok(Event::new(action)
            .target(&self.row.id)
            .target(event)
            .in_organisation(self.row.organisation_id.parse()?)
            .detail("name", &self.row.name)
            .detail("kind", self.rule.terms.kind)
            .detail("from", from)
            .detail("to", to)
            .detail("value", value))
    }
}
