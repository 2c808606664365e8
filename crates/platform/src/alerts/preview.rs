//! What a rule would have told in the last thirty days: the same values and the same edges, moment
//! by moment.

use types::{
    Permission, Timestamp,
    alerts::{
        AlertDraft, AlertFacts, AlertKind, AlertPoint, AlertPreview, AlertState, Amount, Currency,
        PreviewFiring, Worse,
    },
};

use super::{
    draft::checked,
    edge::Standing,
    evaluate::LAG,
    measure::{History, Reading, grid},
    rule::Rule,
};
use crate::{Ctx, Result};

/// Days that are looked back.
const DAYS: i64 = 30;
const HOUR: i64 = 3_600_000;
/// Firings that are listed.
const LISTED: usize = 100;

/// What was found, moment by moment.
pub(super) struct Replayed {
    pub(super) points: Vec<AlertPoint>,
    pub(super) turns: Vec<Turn>,
    /// How it stands at the end.
    pub(super) standing: Standing,
    /// What was measured last, and its numbers.
    pub(super) last: Option<(Option<Amount>, AlertFacts)>,
    pub(super) problem: Option<&'static str>,
    pub(super) currency: Option<Currency>,
}

impl Default for Replayed {
    fn default() -> Self {
        Self {
            points: Vec::new(),
            turns: Vec::new(),
            standing: Standing::NEW,
            last: None,
            problem: None,
            currency: None,
        }
    }
}

/// The stretch that is looked back at: from the first moment to the last, both evaluated.
pub(super) fn stretch(kind: AlertKind, now: Timestamp) -> (Timestamp, Timestamp) {
    let last = grid(kind, now.plus_seconds(-LAG));
    (grid(kind, last.plus_seconds(-DAYS * 86_400)), last)
}

/// A change of state.
pub(super) struct Turn {
    pub(super) at: Timestamp,
    pub(super) from: AlertState,
    pub(super) to: AlertState,
    /// What was measured; nothing, if there is nothing any more that could be bad.
    pub(super) value: Option<Amount>,
    pub(super) facts: AlertFacts,
}

/// Goes through the moments of a stretch as an evaluation would have.
pub(super) fn replay(rule: &Rule, history: &History, (from, to): (Timestamp, Timestamp)) -> Result<Replayed> {
    let (kind, band) = (rule.terms.kind, rule.band());
    let mut found = Replayed::default();
    let mut moment = from;
    while moment <= to {
        let reading = history.at(moment)?;
        let (value, facts) = match reading {
            Reading::Gap(gap) => {
                found.problem = Some(gap.sentence());
                found.point(kind, moment, None);
                moment = moment.plus_seconds(kind.step() * 60);
                continue;
            }
            Reading::Nothing => (None, AlertFacts::Value),
            Reading::Value(value, facts) => (Some(value), facts),
        };
        found.currency = facts.currency().or(found.currency);
        let after = band.step(found.standing, value);
        if after.state != found.standing.state {
            found.turns.push(Turn {
                at: moment,
                from: found.standing.state,
                to: after.state,
                value,
                facts: facts.clone(),
            });
        }
        found.standing = after;
        found.last = Some((value, facts));
        found.point(kind, moment, value);
        moment = moment.plus_seconds(kind.step() * 60);
    }
    Ok(found)
}

impl Replayed {
    /// When it fired, the oldest first.
    fn firings(&self) -> Vec<PreviewFiring> {
        let fired = self.turns.iter().filter(|turn| turn.to > turn.from);
        let listed = fired.filter_map(|turn| {
            Some(PreviewFiring {
                at: turn.at,
                to: turn.to,
                value: turn.value?,
                facts: turn.facts.clone(),
            })
        });
        listed.collect()
    }

    /// The worst value of each hour.
    fn point(&mut self, kind: AlertKind, moment: Timestamp, value: Option<Amount>) {
        let at = Timestamp::from_millis(moment.as_millis().div_euclid(HOUR) * HOUR);
        match self.points.last_mut().filter(|last| last.at == at) {
            Some(last) => {
                let worse = match kind.worse() {
                    Worse::Higher => last.value.max(value),
                    Worse::Lower => match (last.value, value) {
                        (Some(one), Some(other)) => Some(one.min(other)),
                        (one, other) => one.or(other),
                    },
                };
                last.value = worse;
            }
            None => self.points.push(AlertPoint { at, value }),
        }
    }
}

/// What a rule of this form would have told in the last thirty days. Nothing is saved.
///
/// # Errors
/// `Forbidden` without [`Permission::AlertsManage`]; `Invalid`, a field each.
pub async fn preview(ctx: &Ctx, draft: &AlertDraft) -> Result<AlertPreview> {
    ctx.require(Permission::AlertsManage).await?;
    let tenant = ctx.tenant()?.to_string();
    let mut read = ctx.read().await?;
    let terms = checked(&mut read, &tenant, draft, None).await?.terms;
    let rule = Rule { tenant, terms };
    let stretch = stretch(rule.terms.kind, ctx.now());
    let history = rule.history(ctx, &mut read, stretch).await?;
    drop(read);
    let found = replay(&rule, &history, stretch)?;
    let mut firings = found.firings();
    let of = |state: AlertState| firings.iter().filter(|firing| firing.to == state).count() as u64;
    let (warnings, critical_times) = (of(AlertState::Warning), of(AlertState::Critical));
    firings.truncate(LISTED);
    Ok(AlertPreview {
        kind: rule.terms.kind,
        warning: rule.terms.warning,
        critical: rule.terms.critical,
        points: found.points,
        firings,
        warnings,
        critical_times,
        problem: found.problem.map(ToOwned::to_owned),
        currency: found.currency,
    })
}
