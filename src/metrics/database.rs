//! What the database layer counts by itself.

use db::{BATCH_BOUNDS, Connections, Histogram, Stats, TIME_BOUNDS};

use super::{
    names::{self, Name},
    page::Page,
};

pub(super) fn write(page: &mut Page, stats: &Stats) {
    page.count(&names::COMMITTED, stats.committed);
    page.count(&names::UNDONE, stats.undone);
    page.count(&names::COMMITS_FAILED, stats.failed);
    page.count(&names::LARGEST, stats.largest);
    page.count(&names::WAITING, stats.waiting);
    let transactions: Vec<String> = BATCH_BOUNDS.iter().map(u64::to_string).collect();
    page.histogram(
        &names::BATCH,
        &transactions,
        &stats.batches.up_to,
        stats.batches.count,
        &stats.batches.sum.to_string(),
    );
    times(page, &names::COMMIT_SECONDS, &stats.commit_time);
    times(page, &names::WRITE_WAIT, &stats.write_wait);
    times(page, &names::READ_WAIT, &stats.read_wait);
    let all =
        |part: fn(&Connections) -> u64| [("read", part(&stats.readers)), ("write", part(&stats.writers))];
    page.pools(&names::IN_USE, all(|pool| pool.in_use));
    page.pools(&names::IDLE, all(|pool| pool.idle));
    page.pools(&names::LIMIT, all(|pool| pool.limit));
}

/// Counted in microseconds, told in seconds.
fn times(page: &mut Page, name: &Name, times: &Histogram<{ TIME_BOUNDS.len() }>) {
    let bounds: Vec<String> = TIME_BOUNDS.iter().map(|micros| seconds(*micros)).collect();
    page.histogram(name, &bounds, &times.up_to, times.count, &seconds(times.sum));
}

/// Exactly, and without trailing zeros.
fn seconds(micros: u64) -> String {
    let text = format!("{}.{:06}", micros / 1_000_000, micros % 1_000_000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn microseconds_are_seconds_to_the_last_digit() {
        for (micros, text) in [
            (0, "0"),
            (50, "0.00005"),
            (2_500_000, "2.5"),
            (10_000_001, "10.000001"),
            (20_000_000, "20"),
        ] {
            assert_eq!(seconds(micros), text);
        }
    }
}
