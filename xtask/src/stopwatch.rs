//! How long a step took.

use std::time::{Duration, Instant};

/// Started when made.
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts now.
    #[expect(
        clippy::disallowed_methods,
        reason = "it measures the build's own steps, which is all it is for"
    )]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    /// Since the start.
    pub(crate) fn read(&self) -> Duration {
        self.0.elapsed()
    }
}

/// Seconds with one decimal, minutes before them from one minute up.
pub(crate) fn text(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 60.0 {
        return format!("{seconds:.1} s");
    }
    let whole = duration.as_secs();
    format!("{} min {:02} s", whole / 60, whole % 60)
}

#[cfg(test)]
mod tests {
    use super::text;
    use std::time::Duration;

    #[test]
    fn short_and_long_times_read_well() {
        assert_eq!(text(Duration::from_millis(1_240)), "1.2 s");
        assert_eq!(text(Duration::from_secs(125)), "2 min 05 s");
    }
}
