//! How long decisions took: median and 95th percentile of two periods.

use std::collections::BTreeMap;

use db::Conn;
use types::console::Durations;

use super::{
    bucket::{bucket, upper_bound},
    store,
};
use crate::Result;

/// The period before, and the later one. They are told apart by the UTC day of the start, for
/// durations are not kept any finer.
pub(super) async fn of_periods(
    conn: &mut Conn,
    tenant: &str,
    since: i64,
    split: i64,
) -> Result<[Option<Durations>; 2]> {
    let mut periods = [BTreeMap::new(), BTreeMap::new()];
    let [before, later] = &mut periods;
    for row in store::durations(conn, tenant, since, split).await? {
        let period = if row.later == 1 { &mut *later } else { &mut *before };
        *period.entry(row.bucket).or_default() += row.verifications;
    }
    for (day, millis) in store::fresh_durations(conn, tenant, since).await? {
        let period = if day >= split { &mut *later } else { &mut *before };
        *period.entry(bucket(millis)).or_default() += 1;
    }
    Ok(periods.map(|period| summary(&period)))
}

/// Of durations by bucket.
pub(super) fn summary(buckets: &BTreeMap<i64, i64>) -> Option<Durations> {
    let decided: u64 = buckets.values().copied().map(count).sum();
    (decided > 0).then(|| Durations {
        median: quantile(buckets, decided.div_ceil(2)),
        p95: quantile(buckets, (decided * 95).div_ceil(100)),
        decided,
    })
}

/// At most this long took as many as `rank`.
fn quantile(buckets: &BTreeMap<i64, i64>, rank: u64) -> u64 {
    let mut seen = 0;
    for (bucket, verifications) in buckets {
        seen += count(*verifications);
        if seen >= rank {
            return upper_bound(*bucket);
        }
    }
    0
}

fn count(verifications: i64) -> u64 {
    u64::try_from(verifications).unwrap_or_default()
}
