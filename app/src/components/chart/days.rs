use leptos::prelude::*;
use types::console::DayCount;

use super::{
    Chart,
    bars::{Bars, Series, Stretch, Words},
};
use crate::time::{long_day, short_day};

const SERIES: [Series; 4] = [
    ("Approved", "approved"),
    ("Denied", "denied"),
    ("Rejected", "rejected"),
    ("Open", "open"),
];

fn bars(days: Vec<DayCount>) -> Bars {
    let stretches = days.into_iter().map(|day| Stretch {
        long: long_day(&day.day),
        short: short_day(&day.day),
        begins: day.day,
        counts: vec![day.approved, day.denied, day.rejected, day.open],
    });
    Bars {
        series: &SERIES,
        stretches: stretches.collect(),
        words: Words {
            one: "verification",
            many: "verifications",
            stretch: "day",
        },
    }
}

/// Verifications by day: stacked bars, or the same as a table.
#[component]
pub fn DayChart(
    days: Vec<DayCount>,
    /// The table instead of the bars.
    as_table: bool,
    /// The page that the chart is on; `?view=table` asks for the table.
    path: &'static str,
) -> impl IntoView {
    let paths = (path.to_owned(), format!("{path}?view=table"));
    view! { <Chart bars=bars(days) as_table paths /> }
}

#[cfg(test)]
mod tests {
    use super::{DayCount, bars};

    fn day(day: &str, approved: u64) -> DayCount {
        DayCount {
            day: day.to_owned(),
            approved,
            denied: 1,
            rejected: 0,
            open: 0,
        }
    }

    #[test]
    fn the_summary_names_the_busiest_day() {
        let days = vec![
            day("2026-11-22", 4),
            day("2026-11-23", 1_200),
            day("2026-11-24", 3),
        ];
        let text = "1,210 verifications in 3 days, most of them on Mon 23 Nov: 1,201.";
        assert_eq!(bars(days).summary(), text);
        assert_eq!(bars(Vec::new()).summary(), "No verification in 0 days.");
    }
}
