//! Carrying a plan out.
//!
//! A round asks every source for its next ids. The source that reaches furthest back with them is
//! the sparsest here, and what it gave are the candidates; whatever another source would have had
//! to give and did not is out at once, the rest is looked at itself. Rounds grow, up to a bound on
//! what one page may cost.

use std::collections::BTreeSet;

use db::Read;

use super::{Facts, Plan, plan::Source, store};
use crate::Result;

/// Ids of the first round, and of the largest.
const FIRST: usize = 64;
const LARGEST: usize = 1_024;
/// What one page may cost: an id read from an index is 1, an event looked at 8.
const BUDGET: usize = 24_000;
const EVENT: usize = 8;
/// Events without terms that are looked through, at most, of each kind.
const TAIL: i64 = 500;

/// What was found.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::audit) struct Hits {
    /// Newest first.
    pub(in crate::audit) ids: Vec<String>,
    /// Where to go on; `None` at the end.
    pub(in crate::audit) next: Option<String>,
    /// Whether it stopped for what it had cost: `next` is as far as it looked.
    pub(in crate::audit) stopped: bool,
    /// Whether events without terms were left out.
    pub(in crate::audit) behind: bool,
}

/// At most `limit` events, newest first.
pub(in crate::audit) async fn find(read: &mut Read, plan: &Plan, limit: usize) -> Result<Hits> {
    let (mut found, behind) = tail(read, plan).await?;
    let mut before = plan.wanted.before.clone();
    let (mut size, mut spent) = (FIRST.max(limit + 1), 0);
    // What has no terms yet counts only once the rest has been looked at that far.
    let full = |found: &BTreeSet<String>, reach: &String| found.range(reach.clone()..).count() > limit;
    let mut stopped = false;
    loop {
        let round = round(read, plan, &before, size).await?;
        spent += round.spent;
        let mut candidates = round.candidates;
        let mut enough = false;
        while !candidates.is_empty() && !enough {
            let rest = candidates.split_off(candidates.len().min(store::LOOK));
            let Some(reach) = candidates.last().cloned() else {
                break;
            };
            let certain = plan.exact && round.certain.as_ref().is_none_or(|certain| reach >= *certain);
            if certain {
                found.extend(candidates);
            } else {
                spent += EVENT * candidates.len();
                found.extend(matching(read, plan, &candidates).await?);
            }
            enough = full(&found, &reach);
            candidates = rest;
        }
        let Some(reach) = round.reach else { break };
        before = reach;
        if enough || full(&found, &before) {
            break;
        }
        if spent >= BUDGET {
            stopped = true;
            break;
        }
        size = (size * 4).min(LARGEST);
    }
    let mut ids: Vec<String> = found.into_iter().rev().collect();
    if stopped {
        // What has no terms yet may lie below; it is found when the search goes on.
        ids.retain(|id| *id >= before);
    }
    let more = ids.len() > limit;
    ids.truncate(limit);
    let next = match (more, stopped) {
        (true, _) => ids.last().cloned(),
        (false, true) => Some(before),
        (false, false) => None,
    };
    Ok(Hits {
        ids,
        next,
        stopped: stopped && !more,
        behind,
    })
}

struct Round {
    candidates: Vec<String>,
    /// From here on every source has said all that it has; `None`: everywhere.
    certain: Option<String>,
    /// The last id that was looked at; `None` if the end was reached.
    reach: Option<String>,
    spent: usize,
}

async fn round(read: &mut Read, plan: &Plan, before: &str, size: usize) -> Result<Round> {
    let mut blocks: Vec<(Option<String>, Vec<String>)> = Vec::with_capacity(plan.sources.len());
    let mut spent = 0;
    for source in &plan.sources {
        let ids = ids(read, plan, source, before, size).await?;
        spent += ids.len() + 1;
        // A block that is not full is the last: its reach is the beginning of time.
        let reach = if ids.len() < size {
            None
        } else {
            ids.last().cloned()
        };
        if ids.is_empty() {
            return Ok(Round {
                candidates: Vec::new(),
                certain: None,
                reach: None,
                spent,
            });
        }
        blocks.push((reach, ids));
    }
    // `None` is the smallest: it reaches furthest.
    let sparsest = blocks.iter().enumerate().min_by(|(_, a), (_, b)| a.0.cmp(&b.0));
    let Some(sparsest) = sparsest.map(|(index, _)| index) else {
        return Err(crate::Error::internal("a search without a source"));
    };
    let (reach, mut candidates) = blocks.swap_remove(sparsest);
    let mut certain = None;
    for (reach, ids) in blocks {
        let known: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
        let said = |id: &String| reach.as_ref().is_none_or(|reach| id >= reach);
        candidates.retain(|id| !said(id) || known.contains(id.as_str()));
        certain = certain.max(reach.clone());
    }
    Ok(Round {
        candidates,
        certain,
        reach,
        spent,
    })
}

/// The next ids of a source.
async fn ids(
    read: &mut Read,
    plan: &Plan,
    source: &Source,
    before: &str,
    size: usize,
) -> Result<Vec<String>> {
    let Source::AnyOf(some) = source else {
        return Ok(store::ids(
            read,
            &plan.scope,
            source,
            (plan.wanted.from.as_deref(), before),
            size,
        )
        .await?);
    };
    let mut all = BTreeSet::new();
    for one in some {
        let bounds = (plan.wanted.from.as_deref(), before);
        all.extend(store::ids(read, &plan.scope, one, bounds, size).await?);
    }
    // The newest of all of them: each gave its own newest.
    Ok(all.into_iter().rev().take(size).collect())
}

/// Those of the candidates that are what is wanted.
async fn matching(read: &mut Read, plan: &Plan, candidates: &[String]) -> Result<Vec<String>> {
    let mut matching = Vec::new();
    for (id, canonical) in store::canonicals(read, &plan.scope, candidates).await? {
        if plan.wanted.holds(&Facts::read(&canonical)?) && personal_holds(read, plan, &id).await? {
            matching.push(id);
        }
    }
    Ok(matching)
}

async fn personal_holds(read: &mut Read, plan: &Plan, id: &str) -> Result<bool> {
    let Some(tenant) = plan.scope.tenant() else {
        return Ok(true);
    };
    for source in &plan.sources {
        if let Source::Personal { field, blind } = source
            && !store::has_personal(read, tenant, (field, blind), id).await?
        {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What is wanted among the events that have no terms yet, and whether there were too many to
/// look through.
async fn tail(read: &mut Read, plan: &Plan) -> Result<(BTreeSet<String>, bool)> {
    let mut found = BTreeSet::new();
    if plan.is_current() {
        return Ok((found, false));
    }
    let (events, behind) = store::tail(read, TAIL).await?;
    let wanted = &plan.wanted;
    for (id, canonical) in events {
        let from = wanted.from.as_ref();
        if id >= wanted.before || from.is_some_and(|from| id < *from) {
            continue;
        }
        let facts = Facts::read(&canonical)?;
        let tenant = plan.scope.tenant();
        if tenant.is_none_or(|tenant| tenant == facts.organisation)
            && wanted.holds(&facts)
            && personal_holds(read, plan, &id).await?
        {
            found.insert(id);
        }
    }
    Ok((found, behind))
}
