//! What a rule would have told in the last thirty days: the same values and the same edges, moment
//! by moment.

use types::{
    Permission, Timestamp,
    alerts::{
        AlertDraft, AlertFacts, AlertKind, AlertPoint, AlertPreview, AlertState, Amount, PreviewFiring, Worse,
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

/// A value at a moment, of those that were found.
pub(super) struct Replayed {
    pub(super) points: Vec<AlertPoint>,
    pub(super) firings: Vec<PreviewFiring>,
    pub(super) warnings: u64,
    pub(super) criticals: u64,
    pub(super) problem: Option<&'static str>,
    pub(super) currency: Option<types::alerts::Currency>,
}

/// The stretch that is looked back at: from the first moment to the last, both evaluated.
pub(super) fn stretch(kind: AlertKind, now: Timestamp) -> (Timestamp, Timestamp) {
    let last = grid(kind, now.plus_seconds(-LAG));
    (grid(kind, last.plus_seconds(-DAYS * 86_400)), last)
}

/// Goes through the moments of a stretch as an evaluation would have.
pub(super) fn replay(rule: &Rule, history: &History, (from, to): (Timestamp, Timestamp)) -> Result<Replayed> {
    let (kind, band) = (rule.terms.kind, rule.band());
    let mut standing = Standing::NEW;
    let mut found = Replayed {
        points: Vec::new(),
        firings: Vec::new(),
        warnings: 0,
        criticals: 0,
        problem: None,
        currency: None,
    };
    let mut moment = from;
    while moment <= to {
        let reading = history.at(moment)?;
        let mut value = None;
        match reading {
            Reading::Gap(gap) => found.problem = Some(gap.sentence()),
            Reading::Nothing => standing = band.step(standing, None),
            Reading::Value(amount, facts) => {
                value = Some(amount);
                found.currency = facts.currency().or(found.currency);
                let after = band.step(standing, value);
                if after.state > standing.state {
                    found.fire(moment, after.state, (amount, facts));
                }
                standing = after;
            }
        }
        found.point(kind, moment, value);
        moment = moment.plus_seconds(kind.step() * 60);
    }
    Ok(found)
}

impl Replayed {
    fn fire(&mut self, at: Timestamp, to: AlertState, (value, facts): (Amount, AlertFacts)) {
        match to {
            AlertState::Critical => self.criticals += 1,
            _ => self.warnings += 1,
        }
        if self.firings.len() < LISTED {
            self.firings.push(PreviewFiring { at, to, value, facts });
        }
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
    Ok(AlertPreview {
        kind: rule.terms.kind,
        warning: rule.terms.warning,
        critical: rule.terms.critical,
        points: found.points,
        firings: found.firings,
        warnings: found.warnings,
        criticals: found.criticals,
        problem: found.problem.map(ToOwned::to_owned),
        currency: found.currency,
    })
}
