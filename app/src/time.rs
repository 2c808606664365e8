//! Moments as people read them.

use jiff::{
    Timestamp as Instant,
    fmt::strtime,
    tz::{TimeZone, db},
};
use leptos::prelude::*;
use types::Timestamp;

/// What a page measures time against: now, and the organisation's time zone.
#[derive(Clone, Debug)]
pub struct Here {
    pub now: Timestamp,
    pub zone: TimeZone,
}

impl Here {
    /// Of this page; the zone is UTC where no organisation is known.
    pub fn current() -> Self {
        use_context().unwrap_or(Self {
            now: Timestamp::from_millis(0),
            zone: TimeZone::UTC,
        })
    }

    /// From the zone's IANA name; UTC if it is unknown here.
    pub fn new(now: Timestamp, zone: &str) -> Self {
        Self {
            now,
            zone: TimeZone::get(zone).unwrap_or(TimeZone::UTC),
        }
    }

    /// The zone's IANA name, such as `Europe/London`.
    pub fn zone_name(&self) -> String {
        self.zone.iana_name().unwrap_or("UTC").to_owned()
    }

    /// Such as `23 Nov 2026, 18:14:58 GMT`.
    pub fn exact(&self, at: Timestamp) -> String {
        self.print("%-d %b %Y, %H:%M:%S %Z", at)
    }

    /// Such as `23 Nov 2026, 18:14`.
    pub fn to_the_minute(&self, at: Timestamp) -> String {
        self.print("%-d %b %Y, %H:%M", at)
    }

    /// As a field for a day and a time has it, such as `2026-11-23T18:14`.
    pub fn local_minute(&self, at: Timestamp) -> String {
        self.print("%Y-%m-%dT%H:%M", at)
    }

    /// The day, as `2026-11-23`.
    pub fn day(&self, at: Timestamp) -> String {
        self.print("%Y-%m-%d", at)
    }

    fn print(&self, format: &str, at: Timestamp) -> String {
        Instant::from_millisecond(at.as_millis())
            .ok()
            .and_then(|instant| strtime::format(format, &instant.to_zoned_datetime(self.zone.clone())).ok())
            .unwrap_or_default()
    }
}

/// RFC 3339 in UTC, for machines.
pub fn machine(at: Timestamp) -> String {
    Instant::from_millisecond(at.as_millis())
        .map(|instant| instant.to_string())
        .unwrap_or_default()
}

/// `2026-11-23` as `23 Nov`.
pub fn short_day(day: &str) -> String {
    day.parse::<jiff::civil::Date>()
        .ok()
        .and_then(|date| strtime::format("%-d %b", date).ok())
        .unwrap_or_else(|| day.to_owned())
}

/// `2026-11-23` as `Mon 23 Nov`.
pub fn long_day(day: &str) -> String {
    day.parse::<jiff::civil::Date>()
        .ok()
        .and_then(|date| strtime::format("%a %-d %b", date).ok())
        .unwrap_or_else(|| day.to_owned())
}

/// A length of time in milliseconds, in two units at most, such as `3 min 20 s`.
pub fn took(millis: u64) -> String {
    let seconds = millis / 1000;
    let (whole, unit, rest, smaller) = match seconds {
        0 => return "under 1 s".to_owned(),
        1..60 => return format!("{seconds} s"),
        60..3_600 => (seconds / 60, "min", seconds % 60, "s"),
        3_600..86_400 => (seconds / 3_600, "h", seconds % 3_600 / 60, "min"),
        _ => (seconds / 86_400, "d", seconds % 86_400 / 3_600, "h"),
    };
    if rest == 0 {
        format!("{whole} {unit}")
    } else {
        format!("{whole} {unit} {rest} {smaller}")
    }
}

/// How long ago, in one unit. Past a month the caller shows the date.
pub fn relative(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.millis_since(at) / 1000;
    if seconds < -45 {
        return format!("in {}", span(-seconds));
    }
    if seconds < 45 {
        return "just now".to_owned();
    }
    format!("{} ago", span(seconds))
}

/// A length of time in one unit, such as `3 minutes`.
pub fn span(seconds: i64) -> String {
    let (count, unit) = match seconds {
        ..60 => (seconds, "second"),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}

/// The names of all time zones that a form may offer.
pub fn zone_names() -> Vec<String> {
    db().available()
        .map(|name| name.to_string())
        .filter(|name| name.contains('/') && !name.starts_with("Etc/") || name == "UTC")
        .filter(|name| !name.starts_with("posix/") && !name.starts_with("right/"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_457_698_000);

    #[test]
    fn relative_times_have_one_unit() {
        let cases = [
            (0, "just now"),
            (44, "just now"),
            (45, "45 seconds ago"),
            (60, "1 minute ago"),
            (3_599, "59 minutes ago"),
            (7_200, "2 hours ago"),
            (86_400, "1 day ago"),
            (-600, "in 10 minutes"),
        ];
        for (seconds, text) in cases {
            assert_eq!(relative(NOW.plus_seconds(-seconds), NOW), text);
        }
    }

    #[test]
    fn lengths_of_time_have_two_units_at_most() {
        let text = [0, 42_000, 60_000, 200_000, 7_500_000, 90_000_000].map(took);
        assert_eq!(
            text,
            ["under 1 s", "42 s", "1 min", "3 min 20 s", "2 h 5 min", "1 d 1 h"]
        );
    }

    #[test]
    fn days_are_named() {
        assert_eq!(short_day("2026-11-23"), "23 Nov");
        assert_eq!(long_day("2026-11-23"), "Mon 23 Nov");
        assert_eq!(long_day("nonsense"), "nonsense");
    }

    #[test]
    fn exact_times_name_their_zone() {
        let here = Here::new(NOW, "Europe/Berlin");
        assert_eq!(here.exact(NOW), "23 Nov 2026, 19:14:58 CET");
        assert_eq!(machine(NOW), "2026-11-23T18:14:58Z");
        assert_eq!(
            Here::new(NOW, "Nowhere/At all").exact(NOW),
            "23 Nov 2026, 18:14:58 UTC"
        );
    }
}
