//! Calls of days that are over: a row for each [`Grain`] of a day, in place of one for each key,
//! route, and status or duration.
//!
//! A report reads some hundred rows and not some hundred thousand. Each count is packed or is not:
//! what comes late is written as before, and moved after the rest.

use std::{collections::BTreeMap, fmt::Write as _};

use super::{
    call::DAY,
    grain::Grain,
    store::{self, Part, Taken},
};
use crate::{
    Ctx, Error, Result,
    audit::Tx,
    jobs::{self, Job},
};

/// Rows moved in one transaction, of each kind: on SQLite other writers wait meanwhile.
const BATCH: i64 = 4000;
/// Rows of the version before, of which each is as many durations as a histogram has.
const BATCH_BEFORE: i64 = 200;
/// Minutes after its end that a day is left alone, so that hardly anything comes late.
const LATE: i64 = 60;

/// The day before which all are packed, in minutes since the epoch.
fn before(ctx: &Ctx) -> i64 {
    let minute = ctx.now().as_seconds().div_euclid(60) - LATE;
    minute - minute.rem_euclid(DAY)
}

/// Queues the job, if there is anything to pack.
pub(super) async fn enqueue(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    if store::any_to_pack(tx, before(ctx)).await? {
        jobs::enqueue(ctx, tx, &Job::PackDays, ctx.now()).await?;
    }
    Ok(())
}

/// Packs some. Taken and written in one transaction, each is there once, however many servers pack
/// at a time.
pub(crate) async fn pack(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let statuses = store::take_statuses(tx, before(ctx), BATCH).await?;
    let durations = store::take_durations(tx, before(ctx), BATCH).await?;
    let old = store::take_day_durations(tx, BATCH_BEFORE).await?;
    let full = |rows: &[Taken], most| i64::try_from(rows.len()).unwrap_or(most) >= most;
    let more = full(&statuses, BATCH) || full(&durations, BATCH) || full(&old, BATCH_BEFORE);
    let mut packing = Packing::default();
    for row in statuses {
        packing.add(&row, |sums| &mut sums.statuses, &[(row.value, row.calls)]);
    }
    for row in durations {
        packing.add(&row, |sums| &mut sums.durations, &[(row.value, row.calls)]);
    }
    for row in old {
        packing.add(&row, |sums| &mut sums.durations, &unpacked(&row.packed)?);
    }
    packing.write(tx).await?;
    if more {
        jobs::enqueue(ctx, tx, &Job::PackDays, ctx.now()).await?;
    }
    Ok(())
}

#[derive(Default)]
struct Sums {
    statuses: BTreeMap<i64, i64>,
    durations: BTreeMap<i64, i64>,
}

/// What was taken, added up. Ordered, so that two servers that add to the same days do not block
/// each other.
#[derive(Default)]
struct Packing(BTreeMap<Part, Sums>);

impl Packing {
    fn add(
        &mut self,
        row: &Taken,
        of: impl Fn(&mut Sums) -> &mut BTreeMap<i64, i64>,
        counted: &[(i64, i64)],
    ) {
        for grain in Grain::ALL {
            let (key, endpoint) = grain.part(&row.api_key_id, &row.endpoint);
            let part = Part {
                organisation_id: row.organisation_id.clone(),
                grain,
                begins: row.begins,
                api_key_id: key.to_owned(),
                endpoint: endpoint.to_owned(),
            };
            let sums = of(self.0.entry(part).or_default());
            for (value, calls) in counted {
                *sums.entry(*value).or_default() += calls;
            }
        }
    }

    async fn write(self, tx: &mut Tx) -> Result<()> {
        let parts = self.0.into_iter();
        let rows: Vec<_> = parts
            .map(|(part, sums)| (part, packed(&sums.statuses), packed(&sums.durations)))
            .collect();
        for some in rows.chunks(store::ROWS) {
            store::add_packed(tx, some).await?;
        }
        Ok(())
    }
}

/// Members of a JSON array, each behind a comma, so that more may stand behind them.
fn packed(counted: &BTreeMap<i64, i64>) -> String {
    counted.iter().fold(String::new(), |mut text, (value, calls)| {
        // Into a text it cannot fail.
        let _ = write!(text, ",[{value},{calls}]");
        text
    })
}

/// Statuses or microseconds, and how many calls had them.
///
/// # Errors
/// `Internal` if it is not what was packed.
pub(crate) fn unpacked(members: &str) -> Result<Vec<(i64, i64)>> {
    let members = members.strip_prefix(',').unwrap_or(members);
    serde_json::from_str(&format!("[{members}]")).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{packed, unpacked};

    #[test]
    fn what_is_packed_one_after_the_other_is_read_as_one() {
        let early = packed(&BTreeMap::from([(1031, 5), (1095, 2)]));
        let late = packed(&BTreeMap::from([(1031, 1)]));
        let both = early + &late;
        assert_eq!(both, ",[1031,5],[1095,2],[1031,1]");
        assert_eq!(unpacked(&both).unwrap(), [(1031, 5), (1095, 2), (1031, 1)]);
        assert_eq!(unpacked(&packed(&BTreeMap::new())).unwrap(), []);
        for wrong in [",[1031]", ",[1031,5", ",[1031,5],", ",x"] {
            assert!(unpacked(wrong).is_err(), "{wrong}");
        }
    }
}
