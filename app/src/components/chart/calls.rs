use leptos::prelude::*;
use types::usage::UsagePoint;

use super::{
    Chart,
    bars::{Bars, Series, Stretch, Words},
};
use crate::time::{long_day, short_day};

/// A call is answered in one of these ways.
const SERIES: [Series; 4] = [
    ("Succeeded", "approved"),
    ("Client errors (4xx)", "rejected"),
    ("Rate limited (429)", "open"),
    ("Server errors (5xx)", "denied"),
];

/// From `2026-11-23T14:00:00Z`: in words, and short.
fn names(begins: &str, hourly: bool) -> (String, String) {
    let (day, hour) = (begins.get(..10), begins.get(11..16));
    let (day, hour) = (day.unwrap_or(begins), hour.unwrap_or_default());
    if hourly {
        (
            format!("{}, {hour}", long_day(day)),
            format!("{} {hour}", short_day(day)),
        )
    } else {
        (long_day(day), short_day(day))
    }
}

fn bars(points: Vec<UsagePoint>, hourly: bool) -> Bars {
    let stretches = points.into_iter().map(|point| {
        let (long, short) = names(&point.begins, hourly);
        let calls = point.calls;
        Stretch {
            begins: point.begins,
            long,
            short,
            counts: vec![
                calls.succeeded,
                calls.client_errors,
                calls.rate_limited,
                calls.server_errors,
            ],
        }
    });
    Bars {
        series: &SERIES,
        stretches: stretches.collect(),
        words: Words {
            one: "call",
            many: "calls",
            stretch: if hourly { "hour" } else { "day" },
        },
    }
}

/// Calls by day or hour and how they were answered: stacked bars, or the same as a table.
#[component]
pub fn CallChart(
    points: Vec<UsagePoint>,
    /// Whether a point is an hour; else a day.
    hourly: bool,
    /// The table instead of the bars.
    as_table: bool,
    /// Where the bars are, and where the table is.
    paths: (String, String),
) -> impl IntoView {
    view! { <Chart bars=bars(points, hourly) as_table paths /> }
}

#[cfg(test)]
mod tests {
    use types::usage::CallFigures;

    use super::{UsagePoint, bars, names};

    #[test]
    fn stretches_are_named_by_day_or_by_hour() {
        let begins = "2026-11-23T14:00:00Z";
        assert_eq!(names(begins, false), ("Mon 23 Nov".into(), "23 Nov".into()));
        assert_eq!(
            names(begins, true),
            ("Mon 23 Nov, 14:00".into(), "23 Nov 14:00".into())
        );
    }

    #[test]
    fn every_call_is_in_one_of_the_bars() {
        let calls = CallFigures {
            requests: 10,
            succeeded: 4,
            client_errors: 3,
            server_errors: 2,
            rate_limited: 1,
        };
        let begins = "2026-11-23T14:00:00Z".to_owned();
        let bars = bars(vec![UsagePoint { begins, calls }], true);
        assert_eq!(
            bars.summary(),
            "10 calls in 1 hours, most of them on Mon 23 Nov, 14:00: 10."
        );
    }
}
