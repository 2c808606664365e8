//! Writing starts that came together, in one transaction.
//!
//! **Invariant**: each gets what it would get alone. What would be told of one only after another
//! came to its end is told later: it is asked again.

use std::collections::{BTreeSet, HashMap, HashSet};

use types::{Environment, OrganisationId, VerificationId};

use super::{
    super::{count, figures, idempotency, store},
    Asked,
};
use crate::{
    Result,
    audit::{Action, Appended, Bulk, Event, Tx},
    jobs::{self, Job},
    usage::{self, Left},
};

/// How long keyed hashes of a person's device are kept, in seconds: 30 days.
const DEVICE_LIFETIME: i64 = 30 * 86_400;

/// What became of a start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is written.
    Started,
    /// An earlier one has its name, and answers for it.
    NameTaken,
    /// The organisation may start no more in this month.
    UsedUp { limit: u64, month: String },
    /// It hangs on another of the same batch: it is to be asked again.
    Later,
    /// The batch could not be written, and nothing of it was: each is to be asked again by itself.
    Alone,
}

/// Writes what can be written, yet to be committed; what became of each. Without events nothing is
/// written, and nothing is to be committed.
pub(super) async fn write(tx: &mut Tx, asked: &[&Asked]) -> Result<(Vec<Verdict>, Option<Appended>)> {
    let mut verdicts = HashMap::new();
    let quotas = hold_quotas(tx, asked).await?;
    let first_of_name = once_each(asked, &mut verdicts);
    let admitted = admit(tx, &first_of_name, quotas, &mut verdicts).await?;
    let taken = idempotency::claim(tx, &admitted).await?;
    verdicts.extend(taken.iter().map(|id| (*id, Verdict::NameTaken)));
    let new: Vec<&Asked> = admitted
        .into_iter()
        .filter(|asked| !taken.contains(&asked.id))
        .collect();
    let appended = match new.first() {
        Some(first) => Some(insert(tx, first, &new).await?),
        None => None,
    };
    let verdict = |asked: &&Asked| verdicts.remove(&asked.id).unwrap_or(Verdict::Started);
    Ok((asked.iter().map(verdict).collect(), appended))
}

type Verdicts = HashMap<VerificationId, Verdict>;

async fn hold_quotas(tx: &mut Tx, asked: &[&Asked]) -> Result<HashMap<OrganisationId, Left>> {
    let live = asked
        .iter()
        .filter(|asked| asked.environment == Environment::Live);
    let organisations: BTreeSet<_> = live.map(|asked| asked.organisation).collect();
    match asked.first() {
        Some(first) => usage::hold(tx, &organisations, first.ctx.now()).await,
        None => Ok(HashMap::new()),
    }
}

/// The first start of each name, and all that have none.
fn once_each<'a>(asked: &[&'a Asked], verdicts: &mut Verdicts) -> Vec<&'a Asked> {
    let mut names = HashSet::new();
    let mut first = Vec::with_capacity(asked.len());
    for asked in asked {
        let name = asked.name();
        if name.is_none_or(|name| names.insert((asked.organisation, asked.environment, name))) {
            first.push(*asked);
        } else {
            verdicts.insert(asked.id, Verdict::Later);
        }
    }
    first
}

/// Those that the quotas leave room for. Where there is none, a start of an earlier name is
/// answered all the same.
async fn admit<'a>(
    tx: &mut Tx,
    asked: &[&'a Asked],
    mut quotas: HashMap<OrganisationId, Left>,
    verdicts: &mut Verdicts,
) -> Result<Vec<&'a Asked>> {
    let is_used_up: HashSet<_> = quotas
        .iter()
        .filter(|(_, left)| left.units == 0)
        .map(|(organisation, _)| *organisation)
        .collect();
    let mut admitted = Vec::with_capacity(asked.len());
    for asked in asked {
        let quota = quotas.get_mut(&asked.organisation);
        let Some(quota) = quota.filter(|_| asked.environment == Environment::Live) else {
            admitted.push(*asked);
            continue;
        };
        if let Some(left) = quota.units.checked_sub(1) {
            quota.units = left;
            admitted.push(*asked);
        } else if !is_used_up.contains(&asked.organisation) {
            // Of those before it some may turn out to be answered already, and leave it room.
            verdicts.insert(asked.id, Verdict::Later);
        } else if idempotency::is_taken(tx, asked).await? {
            verdicts.insert(asked.id, Verdict::NameTaken);
        } else {
            let (limit, month) = quota.told();
            verdicts.insert(asked.id, Verdict::UsedUp { limit, month });
        }
    }
    Ok(admitted)
}

async fn insert(tx: &mut Tx, first: &Asked, new: &[&Asked]) -> Result<Appended> {
    let mut rows = Vec::with_capacity(new.len());
    let mut jobs = Vec::with_capacity(new.len());
    let mut events = Bulk::default();
    for asked in new {
        let row = asked.row(tx).await?;
        jobs.push((Job::ExpireVerification(asked.id), row.expires_at));
        if row.user_agent_digest.is_some() || row.address_digest.is_some() {
            let forget_at = row.created_at.plus_seconds(DEVICE_LIFETIME);
            jobs.push((Job::ForgetDevice(asked.id), forget_at));
        }
        let event = Event::new(Action::VerificationStarted)
            .target(asked.id)
            .detail("environment", asked.environment);
        events.add(&asked.ctx, &event)?;
        count::started(tx, asked.environment);
        rows.push(row);
    }
    store::insert(tx, &rows).await?;
    let begun = || std::iter::zip(new, &rows).map(|(asked, row)| (*asked, row.created_at));
    let moved = begun().map(|(asked, at)| (asked.id, asked.organisation, asked.environment, at));
    figures::started(tx, moved).await?;
    let units = begun()
        .filter(|(asked, _)| asked.environment == Environment::Live)
        .map(|(asked, at)| (asked.organisation, asked.key, asked.id, at));
    usage::started(tx, &units.collect::<Vec<_>>()).await?;
    jobs::enqueue_all(&first.ctx, tx, &jobs).await?;
    events.append(&first.ctx, tx).await
}
