//! What the kernel says of this process: `/proc/self` (proc(5)). What cannot be read is left out.

use std::fs;

use types::Timestamp;

use super::{names, page::Page};

/// The kernel tells times in this unit, whatever its own is (`USER_HZ`, time(7)).
const TICKS_PER_SECOND: f64 = 100.0;

pub(super) fn write(page: &mut Page, started: Timestamp) {
    if let Ok(status) = fs::read_to_string("/proc/self/status") {
        if let Some(kibibytes) = field(&status, "VmRSS:") {
            page.count(&names::MEMORY, kibibytes.saturating_mul(1024));
        }
        if let Some(threads) = field(&status, "Threads:") {
            page.count(&names::THREADS, threads);
        }
    }
    if let Some(ticks) = fs::read_to_string("/proc/self/stat")
        .ok()
        .and_then(|stat| ticks(&stat))
    {
        page.gauge(&names::CPU, ticks / TICKS_PER_SECOND);
    }
    if let Some(open) = open_files() {
        page.count(&names::OPEN_FDS, open);
    }
    if let Some(most) = file_limit() {
        page.count(&names::MAX_FDS, most);
    }
    #[expect(clippy::cast_precision_loss, reason = "a time in milliseconds fits 53 bits")]
    page.gauge(&names::START_TIME, started.as_millis() as f64 / 1000.0);
}

/// The number after a word in `/proc/self/status`.
fn field(status: &str, word: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix(word))?;
    line.split_whitespace().next()?.parse().ok()
}

/// User and system time: the 14th and 15th field, counted after the name in parentheses, which
/// may hold anything.
fn ticks(stat: &str) -> Option<f64> {
    let (_, rest) = stat.rsplit_once(") ")?;
    let mut fields = rest.split(' ').skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// How many file descriptors are open now.
fn open_files() -> Option<u64> {
    let entries = fs::read_dir("/proc/self/fd").ok()?;
    u64::try_from(entries.count()).ok()
}

/// How many may be open; `None` where there is no limit.
pub(crate) fn file_limit() -> Option<u64> {
    rustix::process::getrlimit(rustix::process::Resource::Nofile).current
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_and_parentheses_moves_no_field() {
        let stat = "7 (a b) c) S 1 7 7 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 1 0 100 1 1";
        assert_eq!(ticks(stat), Some(300.0));
        assert_eq!(ticks("7 (a"), None);
    }

    #[test]
    fn a_field_is_found_by_its_word() {
        assert_eq!(
            field("VmPeak:\t 9 kB\nVmRSS:\t    1234 kB\n", "VmRSS:"),
            Some(1234)
        );
        assert_eq!(field("", "VmRSS:"), None);
    }
}
