//! Durations of days that are over: a row a key and route, in place of one for each duration.
//!
//! A report reads some thousand rows and not some hundred thousand. Each count is in one of the two
//! tables: what comes late is written as before, and moved after the rest.

use std::collections::BTreeMap;

use super::{
    call::DAY,
    store::{self, Day, DurationRow},
};
use crate::{
    Ctx, Error, Result,
    audit::Tx,
    jobs::{self, Job},
};

/// Rows moved in one transaction: on SQLite other writers wait meanwhile.
const BATCH: i64 = 4000;
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
        jobs::enqueue(ctx, tx, &Job::PackDurations, ctx.now()).await?;
    }
    Ok(())
}

/// Packs some. Taken and written in one transaction, each is there once, however many servers pack
/// at a time.
pub(crate) async fn pack(ctx: &Ctx, tx: &mut Tx) -> Result<()> {
    let rows = store::take_durations(tx, before(ctx), BATCH).await?;
    let more = i64::try_from(rows.len()).unwrap_or(BATCH) >= BATCH;
    // Ordered, so that two servers that add to the same days do not block each other.
    let mut days: BTreeMap<Day, Vec<(i64, i64)>> = BTreeMap::new();
    for row in rows {
        let DurationRow {
            organisation_id,
            begins,
            api_key_id,
            endpoint,
            duration,
            calls,
        } = row;
        days.entry((organisation_id, begins, api_key_id, endpoint))
            .or_default()
            .push((duration, calls));
    }
    let days: Vec<_> = days
        .into_iter()
        .map(|(day, took)| Ok((day, packed(&took)?)))
        .collect::<Result<_>>()?;
    for some in days.chunks(store::ROWS) {
        store::add_packed(tx, some).await?;
    }
    if more {
        jobs::enqueue(ctx, tx, &Job::PackDurations, ctx.now()).await?;
    }
    Ok(())
}

/// The members of a JSON array, without its brackets: what is added stands behind a comma.
fn packed(took: &[(i64, i64)]) -> Result<String> {
    let text = serde_json::to_string(took).map_err(Error::internal)?;
    let members = text.strip_prefix('[').and_then(|text| text.strip_suffix(']'));
    Ok(members.unwrap_or_default().to_owned())
}

/// Microseconds, and how many calls took as long.
///
/// # Errors
/// `Internal` if it is not what was packed.
pub(crate) fn unpacked(members: &str) -> Result<Vec<(i64, i64)>> {
    serde_json::from_str(&format!("[{members}]")).map_err(Error::internal)
}

#[cfg(test)]
mod tests {
    use super::{packed, unpacked};

    #[test]
    fn what_is_packed_one_after_the_other_is_read_as_one() {
        let (early, late) = (
            packed(&[(1031, 5), (1095, 2)]).unwrap(),
            packed(&[(1031, 1)]).unwrap(),
        );
        let both = format!("{early},{late}");
        assert_eq!(both, "[1031,5],[1095,2],[1031,1]");
        assert_eq!(unpacked(&both).unwrap(), [(1031, 5), (1095, 2), (1031, 1)]);
        for wrong in ["[1031]", "[1031,5", "[1031,5],", "x"] {
            assert!(unpacked(wrong).is_err(), "{wrong}");
        }
    }
}
